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


class Reason(enum.StrEnum):
    """Why; for our own records and pages, a stranger is never told."""

    KEEPER = "the page is theirs"
    INVITED = "invited"
    PIN = "has the code and knows the PIN"
    TAP = "the piece is in their hand"
    CODE = "has the code"
    PUBLIC = "public"

    NO_SUCH_MEMORY = "there is no such memory"
    NOT_KEPT = "its author does not keep the piece any more"
    SEALED = "sealed"
    NOT_PUBLISHED = "not published"
    MISSING = "the piece is reported missing"
    REPORTED = "hidden until a report is answered"
    WAITING = "a guest brought it, and the keeper has not let it in"
    ONLY_ME = "the keeper's alone"
    NOT_INVITED = "not invited"
    NO_CODE = "no code was opened"
    OLD_CODE = "the code was opened before access changed"
    NO_PIN = "no PIN is set"
    PIN_WANTED = "the PIN is wanted"
    TAP_WANTED = "a tap is wanted"


@dataclass(frozen=True)
class Decision:
    """The answer, and the reason for our own records; a stranger is never told the reason."""

    answer: Answer
    reason: Reason

    @property
    def is_allowed(self) -> bool:
        return self.answer is Answer.ALLOW

    @property
    def is_offered(self) -> bool:
        """Allowed, or after a PIN or a tap: the visitor may know that something is here."""
        return self.answer is not Answer.DENY


@dataclass(frozen=True)
class Viewer:
    """Who asks, and what they hold.

    An epoch is the access epoch in what they hold: what is of an earlier one is worth nothing.
    It is None when the visitor holds no such thing, or one for another montage.
    """

    is_keeper: bool = False
    """Signed in as the person whose page it is."""
    invitation_epoch: int | None = None
    pin_epoch: int | None = None
    has_tapped: bool = False
    """The chip of the piece answered live in this browser, minutes ago."""
    code_epoch: int | None = None


@dataclass(frozen=True)
class Seal:
    """A montage closed until a moment (UTC), or, where that is None, until somebody opens it.

    It binds its own keeper too when it was a gift to them.
    """

    until: datetime | None = None
    binds_keeper: bool = False

    def holds(self, viewer: Viewer, now: datetime) -> bool:
        if viewer.is_keeper and not self.binds_keeper:
            return False
        return self.until is None or now < self.until


@dataclass(frozen=True)
class MontageFacts:
    """What `decide` must know of a montage. `access_epoch` dies with every change of access."""

    published: bool
    level: Level = Level.ONLY_ME
    access_epoch: int = 0
    is_kept: bool = True
    """Whoever it belongs to has the piece today, or prepares it as a gift."""
    is_missing: bool = False
    is_reported: bool = False
    has_pin: bool = False
    seal: Seal | None = None


@dataclass(frozen=True)
class ItemFacts:
    """What `decide` must know of one memory. A level of None means: as the montage."""

    ready: bool
    level: Level | None = None
    variants: frozenset[str] = frozenset()
    has_child: bool = False
    is_waiting: bool = False
    """A guest brought it, and the keeper has not let it in yet."""


def decide(
    viewer: Viewer,
    montage: MontageFacts,
    item: ItemFacts | None,
    variant: str | None,
    now: datetime,
) -> Decision:
    """Say whether this visitor may have this byte; what no clause allows is denied.

    Without an item the question is about the page itself, without a variant about the words of
    the item. `now` is UTC.

    1. An item must be ready, and a variant must be one that was made of it.
    2. A montage whose author does not keep the piece any more is closed, to the author as well.
    3. What is sealed opens at its moment, or when its recipient opens it.
    4. The keeper sees everything of her own.
    5. Not published, reported missing, or hidden by a report: the keeper's alone.
    6. So is what a guest brought, until she lets it in.
    7. The montage's and the item's level must both be met. The strictest is asked first.
    """
    if item is not None and not _exists(item, variant):  # 1
        return _denied(Reason.NO_SUCH_MEMORY)
    if not montage.is_kept:  # 2
        return _denied(Reason.NOT_KEPT)
    if montage.seal is not None and montage.seal.holds(viewer, now):  # 3
        return _denied(Reason.SEALED)
    if viewer.is_keeper:  # 4
        return Decision(Answer.ALLOW, Reason.KEEPER)
    closed = _why_closed(montage, item)  # 5, 6
    if closed is not None:
        return _denied(closed)
    return _by_levels(viewer, montage, item)  # 7


def effective_level(montage: MontageFacts, item: ItemFacts | None) -> Level:
    """The strictest of both; a memory with a child in it is behind the PIN at least.

    >>> effective_level(MontageFacts(published=True, level=Level.CODE), None).name
    'CODE'
    >>> child = ItemFacts(ready=True, has_child=True)
    >>> effective_level(MontageFacts(published=True, level=Level.PUBLIC), child).name
    'PIN'
    """
    if item is None:
        return montage.level
    own = montage.level if item.level is None else item.level
    most = Level.PIN if item.has_child else Level.PUBLIC
    return min(montage.level, own, most)


def _exists(item: ItemFacts, variant: str | None) -> bool:
    return item.ready and (variant is None or variant in item.variants)


def _why_closed(montage: MontageFacts, item: ItemFacts | None) -> Reason | None:
    if not montage.published:
        return Reason.NOT_PUBLISHED
    if montage.is_missing:
        return Reason.MISSING
    if montage.is_reported:
        return Reason.REPORTED
    if item is not None and item.is_waiting:
        return Reason.WAITING
    return None


def _by_levels(viewer: Viewer, montage: MontageFacts, item: ItemFacts | None) -> Decision:
    """The strictest answers; but a PIN alone opens nothing on a page that wants a tap."""
    decision = _by_level(effective_level(montage, item), viewer, montage)
    if decision.is_allowed and montage.level is Level.TAP:
        page = _by_level(Level.TAP, viewer, montage)
        return decision if page.is_allowed else page
    return decision


def _by_level(level: Level, viewer: Viewer, montage: MontageFacts) -> Decision:
    """Whoever is invited may see what all others see as well, and needs nothing but that."""
    if level is Level.PUBLIC:
        return Decision(Answer.ALLOW, Reason.PUBLIC)
    if level is Level.ONLY_ME:
        return _denied(Reason.ONLY_ME)
    if viewer.invitation_epoch == montage.access_epoch:
        return Decision(Answer.ALLOW, Reason.INVITED)
    if level is Level.INVITED:
        return _denied(Reason.NOT_INVITED)
    # A PIN and a tap are asked of whoever has the code: nobody else learns that something is here.
    if not viewer.has_tapped and viewer.code_epoch != montage.access_epoch:
        return _denied(Reason.NO_CODE if viewer.code_epoch is None else Reason.OLD_CODE)
    if level is Level.PIN:
        return _by_pin(viewer, montage)
    if level is Level.TAP and not viewer.has_tapped:
        return Decision(Answer.NEED_TAP, Reason.TAP_WANTED)
    return Decision(Answer.ALLOW, Reason.TAP if level is Level.TAP else Reason.CODE)


def _by_pin(viewer: Viewer, montage: MontageFacts) -> Decision:
    if not montage.has_pin:
        return _denied(Reason.NO_PIN)
    if viewer.pin_epoch == montage.access_epoch:
        return Decision(Answer.ALLOW, Reason.PIN)
    return Decision(Answer.NEED_PIN, Reason.PIN_WANTED)


def _denied(reason: Reason) -> Decision:
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
