"""A certificate at its one address, in the form that the visitor likes best."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.request import MediaType
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from provenance.models.certificate import Certificate
from provenance.services.standing import file_of
from provenance.views.certificates import (
    PAGE,
    PDF,
    certificate_found,
    certificate_page,
    forms_of,
)
from provenance.views.files import CREDENTIAL, open_to_all, public_file
from provenance.views.papers import certificate_pdf

# In the order of our own liking, for who takes anything.
FORMS = (PAGE, CREDENTIAL, "application/ld+json", "application/json", PDF)
# A shared cache that overlooks `Vary` would hand one visitor's form to the next.
_NEGOTIATED = "private, no-cache"


@open_to_all
def certificate(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The certificate in the form that was asked for: its page, its paper, or the signed bytes."""
    found = certificate_found(certificate)
    response = _in_form(request, found, preferred_kind(request.headers.get("Accept", ""), FORMS))
    response["Link"] = forms_of(certificate)
    if response.status_code < 500:
        response["Cache-Control"] = _NEGOTIATED
    patch_vary_headers(response, ["Accept"])
    return response


def _in_form(request: HttpRequest, found: Certificate, kind: str | None) -> HttpResponseBase:
    if kind is None:
        told = "".join(f"{each}\n" for each in FORMS)
        return HttpResponse(told, status=406, content_type="text/plain; charset=utf-8")
    if kind == PAGE:
        return certificate_page(request, found)
    if kind == PDF:
        response = certificate_pdf(request, certificate=found.public_id)
        response["Content-Location"] = f"{request.path}.pdf"
        return response
    response = public_file(request, file_of(found), kind=kind, cache=_NEGOTIATED)
    response["Content-Location"] = f"{request.path}.json"
    return response


def preferred_kind(accept: str, kinds: Sequence[str]) -> str | None:
    """The kind that an `Accept` header likes best (RFC 9110 section 12.5.1); None if it takes none.

    The most specific range decides for a kind. Parameters do not: ours has no other version of a
    kind. Of kinds liked alike one that is named comes first, then the order of the header, then
    that of `kinds`. A header without any range is no wish.

    >>> preferred_kind("text/html;q=0, */*", ["text/html", "application/pdf"])
    'application/pdf'
    """
    ranges = [each for each in map(MediaType, accept.split(",")) if _is_range(each)]
    if not ranges:
        return kinds[0]
    wishes = [(_wish(ranges, kind), kind) for kind in kinds]
    liked = [(wish, kind) for wish, kind in wishes if wish and wish[0] > 0]
    # `max` keeps the first of equals.
    return max(liked, key=lambda each: each[0])[1] if liked else None


def _is_range(told: MediaType) -> bool:
    is_whole = bool(told.main_type and told.sub_type)
    return is_whole and (told.main_type != "*" or told.sub_type == "*")


def _wish(ranges: Sequence[MediaType], kind: str) -> tuple[float, bool, int] | None:
    """How well a kind is liked: its weight, whether it is named, and how early."""
    matching = [
        (how_near, each.quality, -place)
        for place, each in enumerate(ranges)
        if (how_near := _nearness(each, kind)) is not None
    ]
    if not matching:
        return None
    how_near, weight, place = max(matching)
    is_named = how_near > 1
    return weight, is_named, place if is_named else -len(ranges)


def _nearness(told: MediaType, kind: str) -> int | None:
    """How closely a range names a kind; None where it does not mean it."""
    main_type, _, sub_type = kind.partition("/")
    if (told.main_type, told.sub_type) == (main_type, sub_type):
        return 2 if told.range_params else 3
    if told.sub_type != "*" or told.main_type not in ("*", main_type):
        return None
    return 1 if told.main_type == main_type else 0
