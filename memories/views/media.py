"""The bytes of a memory: each request asks the policy, whatever it asks for and however."""

import hashlib
from pathlib import PurePosixPath

from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from memories import media_plan
from memories.models import Item, Rendition
from memories.services import opening, storage
from memories.views.visitors import asker_of, visitor_of

# How long a photograph may still be shown from a browser's own store after access has ended.
LONGEST_STALE_SECONDS = 300
VARIANTS = frozenset(each.name for each in (*media_plan.FIRST, *media_plan.LATER))
TYPES = {".webp": "image/webp", ".avif": "image/avif"}


@require_safe
def media(request: HttpRequest, item: str, variant: str) -> HttpResponseBase:
    """One derivative of one memory. There is no other way to these bytes."""
    asker_of(request)
    if variant not in VARIANTS:
        raise Http404
    rendition = get_object_or_404(_standing(), item__public_id=item, name=variant)
    _ask(request, rendition.item, variant)
    etag = f'"{hashlib.sha256(rendition.file.encode()).hexdigest()[:32]}"'
    answer = _unchanged(request, etag) or _bytes_of(rendition)
    answer["ETag"] = etag
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_cache_control(answer, private=True, max_age=LONGEST_STALE_SECONDS)
    return answer


def _standing() -> QuerySet[Rendition]:
    """Derivatives of memories whose keeper has the piece today."""
    return Rendition.objects.select_related("item__montage__keeper", "item__montage__piece").filter(
        item__montage__piece__custodies__keeper=F("item__montage__keeper"),
        item__montage__piece__custodies__until__isnull=True,
    )


def _ask(request: HttpRequest, item: Item, variant: str) -> None:
    decision = opening.decide_item(
        item=item,
        viewer=visitor_of(request, item.montage),
        variant=variant,
        variants=frozenset({variant}),
    )
    if not decision.is_allowed:
        raise Http404


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    answer: HttpResponse | None = get_conditional_response(request, etag=etag)
    return answer


def _bytes_of(rendition: Rendition) -> FileResponse:
    try:
        content = storage.private().open(rendition.file)
    except FileNotFoundError as problem:
        raise Http404 from problem
    return FileResponse(content, content_type=TYPES[PurePosixPath(rendition.name).suffix])
