"""Who may see a montage, in what order its memories stand, and how they fill a row.

Everything here is a value computed from values: the routes ask, and store what they were told.
"""

import enum
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from memories.errors import UnknownItemError

Id = TypeVar("Id")

TALLEST_LAST_ROW = 1.5
LOWEST_ROW = 0.5
# A last row that ends early strains the eye more than any row that is only too tall or too low.
EMPTY_PLACE = 2.0


class Level(enum.IntEnum):
    """Who may see, the strictest first: of two levels the smaller one wins."""

    ONLY_ME = 0
    INVITED = 1
    PIN = 2
    TAP = 3
    CODE = 4
    PUBLIC = 5


class Answer(enum.StrEnum):
    ALLOW = "allow"
    NEED_PIN = "need_pin"
    NEED_TAP = "need_tap"
    DENY = "deny"


@dataclass(frozen=True)
class Decision:
    """The answer, and the reason for our own records; a stranger is never told the reason."""

    answer: Answer
    reason: str

    @property
    def is_allowed(self) -> bool:
        return self.answer is Answer.ALLOW


@dataclass(frozen=True)
class Viewer:
    """Who asks. `code_epoch` is the access epoch in the cookie that opening the tag's code set.

    It is None when the visitor holds no such cookie, or one for another piece.
    """

    is_keeper: bool = False
    code_epoch: int | None = None


@dataclass(frozen=True)
class MontageFacts:
    """What `decide` must know of a montage. `access_epoch` dies with every change of access."""

    published: bool
    level: Level = Level.ONLY_ME
    access_epoch: int = 0


@dataclass(frozen=True)
class ItemFacts:
    """What `decide` must know of one memory. A level of None means: as the montage."""

    ready: bool
    level: Level | None = None
    variants: frozenset[str] = frozenset()


def decide(
    viewer: Viewer,
    montage: MontageFacts,
    item: ItemFacts | None,
    variant: str | None,
    now: datetime,
) -> Decision:
    """Say whether this visitor may have this byte; what no clause allows is denied.

    Without an item the question is about the page itself, without a variant about the words of
    the item. `now` is UTC; nothing that opens at a date exists yet, so no clause reads it.

    1. An item must be ready, and a variant must be one that was made of it.
    2. The keeper sees everything of her own.
    3. What is not published is the keeper's alone.
    4. The strictest of the montage's and the item's level decides.
    5. Public: anyone.
    6. Anyone who has the code: a cookie of the present epoch.
    7. All other levels are not built: denied.
    """
    del now
    if item is not None and not _exists(item, variant):  # 1
        return _denied("there is no such memory")
    if viewer.is_keeper:  # 2
        return Decision(Answer.ALLOW, "keeper")
    if not montage.published:  # 3
        return _denied("not published")
    level = effective_level(montage, item)  # 4
    if level is Level.PUBLIC:  # 5
        return Decision(Answer.ALLOW, "public")
    if level is Level.CODE:  # 6
        return _decide_by_code(viewer, montage)
    return _denied(f"level {level.name.lower()}")  # 7


def effective_level(montage: MontageFacts, item: ItemFacts | None) -> Level:
    """The strictest of both.

    >>> effective_level(MontageFacts(published=True, level=Level.CODE), None).name
    'CODE'
    """
    if item is None or item.level is None:
        return montage.level
    return min(montage.level, item.level)


def _exists(item: ItemFacts, variant: str | None) -> bool:
    return item.ready and (variant is None or variant in item.variants)


def _decide_by_code(viewer: Viewer, montage: MontageFacts) -> Decision:
    if viewer.code_epoch is None:
        return _denied("no code was opened")
    if viewer.code_epoch != montage.access_epoch:
        return _denied("the code was opened before access changed")
    return Decision(Answer.ALLOW, "code")


def _denied(reason: str) -> Decision:
    return Decision(Answer.DENY, reason)


def reorder(ids: Sequence[Id], moved: Id, to: int) -> list[Id]:
    """Put one memory at a place; a place beyond either end is that end.

    Raises UnknownItemError when it is not among them.

    >>> reorder(["a", "b", "c"], "a", 1)
    ['b', 'a', 'c']
    """
    if moved not in ids:
        raise UnknownItemError("that memory is no longer in this montage")
    others = [one for one in ids if one != moved]
    place = min(max(to, 0), len(others))
    return [*others[:place], moved, *others[place:]]


def move(ids: Sequence[Id], moved: Id, direction: Literal["up", "down"]) -> list[Id]:
    """Move one memory one place; at the end it stays. Raises UnknownItemError.

    >>> move(["a", "b", "c"], "c", "up")
    ['a', 'c', 'b']
    """
    if moved not in ids:
        raise UnknownItemError("that memory is no longer in this montage")
    step = -1 if direction == "up" else 1
    return reorder(ids, moved, ids.index(moved) + step)


@dataclass(frozen=True)
class Figure:
    """One picture in a row: its place in the list, and its share of the row in percent."""

    index: int
    ratio: float
    """Width by height, for CSS aspect-ratio."""
    width: float
    """Percent of the row's width; with the row's gaps they make 100 when the row is full."""


@dataclass(frozen=True)
class Row:
    """Pictures of one height, side by side. Sizes are percent of the row's width."""

    figures: tuple[Figure, ...]
    gap: float
    height: float
    is_full: bool


@dataclass(frozen=True)
class Page:
    """A class of screen: its width, the height asked of a row, and the gap, in CSS pixels."""

    width: int
    target_height: int
    gap: int

    def full_height(self, count: int, ratio_sum: float) -> float:
        """How tall a full row is; not above zero when the gaps alone are wider than the page."""
        return (self.width - self.gap * (count - 1)) / ratio_sum

    def percent(self, length: float) -> float:
        return 100 * length / self.width


PHONE = Page(width=360, target_height=200, gap=6)
TABLET = Page(width=768, target_height=240, gap=8)
DESK = Page(width=1280, target_height=300, gap=10)


def justify(ratios: Sequence[float], *, width: int, target_height: int, gap: int) -> list[Row]:
    """Break pictures into rows that are all as wide as the page, near the height asked for.

    The ratios are width by height, above zero; the sizes are CSS pixels of the class of screen
    the rows are for, and the answer is in percent so that it fits every screen of that class.
    The order is kept. Of all ways to break the rows the one with the least strain is taken, so
    that no picture is left over alone at the end. The last row is full when that makes it at most
    one and a half times as tall as asked; else it is exactly as tall as asked and ends early.
    Takes time in proportion to the number of pictures.
    """
    page = Page(width, target_height, gap)
    *rows, last = _best_breaks(page, ratios) or [range(0)]
    full = [_full_row(page, ratios, indexes) for indexes in rows]
    return [*full, _last_row(page, ratios, last)] if last else full


def _best_breaks(page: Page, ratios: Sequence[float]) -> list[range]:
    """The rows of least strain together, found from the left: best[n] hangs the first n."""
    best = [0.0] + [math.inf] * len(ratios)
    starts = [0] * (len(ratios) + 1)
    for start in range(len(ratios)):
        for stop, height in _possible_rows(page, ratios, start):
            strain = best[start] + _strain(page, height, is_last=stop == len(ratios))
            if strain < best[stop]:
                best[stop], starts[stop] = strain, start
    rows: list[range] = []
    stop = len(ratios)
    while stop:
        rows.append(range(starts[stop], stop))
        stop = starts[stop]
    return rows[::-1]


def _possible_rows(page: Page, ratios: Sequence[float], start: int) -> Iterator[tuple[int, float]]:
    """Where a row from `start` may stop, and how tall it is then; one picture always may."""
    ratio_sum = 0.0
    for stop in range(start + 1, len(ratios) + 1):
        ratio_sum += ratios[stop - 1]
        height = page.full_height(stop - start, ratio_sum)
        if stop > start + 1 and height < LOWEST_ROW * page.target_height:
            return
        yield stop, height


def _strain(page: Page, height: float, *, is_last: bool) -> float:
    """How far from the height asked for; twice as tall strains as much as half as tall."""
    if is_last and height > TALLEST_LAST_ROW * page.target_height:
        return EMPTY_PLACE * (1 - page.target_height / height)
    return math.log(height / page.target_height) ** 2


def _full_row(page: Page, ratios: Sequence[float], indexes: range) -> Row:
    height = page.full_height(len(indexes), sum(ratios[index] for index in indexes))
    return _row(page, ratios, indexes, height, is_full=True)


def _last_row(page: Page, ratios: Sequence[float], indexes: range) -> Row:
    row = _full_row(page, ratios, indexes)
    if row.height <= page.percent(TALLEST_LAST_ROW * page.target_height):
        return row
    return _row(page, ratios, indexes, page.target_height, is_full=False)


def _row(
    page: Page, ratios: Sequence[float], indexes: range, height: float, *, is_full: bool
) -> Row:
    figures = tuple(
        Figure(index, ratios[index], page.percent(ratios[index] * height)) for index in indexes
    )
    return Row(figures, page.percent(page.gap), page.percent(height), is_full)
