"""A ZIP of photographs from a stranger: looked through before anything in it is unpacked."""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from provenance.errors import ProvenanceError

MOST_MEMBERS: Final = 8000
# A photograph is packed already: what shrinks more than this is no photograph.
MOST_SHRUNK: Final = 100
_END: Final = b"PK\x05\x06"
_END_OF_64: Final = b"PK\x06\x07"
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_MOST_DIRECTORY_BYTES: Final = 4 * 1024 * 1024
_ENCRYPTED: Final = 0x1
_BLOCK: Final = 256 * 1024
# How the library stumbles over bytes that do not hang together; its ValueError is a bad offset.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    KeyError,
    ValueError,
    OSError,
)


class SeasonZipError(ProvenanceError):
    """The ZIP is not taken; the message is for the person who brings it."""

    code = "season_zip_refused"


@dataclass(frozen=True)
class Member:
    """A file in the ZIP: the name by which a CSV names it, where it lies, its bytes unpacked."""

    name: str
    path: str
    size: int


def key_of(name: str) -> str:
    """The name of a photograph as it is compared: capitals do not matter."""
    return unicodedata.normalize("NFC", name).casefold()


def members_of(file: IO[bytes], *, largest: int, most: int) -> dict[str, Member]:
    """The files of a ZIP by `key_of` their name, without their folders.

    `largest` are the bytes of one file unpacked, `most` those of all together. Raises
    SeasonZipError for what is no ZIP, hides something, or unpacks to more than it may.
    """
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = [*_photographs(archive, largest=largest)]
    except _DAMAGED as problem:
        raise SeasonZipError("This ZIP cannot be read. Pack the photographs anew.") from problem
    if sum(member.size for member in members) > most:
        raise SeasonZipError("The photographs in this ZIP are larger together than we take.")
    found: dict[str, Member] = {}
    for member in members:
        key = key_of(member.name)
        if key in found:
            sentence = f"Two files in this ZIP are called {member.name}. Give each its own name."
            raise SeasonZipError(sentence)
        found[key] = member
    return found


def unpack(file: IO[bytes], path: str, into: IO[bytes], *, largest: int) -> None:
    """Write one file of the ZIP out; SeasonZipError when it is damaged or larger than it said."""
    written = 0
    try:
        with zipfile.ZipFile(file) as archive, archive.open(path) as packed:
            while block := packed.read(_BLOCK):
                written += len(block)
                if written > largest:
                    raise SeasonZipError("This photograph unpacks to more than we take.")
                into.write(block)
    except _DAMAGED as problem:
        raise SeasonZipError("This photograph is damaged in the ZIP.") from problem


def _photographs(archive: zipfile.ZipFile, *, largest: int) -> Iterator[Member]:
    for info in archive.infolist():
        folders, _, name = info.filename.replace("\\", "/").rpartition("/")
        # A Mac packs a shadow of each file beside it.
        if info.is_dir() or "__MACOSX" in folders.split("/") or name.startswith("."):
            continue
        if ".." in folders.split("/") or info.filename[:1] in {"/", "\\"} or ":" in folders:
            raise SeasonZipError("This ZIP holds a file that would leave its folder.")
        _check(info, name, largest=largest)
        yield Member(unicodedata.normalize("NFC", name), info.filename, info.file_size)


def _check(info: zipfile.ZipInfo, name: str, *, largest: int) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise SeasonZipError("This ZIP is locked with a password. Pack it without one.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise SeasonZipError(f"{name} in this ZIP is a link and no photograph.")
    if info.file_size > largest:
        most = largest // 1024**2
        raise SeasonZipError(f"{name} is larger than {most} MB, the most we take.")
    if info.file_size > MOST_SHRUNK * max(info.compress_size, 1024):
        raise SeasonZipError(f"{name} unpacks to far more than a photograph does.")


def _check_directory(file: IO[bytes]) -> None:
    """Look at the end record before the list of files is read: the list may fill the memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT - len(_END_OF_64) - 16))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise SeasonZipError("This is no ZIP file.")
    members = int.from_bytes(tail[place + 10 : place + 12], "little")
    directory = int.from_bytes(tail[place + 12 : place + 16], "little")
    is_larger = tail[max(0, place - 20) : place].startswith(_END_OF_64)
    if is_larger or members > MOST_MEMBERS or directory > _MOST_DIRECTORY_BYTES:
        raise SeasonZipError(f"This ZIP holds more than {MOST_MEMBERS} files, or is too large.")
