"""A small site in this process, for what is measured through the whole of Django."""

import io
import os
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

from provenance import keys

# Models can be imported once Django stands, so whoever imports this module sets it up.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()


@lru_cache(maxsize=1)
def open_site() -> WSGIHandler:
    """The site on an empty scratch database, with its key; once for all scripts of a run."""
    settings.ROOT_URLCONF = "bench.urls"
    call_command("migrate", verbosity=0)
    settings.PLATFORM_KEY_PATH.parent.mkdir(parents=True, exist_ok=True)
    passphrase = settings.PLATFORM_KEY_PASSPHRASE.encode()
    keys.write_key_file(settings.PLATFORM_KEY_PATH, passphrase=passphrase)
    return WSGIHandler()


def visit(site: WSGIHandler, path: str, *, cookie: str = "") -> float:
    """The seconds of one GET, as a WSGI server makes it, by a browser with this cookie header."""
    statuses: list[object] = []

    def start(status: str, headers: Any, problem: Any = None, /) -> Callable[[bytes], object]:
        statuses.append(status)
        return statuses.append

    environ = _environ(path) | ({"HTTP_COOKIE": cookie} if cookie else {})
    began = time.perf_counter()
    answer = site(environ, start)
    b"".join(answer)
    took = time.perf_counter() - began
    answer.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{path} answered {statuses}")
    return took


def visits(site: WSGIHandler, paths: Iterable[str]) -> list[float]:
    return [visit(site, path) for path in paths]


def _environ(path: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "touchmark.example",
        "SERVER_PORT": "443",
        "HTTP_HOST": "touchmark.example",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
