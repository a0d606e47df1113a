"""Resumable uploads: begun with room reserved, continued from what lies on disk, or given up."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from memories import keyring, media_sniff
from memories.errors import (
    ChecksumError,
    EmptyFileError,
    MemoriesKeyError,
    MusicAlreadyError,
    OffsetError,
    RightsNotSaidError,
    TooManyUploadsError,
    UploadGoneError,
    UploadTooLongError,
)
from memories.models.item import Item, ItemState
from memories.models.montage import Montage
from memories.models.upload import Upload
from memories.services import originals, receive, spool
from memories.tus import Checksum

LIFETIME = timedelta(days=1)
MOST_UNDER_WAY = 200
# A finish that was cut off is done again after this; one that is under way takes seconds.
CUT_OFF_AFTER = timedelta(minutes=2)


def largest() -> int:
    """The most bytes any upload may have."""
    return max(
        settings.UPLOAD_PHOTO_MAX_BYTES,
        settings.UPLOAD_VIDEO_MAX_BYTES,
        settings.UPLOAD_SOUND_MAX_BYTES,
    )


def begin(
    *,
    montage: Montage,
    length: int,
    name: str,
    metadata: str = "",
    is_music: bool,
    has_rights: bool,
) -> Upload:
    """Reserve room for an upload and a place on the disk.

    Raises EmptyFileError, PictureTooLargeError, QuotaError, TooManyUploadsError,
    RightsNotSaidError, MusicAlreadyError and MemoriesKeyError.
    """
    keyring.site_key()
    if not length:
        raise EmptyFileError("This file is empty. Please choose it again.")
    receive.check_size(length, largest())
    if is_music and not has_rights:
        raise RightsNotSaidError("Say first that you may use this music.")
    upload = _reserve(montage, length, name, metadata, is_music=is_music)
    spool.begin(upload)
    return upload


@transaction.atomic
def _reserve(montage: Montage, length: int, name: str, metadata: str, *, is_music: bool) -> Upload:
    receive.take_turn(montage.keeper)
    under_way = Upload.objects.under_way().filter(montage__keeper=montage.keeper)
    if under_way.count() >= MOST_UNDER_WAY:
        raise TooManyUploadsError("Very many files are under way. Let some of them arrive first.")
    receive.check_room(montage.keeper, length)
    if is_music:
        receive.check_music(montage)
    now = timezone.now()
    created: Upload = Upload.objects.create(
        montage=montage,
        length=length,
        name=receive.shown_name(name),
        metadata=metadata,
        rights_said_at=now if is_music else None,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return created


def offset_of(upload: Upload) -> int:
    """How many bytes have arrived. Raises UploadGoneError."""
    if upload.item_id:
        return upload.length
    try:
        return spool.size_of(upload)
    except FileNotFoundError as problem:
        raise UploadGoneError("This upload is not here any more.") from problem


def append(
    *, upload: Upload, offset: int, body: Iterable[bytes], checksum: Checksum | None = None
) -> int:
    """Add what arrives to the file, piece by piece; how many bytes have arrived then.

    What arrived before the line broke stays; of a body with a checksum, all or nothing stays.
    The last one who begins to write is the writer: a request whose line is dead cannot keep the
    upload from going on. Raises OffsetError, UploadTooLongError, ChecksumError, UploadGoneError,
    and whatever `body` raises.
    """
    at = _begin_writing(upload, offset)
    writer = upload.writer
    if checksum is not None:
        body = [_checked(body, checksum, most=upload.length - at)]
    for piece in body:
        at = _write(upload, writer, piece, at)
    spool.settle(upload)
    _check_start(upload, offset, at)
    Upload.objects.filter(pk=upload.pk).update(expires_at=timezone.now() + LIFETIME)
    return at


def _begin_writing(upload: Upload, offset: int) -> int:
    """Become the writer, if the client continues where the file really ends."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None:
            raise UploadGoneError("This upload is not here any more.")
        at = offset_of(locked)
        if at != offset:
            raise OffsetError(f"The upload continues at {at}.")
        upload.writer = secrets.token_hex(11)
        Upload.objects.filter(pk=upload.pk).update(writer=upload.writer)
    return at


def _write(upload: Upload, writer: str, piece: bytes, at: int) -> int:
    if at + len(piece) > upload.length:
        raise UploadTooLongError("More arrived than was promised.")
    with spool.opened(upload) as handle:
        is_ours = Upload.objects.filter(pk=upload.pk, writer=writer, item__isnull=True).exists()
        if not is_ours or spool.current_size(handle) != at:
            raise OffsetError("Another request continued this upload.")
        spool.write(handle, piece, at=at)
    return at + len(piece)


def _checked(body: Iterable[bytes], checksum: Checksum, *, most: int) -> bytes:
    """The whole body. Clients that send checksums send pieces that fit into memory."""
    whole = bytearray()
    for piece in body:
        whole += piece
        if len(whole) > min(most, settings.UPLOAD_PHOTO_MAX_BYTES):
            raise UploadTooLongError("More arrived than was promised, or than can be checked.")
    if not checksum.fits(bytes(whole)):
        raise ChecksumError("What arrived is not what was sent. Nothing of it was kept.")
    return bytes(whole)


def _check_start(upload: Upload, before: int, at: int) -> None:
    """Refuse a file as soon as its first bytes say that it is too large for its kind."""
    enough = min(media_sniff.SNIFFED_BYTES, upload.length)
    if before < enough <= at:
        start = spool.start_of(upload, media_sniff.SNIFFED_BYTES)
        receive.check_start(start, size=upload.length)


def finish(*, upload: Upload) -> Item:
    """Make an item of an upload that is whole, seal it away, and let a worker have it.

    May be done again at any point where it was cut off. Raises MusicAlreadyError,
    MemoriesKeyError, and OSError when the storage fails.
    """
    item = _item_of(upload)
    if not spool.path_of(upload).exists():
        return item  # finished before: its last answer did not reach the client
    stored = originals.keep(item, spool.pieces_of(upload))
    Item.objects.filter(pk=item.pk, state=ItemState.WANTED).update(
        upload_file=stored, due_at=timezone.now()
    )
    spool.forget(upload.public_id)
    return item


@transaction.atomic
def _item_of(upload: Upload) -> Item:
    receive.take_turn(upload.montage.keeper)
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.item is not None:
        return locked.item
    item = receive.new_item(
        upload.montage,
        name=upload.name,
        size=upload.length,
        rights_said_at=upload.rights_said_at,
    )
    Upload.objects.filter(pk=upload.pk).update(item=item)
    return item


def give_up(*, upload: Upload) -> None:
    """Delete an upload and what arrived of it."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).delete()
        transaction.on_commit(partial(spool.forget, upload.public_id))


def tidy(*, now: datetime) -> int:
    """Finish what was cut off while it was finished, and erase what expired; how many."""
    done = _finish_cut_off(now)
    for upload in Upload.objects.expired(now):
        give_up(upload=upload)
        done += 1
    known = set(Upload.objects.values_list("public_id", flat=True))
    for name in spool.names():
        # A row stands before its file is made.
        if name not in known and not Upload.objects.filter(public_id=name).exists():
            spool.forget(name)
            done += 1
    return done


def _finish_cut_off(now: datetime) -> int:
    """A file that is whole and lies here still was being finished when somebody stopped us."""
    done = 0
    names = spool.names()
    for upload in Upload.objects.filter(public_id__in=names).select_related("montage__keeper"):
        path = spool.path_of(upload)
        try:
            state = path.stat()
        except FileNotFoundError:
            continue
        is_old = state.st_mtime < (now - CUT_OFF_AFTER).timestamp()
        if is_old and state.st_size == upload.length:
            done += _finish_again(upload)
    return done


def _finish_again(upload: Upload) -> int:
    try:
        finish(upload=upload)
    except MusicAlreadyError:
        give_up(upload=upload)
    except (MemoriesKeyError, OSError):
        return 0  # it stays, and is tried again
    return 1


def forget_all(montage: Montage) -> None:
    """Give up every upload of a page that is erased."""
    for upload in Upload.objects.filter(montage=montage):
        transaction.on_commit(partial(spool.forget, upload.public_id))
