"""What a tap opens: the numbered procedure of `/s/<profile>`, and its plain answers."""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from provenance import limits
from provenance.verdict import CertificateAnswer, Facts, TagAnswer, headline, limit_words
from tags import visits
from tags.errors import InvalidTapError
from tags.presence import Session
from tags.services.readings import signatures
from tags.services.taps import Tapped, take_tap

DOOR: Final = "/s"
# Where the door leaves what it took for the view behind it.
_TAKEN: Final = "touchmark.tap"


class _Taken(NamedTuple):
    """What a tap came to, and the session of its browser."""

    tapped: Tapped
    session: Session


def good_taps_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A tap that leads to a record is answered here; whatever else comes goes on to `tap`."""

    @sensitive_variables()
    def answer(request: HttpRequest) -> HttpResponse:
        before, _, profile = request.path_info.rpartition("/")
        if request.method == "GET" and before.lower() == DOOR and not visits.only_looks(request):
            taken = request.META[_TAKEN] = _taken(request, profile)
            if taken is not None and taken.tapped.record:
                return _answered(request, taken)
        return get_response(request)

    return answer


# A tap comes by GET from a phone's own reader, so a token could protect nothing here.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def tap(request: HttpRequest, profile: str) -> HttpResponse:
    """A chip's own address. What holds is told at the address of its piece, what does not here."""
    if request.method != "POST" and visits.only_looks(request):
        return _asked_to_press(request)
    taken = request.META[_TAKEN] if _TAKEN in request.META else _taken(request, profile)
    return _invalid(request) if taken is None else _answered(request, taken)


@sensitive_variables()
def _taken(request: HttpRequest, profile: str) -> _Taken | None:
    """1 to 8: the signature, the tag, its counter spent, and the row of this browser's session."""
    try:
        signed = signatures(profile, request.META.get("QUERY_STRING", ""))
        session = Session(request)
        return _Taken(take_tap(signed, asker=session.asker(request)), session)
    except InvalidTapError:
        return None


def _answered(request: HttpRequest, taken: _Taken) -> HttpResponse:
    tapped = taken.tapped
    response = _lead_to(tapped.record) if tapped.record else _told_here(request, tapped)
    taken.session.keep(response)
    return response


def _lead_to(piece: str) -> HttpResponse:
    """9: the address bar then holds the public address, which proves nothing elsewhere."""
    return _kept_nowhere(HttpResponseRedirect(_records() + piece, status=303))


@cache
def _records() -> str:
    # Looked up once: each look costs as much as reading the tap.
    return reverse("provenance:piece", args=["piece"]).removesuffix("piece")


def _told_here(request: HttpRequest, tapped: Tapped) -> HttpResponse:
    """A chip of ours that names no record yet, or none any more."""
    return _page(request, tapped.answer, status=200)


def _asked_to_press(request: HttpRequest) -> HttpResponse:
    """The same page for every link, good or bad: nothing was read, nothing was spent."""
    return _kept_nowhere(render(request, "tags/press.html"))


def _invalid(request: HttpRequest) -> HttpResponse:
    """One answer for whatever does not hold, and nothing written but the count of the network."""
    if not limits.allows(request, "tap_miss"):
        return _kept_nowhere(render(request, "429.html", {"minutes": 1}, status=429))
    return _page(request, TagAnswer.INVALID, status=400)


def _page(request: HttpRequest, answer: TagAnswer, *, status: int) -> HttpResponse:
    spoken = headline(answer, CertificateAnswer.CURRENT, facts=Facts())
    context = {"headline": spoken, "limit": limit_words(answer, Facts())}
    return _kept_nowhere(render(request, "tags/tap.html", context, status=status))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
