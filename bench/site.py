"""A small site in this process, for what is measured through the whole of Django."""

import io
import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

from provenance import keys

# Models can be imported once Django stands, so whoever imports this module sets it up.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()


HOST = "touchmark.example"


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
    took, _ = _answer(site, environ_of(path) | ({"HTTP_COOKIE": cookie} if cookie else {}))
    return took


def send(
    site: WSGIHandler, path: str, form: Mapping[str, str], *, session: str
) -> tuple[float, bytes]:
    """The seconds of a form that a page's own script sends for somebody signed in; the answer."""
    token = "a" * 32
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token}
    body = urlencode({**form, "csrfmiddlewaretoken": token}).encode()
    return _answer(
        site,
        environ_of(path)
        | {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "HTTP_ACCEPT": "application/json",
            "HTTP_ORIGIN": "https://touchmark.example",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        },
    )


def _answer(site: WSGIHandler, environ: dict[str, Any]) -> tuple[float, bytes]:
    statuses: list[object] = []

    def start(status: str, headers: Any, problem: Any = None, /) -> Callable[[bytes], object]:
        statuses.append(status)
        return statuses.append

    began = time.perf_counter()
    answer = site(environ, start)
    body = b"".join(answer)
    took = time.perf_counter() - began
    answer.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{environ['PATH_INFO']} answered {statuses}")
    return took, body


def visits(site: WSGIHandler, paths: Iterable[str]) -> list[float]:
    return [visit(site, path) for path in paths]


def environ_of(path: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
