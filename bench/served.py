"""Applications behind the server they are served with, and the processor time they take there."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPConnection
from pathlib import Path

from bench.site import HOST
from tests.sites import ROOT, free_port

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Served:
    """One worker with eight threads, and a connection to it that stays open."""

    connection: HTTPConnection
    pid: int

    def ask(self, path: str) -> tuple[int, dict[str, str]]:
        """The status and the headers of one answer, which is read to its end."""
        self.connection.request("GET", path, headers={"Host": HOST})
        answer = self.connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())

    def processor_seconds(self) -> float:
        """What its processes have used so far, in steps of a hundredth."""
        return sum(_seconds_of(pid) for pid in (self.pid, *_children_of(self.pid)))


class Server(Enum):
    """What an application stands behind: the site's own server, or the one of a peer's manual."""

    OURS = "config.serve"
    GUNICORN = "gunicorn"

    def arguments(self, port: int) -> list[str]:
        if self is Server.OURS:
            return ["--port", str(port)]
        return [
            *("--threads", "8", "--keep-alive", "60", "--no-control-socket"),
            *("--log-level", "warning", "--bind", f"127.0.0.1:{port}"),
        ]


@contextmanager
def served(
    app: str, environment: dict[str, str], *, server: Server = Server.OURS
) -> Iterator[Served]:
    """Serve `module:name` until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", server.value, app, *server.arguments(port)]
    around = {"LOG_LEVEL": "WARNING", **os.environ, **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=around)
    try:
        yield Served(_connected(port), process.pid)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_SECONDS)


def _connected(port: int) -> HTTPConnection:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        with suppress(OSError):
            connection.request("GET", "/healthz", headers={"Host": HOST})
            connection.getresponse().read()
            return connection
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers at port {port}")


def _children_of(parent: int) -> list[int]:
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(pid) for pid in told.split()]


def _seconds_of(pid: int) -> float:
    # proc(5): after the name in brackets, fields 14 and 15 are user and system time in ticks.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
