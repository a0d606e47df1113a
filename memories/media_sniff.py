"""Tell photographs, films and sound apart by their first bytes; a name is only a word."""

from dataclasses import dataclass
from typing import Final, Literal

from memories import media_headers
from memories.errors import NotAPictureError

Family = Literal["photograph", "clip"]

WHAT_WE_TAKE: Final = (
    "Please upload a photograph (JPEG, HEIC, PNG, WebP, AVIF, GIF), a film (MP4, MOV, WebM) "
    "or a sound (M4A, MP3, Ogg, WAV)."
)
SNIFFED_BYTES: Final = media_headers.SNIFFED_BYTES

# ISO/IEC 14496-12 §4.3. QuickTime files older than brands begin with one of these boxes.
_OLD_QUICKTIME: Final = frozenset({b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"})
_PICTURE_BRANDS: Final = media_headers.HEIC_BRANDS | media_headers.AVIF_BRANDS


@dataclass(frozen=True)
class Sniffed:
    """What a file is by its start. A clip names the one demuxer of ffmpeg that may read it.

    Whether a clip is a film or a sound is not in its first bytes; its streams say it.
    """

    family: Family
    demuxer: str = ""


def sniff(start: bytes) -> Sniffed:
    """Name what these first SNIFFED_BYTES begin.

    Raises EmptyFileError and NotAPictureError with a sentence for the keeper.

    >>> sniff(b"OggS" + bytes(60))
    Sniffed(family='clip', demuxer='ogg')
    """
    demuxer = _demuxer_of(start)
    if demuxer:
        return Sniffed("clip", demuxer)
    try:
        media_headers.sniff(start)
    except NotAPictureError as problem:
        what = str(problem).removesuffix(media_headers.WHAT_WE_OPEN).strip()
        raise NotAPictureError(f"{what} {WHAT_WE_TAKE}") from problem
    return Sniffed("photograph")


def _demuxer_of(start: bytes) -> str:
    if _is_mov(start):
        return "mov"
    if start.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if start.startswith(b"OggS"):
        return "ogg"
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return "wav"
    return _bare_sound(start)


def _is_mov(start: bytes) -> bool:
    size, box = int.from_bytes(start[:4], "big"), start[4:8]
    if box == b"ftyp":
        length = min(size, len(start))
        brands = {start[8:12]} | {start[at : at + 4] for at in range(16, length, 4)}
        return size >= 16 and not brands & _PICTURE_BRANDS
    return box in _OLD_QUICKTIME and size >= 8


def _bare_sound(start: bytes) -> str:
    """MPEG audio without a container: a tag first, or the sync word (ISO/IEC 11172-3 §2.4.1.3)."""
    if start.startswith(b"ID3"):
        return "mp3"
    if start.startswith(b"fLaC"):
        return "flac"
    if len(start) < 4 or start[0] != 0xFF:
        return ""
    if start[1] & 0xF6 == 0xF0:
        return "aac"
    return "mp3" if start[1] & 0xE6 == 0xE2 else ""
