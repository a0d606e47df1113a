"""Arranging: what a keeper does with a montage and its memories, safe from a second phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from memories import montage as policy
from memories.errors import ChangedElsewhereError, NobodyMaySeeError, NothingToShowError
from memories.models import Item, Montage, MontageLevel
from memories.services import storage
from provenance.models.keeping import Keeper
from provenance.models.piece import Piece
from tags import services as tag_services


@dataclass(frozen=True)
class PageWords:
    """What a keeper says of the page, and who may see it."""

    title: str
    words: str
    level: str
    opening: str


@dataclass(frozen=True)
class ItemWords:
    """What a keeper says of one memory; an empty level means: as the page."""

    caption: str
    alt: str
    when: str
    level: str


def montage_of(*, piece: Piece, keeper: Keeper) -> Montage:
    """The keeper's own montage of a piece, begun now if there was none."""
    montage, _ = Montage.objects.get_or_create(piece=piece, keeper=keeper)
    montage.piece, montage.keeper = piece, keeper
    return montage


@transaction.atomic
def describe_page(*, montage: Montage, revision: int, words: PageWords) -> Montage:
    """Write title, words, level and opening; a change of level ends every access given so far."""
    current = _take_turn(montage, revision)
    is_level_changed = words.level != current.level
    for name, value in vars(words).items():
        setattr(current, name, value)
    # Nobody but the keeper may see the new level, so "published" would be a word without a page.
    if words.level == MontageLevel.ONLY_ME:
        current.published_at = None
    current.save(update_fields=[*vars(words), "published_at"])
    if is_level_changed:
        _end_access(current)
    return current


@transaction.atomic
def describe_item(*, item: Item, revision: int, words: ItemWords) -> Item:
    _take_turn(item.montage, revision)
    for name, value in vars(words).items():
        setattr(item, name, value)
    item.save(update_fields=list(vars(words)))
    return item


@transaction.atomic
def order_items(*, montage: Montage, revision: int, order: Sequence[str]) -> Montage:
    """Put the memories (public ids) in this order; any that arrived meanwhile stay at the end."""
    current = _take_turn(montage, revision)
    place = {public_id: number for number, public_id in enumerate(order)}
    items = list(current.items.all())
    _write_order(sorted(items, key=lambda item: place.get(item.public_id, len(place))))
    return current


@transaction.atomic
def move_item(
    *, montage: Montage, revision: int, item: str, direction: Literal["up", "down"]
) -> Montage:
    """Move one memory (its public id) one place. Raises UnknownItemError when it is gone."""
    current = _take_turn(montage, revision)
    items = {each.public_id: each for each in current.items.all()}
    moved = policy.move(list(items), item, direction)
    _write_order([items[public_id] for public_id in moved])
    return current


def _write_order(items: Sequence[Item]) -> None:
    for position, item in enumerate(items):
        item.position = position
    Item.objects.bulk_update(items, ["position"])


@transaction.atomic
def publish(*, montage: Montage, revision: int) -> Montage:
    """Open the page to its level, exactly as this device saw it last."""
    current = _take_turn(montage, revision)
    if current.level == MontageLevel.ONLY_ME:
        raise NobodyMaySeeError(
            "Only you may see this page so far. Choose who else may, then publish it."
        )
    if not current.items.ready().filter(level__in=["", current.level]).exists():
        raise NothingToShowError("There is no photograph yet that a visitor could see. Add one.")
    current.published_at = current.published_at or timezone.now()
    current.save(update_fields=["published_at"])
    return current


@transaction.atomic
def unpublish(*, montage: Montage) -> None:
    """Close the page at once, whatever another device did meanwhile."""
    Montage.objects.filter(pk=montage.pk).update(published_at=None, revision=F("revision") + 1)
    _end_access(montage)


@transaction.atomic
def erase_item(*, item: Item) -> None:
    """Delete a memory for good: its row, its upload and every derivative."""
    Montage.objects.filter(pk=item.montage_id).update(revision=F("revision") + 1)
    transaction.on_commit(partial(storage.erase, storage.folder_of(item)))
    item.delete()


def _take_turn(montage: Montage, revision: int) -> Montage:
    """Win the row for this transaction, or say that another device changed it meanwhile."""
    moved = Montage.objects.filter(pk=montage.pk, revision=revision).update(revision=revision + 1)
    if not moved:
        raise ChangedElsewhereError(
            "These memories were changed on another device meanwhile. "
            "Nothing was overwritten: look at them as they are now, then save again."
        )
    return Montage.objects.get(pk=montage.pk)


def _end_access(montage: Montage) -> None:
    """Make every capability given so far worthless, wherever it is kept."""
    Montage.objects.filter(pk=montage.pk).update(access_epoch=F("access_epoch") + 1)
    tag_services.forget_openings(piece=montage.piece)
