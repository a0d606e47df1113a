"""The order of a montage: one line of memories and chapter headings, as beads on one thread.

A chapter reaches from its heading to the next one; what hangs before the first heading is in no
chapter. So nothing can be in two chapters, and moving a memory past a heading changes its chapter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from memories.errors import UnknownItemError


@dataclass(frozen=True)
class Bead:
    """A memory or a chapter heading on the line, by its public id."""

    id: str
    is_heading: bool = False


@dataclass(frozen=True)
class Stretch:
    """A heading (or None at the beginning) and the memories up to the next heading."""

    heading: Bead | None
    items: tuple[Bead, ...]

    @property
    def beads(self) -> tuple[Bead, ...]:
        return (self.heading, *self.items) if self.heading else self.items


def stretches(line: Sequence[Bead]) -> list[Stretch]:
    """The line cut before each heading; the first stretch has none, and may be empty.

    >>> [len(each.items) for each in stretches([Bead("a"), Bead("I", True), Bead("b")])]
    [1, 1]
    """
    headings: list[Bead | None] = [None]
    items: list[list[Bead]] = [[]]
    for bead in line:
        if bead.is_heading:
            headings.append(bead)
            items.append([])
        else:
            items[-1].append(bead)
    pairs = zip(headings, items, strict=True)
    return [Stretch(heading, tuple(held)) for heading, held in pairs]


def restring(line: Sequence[Bead], order: Sequence[str]) -> list[Bead]:
    """The line in this order of ids; what it does not name stays behind the rest, as it was."""
    place = {each: number for number, each in enumerate(order)}
    return sorted(line, key=lambda bead: place.get(bead.id, len(place)))


def move_chapter(
    line: Sequence[Bead], heading: str, direction: Literal["up", "down"]
) -> list[Bead]:
    """Move a heading with all its memories past its neighbour; at the end it stays.

    Raises UnknownItemError when there is no such heading.
    """
    first, *chapters = stretches(line)
    place = _place_of(chapters, heading)
    other = place + (-1 if direction == "up" else 1)
    if 0 <= other < len(chapters):
        chapters[place], chapters[other] = chapters[other], chapters[place]
    return [bead for stretch in (first, *chapters) for bead in stretch.beads]


def put_into(line: Sequence[Bead], item: str, heading: str | None) -> list[Bead]:
    """Hang a memory at the end of a chapter, or of what is in none; where it is, it stays.

    Raises UnknownItemError when the memory or the chapter is not on the line.
    """
    moved = next((bead for bead in line if bead.id == item and not bead.is_heading), None)
    if moved is None:
        raise UnknownItemError("that memory is no longer in this montage")
    hung: list[Bead] = []
    cut = stretches(line)
    place = _place_of(cut[1:], heading) + 1 if heading else 0
    if moved in cut[place].items:
        return list(line)
    for number, stretch in enumerate(cut):
        hung += [bead for bead in stretch.beads if bead != moved]
        if number == place:
            hung.append(moved)
    return hung


def _place_of(chapters: Sequence[Stretch], heading: str | None) -> int:
    for place, stretch in enumerate(chapters):
        if stretch.heading and stretch.heading.id == heading:
            return place
    raise UnknownItemError("that chapter is no longer in this montage")
