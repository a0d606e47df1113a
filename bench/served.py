"""Applications behind the server they are served with, and the processor time they take there."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.site import HOST
from tests.sites import ROOT, free_port

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Served:
    """One worker of gunicorn with eight threads, and a connection to it that stays open."""

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


@contextmanager
def served(app: str, environment: dict[str, str]) -> Iterator[Served]:
    """Serve `module:name` until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", app, "--threads", "8", "--no-control-socket"]
    command += ["--keep-alive", "60", "--log-level", "warning", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        yield Served(_connected(port), server.pid)
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE_SECONDS)


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
