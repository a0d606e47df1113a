"""A montage on its thread: the memories by the time they are of, as well as it is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from memories.dates import When, read_when
from memories.models.item import Item
from memories.services.chapters import Told
from memories.views.memory import Memory, memory_of, placeholder_of

SIZES = "(min-width: 62rem) 28rem, (min-width: 48rem) 36rem, calc(100vw - 4.25rem)"


@dataclass(frozen=True)
class Knot:
    """A memory on the thread; its chapter is named where another one begins."""

    memory: Memory
    chapter: str


@dataclass(frozen=True)
class Year:
    """The knots of one year; those without a date that can be read stand at the end."""

    title: str
    knots: tuple[Knot, ...]


@dataclass(frozen=True)
class Timeline:
    years: tuple[Year, ...]
    style: str

    template = "memories/_timeline.html"


@dataclass(frozen=True)
class _Dated:
    when: When | None
    chapter: str
    item: Item

    @property
    def year(self) -> str:
        return str(self.when.year) if self.when else ""


def thread(chapters: Sequence[Told]) -> Timeline:
    """The oldest first; what is of one time keeps the order that its keeper gave it."""
    dated = sorted(
        (
            _Dated(read_when(item.when), chapter.title, item)
            for chapter in chapters
            for item in chapter.items
        ),
        key=lambda each: (each.when is None, each.when) if each.when else (True,),
    )
    knots = iter(_knots(dated))
    years = tuple(
        Year(title, tuple(next(knots) for _ in group))
        for title, group in groupby(dated, key=lambda each: each.year)
    )
    return Timeline(years, "\n".join(_rules(dated)))


def _knots(dated: Sequence[_Dated]) -> Iterator[Knot]:
    before = ""
    for number, each in enumerate(dated, start=1):
        is_new = each.chapter != before
        before = each.chapter
        yield Knot(memory_of(number, each.item, sizes=SIZES), each.chapter if is_new else "")


def _rules(dated: Sequence[_Dated]) -> Iterator[str]:
    for number, each in enumerate(dated, start=1):
        yield f"#m{number}{{--r:{(each.item.width or 1) / (each.item.height or 1):.4f}}}"
        if placeholder := placeholder_of(each.item):
            yield f"#m{number} img{{background-image:url({placeholder})}}"
