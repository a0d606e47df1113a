"""Editing: chapters, the look of a page, and the way back; each act takes its turn."""

from dataclasses import dataclass

from django.db import transaction

from memories.errors import NothingToUndoError, TooManyChaptersError, UnknownItemError
from memories.models.chapter import Chapter
from memories.models.montage import Montage
from memories.services import chapters, versions
from memories.services.arrange import take_turn

MOST_CHAPTERS = 40


@dataclass(frozen=True)
class Look:
    """How the memories stand on the page, and in what light."""

    template: str
    theme: str


@transaction.atomic
def choose_look(*, montage: Montage, revision: int, look: Look) -> Montage:
    current = take_turn(montage, revision)
    current.template, current.theme = look.template, look.theme
    current.save(update_fields=["template", "theme"])
    versions.keep(current, "Look of the page")
    return current


@transaction.atomic
def begin_chapter(*, montage: Montage, revision: int, title: str) -> Chapter:
    """A new chapter at the end of the page. Raises TooManyChaptersError."""
    current = take_turn(montage, revision)
    if current.chapters.count() >= MOST_CHAPTERS:
        raise TooManyChaptersError(
            f"A page has room for {MOST_CHAPTERS} chapters. Take one away to begin another."
        )
    begun = chapters.begin(current, title)
    versions.keep(current, f"New chapter: {title}")
    return begun


@transaction.atomic
def name_chapter(*, chapter: Chapter, revision: int, title: str) -> None:
    current = take_turn(chapter.montage, revision)
    current.chapters.filter(pk=chapter.pk).update(title=title)
    versions.keep(current, f"Chapter renamed: {title}")


@transaction.atomic
def take_chapter_away(*, chapter: Chapter, revision: int) -> None:
    """Its memories stay where they hang, and belong to the chapter before it."""
    current = take_turn(chapter.montage, revision)
    current.chapters.filter(pk=chapter.pk).delete()
    versions.keep(current, f"Chapter taken away: {chapter.title}")


@transaction.atomic
def undo(*, montage: Montage, revision: int) -> str:
    """Go back by one change; the answer says which. Raises NothingToUndoError."""
    current = take_turn(montage, revision)
    version = versions.before(current)
    if version is None:
        raise NothingToUndoError("There is no earlier version to go back to.")
    undone = current.versions.get(number=current.version)
    versions.restore(current, version)
    return undone.said


@transaction.atomic
def go_back(*, montage: Montage, revision: int, number: int) -> Montage:
    """Be as in that version; an undo then leads here again. Raises UnknownItemError."""
    current = take_turn(montage, revision)
    version = current.versions.filter(number=number).first()
    if version is None:
        raise UnknownItemError("That version is no longer kept.")
    now = current.version
    versions.restore(current, version)
    current.version = now
    versions.keep(current, f"Back to: {version.said}"[:120])
    return current
