"""Tell what a file is from its own bytes, and how large it says it is, without decoding a pixel.

Only bounded reads and integer arithmetic happen here, so that it is safe in the web's process.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from memories.errors import (
    EmptyFileError,
    NotAPictureError,
    PictureTooLargeError,
    TruncatedPictureError,
)

Kind = Literal["jpeg", "png", "webp", "gif", "heic", "avif"]

SNIFFED_BYTES = 512
MOST_PARTS = 100_000
MOST_GIF_BLOCKS = 500_000
MOST_HIDDEN_BYTES = 8 * 1024**2
MOST_META_BYTES = 2 * 1024**2

MOST_MOTION_XMP = 256 * 1024
MOST_MOTION_TAIL = 4096
MOST_OUTER_BOXES = 100
MOTION_TRAILER = b"MotionPhoto_Data"
_MOTION = re.compile(rb"""(?:MotionPhoto|MicroVideo)(?:="1"|='1'|>1<)""")

CUT_SHORT = "This photograph is damaged or was cut short on the way. Please upload it again."
TOO_MANY_PARTS = "This file is built from far more parts than a photograph needs."
HIDDEN_DATA = "This picture carries a large amount of data that is not part of the picture."
WHAT_WE_OPEN = "Please upload a JPEG, HEIC, PNG, WebP, AVIF or GIF photograph."

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})

# ITU-T T.81 table B.1: frame headers are C0 to CF without the tables C4, C8 and CC.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
JPEG_END, JPEG_SCAN = 0xD9, 0xDA


@dataclass(frozen=True)
class Header:
    """What a picture says of itself: its kind, stored width and height in pixels, and frames."""

    kind: Kind
    width: int
    height: int
    frames: int = 1


def read_header(file: BinaryIO) -> Header:
    """Read the header of a picture from its content; names and Content-Type are never asked.

    Raises EmptyFileError, NotAPictureError, TruncatedPictureError, or PictureTooLargeError when
    the container hides more than MOST_HIDDEN_BYTES or has more than MOST_PARTS parts.
    """
    kind = sniff(_start_of(file))
    file.seek(0)
    header = READERS[kind](file)
    if header.width < 1 or header.height < 1:
        raise TruncatedPictureError(CUT_SHORT)
    return header


def has_motion(file: BinaryIO) -> bool:
    """Whether a photograph came with a few moving seconds, which no derivative ever holds.

    Telephones say so in XMP before the picture (Android motion photo format 1.0, and its
    forerunner MicroVideo), in a box of HEIC, or by a mark at the end of the file.
    """
    file.seek(0)
    start = file.read(MOST_MOTION_XMP)
    file.seek(-min(MOST_MOTION_TAIL, file.seek(0, io.SEEK_END)), io.SEEK_END)
    tail = file.read(MOST_MOTION_TAIL)
    return bool(_MOTION.search(start)) or MOTION_TRAILER in tail or _ends_in_motion_box(file)


def _ends_in_motion_box(file: BinaryIO) -> bool:
    size, at = file.seek(0, io.SEEK_END), 0
    for _ in range(MOST_OUTER_BOXES):
        file.seek(at)
        head = file.read(8)
        length, name = _big(head[:4]), head[4:8]
        if name == b"mpvd":
            return True
        if len(head) < 8 or length < 8 or at + length >= size:
            return False
        at += length
    return False


def sniff(start: bytes) -> Kind:
    """Name the kind of picture these first bytes begin.

    >>> sniff(b"GIF89a" + bytes(10))
    'gif'
    """
    if not start:
        raise EmptyFileError("This file is empty. Please choose the photograph again.")
    if start.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if start[4:8] == b"ftyp":
        return _sniff_brands(start)
    raise NotAPictureError(f"{_what_it_is(start)} {WHAT_WE_OPEN}")


def _start_of(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(SNIFFED_BYTES)


def _sniff_brands(start: bytes) -> Kind:
    # ISO/IEC 14496-12 §4.3: major brand, minor version, then the compatible brands.
    length = min(int.from_bytes(start[:4], "big"), len(start))
    brands = {start[8:12]} | {start[at : at + 4] for at in range(16, length, 4)}
    if brands & AVIF_BRANDS:
        return "avif"
    if brands & HEIC_BRANDS:
        return "heic"
    raise NotAPictureError(f"This is a video or a sound, not a photograph. {WHAT_WE_OPEN}")


def _what_it_is(start: bytes) -> str:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    if b"<svg" in text:
        return "SVG drawings are not accepted, because they can carry programs."
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<script", b"<?xml", b"<body")):
        return "This is a web page, not a photograph."
    if text.startswith(b"%pdf"):
        return "This is a PDF, not a photograph."
    if start[:4] in (b"II*\x00", b"MM\x00*"):
        return "TIFF and camera raw files are not accepted."
    return "This is not a photograph we know how to open."


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise TruncatedPictureError(CUT_SHORT)
    return data


def _bounded_parts() -> Iterator[None]:
    for _ in range(MOST_PARTS):
        yield
    raise PictureTooLargeError(TOO_MANY_PARTS)


def _read_jpeg(file: BinaryIO) -> Header:
    file.seek(2)
    for _ in _bounded_parts():
        marker = _next_jpeg_marker(file)
        if marker in JPEG_ALONE:
            continue
        if marker in (JPEG_SCAN, JPEG_END):
            break
        length = int.from_bytes(_exactly(file, 2), "big")
        if marker in JPEG_FRAMES:
            frame = _exactly(file, 5)
            return Header("jpeg", int.from_bytes(frame[3:5], "big"), _big(frame[1:3]))
        if length < 2:
            break
        file.seek(length - 2, io.SEEK_CUR)
    raise TruncatedPictureError(CUT_SHORT)


def _next_jpeg_marker(file: BinaryIO) -> int:
    if _exactly(file, 1) != b"\xff":
        raise TruncatedPictureError(CUT_SHORT)
    for _ in _bounded_parts():
        marker = _exactly(file, 1)[0]
        # T.81 §B.1.1.2: any number of FF bytes may fill the space before a marker.
        if marker != 0xFF:
            return marker
    raise TruncatedPictureError(CUT_SHORT)


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _read_png(file: BinaryIO) -> Header:
    file.seek(8)
    first = _exactly(file, 16)
    if first[:8] != b"\x00\x00\x00\rIHDR":
        raise TruncatedPictureError(CUT_SHORT)
    file.seek(33)
    frames = _count_png_frames(file)
    return Header("png", _big(first[8:12]), _big(first[12:16]), frames)


def _count_png_frames(file: BinaryIO) -> int:
    frames, hidden = 1, 0
    for _ in _bounded_parts():
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            break
        length, name = _big(head[:4]), head[4:]
        # PNG §5.4: a lower-case first letter marks a chunk that is not the picture itself.
        if name[:1].islower() and name != b"fdAT":
            hidden += length
        if hidden > MOST_HIDDEN_BYTES:
            raise PictureTooLargeError(HIDDEN_DATA)
        skipped = 4 if name == b"acTL" else 0
        if skipped:
            frames = max(frames, _big(_exactly(file, skipped)))
        file.seek(length + 4 - skipped, io.SEEK_CUR)
    return frames


def _read_webp(file: BinaryIO) -> Header:
    file.seek(12)
    size: tuple[int, int] | None = None
    frames = 0
    for _ in _bounded_parts():
        head = file.read(8)
        if len(head) < 8:
            break
        name, length = head[:4], _little(head[4:])
        if size is None:
            start = file.read(min(length, 10))
            size = _webp_size(name, start)
            file.seek(-len(start), io.SEEK_CUR)
        frames += name == b"ANMF"
        # WebP container specification, "RIFF file format": chunks are padded to an even length.
        file.seek(length + (length & 1), io.SEEK_CUR)
    if size is None:
        raise TruncatedPictureError(CUT_SHORT)
    return Header("webp", *size, frames=max(frames, 1))


def _webp_size(name: bytes, start: bytes) -> tuple[int, int]:
    if len(start) < 10:
        raise TruncatedPictureError(CUT_SHORT)
    if name == b"VP8X":
        return _little(start[4:7]) + 1, _little(start[7:10]) + 1
    if name == b"VP8 ":
        # RFC 6386 §9.1: 14 bits each; the two bits above are only an upscaling hint.
        return _little(start[6:8]) & 0x3FFF, _little(start[8:10]) & 0x3FFF
    if name == b"VP8L":
        bits = _little(start[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise TruncatedPictureError(CUT_SHORT)


def _read_gif(file: BinaryIO) -> Header:
    file.seek(6)
    screen = _exactly(file, 7)
    width, height = _little(screen[:2]), _little(screen[2:4])
    _skip_gif_colours(file, screen[4])
    frames, blocks = 0, iter(range(MOST_GIF_BLOCKS))
    for _ in _bounded_parts():
        mark = file.read(1)
        if mark == b"\x21":
            file.seek(1, io.SEEK_CUR)
        elif mark == b"\x2c":
            place = _exactly(file, 9)
            frames += 1
            # A frame may reach over the screen's edge; the reader then enlarges the screen.
            width = max(width, _little(place[:2]) + _little(place[4:6]))
            height = max(height, _little(place[2:4]) + _little(place[6:8]))
            _skip_gif_colours(file, place[8])
            file.seek(1, io.SEEK_CUR)
        else:
            break
        _skip_gif_blocks(file, blocks)
    return Header("gif", width, height, max(frames, 1))


def _skip_gif_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), io.SEEK_CUR)


def _skip_gif_blocks(file: BinaryIO, blocks: Iterator[int]) -> None:
    for _ in blocks:
        length = file.read(1)
        if length in (b"", b"\x00"):
            return
        file.seek(length[0], io.SEEK_CUR)
    raise PictureTooLargeError(TOO_MANY_PARTS)


def _read_heif(kind: Kind) -> Callable[[BinaryIO], Header]:
    def read(file: BinaryIO) -> Header:
        meta = _meta_box(file)
        sizes = list(_image_sizes(meta))
        if not sizes:
            raise TruncatedPictureError(CUT_SHORT)
        # The largest is taken: a file must not hide a huge picture behind a small first one.
        return Header(kind, *max(sizes, key=lambda size: size[0] * size[1]))

    return read


def _meta_box(file: BinaryIO) -> bytes:
    at = 0
    for _ in _bounded_parts():
        file.seek(at)
        head = _exactly(file, 16)
        length, name, start = _big(head[:4]), head[4:8], 8
        if length == 1:
            length, start = _big(head[8:16]), 16
        if name == b"meta":
            file.seek(at + start)
            return _exactly(file, _bounded_meta(length - start))
        if length < start:
            break
        at += length
    raise TruncatedPictureError(CUT_SHORT)


def _bounded_meta(length: int) -> int:
    if length < 4:
        raise TruncatedPictureError(CUT_SHORT)
    if length > MOST_META_BYTES:
        raise PictureTooLargeError(HIDDEN_DATA)
    return length


def _image_sizes(meta: bytes) -> Iterator[tuple[int, int]]:
    # ISO/IEC 23008-12 §6.5.3: 'ispe' holds version and flags, then width and height.
    for properties in _inside(meta[4:], b"iprp"):
        for container in _inside(properties, b"ipco"):
            for box in _inside(container, b"ispe"):
                if len(box) >= 12:
                    yield _big(box[4:8]), _big(box[8:12])


def _inside(data: bytes, wanted: bytes) -> Iterator[bytes]:
    at = 0
    while at + 8 <= len(data):
        length, name = _big(data[at : at + 4]), data[at + 4 : at + 8]
        if length < 8:
            return
        if name == wanted:
            yield data[at + 8 : at + length]
        at += length


READERS: dict[Kind, Callable[[BinaryIO], Header]] = {
    "jpeg": _read_jpeg,
    "png": _read_png,
    "webp": _read_webp,
    "gif": _read_gif,
    "heic": _read_heif("heic"),
    "avif": _read_heif("avif"),
}
