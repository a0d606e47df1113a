"""Good taps in front of Django: they need no session, account or message, and no signals.

Setting all that up took half of the time of a tap.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from tags.tap_views import DOOR, good_taps_first

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class _GoesOn(HttpResponse):
    """No answer yet: Django has it."""


class TapDoor:
    """A WSGI application before another one, with the headers and the error page that Django gives.

    It reads the settings of security once, as Django does.
    """

    def __init__(self, django: Application) -> None:
        self._django = django
        taps = convert_exception_to_response(good_taps_first(lambda request: _GoesOn()))
        self._taps = cast("Callable[[HttpRequest], HttpResponse]", taps)
        self._security = SecurityMiddleware(taps)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        before, _, _ = environ.get("PATH_INFO", "").rpartition("/")
        if before.lower() != DOOR:
            return self._django(environ, start_response)
        response = self._answered(WSGIRequest(environ))
        if isinstance(response, _GoesOn):
            return self._django(environ, start_response)
        cookies = [("Set-Cookie", each.OutputString()) for each in response.cookies.values()]
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, [*response.items(), *cookies])
        return [response.content]

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self._security.process_request(request) or self._taps(request)
        finally:
            # A connection from a pool goes back to it, and one that broke is given up.
            close_old_connections()
        self._security.process_response(request, response)
        return response
