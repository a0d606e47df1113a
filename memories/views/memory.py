"""One memory as a page shows it, whatever the page looks like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from memories import media_clips
from memories.framing import MIDDLE
from memories.models.item import Item, ItemKind, Rendition

ANY_ITEM = "any-item"
_PLACEHOLDER = re.compile(r"data:image/(?:webp|png);base64,[A-Za-z0-9+/=]+")
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_KINDS = {
    ItemKind.PHOTOGRAPH: "photograph",
    ItemKind.FILM: "film",
    ItemKind.VOICE: "voice note",
}
_FILES = {ItemKind.FILM: media_clips.FILM, ItemKind.VOICE: media_clips.SOUND}
_INSTEAD = {ItemKind.FILM: "Film", ItemKind.VOICE: "Voice note"}


@dataclass(frozen=True)
class Source:
    """One list of files for <source>: "url 480w, url 1080w"."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Memory:
    """A memory as the page shows it. `number` counts from one and is its anchor.

    A voice note has no picture but a drawing of its waves; its width and height are those of it.
    """

    number: int
    kind: str
    plays: str
    length: str
    caption: str
    when: str
    alt: str
    note: str
    width: int
    height: int
    src: str
    full: str
    saver: str
    webp: Source
    avif: Source | None
    sizes: str

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def is_film(self) -> bool:
        return self.kind == ItemKind.FILM

    @property
    def is_voice(self) -> bool:
        return self.kind == ItemKind.VOICE

    @property
    def is_wide(self) -> bool:
        return self.width > self.height


def counted(items: Sequence[Item]) -> str:
    """How many there are of each kind, in words as far as one would say them."""
    many = [sum(item.kind == kind for item in items) for kind in _KINDS]
    said = [_said(count, word) for count, word in zip(many, _KINDS.values(), strict=True) if count]
    return f"{' and '.join(filter(None, [', '.join(said[:-1]), *said[-1:]]))}.".capitalize()


def _said(many: int, word: str) -> str:
    """One kind counted.

    >>> _said(2, "film")
    'two films'
    """
    count = _NUMBERS[many] if many < len(_NUMBERS) else str(many)
    return f"{count} {word}{'' if many == 1 else 's'}"


def placeholder_of(item: Item) -> str:
    """The few blurred pixels that stand until the photograph does; empty for anything else."""
    return item.placeholder if _PLACEHOLDER.fullmatch(item.placeholder) else ""


def focus_rule(number: int, item: Item) -> str:
    """Where the eye should rest, as a style rule; none for the middle."""
    focus = item.focus
    if focus == MIDDLE:
        return ""
    return f"#m{number}{{--at:{focus.x * 100:.1f}% {focus.y * 100:.1f}%}}"


def memory_of(number: int, item: Item, *, sizes: str) -> Memory:
    """A ready item, with its renditions prefetched."""
    folder = folder_of(item)
    kind = ItemKind(item.kind)
    webp, avif = _files(item, ".webp"), _files(item, ".avif")
    name = _INSTEAD.get(kind, "Photograph")
    return Memory(
        number=number,
        kind=kind,
        plays=folder + _FILES[kind] if kind in _FILES else "",
        length=item.length,
        caption=item.caption,
        when=item.when,
        alt=item.after_note(item.alt or item.caption or f"{name} {number}"),
        note=item.note,
        width=item.width or 1,
        height=item.height or 1,
        src=folder + webp[0].name,
        full=folder + webp[-1].name,
        saver=folder + webp[len(webp) // 2].name,
        webp=_source(folder, "image/webp", webp),
        avif=_source(folder, "image/avif", avif) if avif else None,
        sizes=sizes,
    )


def folder_of(item: Item) -> str:
    """The address under which all renditions of an item stand."""
    return _shelf().replace(ANY_ITEM, item.public_id)


@lru_cache(maxsize=1)
def _shelf() -> str:
    """Looked up once: twelve lookups of an address took a tenth of a page's time."""
    return reverse("memories:media", args=[ANY_ITEM, "-"]).removesuffix("-")


def _files(item: Item, suffix: str) -> list[Rendition]:
    """From narrow to wide, one of each width: a small upload has the same picture twice."""
    of_kind = {each.width: each for each in item.renditions.all() if each.name.endswith(suffix)}
    return [of_kind[width] for width in sorted(of_kind)]


def _source(folder: str, kind: str, renditions: Sequence[Rendition]) -> Source:
    listed = ", ".join(f"{folder}{each.name} {each.width}w" for each in renditions)
    return Source(kind, listed)
