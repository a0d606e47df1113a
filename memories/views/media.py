"""The bytes of a memory: each request asks the policy, whatever it asks for and however."""

import hashlib
from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from memories import media_clips, media_plan
from memories.models.item import Item, Rendition
from memories.models.montage import Montage
from memories.services import opening
from memories.views import sending
from memories.views.visitors import asker_of, visitor_of

# How long a photograph may still be shown from a browser's own store after access has ended.
LONGEST_STALE_SECONDS = 300
VARIANTS = frozenset(each.name for each in (*media_plan.FIRST, *media_plan.LATER)) | {
    media_clips.FILM,
    media_clips.SOUND,
    media_clips.WAVEFORM,
}
TYPES = {
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
}


@require_safe
def media(request: HttpRequest, item: str, variant: str) -> HttpResponseBase:
    """One derivative of one memory. There is no other way to these bytes."""
    asker_of(request)
    if variant not in VARIANTS:
        raise Http404
    rendition = _standing_or_404(item, variant)
    _ask(request, rendition.item, variant)
    answer = sending.send(
        request,
        rendition.file,
        etag=f'"{hashlib.sha256(rendition.file.encode()).hexdigest()[:32]}"',
        content_type=TYPES[PurePosixPath(rendition.name).suffix],
    )
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_cache_control(answer, private=True, max_age=LONGEST_STALE_SECONDS)
    return answer


def _standing_or_404(item: str, variant: str) -> Rendition:
    """A derivative of a memory whose author keeps the piece today."""
    found: Rendition = get_object_or_404(
        Rendition.objects.select_related("item__montage__keeper", "item__montage__piece"),
        item__public_id=item,
        name=variant,
        item__montage__in=Montage.objects.standing().values("pk"),
    )
    found.item.montage.stands = True
    return found


def _ask(request: HttpRequest, item: Item, variant: str) -> None:
    decision = opening.decide_item(
        item=item,
        viewer=visitor_of(request, item.montage),
        variant=variant,
        variants=frozenset({variant}),
    )
    if not decision.is_allowed:
        raise Http404
