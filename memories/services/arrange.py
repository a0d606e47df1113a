"""Arranging: what a keeper does with a montage and its memories, safe from a second phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from memories.errors import (
    ChangedElsewhereError,
    GiftDraftError,
    NobodyMaySeeError,
    NothingToShowError,
)
from memories.framing import Point
from memories.models.item import Item
from memories.models.montage import Montage, MontageLevel
from memories.services import chapters, films, levels, storage, versions
from memories.services.epochs import end_access
from provenance.models.keeping import Keeper
from provenance.models.piece import Piece


@dataclass(frozen=True)
class PageWords:
    """What a keeper says of the page."""

    title: str
    words: str
    opening: str


@dataclass(frozen=True)
class ItemWords:
    """What a keeper says of one memory; an empty level means: as the page."""

    caption: str
    alt: str
    when: str
    level: str
    has_child: bool = False


@dataclass(frozen=True)
class Placing:
    """Where a memory hangs (a chapter's public id, or none), and what of it stays in sight."""

    chapter: str
    focus: Point


def montage_of(*, piece: Piece, keeper: Keeper) -> Montage:
    """The keeper's own montage of a piece, begun now if there was none."""
    found = Montage.objects.select_related("gift")
    montage, _ = found.get_or_create(piece=piece, keeper=keeper)
    montage.piece, montage.keeper = piece, keeper
    return montage


@transaction.atomic
def describe_page(*, montage: Montage, revision: int, words: PageWords) -> Montage:
    """Write title, words and opening."""
    current = take_turn(montage, revision)
    for name, value in vars(words).items():
        setattr(current, name, value)
    current.save(update_fields=list(vars(words)))
    versions.keep(current, "Title and words")
    return current


@transaction.atomic
def describe_item(
    *, item: Item, revision: int, words: ItemWords, placing: Placing | None = None
) -> Item:
    """Write them down. Raises ChangedElsewhereError, NoPinError, NoChipError, UnknownItemError."""
    current = take_turn(item.montage, revision)
    if words.level != item.level:
        levels.check(current, words.level, has_pin=current.has_pin)
    for name, value in vars(words).items():
        setattr(item, name, value)
    fields = list(vars(words))
    if placing is not None:
        item.focus_x, item.focus_y = placing.focus.x, placing.focus.y
        fields += ["focus_x", "focus_y"]
    item.save(update_fields=fields)
    if placing is not None:
        chapters.put_into(current, item.public_id, placing.chapter or None)
    versions.keep(current, f"One memory: {item}"[:120])
    return item


@transaction.atomic
def order_items(*, montage: Montage, revision: int, order: Sequence[str]) -> Montage:
    """Put memories and chapters (public ids) in this order; what arrived meanwhile stays last."""
    current = take_turn(montage, revision)
    chapters.hang(current, order)
    versions.keep(current, "Order")
    return current


@transaction.atomic
def move_item(
    *, montage: Montage, revision: int, item: str, direction: Literal["up", "down"]
) -> Montage:
    """Move a memory one place, or a chapter with all it holds, by its public id.

    Raises UnknownItemError when it is gone.
    """
    current = take_turn(montage, revision)
    chapters.move(current, item, direction)
    versions.keep(current, "Order")
    return current


@transaction.atomic
def publish(*, montage: Montage, revision: int) -> Montage:
    """Open the page to its level, exactly as this device saw it last."""
    current = take_turn(montage, revision)
    if current.is_gift_draft:
        raise GiftDraftError("A gift is sealed, not published: it is theirs once they claim it.")
    if current.level == MontageLevel.ONLY_ME:
        raise NobodyMaySeeError(
            "Only you may see this page so far. Choose who else may, then publish it."
        )
    if (
        not current.items.ready()
        .to_see()
        .exclude(level=MontageLevel.ONLY_ME)
        .filter(is_held=False)
        .exists()
    ):
        raise NothingToShowError("There is no memory yet that a visitor could see. Add one.")
    current.published_at = current.published_at or timezone.now()
    current.save(update_fields=["published_at"])
    return current


@transaction.atomic
def unpublish(*, montage: Montage) -> None:
    """Close the page at once, whatever another device did meanwhile."""
    Montage.objects.filter(pk=montage.pk).update(published_at=None, revision=F("revision") + 1)
    end_access(montage)


@transaction.atomic
def erase_item(*, item: Item) -> None:
    """Delete a memory for good: its row, its upload and every derivative."""
    Montage.objects.filter(pk=item.montage_id).update(revision=F("revision") + 1)
    versions.forget(item)
    films.outdate(item.montage)
    transaction.on_commit(partial(storage.erase, storage.folder_of(item)))
    item.delete()


def take_turn(montage: Montage, revision: int) -> Montage:
    """Win the row for this transaction, or say that another device changed it meanwhile."""
    moved = Montage.objects.filter(pk=montage.pk, revision=revision).update(revision=revision + 1)
    if not moved:
        raise ChangedElsewhereError(
            "These memories were changed on another device meanwhile. "
            "Nothing was overwritten: look at them as they are now, then save again."
        )
    current = Montage.objects.get(pk=montage.pk)
    versions.begin(current)
    films.outdate(current)
    return current
