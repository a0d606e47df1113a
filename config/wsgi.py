"""The door a WSGI server opens (config.serve starts one)."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.utils.http import parse_header_parameters
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django = get_wsgi_application()
# Models can be imported once Django stands.
taps_first = import_string("tags.tap_door.TapDoor")(django)
_SURROUNDINGS = tuple(os.environ.items())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuse here what nobody behind could refuse: no handler stands by yet."""
    _forget_surroundings(environ)
    if header := _unreadable_header(environ):
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"The {header} header cannot be read.\n".encode()]
    answer: Iterable[bytes] = taps_first(environ, start_response)
    return _whole(answer) if isinstance(answer, HttpResponse) else answer


def _forget_surroundings(environ: dict[str, Any]) -> None:
    """The server lays the process's environment under each request: secrets have no place there."""
    for name, value in _SURROUNDINGS:
        if environ.get(name) == value:
            del environ[name]


def _unreadable_header(environ: dict[str, Any]) -> str:
    try:
        # Django reads it before it catches anything.
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except (LookupError, ValueError):
        return "Content-Type"
    # What is not ASCII arrives empty: whoever adds some must not hide the address of a visitor.
    told = environ.get("HTTP_X_FORWARDED_FOR")
    if told is not None and not all(address.strip() for address in told.split(",")):
        return "X-Forwarded-For"
    return ""


def _whole(answer: HttpResponse) -> list[bytes]:
    """An answer that is there already goes out in one piece, and what it held is let go now."""
    try:
        return [answer.content]
    finally:
        answer.close()
