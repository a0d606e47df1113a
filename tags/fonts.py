"""The type of everything printed: the web fonts of the site, unpacked for the typesetter.

The npm packages carry WOFF and WOFF2 only, and split each face by script. The typesetter reads
plain OpenType (sfnt) and takes one file per family and weight. So each WOFF 1.0 file is unpacked
and its family is named after its script ("Print Serif greek"); the page then asks for all of them
in order, and each letter comes from the first that has it.
"""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from tags.errors import MalformedFontError

SCRIPTS = ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")

_HEADER = struct.Struct(">4s4sI H H I 8x 20x")  # WOFF 1.0 section 3
_ENTRY = struct.Struct(">4s4I")  # WOFF 1.0 section 4: tag, offset, packed, plain, checksum
_LARGEST_TABLE = 4_000_000
_CHECKSUM_TARGET = 0xB1B0AFBA  # OpenType, table `head`: checksumAdjustment
_WINDOWS_UNICODE_ENGLISH = (3, 1, 0x409)


@dataclass(frozen=True)
class Face:
    """One face of the print: the npm package it comes from, and the name it prints under."""

    package: str
    style: str
    family: str


FACES = (
    Face("brygada-1918", "500-normal", "Print Serif"),
    Face("brygada-1918", "400-italic", "Print Serif"),
    Face("source-sans-3", "400-normal", "Print Sans"),
    Face("source-sans-3", "600-normal", "Print Sans"),
)


def unpack_fonts(packages: Path, *, into: Path) -> None:
    """Write the .ttf files of every printed page, from `node_modules/@fontsource`, into a folder.

    A script that a family does not cover has no file and is left out; running it again writes
    the same bytes. Raises MalformedFontError when a file is not WOFF 1.0.
    """
    into.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        for script in SCRIPTS:
            source = (
                packages / face.package / "files" / f"{face.package}-{script}-{face.style}.woff"
            )
            if source.exists():
                font = sfnt_from_woff(source.read_bytes(), family=f"{face.family} {script}")
                (into / source.with_suffix(".ttf").name).write_bytes(font)


def sfnt_from_woff(data: bytes, *, family: str) -> bytes:
    """Unpack a WOFF 1.0 file (W3C Recommendation of 13 December 2012) and name its family.

    Every table but `name` and the checksum in `head` comes out as it went into the package.
    Raises MalformedFontError when the bytes are not WOFF 1.0.
    """
    try:
        flavor, tables = _tables(data)
        return _sfnt(flavor, tables | {b"name": _names(family, tables)})
    except (struct.error, zlib.error, KeyError) as problem:
        raise MalformedFontError("this font file is damaged") from problem


def _tables(data: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    signature, flavor, length, count, _, _ = _HEADER.unpack_from(data)
    if signature != b"wOFF" or length != len(data):
        raise MalformedFontError("this is not a whole WOFF 1.0 file")
    entries = [_ENTRY.unpack_from(data, 44 + place * _ENTRY.size) for place in range(count)]
    return flavor, {
        tag: _table(tag, data[offset : offset + packed], plain=plain, checksum=checksum)
        for tag, offset, packed, plain, checksum in entries
    }


def _table(tag: bytes, stored: bytes, *, plain: int, checksum: int) -> bytes:
    if plain > _LARGEST_TABLE:
        raise MalformedFontError("a table of this font is larger than any we print with")
    # WOFF 1.0 section 5: a table that did not shrink is stored as it is.
    table = stored if len(stored) == plain else zlib.decompressobj().decompress(stored, plain)
    # OpenType, table `head`: its checksum is taken with the adjustment at zero.
    summed = _with_adjustment(table, 0) if tag == b"head" else table
    if len(table) != plain or _checksum(summed) != checksum:
        raise MalformedFontError("a table of this font does not match its directory")
    return table


def _names(family: str, tables: dict[bytes, bytes]) -> bytes:
    """A `name` table of format 0 with the four names a typesetter looks for."""
    # OpenType, table `head`: bit 1 of macStyle says italic; `OS/2` holds the weight at byte 4.
    italic = struct.unpack_from(">H", tables[b"head"], 44)[0] & 2
    weight = struct.unpack_from(">H", tables[b"OS/2"], 4)[0]
    style = f"{weight} Italic" if italic else f"{weight}"
    texts = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}".replace(" ", "")}
    records, strings = b"", b""
    for name_id, text in texts.items():
        encoded = text.encode("utf-16-be")
        records += struct.pack(
            ">6H", *_WINDOWS_UNICODE_ENGLISH, name_id, len(encoded), len(strings)
        )
        strings += encoded
    return struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + strings


def _sfnt(flavor: bytes, tables: dict[bytes, bytes]) -> bytes:
    """OpenType, "Organization of an OpenType font": a sorted directory, tables padded to four."""
    tables = tables | {b"head": _with_adjustment(tables[b"head"], 0)}
    total = _checksum(_laid_out(flavor, tables))
    adjustment = (_CHECKSUM_TARGET - total) % 2**32
    return _laid_out(flavor, tables | {b"head": _with_adjustment(tables[b"head"], adjustment)})


def _laid_out(flavor: bytes, tables: dict[bytes, bytes]) -> bytes:
    power = len(tables).bit_length() - 1
    search = 16 << power
    directory = flavor + struct.pack(">4H", len(tables), search, power, 16 * len(tables) - search)
    start, body = 12 + 16 * len(tables), b""
    for tag, table in sorted(tables.items()):
        plain = _with_adjustment(table, 0) if tag == b"head" else table
        directory += struct.pack(">4s3I", tag, _checksum(plain), start + len(body), len(table))
        body += _padded(table)
    return directory + body


def _with_adjustment(head: bytes, adjustment: int) -> bytes:
    return head[:8] + struct.pack(">I", adjustment) + head[12:]


def _checksum(data: bytes) -> int:
    padded = _padded(data)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) % 2**32


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)
