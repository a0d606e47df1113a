"""Receiving: an upload is a row first, then private bytes, then work for a worker."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from memories import ffmpeg, keyring, media_sniff
from memories.errors import (
    EmptyFileError,
    MusicAlreadyError,
    PictureTooLargeError,
    QuotaError,
    RightsNotSaidError,
    UnsafeUploadError,
)
from memories.models.access import Invitation
from memories.models.item import Item, ItemKind, ItemState
from memories.models.montage import Montage
from memories.models.upload import Upload
from memories.services import originals, storage
from provenance.models.keeping import Keeper

MEGABYTE = 1024**2
LONGEST_NAME = 200
# Longer than any request lives: until then the bytes may still be on their way to the storage.
ARRIVAL = timedelta(minutes=10)


def receive_file(
    *, montage: Montage, upload: "UploadedFile[bytes]", brought_by: Invitation | None = None
) -> Item:
    """Keep a photograph, a film or a voice note privately until a worker has made it safe.

    What a guest brought is held until the keeper lets it in.

    The row stands, and the room is reserved, before the first byte is stored: were we stopped in
    between, the row would lead a worker to whatever was stored. Raises EmptyFileError,
    PictureTooLargeError, FfmpegMissingError, MemoriesKeyError, QuotaError, and OSError when the
    storage fails.
    """
    size = upload.size or 0
    check_start(_start_of(upload), size=size)
    item = reserve(montage, name=upload.name or "", size=size, brought_by=brought_by)
    return _store(item, upload)


def receive_music(*, montage: Montage, upload: "UploadedFile[bytes]", has_rights: bool) -> Item:
    """Keep the one sound that plays behind the page, of which the keeper says they may use it.

    Raises RightsNotSaidError and MusicAlreadyError besides.
    """
    if not has_rights:
        raise RightsNotSaidError("Say first that you may use this music.")
    size = upload.size or 0
    check_start(_start_of(upload), size=size)
    item = reserve(montage, name=upload.name or "", size=size, rights_said_at=timezone.now())
    return _store(item, upload)


def _store(item: Item, upload: "UploadedFile[bytes]") -> Item:
    try:
        stored = originals.keep(item, upload.chunks())
    except OSError:
        item.delete()
        storage.erase(storage.folder_of(item))
        raise
    Item.objects.filter(pk=item.pk).update(upload_file=stored, due_at=timezone.now())
    return item


def _start_of(upload: "UploadedFile[bytes]") -> bytes:
    upload.seek(0)
    start: bytes = upload.read(media_sniff.SNIFFED_BYTES)
    upload.seek(0)
    return start


def check_start(start: bytes, *, size: int) -> None:
    """Refuse from size and first bytes what need not be kept for a worker at all."""
    keyring.site_key()
    if not size:
        raise EmptyFileError("This file is empty. Please choose it again.")
    try:
        is_clip = media_sniff.sniff(start).family == "clip"
    except UnsafeUploadError:
        is_clip = False  # the worker says what it is instead
    if is_clip:
        ffmpeg.find(settings.FFMPEG_PATH)
    check_size(
        size, settings.UPLOAD_VIDEO_MAX_BYTES if is_clip else settings.UPLOAD_PHOTO_MAX_BYTES
    )


def check_size(size: int, most: int) -> None:
    if size > most:
        raise PictureTooLargeError(
            f"This file is larger than {most // MEGABYTE} MB, the most we take."
        )


def shown_name(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME] or "file"


@transaction.atomic
def reserve(
    montage: Montage,
    *,
    name: str,
    size: int,
    rights_said_at: datetime | None = None,
    brought_by: Invitation | None = None,
) -> Item:
    """A row for an upload, and room for it. `rights_said_at` makes it the music of the page."""
    take_turn(montage.keeper)
    check_room(montage.keeper, size)
    return new_item(
        montage, name=name, size=size, rights_said_at=rights_said_at, brought_by=brought_by
    )


def take_turn(keeper: Keeper) -> None:
    """Two uploads at once are counted one after the other: the keeper's row is the turnstile."""
    Keeper.objects.select_for_update().get(pk=keeper.pk)


def check_room(keeper: Keeper, size: int) -> None:
    """Raises QuotaError. Only after `take_turn` in the same transaction is the answer to be had."""
    if used_bytes(keeper) + size > settings.UPLOAD_QUOTA_BYTES:
        most = settings.UPLOAD_QUOTA_BYTES // MEGABYTE
        raise QuotaError(
            f"Your {most:,} MB are full. Erase a few memories to make room for this one."
        )


def new_item(
    montage: Montage,
    *,
    name: str,
    size: int,
    rights_said_at: datetime | None = None,
    brought_by: Invitation | None = None,
) -> Item:
    """A row for an upload whose room is reserved; it waits for its bytes."""
    if rights_said_at:
        check_music(montage)
    last = montage.items.aggregate(last=Max("position"))["last"]
    item = Item(
        montage=montage,
        position=0 if last is None else last + 1,
        kind=ItemKind.MUSIC if rights_said_at else ItemKind.PHOTOGRAPH,
        rights_said_at=rights_said_at,
        brought_by=brought_by,
        is_held=brought_by is not None,
        upload_name=shown_name(name),
        upload_bytes=size,
        due_at=timezone.now() + ARRIVAL,
    )
    item.upload_file = storage.new_upload_name(item)
    item.save()
    return item


def check_music(montage: Montage) -> None:
    """Raises MusicAlreadyError."""
    music = montage.items.filter(kind=ItemKind.MUSIC).exclude(state=ItemState.FAILED)
    if music.exists():
        raise MusicAlreadyError("Your page has its music. Erase that first, then bring another.")


def used_bytes(keeper: Keeper) -> int:
    """The bytes this keeper's uploads have, also of those under way; refused ones do not count."""
    items = Item.objects.filter(montage__keeper=keeper).exclude(state=ItemState.FAILED)
    under_way = Upload.objects.under_way().filter(montage__keeper=keeper)
    arrived = items.aggregate(total=Sum("upload_bytes"))["total"] or 0
    return int(arrived) + int(under_way.aggregate(total=Sum("length"))["total"] or 0)
