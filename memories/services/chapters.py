"""Chapters: the line of headings and memories, as it stands and as its keeper changes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.db import transaction

from memories import arrangement
from memories import montage as policy
from memories.arrangement import Bead
from memories.models.chapter import Chapter
from memories.models.item import Item
from memories.models.montage import Montage

Hung = Item | Chapter


@dataclass
class Told:
    """One chapter with its memories; the first may be none, for what hangs before all chapters."""

    chapter: Chapter | None
    items: list[Item] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.chapter.title if self.chapter else ""


def line_of(items: Iterable[Item], chapters: Iterable[Chapter]) -> list[Hung]:
    """Both on one line; where a heading and a memory have one place, the heading comes first."""
    return sorted([*chapters, *items], key=lambda each: (each.position, isinstance(each, Item)))


def told(items: Iterable[Item], chapters: Iterable[Chapter]) -> list[Told]:
    """The memories by chapter, in their order, with the chapters that hold none as well."""
    cut = [Told(None)]
    for each in line_of(items, chapters):
        if isinstance(each, Chapter):
            cut.append(Told(each))
        else:
            cut[-1].items.append(each)
    return cut if cut[0].items else cut[1:]


def hang(montage: Montage, order: Sequence[str]) -> None:
    """Write the line in this order of public ids; what it does not name stays at the end."""
    hung = {each.public_id: each for each in whole_line(montage)}
    _write([hung[bead.id] for bead in arrangement.restring(_beads(hung.values()), order)])


def move(montage: Montage, moved: str, direction: Literal["up", "down"]) -> None:
    """Move a memory past its neighbour on the line, or a chapter with all it holds.

    Raises UnknownItemError when it is gone.
    """
    hung = {each.public_id: each for each in whole_line(montage)}
    line = _beads(hung.values())
    if isinstance(hung.get(moved), Chapter):
        order = [bead.id for bead in arrangement.move_chapter(line, moved, direction)]
    else:
        order = policy.move([bead.id for bead in line], moved, direction)
    _write([hung[public_id] for public_id in order])


def put_into(montage: Montage, item: str, chapter: str | None) -> None:
    """Hang a memory at the end of a chapter, or before them all. Raises UnknownItemError."""
    hung = {each.public_id: each for each in whole_line(montage)}
    line = arrangement.put_into(_beads(hung.values()), item, chapter)
    _write([hung[bead.id] for bead in line])


def begin(montage: Montage, title: str) -> Chapter:
    """A new heading at the end of the line."""
    line = whole_line(montage)
    place = line[-1].position + 1 if line else 0
    return Chapter.objects.create(montage=montage, title=title, position=place)


def chapter_of(item: Item, chapters: Iterable[Chapter]) -> Chapter | None:
    """The last heading before a memory."""
    before = [each for each in chapters if each.position <= item.position]
    return max(before, key=lambda each: each.position, default=None)


def whole_line(montage: Montage) -> list[Hung]:
    return line_of(montage.items.all(), montage.chapters.all())


def _beads(line: Iterable[Hung]) -> list[Bead]:
    return [Bead(each.public_id, isinstance(each, Chapter)) for each in line]


@transaction.atomic
def _write(line: Sequence[Hung]) -> None:
    for position, each in enumerate(line):
        each.position = position
    Item.objects.bulk_update([each for each in line if isinstance(each, Item)], ["position"])
    Chapter.objects.bulk_update([each for each in line if isinstance(each, Chapter)], ["position"])
