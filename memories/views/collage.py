"""How a montage hangs: its photographs in rows for three classes of screen, without a script."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from django.urls import reverse

from memories.models import Item, Rendition
from memories.montage import DESK, PHONE, TABLET, Page, Row, justify

# The column of photographs is never wider than this, in CSS pixels (montage.css).
WIDEST = 1056
OPENING_ROW = 1.6
_PLACEHOLDER = re.compile(r"data:image/(?:webp|png);base64,[A-Za-z0-9+/=]+")
_WORDS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six"),
    *("Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
)


@dataclass(frozen=True)
class Source:
    """One list of files for <source>: "url 480w, url 1080w"."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Memory:
    """A photograph as the page shows it. `number` counts from one and is its anchor."""

    number: int
    caption: str
    when: str
    alt: str
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


@dataclass(frozen=True)
class Collage:
    """The memories of a page and the one style block that gives them their places."""

    memories: tuple[Memory, ...]
    style: str

    @property
    def count(self) -> str:
        """How many, in words as far as one would say them.

        >>> Collage((), "").count
        'No photographs.'
        """
        many = len(self.memories)
        word = _WORDS[many] if many < len(_WORDS) else str(many)
        return f"{word} photograph{'' if many == 1 else 's'}."


def hang(items: Sequence[Item]) -> Collage:
    """Lay out ready items, with their renditions prefetched, in their order."""
    ratios = [(item.width or 1) / (item.height or 1) for item in items]
    phone, tablet, desk = (_widths(ratios, page) for page in (PHONE, TABLET, DESK))
    memories = tuple(
        _memory(number, item, _sizes(phone[number - 1], tablet[number - 1], desk[number - 1]))
        for number, item in enumerate(items, start=1)
    )
    return Collage(memories, "\n".join(_rules(items, phone, tablet, desk)))


def _widths(ratios: Sequence[float], page: Page) -> list[float]:
    """Each picture's share of its row in percent, never a hair too wide for the row."""
    rows = _rows(ratios, page)
    return [floor(figure.width * 1000) / 1000 for row in rows for figure in row.figures]


def _rows(ratios: Sequence[float], page: Page) -> list[Row]:
    """The first row is taller than the rest: a page of memories opens with one of them."""
    tall = int(page.target_height * OPENING_ROW)
    opening = justify(ratios, width=page.width, target_height=tall, gap=page.gap)[:1]
    hung = len(opening[0].figures) if opening else 0
    rest = ratios[hung:]
    return opening + justify(rest, width=page.width, target_height=page.target_height, gap=page.gap)


def _sizes(phone: float, tablet: float, desk: float) -> str:
    return (
        f"(min-width: 75rem) {desk * WIDEST / 100:.0f}px, "
        f"(min-width: 48rem) {_share(tablet, air='4rem')}, {_share(phone, air='1rem')}"
    )


def _share(width: float, *, air: str) -> str:
    """The exact width: a hair more would have a phone fetch four times the pixels."""
    return f"calc((100vw - {air}) * {width / 100:.3f})"


def _rules(
    items: Sequence[Item], phone: list[float], tablet: list[float], desk: list[float]
) -> Iterable[str]:
    yield from _row_rules(PHONE, phone)
    for number, item in enumerate(items, start=1):
        if _PLACEHOLDER.fullmatch(item.placeholder):
            yield f"#m{number} img{{background-image:url({item.placeholder})}}"
    for at, page, widths in (("48rem", TABLET, tablet), ("75rem", DESK, desk)):
        yield f"@media(min-width:{at}){{"
        yield from _row_rules(page, widths)
        yield "}"


def _row_rules(page: Page, widths: list[float]) -> Iterable[str]:
    yield f".justified{{column-gap:{floor(page.percent(page.gap) * 1000) / 1000}%}}"
    for number, width in enumerate(widths, start=1):
        yield f"#m{number}{{width:{width}%}}"


def _memory(number: int, item: Item, sizes: str) -> Memory:
    # Found once for each memory: looking up an address costs more than all else of it.
    folder = reverse("memories:media", args=[item.public_id, "-"]).removesuffix("-")
    webp, avif = _files(item, ".webp"), _files(item, ".avif")
    return Memory(
        number=number,
        caption=item.caption,
        when=item.when,
        alt=item.alt or item.caption or f"Photograph {number}",
        width=item.width or 1,
        height=item.height or 1,
        src=folder + webp[0].name,
        full=folder + webp[-1].name,
        saver=folder + webp[len(webp) // 2].name,
        webp=_source(folder, "image/webp", webp),
        avif=_source(folder, "image/avif", avif) if avif else None,
        sizes=sizes,
    )


def _files(item: Item, suffix: str) -> list[Rendition]:
    """From narrow to wide, one of each width: a small upload has the same picture twice."""
    of_kind = {each.width: each for each in item.renditions.all() if each.name.endswith(suffix)}
    return [of_kind[width] for width in sorted(of_kind)]


def _source(folder: str, kind: str, renditions: Sequence[Rendition]) -> Source:
    listed = ", ".join(f"{folder}{each.name} {each.width}w" for each in renditions)
    return Source(kind, listed)
