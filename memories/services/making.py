"""Making: what a worker makes of one upload, whatever kind it turns out to be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from memories import ffmpeg, media, media_clips, media_headers, media_sniff
from memories.errors import NotAClipError
from memories.media_plan import ClipLimits, Variant
from memories.models.item import Item, ItemKind

NO_SOUND = "There is no sound in this file, so it cannot be the music of your page."


@dataclass(frozen=True)
class Made:
    """Safe files, and what the row of the item learns from them."""

    files: tuple[media.Derivative, ...]
    taken_at: datetime | None
    facts: dict[str, object]
    """Fields of the item by name."""


def clip_limits() -> ClipLimits:
    return ClipLimits(
        film_bytes=settings.UPLOAD_VIDEO_MAX_BYTES,
        film_seconds=settings.UPLOAD_VIDEO_MAX_SECONDS,
        sound_bytes=settings.UPLOAD_SOUND_MAX_BYTES,
        sound_seconds=settings.UPLOAD_SOUND_MAX_SECONDS,
    )


def make(
    item: Item,
    source: Path,
    *,
    into: Path,
    plan: Sequence[Variant],
    on_progress: Callable[[int], None],
) -> Made:
    """Make safe files of an upload in `into`. `plan` is for photographs.

    Raises a child of UnsafeUploadError when the file is at fault, MediaUnavailableError when we
    are, and whatever `on_progress` raises.
    """
    with source.open("rb") as file:
        sniffed = media_sniff.sniff(file.read(media_sniff.SNIFFED_BYTES))
    if sniffed.family == "photograph":
        if item.kind == ItemKind.MUSIC:
            raise NotAClipError(NO_SOUND)
        return _photograph(item, source, into, plan)
    upload = media_clips.Upload(source, sniffed.demuxer)
    return _clip(upload, into, is_music=item.kind == ItemKind.MUSIC, on_progress=on_progress)


def _photograph(item: Item, source: Path, into: Path, plan: Sequence[Variant]) -> Made:
    picture = media.make_safe(source, into=into, plan=plan, crop=item.crop)
    with source.open("rb") as file:
        has_motion = media_headers.has_motion(file)
    facts = {
        "kind": ItemKind.PHOTOGRAPH,
        "width": picture.width,
        "height": picture.height,
        "placeholder": picture.placeholder,
        "source": picture.digital_source_type or "",
        "had_motion": has_motion,
    }
    return Made(picture.variants, picture.taken_at, facts)


def _clip(
    upload: media_clips.Upload, into: Path, *, is_music: bool, on_progress: Callable[[int], None]
) -> Made:
    clip = media_clips.make_safe(
        upload,
        program=ffmpeg.find(settings.FFMPEG_PATH),
        into=into,
        limits=clip_limits(),
        as_sound=is_music,
        on_progress=on_progress,
    )
    facts = {
        "kind": _kind(clip.kind == "film", is_music=is_music),
        "width": clip.width,
        "height": clip.height,
        "seconds": clip.seconds,
        "placeholder": clip.placeholder,
        # A film has one size of itself, and its posters stand already.
        "is_refined": True,
    }
    return Made(clip.files, clip.taken_at, facts)


def _kind(is_film: bool, *, is_music: bool) -> ItemKind:
    if is_music:
        return ItemKind.MUSIC
    return ItemKind.FILM if is_film else ItemKind.VOICE
