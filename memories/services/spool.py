"""The spool: files of uploads under way on this machine, until they are whole and sealed away."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from memories.models.upload import Upload

PIECE = 256 * 1024


def path_of(upload: Upload) -> Path:
    """The name is ours; what the device called the file is nowhere in it."""
    folder: Path = settings.UPLOADS_DIR
    return folder / upload.public_id


def begin(upload: Upload) -> None:
    settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path_of(upload), os.O_CREAT | os.O_WRONLY, 0o600))


def size_of(upload: Upload) -> int:
    """How many bytes lie safely on the disk. Raises FileNotFoundError."""
    with opened(upload) as handle:
        return settled_size(handle)


@contextmanager
def opened(upload: Upload) -> Iterator[int]:
    """The file, held alone for as long as the block takes. Raises FileNotFoundError."""
    handle = os.open(path_of(upload), os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def settled_size(handle: int) -> int:
    """The size after everything written so far has reached the disk: it survives a power cut."""
    os.fsync(handle)
    return os.fstat(handle).st_size


def current_size(handle: int) -> int:
    return os.fstat(handle).st_size


def settle(upload: Upload) -> None:
    """Wait until all that was written has reached the disk."""
    with suppress(FileNotFoundError), opened(upload) as handle:
        os.fsync(handle)


def write(handle: int, piece: bytes, *, at: int) -> None:
    """Write the whole piece, or nothing of it: a full disk leaves no half of one."""
    written = 0
    try:
        while written < len(piece):
            written += os.pwrite(handle, piece[written:], at + written)
    except OSError:
        os.ftruncate(handle, at)
        raise


def start_of(upload: Upload, count: int) -> bytes:
    with path_of(upload).open("rb") as file:
        return file.read(count)


def pieces_of(upload: Upload) -> Iterator[bytes]:
    with path_of(upload).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def forget(name: str) -> None:
    """Delete the file of an upload by its public id; one that is gone already is forgotten."""
    with suppress(FileNotFoundError):
        (settings.UPLOADS_DIR / name).unlink()


def names() -> list[str]:
    """The public ids of all that lies here."""
    try:
        return sorted(path.name for path in settings.UPLOADS_DIR.iterdir())
    except FileNotFoundError:
        return []
