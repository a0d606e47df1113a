"""Receiving: an upload is a row first, then private bytes, then work for a worker."""

from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from memories.errors import EmptyFileError, PictureTooLargeError, QuotaError
from memories.models import Item, ItemState, Montage
from memories.services import storage
from provenance.models.keeping import Keeper

MEGABYTE = 1024**2
LONGEST_NAME = 200
# Longer than any request lives: until then the bytes may still be on their way to the storage.
ARRIVAL = timedelta(minutes=10)


def receive_photograph(*, montage: Montage, upload: "UploadedFile[bytes]") -> Item:
    """Keep an upload privately until a worker has made it safe.

    The row stands, and the room is reserved, before the first byte is stored: were we stopped in
    between, the row would lead a worker to whatever was stored.
    """
    size = upload.size or 0
    _check_size(size)
    item = _reserve(montage, name=_shown_name(upload.name or ""), size=size)
    try:
        stored = storage.private().save(item.upload_file, upload)
    except OSError:
        item.delete()
        storage.erase(storage.folder_of(item))
        raise
    Item.objects.filter(pk=item.pk).update(upload_file=stored, due_at=timezone.now())
    return item


def _check_size(size: int) -> None:
    if not size:
        raise EmptyFileError("This file is empty. Please choose it again.")
    if size > settings.UPLOAD_PHOTO_MAX_BYTES:
        most = settings.UPLOAD_PHOTO_MAX_BYTES // MEGABYTE
        raise PictureTooLargeError(f"This file is larger than {most} MB, the most we take.")


def _shown_name(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME] or "photograph"


@transaction.atomic
def _reserve(montage: Montage, *, name: str, size: int) -> Item:
    # Two uploads at once are counted one after the other: the keeper's row is the turnstile.
    Keeper.objects.select_for_update().get(pk=montage.keeper_id)
    if used_bytes(montage.keeper) + size > settings.UPLOAD_QUOTA_BYTES:
        most = settings.UPLOAD_QUOTA_BYTES // MEGABYTE
        raise QuotaError(
            f"Your {most:,} MB are full. Erase a few photographs to make room for this one."
        )
    last = montage.items.aggregate(last=Max("position"))["last"]
    item = Item(
        montage=montage,
        position=0 if last is None else last + 1,
        upload_name=name,
        upload_bytes=size,
        due_at=timezone.now() + ARRIVAL,
    )
    item.upload_file = storage.new_upload_name(item)
    item.save()
    return item


def used_bytes(keeper: Keeper) -> int:
    """The bytes this keeper's uploads had; refused ones are gone and do not count."""
    items = Item.objects.filter(montage__keeper=keeper).exclude(state=ItemState.FAILED)
    return int(items.aggregate(total=Sum("upload_bytes"))["total"] or 0)
