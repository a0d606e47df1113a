"""The pages of a refusal. They never look into the form that was sent: it may be unreadable."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from provenance.errors import BadKeyError, KeyLockedError, UnsoundKeyError

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refusal(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refusal(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refusal(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request's context: what broke may be what the context asks.
    return _kept_nowhere(HttpResponse(render_to_string("500.html"), status=500))


class KeyOutOfReach:
    """A page that needs a key which cannot be opened is not there just now: the operator mends it.

    It is logged in a sentence. A public key that nobody may use is no such thing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, BadKeyError | KeyLockedError) or isinstance(
            problem, UnsoundKeyError
        ):
            return None
        log.error("a page needs a key that cannot be opened: %s", problem)
        return _kept_nowhere(HttpResponse(render_to_string("503.html"), status=503))


def _refusal(request: HttpRequest, status: int) -> HttpResponse:
    return _kept_nowhere(render(request, f"{status}.html", status=status))


def _kept_nowhere(page: HttpResponse) -> HttpResponse:
    # RFC 9110 section 15.1: a cache may keep a 404 unasked, beyond the day there is something.
    page["Cache-Control"] = "private, no-store"
    return page
