"""A ZIP of photographs from a stranger: looked through before anything in it is unpacked."""

import contextlib
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from provenance.errors import ProvenanceError

MOST_MEMBERS: Final = 8000
# As they are kept; the folders count in a path.
LONGEST_NAME: Final = 255
LONGEST_PATH: Final = 1000
# A photograph is packed already: what shrinks more than this is no photograph.
MOST_SHRUNK: Final = 100
_END: Final = b"PK\x05\x06"
_END_OF_64: Final = b"PK\x06\x07"
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_MOST_DIRECTORY_BYTES: Final = 4 * 1024 * 1024
_IN_DIRECTORY: Final = b"PK\x01\x02"
_LOCAL_BYTES: Final = 30
_ENCRYPTED: Final = 0x1
_IS_UTF8: Final = 0x800
# The library gives out block by block what it unpacks of these alone; of others a whole block,
# which a few bytes may blow up to anything.
_UNPACKED_IN_BLOCKS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BLOCK: Final = 256 * 1024
# What systems lay into every folder beside what a person puts there.
_LAID_BY_SYSTEMS: Final = frozenset({"", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
# How the library stumbles over bytes that do not hang together. ValueError and OverflowError are
# offsets, RuntimeError is a lock or a way of packing it does not know.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    EOFError,
    LookupError,
    OverflowError,
    ValueError,
    OSError,
)
_TOO_MANY: Final = f"This ZIP holds more than {MOST_MEMBERS} files, or is too large."
_UNREADABLE: Final = "This ZIP cannot be read. Pack the photographs anew."


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
            _check_places(archive)
            members = [*_photographs(archive, largest=largest)]
    except _DAMAGED as problem:
        raise SeasonZipError(_UNREADABLE) from problem
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
    for block in _blocks(file, path):
        written += len(block)
        if written > largest:
            raise SeasonZipError("This photograph unpacks to more than we take.")
        into.write(block)


def _blocks(file: IO[bytes], path: str) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(file) as archive:
            info = archive.getinfo(path)
            _check_packing(info, path)
            with archive.open(info) as packed:
                while block := packed.read(_BLOCK):
                    yield block
    except _DAMAGED as problem:
        raise SeasonZipError("This photograph is damaged in the ZIP.") from problem


def _photographs(archive: zipfile.ZipFile, *, largest: int) -> Iterator[Member]:
    for info in archive.infolist():
        path = _path_of(info)
        folders, _, name = path.rpartition("/")
        is_dotted = name.startswith(".")
        # A Mac packs a shadow of each file beside it.
        is_shadow = "__MACOSX" in folders.split("/")
        if is_shadow or is_dotted or name.casefold() in _LAID_BY_SYSTEMS:
            continue
        if ".." in folders.split("/") or path[:1] == "/" or ":" in folders:
            raise SeasonZipError("This ZIP holds a file that would leave its folder.")
        _check(info, name, largest=largest)
        yield Member(unicodedata.normalize("NFC", name), info.filename, info.file_size)


def _path_of(info: zipfile.ZipInfo) -> str:
    """Its folders and name, with one sign between them, in the letters they were meant in."""
    path = info.filename
    if not info.flag_bits & _IS_UTF8:
        # A Mac writes UTF-8 and does not say so; then the library reads it as code page 437.
        with contextlib.suppress(UnicodeError):
            path = path.encode("cp437").decode("utf-8")
    return path.replace("\\", "/")


def _check_places(archive: zipfile.ZipFile) -> None:
    """Each file has bytes of its own: overlapping ones unpack to far more than there is."""
    if len(archive.infolist()) > MOST_MEMBERS:
        raise SeasonZipError(_TOO_MANY)
    end = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise SeasonZipError(_UNREADABLE)
        end = info.header_offset + _LOCAL_BYTES + info.compress_size
    if end > archive.start_dir:
        raise SeasonZipError(_UNREADABLE)


def _check(info: zipfile.ZipInfo, name: str, *, largest: int) -> None:
    _check_packing(info, name)
    if len(key_of(name)) > LONGEST_NAME or len(info.filename) > LONGEST_PATH:
        told = f"{name[:40]}… in this ZIP has too long a name"
        raise SeasonZipError(f"{told}: {LONGEST_NAME} letters, {LONGEST_PATH} with its folders.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise SeasonZipError(f"{name} in this ZIP is a link and no photograph.")
    if info.file_size > largest:
        most = largest // 1024**2
        raise SeasonZipError(f"{name} is larger than {most} MB, the most we take.")
    if info.file_size > MOST_SHRUNK * max(info.compress_size, 1024):
        raise SeasonZipError(f"{name} unpacks to far more than a photograph does.")


def _check_packing(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise SeasonZipError("This ZIP is locked with a password. Pack it without one.")
    if info.compress_type not in _UNPACKED_IN_BLOCKS:
        told = f"{name[:40]} is packed in a way we do not open."
        raise SeasonZipError(f"{told} Pack the photographs as an ordinary ZIP.")


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
        raise SeasonZipError(_TOO_MANY)
    # The library believes the list and not this record, so neither do we: each file is marked.
    file.seek(max(0, size - len(tail) + place - directory))
    if file.read(directory).count(_IN_DIRECTORY) > MOST_MEMBERS:
        raise SeasonZipError(_TOO_MANY)
    file.seek(0)
