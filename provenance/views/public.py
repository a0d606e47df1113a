"""What the site publishes for verifiers: its keys, its words, its status lists."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from provenance import keys
from provenance.canonical import canonical_bytes
from provenance.models.certificate import StatusBatch
from provenance.models.maker import Maker
from provenance.services import platform
from provenance.views.files import CREDENTIAL, FOREVER, public_file

DID_KIND = "application/did+json"
_FEW_MINUTES = "public, max-age=300"
_CONTEXT = Path(__file__).resolve().parents[1] / "contexts" / "jewelry-v1.jsonld"


@require_safe
def platform_did(request: HttpRequest) -> HttpResponseBase:
    document = canonical_bytes(platform.did_document())
    return public_file(request, document, kind=DID_KIND, cache=_FEW_MINUTES)


@require_safe
def maker_did(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A maker's identity. It lists no key: every signature is the platform's for now."""
    maker = get_object_or_404(Maker, slug=slug)
    document = {
        "@context": [keys.DID_CONTEXT],
        "id": keys.did_web(settings.SITE_URL, "j", maker.slug),
        "alsoKnownAs": [settings.SITE_URL + reverse("provenance:maker", args=[maker.slug])],
    }
    return public_file(request, canonical_bytes(document), kind=DID_KIND, cache=_FEW_MINUTES)


@require_safe
def context(request: HttpRequest) -> HttpResponseBase:
    """What the words of a certificate mean. Its address has a version, its bytes never change."""
    return public_file(request, _context(), kind="application/ld+json", cache=FOREVER)


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    try:
        signed = platform.status_list(number, now=timezone.now())
    except StatusBatch.DoesNotExist as problem:
        raise Http404 from problem
    return public_file(request, signed, kind=CREDENTIAL, cache="public, max-age=30")


@lru_cache(maxsize=1)
def _context() -> bytes:
    return _CONTEXT.read_bytes()
