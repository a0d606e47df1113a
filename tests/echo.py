"""A small application that tells what its server did; served by tests/test_serve.py."""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

BLOCK = 64 * 1024
heard: list[str] = []


class Endless:
    """An answer without end, which remembers that it was closed."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield bytes(BLOCK)

    def close(self) -> None:
        heard.append("closed")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer = DOORS[environ["PATH_INFO"].partition("/in/")[0]](environ)
    start_response("200 OK", [("Content-Type", "application/json")])
    return answer if isinstance(answer, Endless) else [json.dumps(answer).encode()]


def count(environ: dict[str, Any]) -> int:
    arrived = 0
    while piece := environ["wsgi.input"].read(BLOCK):
        arrived += len(piece)
    heard.append(f"{arrived} bytes")
    return arrived


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def wait(environ: dict[str, Any]) -> str:
    time.sleep(float(environ["QUERY_STRING"]))
    return "waited"


def fail(environ: dict[str, Any]) -> None:
    raise ValueError(f"broke at {environ['PATH_INFO']}")


DOORS: dict[str, Callable[[dict[str, Any]], object]] = {
    "": lambda environ: {name: told for name, told in environ.items() if isinstance(told, str)},
    "/count": count,
    "/endless": lambda environ: Endless(),
    "/fail": fail,
    "/heard": lambda environ: heard,
    "/memory": lambda environ: resident_bytes(),
    "/pid": lambda environ: os.getpid(),
    "/wait": wait,
}
