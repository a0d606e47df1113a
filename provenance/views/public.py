"""What the site publishes for verifiers: its keys, its words, its status lists."""

from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from provenance.canonical import canonical_bytes
from provenance.models.certificate import StatusBatch
from provenance.models.maker import Maker
from provenance.services import platform
from provenance.views.files import CREDENTIAL, FOREVER, SHORT, open_to_all, public_file

DID_KIND = "application/did+json"
_CONTEXT = Path(__file__).resolve().parents[1] / "contexts" / "jewelry-v1.jsonld"


@open_to_all
def platform_did(request: HttpRequest) -> HttpResponseBase:
    document = canonical_bytes(platform.did_document())
    return public_file(request, document, kind=DID_KIND, cache=SHORT)


@open_to_all
def maker_did(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A maker's identity: every key she ever had, as the platform vouches for them."""
    maker = get_object_or_404(Maker, slug=slug)
    document = canonical_bytes(platform.maker_document(maker))
    return public_file(request, document, kind=DID_KIND, cache=SHORT)


@open_to_all
def context(request: HttpRequest) -> HttpResponseBase:
    """What the words of a certificate mean. Its address has a version, its bytes never change."""
    return public_file(request, _context(), kind="application/ld+json", cache=FOREVER)


@open_to_all
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    try:
        signed = platform.status_list(number, now=timezone.now())
    except StatusBatch.DoesNotExist as problem:
        raise Http404 from problem
    return public_file(request, signed, kind=CREDENTIAL, cache=SHORT)


@lru_cache(maxsize=1)
def _context() -> bytes:
    return _CONTEXT.read_bytes()
