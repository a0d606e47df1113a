"""How a montage hangs: its photographs in rows for three classes of screen, without a script."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from math import floor

from memories.models.item import Item
from memories.montage import DESK, PHONE, TABLET, Page, Row, justify
from memories.services.chapters import Told
from memories.views.memory import Memory, memory_of, placeholder_of

# The column of photographs is never wider than this, in CSS pixels (montage.css).
WIDEST = 1056
OPENING_ROW = 1.6


@dataclass(frozen=True)
class Wall:
    """Pictures that hang side by side in rows; or one voice note, which has a wall of its own."""

    memories: tuple[Memory, ...]

    @property
    def is_heard(self) -> bool:
        return self.memories[0].is_voice


@dataclass(frozen=True)
class Hall:
    """A chapter and the walls in it."""

    title: str
    walls: tuple[Wall, ...]


@dataclass(frozen=True)
class Collage:
    """The memories of a page by chapter, and the one style block that gives them their places."""

    halls: tuple[Hall, ...]
    style: str

    template = "memories/_collage.html"


def hang(chapters: Sequence[Told]) -> Collage:
    """Lay out ready items, with their renditions prefetched, in their order."""
    walls = [list(_walls(chapter.items)) for chapter in chapters]
    flat = [wall for hall in walls for wall in hall]
    items = [item for wall in flat for item in wall]
    phone, tablet, desk = (_widths(flat, page) for page in (PHONE, TABLET, DESK))
    memories = iter(
        memory_of(number + 1, item, sizes=_sizes(phone[number], tablet[number], desk[number]))
        for number, item in enumerate(items)
    )
    halls = tuple(
        Hall(chapter.title, tuple(Wall(tuple(islice(memories, len(wall)))) for wall in hall))
        for chapter, hall in zip(chapters, walls, strict=True)
    )
    return Collage(halls, "\n".join(_rules(items, phone, tablet, desk)))


def _walls(items: Sequence[Item]) -> Iterator[list[Item]]:
    for is_pictured, group in groupby(items, key=lambda item: item.is_pictured):
        if is_pictured:
            yield list(group)
        else:
            yield from ([item] for item in group)


def _widths(walls: Sequence[Sequence[Item]], page: Page) -> list[float]:
    """Each memory's share of its row in percent, never a hair too wide for the row."""
    return [
        floor(figure.width * 1000) / 1000 if wall[0].is_pictured else 100.0
        for number, wall in enumerate(walls)
        for row in _rows(wall, page, opens=number == 0)
        for figure in row.figures
    ]


def _rows(items: Sequence[Item], page: Page, *, opens: bool) -> list[Row]:
    """The first row is taller than the rest: a page of memories opens with one of them."""
    ratios = [(item.width or 1) / (item.height or 1) for item in items]
    tall = int(page.target_height * OPENING_ROW)
    opening = justify(ratios, width=page.width, target_height=tall, gap=page.gap)[: int(opens)]
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
        if placeholder := placeholder_of(item):
            yield f"#m{number} img{{background-image:url({placeholder})}}"
    for at, page, widths in (("48rem", TABLET, tablet), ("75rem", DESK, desk)):
        yield f"@media(min-width:{at}){{"
        yield from _row_rules(page, widths)
        yield "}"


def _row_rules(page: Page, widths: list[float]) -> Iterable[str]:
    yield f".justified{{column-gap:{floor(page.percent(page.gap) * 1000) / 1000}%}}"
    for number, width in enumerate(widths, start=1):
        yield f"#m{number}{{width:{width}%}}"
