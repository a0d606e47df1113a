"""The door a WSGI server opens (gunicorn config.wsgi)."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django = get_wsgi_application()
# Models can be imported once Django stands.
taps_first = import_string("tags.tap_door.TapDoor")(django)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django reads Content-Type before any handler stands by: refuse what it cannot read here."""
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except (LookupError, ValueError):
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"The Content-Type header cannot be read.\n"]
    answer: Iterable[bytes] = taps_first(environ, start_response)
    return answer
