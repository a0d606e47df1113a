"""Read what we want from a photograph's metadata, before all of it is thrown away.

When it was taken, and whether it says that its content credentials are kept elsewhere (how it came
about is read in media_source). Nothing else is read: no place, no camera, no name. The readers are
total: whatever the bytes are, the answer is a value or None.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

EXIF_PREFIX = b"Exif\x00\x00"
EXIF_IFD, TAKEN, DIGITIZED = 0x8769, 0x9003, 0x9004
MOST_ENTRIES = 512

DATE = re.compile(rb"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
# C2PA, "Embedding a reference to the active manifest": the address of one that is elsewhere.
PROVENANCE = re.compile(rb"dcterms:provenance\s*[=>]")


class Entry(NamedTuple):
    tag: int
    value: int


def read_capture_date(exif: bytes) -> datetime | None:
    """When the shutter opened, as the camera's clock showed it: naive, because EXIF knows no zone.

    The bytes are an EXIF block (TIFF structure, with or without its "Exif" prefix). Falls back
    from DateTimeOriginal to DateTimeDigitized (EXIF 2.32 section 4.6.5), never to the date of an
    edit.
    """
    tiff = exif.removeprefix(EXIF_PREFIX)
    for entry in _entries(tiff, _number(tiff, 4, 4)):
        if entry.tag == EXIF_IFD:
            dates = {found.tag: found for found in _entries(tiff, entry.value)}
            return _date_at(tiff, dates.get(TAKEN)) or _date_at(tiff, dates.get(DIGITIZED))
    return None


def names_manifest_elsewhere(xmp: bytes) -> bool:
    """Whether an XMP packet gives the address of content credentials."""
    return PROVENANCE.search(xmp) is not None


def _byte_order(tiff: bytes) -> Literal["little", "big"]:
    return "little" if tiff[:2] == b"II" else "big"


def _number(tiff: bytes, at: int, size: int) -> int:
    return int.from_bytes(tiff[at : at + size], _byte_order(tiff))


def _entries(tiff: bytes, at: int) -> Iterator[Entry]:
    # TIFF 6.0 section 2: a count, then entries of tag (2), type (2), count (4), value (4).
    for index in range(min(_number(tiff, at, 2), MOST_ENTRIES)):
        start = at + 2 + 12 * index
        if start + 12 > len(tiff):
            return
        yield Entry(_number(tiff, start, 2), _number(tiff, start + 8, 4))


def _date_at(tiff: bytes, entry: Entry | None) -> datetime | None:
    found = DATE.match(tiff, entry.value) if entry else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (part.decode("ascii") for part in found.groups())
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}")
    except ValueError:  # 0000:00:00 is how cameras say that their clock was never set
        return None
