"""Films told by their first bytes: a name and a declared type are only words."""

from typing import Final

from provenance.errors import ProvenanceError

# As much of a file as `film_kind` looks at.
HEAD: Final = 64
_EBML: Final = b"\x1a\x45\xdf\xa3"
_QUICKTIME: Final = b"qt  "
# ISO/IEC 14496-12 section 4.3: a film names its brand in a first box called `ftyp`. Other brands
# are still pictures (heic, avif) or sound alone (M4A), and no film.
_MP4_BRANDS: Final = (b"iso", b"mp4", b"avc", b"M4V", b"MSNV", b"3gp", b"3g2", b"dash", b"mmp4")
# QuickTime files older than brands begin with one of these boxes.
_OLD_QUICKTIME: Final = (b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot")


class NotAFilmError(ProvenanceError):
    """The content is no film of a kind we keep, whatever its name says."""

    code = "not_a_film"


def film_kind(head: bytes) -> str | None:
    """Which kind of film begins like this: "mp4", "mov", "webm", or None for anything else.

    >>> film_kind(b"\\x00\\x00\\x00\\x14ftypqt  \\x00\\x00\\x00\\x00qt  ")
    'mov'
    """
    if head.startswith(_EBML):
        return "webm" if b"webm" in head[:HEAD] else None
    size, box = int.from_bytes(head[:4], "big"), head[4:8]
    if box == b"ftyp" and size >= 16:
        return _kind_of_brand(head[8:12])
    return "mov" if box in _OLD_QUICKTIME and size >= 8 else None


def _kind_of_brand(brand: bytes) -> str | None:
    if brand == _QUICKTIME:
        return "mov"
    return "mp4" if brand.startswith(_MP4_BRANDS) else None
