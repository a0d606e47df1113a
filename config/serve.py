"""Serve the site over HTTP: `python -m config.serve`, the same server wherever it is started."""

import argparse
import logging
import os
import socket
import subprocess
import sys
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config import env
from config.logs import TO_STDERR

SITE = "config.wsgi:application"
THREADS = 8
# A thread that ends leaves its connection to the database to the collector, so let it rest for as
# long as it may. Nothing may close it as the thread ends: that killed the process each time.
THREAD_RESTS_SECONDS = 600
# How long answers under way may take when the site is told to stop.
STOPS_WITHIN_SECONDS = 30
MOST_HEADER_BYTES = 64 * 1024
# Quoted, so that nobody writes lines of their own into the log.
ACCESS = "%(addr)s %(method)s %(path)r %(status)d %(dt_ms).0f ms"


class Meant(logging.Filter):
    """Keeps quiet about more threads than cores: they wait for disk, database and visitors."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()


def main() -> None:
    asked = _asked()
    if asked.app == SITE:
        refuse_open_keys()
    try:
        address = free_address(asked.host, asked.port)
    except OSError as problem:
        sys.exit(f"Cannot serve at {asked.host}:{asked.port}: {problem.strerror}.")
    level = env.text("LOG_LEVEL", "INFO")
    Granian(
        asked.app,
        address=address,
        port=asked.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=MOST_HEADER_BYTES),
        websockets=False,
        workers=asked.workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=THREAD_RESTS_SECONDS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN_SECONDS,
        log_level=LogLevels(level.lower()),
        log_dictconfig=_logs(),
        log_access=asked.access_log,
        log_access_format=ACCESS,
    ).serve()


def refuse_open_keys() -> None:
    """End here, with the reason, while others on this machine can read a key of the site.

    Asked in a process of its own: this one stays small, and no connection of it reaches a worker.
    """
    named = {"DJANGO_SETTINGS_MODULE": "config.settings"} | os.environ
    command = [sys.executable, "-m", "django", "check", "--tag", "private"]
    if subprocess.run(command, env=named, stdout=subprocess.DEVNULL).returncode:
        sys.exit("The site was not started.")


def free_address(host: str, port: int) -> str:
    """The number of this host, IPv4 before IPv6. Raises OSError where somebody listens already.

    The workers share their port; a second server would join them there and nobody would notice.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, kind, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    with socket.socket(family, kind) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)
    return str(address[0])


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    parser.add_argument("app", nargs="?", type=_named, default=SITE, help=f"module[:name] ({SITE})")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="processes (1)")
    parser.add_argument("--access-log", action="store_true", help="write a line for each request")
    return parser.parse_args()


def _named(app: str) -> str:
    return app if ":" in app else f"{app}:application"


def _logs() -> dict[str, Any]:
    handlers = {"handlers": ["stderr"], "propagate": False}
    return TO_STDERR | {
        "loggers": {
            "_granian": handlers | {"filters": ["meant"]},
            "granian.access": handlers | {"level": "INFO"},
        },
        "filters": {
            "discretion": {"()": "config.discretion.Discretion"},
            "meant": {"()": Meant},
        },
    }


if __name__ == "__main__":
    main()
