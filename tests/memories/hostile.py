"""Files made to harm, written by script: each with its name, its bytes, and what must become of it.

A file is `refused`, or `defused`: made safe, and nothing but pixels or samples of it goes over.
"""

import functools
import io
import struct
import wave
import zipfile
from collections.abc import Callable

from tests.memories import clips, pictures

CANARY = pictures.CANARY
REFUSED, DEFUSED, EITHER = "refused", "defused", "either"

Maker = Callable[[], bytes]


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def behind(start: bytes) -> Maker:
    return lambda: start + b"\x00" * 64 + CANARY


@functools.cache
def film() -> bytes:
    return clips.make_film(seconds=1)


@functools.cache
def sound() -> bytes:
    return clips.make_sound("note.m4a", seconds=1)


def patched(content: Callable[[], bytes], name: bytes, at: int, value: bytes) -> Maker:
    """A film whose box `name` says something else, `at` bytes behind its name."""

    def make() -> bytes:
        whole = content()
        place = whole.index(name) + 4 + at
        return whole[:place] + value + whole[place + len(value) :]

    return make


def cut(content: Callable[[], bytes], share: float) -> Maker:
    return lambda: content()[: int(len(content()) * share)]


def with_outside_reference() -> bytes:
    """A film whose samples lie in another file: 'url ' with a name in place of "in this file"."""
    whole = film()
    inside = box(b"url ", b"\x00\x00\x00\x01")
    outside = box(b"url ", b"\x00\x00\x00\x00")
    return whole.replace(inside, outside)


def with_alias() -> bytes:
    """The same with an alias, as QuickTime writes it (alis, dref)."""
    return film().replace(box(b"url ", b"\x00\x00\x00\x01"), box(b"alis", b"\x00\x00\x00\x00"))


def endless_wave() -> bytes:
    """A header that promises four gigabytes, and a moment of sound."""
    plain = io.BytesIO()
    with wave.open(plain, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    whole = plain.getvalue()
    return whole[:4] + b"\xff\xff\xff\xff" + whole[8:40] + b"\xff\xff\xff\xff" + whole[44:]


def many_channels() -> bytes:
    form = struct.pack("<HHIIHH", 1, 65_535, 4_294_967_295, 4_294_967_295, 65_535, 16)
    return (
        b"RIFF" + b"\xff" * 4 + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + b"\xff" * 4
    )


def nested_boxes(depth: int = 5_000) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = box(b"moov", inner)
    return box(b"ftyp", b"isom\x00\x00\x02\x00isom") + inner


def many_tracks(count: int = 2_000) -> bytes:
    header = box(b"tkhd", b"\x00\x00\x00\x07" + bytes(80))
    tracks = box(b"trak", header) * count
    return box(b"ftyp", b"isom\x00\x00\x02\x00isom") + box(b"moov", tracks)


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr("index.html", pictures.HTML)
    return file.getvalue()


def film_with_archive() -> bytes:
    return film() + archive() + b"<script>" + CANARY + b"</script>"


def film_with_free_box() -> bytes:
    return film() + box(b"free", CANARY * 1000) + box(b"uuid", bytes(16) + CANARY)


def film_with_place_in(name: bytes) -> Maker:
    """A place in a box of 'udta', as telephones of several makers write it."""
    return lambda: film() + box(b"moov", box(b"udta", box(name, CANARY)))


def jpeg_with(marker: int, content: bytes) -> Maker:
    def make() -> bytes:
        plain = pictures.make_jpeg()
        part = bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content
        return plain[:2] + part + plain[2:]

    return make


def png_with(name: bytes, content: bytes) -> Maker:
    return lambda: pictures.make_raw_png(
        64, 64, depth=8, colour=2, line=bytes(192), extra=[(name, content)]
    )


def hostile_ogg() -> bytes:
    plain = bytearray(clips.SOUNDS["ogg"]())
    for at in range(200, len(plain), 97):
        plain[at] ^= 0x5A
    return bytes(plain)


def noisy(content: Callable[[], bytes], step: int) -> Maker:
    def make() -> bytes:
        whole = bytearray(content())
        for at in range(64, len(whole), step):
            whole[at] ^= 0xA5
        return bytes(whole)

    return make


HLS = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
HLS_OUT = b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"
DASH = b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>'
SMIL = b"<smil><body><video src='file:///etc/passwd'/></body></smil>"
XSPF = b'<?xml version="1.0"?><playlist><location>file:///etc/passwd</location></playlist>'
SDP = b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"
MVG = b"push graphic-context\nfill 'url(https://127.0.0.1/x.png\"|id\")'\npop graphic-context\n"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n"
TYP_FILM = box(b"ftyp", b"isom\x00\x00\x02\x00isommp42")

PICTURES_THAT_HARM: dict[str, tuple[Maker, str]] = {
    "a one-bit PNG of 169 megapixels": (pictures.make_one_bit_png, REFUSED),
    "a PNG that says 400 megapixels": (lambda: pictures.make_lying_png(20_000, 20_000), REFUSED),
    "a JPEG that says four gigapixels": (
        lambda: pictures.make_lying_jpeg(65_000, 65_000),
        REFUSED,
    ),
    "a HEIC that says four gigapixels": (
        lambda: pictures.make_lying_heic(65_000, 65_000),
        REFUSED,
    ),
    "a HEIC that says less than it holds": (lambda: pictures.make_lying_heic(64, 48), REFUSED),
    "a PNG that holds one line of many": (lambda: pictures.make_lying_png(9_000, 9_000), REFUSED),
    "a JPEG that holds one corner": (lambda: pictures.make_lying_jpeg(4_000, 4_000), EITHER),
    "a PNG with 50 MB of text": (pictures.make_text_png, REFUSED),
    "a PNG with 50 MB of squeezed text": (pictures.make_squeezed_text_png, DEFUSED),
    "a GIF of 3,000 frames": (lambda: pictures.make_gif(3_000), REFUSED),
    "a JPEG that is a web page and an archive": (pictures.make_polyglot, DEFUSED),
    "a JPEG with a place in EXIF, XMP and IPTC": (pictures.make_jpeg, DEFUSED),
    "a PNG with a place in its texts": (pictures.make_png, DEFUSED),
    "a WebP with a place": (pictures.make_webp, DEFUSED),
    "an AVIF with a place": (pictures.make_avif, DEFUSED),
    "a HEIC with a place": (pictures.make_heic, DEFUSED),
    "a JPEG with a film behind it": (
        lambda: pictures.make_jpeg() + film() + b"MotionPhoto_Data",
        DEFUSED,
    ),
    "a JPEG with a comment": (jpeg_with(0xFE, CANARY), DEFUSED),
    "a JPEG with a second picture (MPF)": (jpeg_with(0xE2, b"MPF\x00" + CANARY), DEFUSED),
    "a JPEG with a broken profile": (
        jpeg_with(0xE2, b"ICC_PROFILE\x00\x01\x01" + CANARY),
        EITHER,
    ),
    "a JPEG with broken EXIF": (jpeg_with(0xE1, b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"), DEFUSED),
    "a PNG with a chunk of nobody": (png_with(b"caNy", CANARY), DEFUSED),
    "a PNG with a broken profile": (png_with(b"iCCP", b"x\x00\x00" + CANARY), EITHER),
    "a PNG without lines": (
        lambda: pictures.make_raw_png(8, 8, depth=8, colour=2, line=b"", lines=0),
        REFUSED,
    ),
    "a PNG of no size": (
        lambda: pictures.make_raw_png(0, 0, depth=8, colour=2, line=b""),
        REFUSED,
    ),
    "a JPEG cut in half": (cut(pictures.make_jpeg, 0.5), REFUSED),
    "a HEIC cut in half": (cut(pictures.make_heic, 0.5), REFUSED),
    "a JPEG of noise behind its header": (noisy(pictures.make_jpeg, 37), EITHER),
    "a WebP of noise behind its header": (noisy(pictures.make_webp, 37), EITHER),
    "a CMYK JPEG": (pictures.make_cmyk_jpeg, DEFUSED),
}
NO_MEDIA_AT_ALL: dict[str, tuple[Maker, str]] = {
    "nothing": (lambda: b"", REFUSED),
    "one byte": (lambda: b"\xff", REFUSED),
    "zeros": (lambda: bytes(100_000), REFUSED),
    "an SVG with a program": (lambda: pictures.SVG, REFUSED),
    "an SVG that points outside": (
        lambda: b'<svg xmlns:x="x"><image x:href="file:///etc/passwd"/></svg>',
        REFUSED,
    ),
    "a web page": (lambda: pictures.HTML, REFUSED),
    "a PDF": (lambda: pictures.PDF, REFUSED),
    "a TIFF": (lambda: pictures.TIFF, REFUSED),
    "an archive": (archive, REFUSED),
    "a program": (behind(b"\x7fELF\x02\x01\x01"), REFUSED),
    "a script": (lambda: b"#!/bin/sh\ncat /etc/passwd\n", REFUSED),
    "a BMP": (behind(b"BM\xff\xff\xff\x7f"), REFUSED),
    "a JPEG XL": (behind(b"\x00\x00\x00\x0cJXL \r\n\x87\n"), REFUSED),
    "an AVI": (behind(b"RIFF\xff\xff\xff\xffAVI LIST"), REFUSED),
    "a Flash film": (behind(b"FLV\x01\x05"), REFUSED),
    "a transport stream": (lambda: (b"G@\x00\x10" + bytes(184)) * 20, REFUSED),
    "ImageMagick's own language": (lambda: MVG, REFUSED),
    "PostScript": (lambda: EPS, REFUSED),
    "an HLS playlist of a file here": (lambda: HLS, REFUSED),
    "an HLS playlist of an address": (lambda: HLS_OUT, REFUSED),
    "a list of files to join": (lambda: CONCAT, REFUSED),
    "a DASH manifest": (lambda: DASH, REFUSED),
    "a SMIL list": (lambda: SMIL, REFUSED),
    "an XSPF list": (lambda: XSPF, REFUSED),
    "a session description": (lambda: SDP, REFUSED),
}
CLIPS_THAT_HARM: dict[str, tuple[Maker, str]] = {
    "a film with a place in its tags": (film, DEFUSED),
    "a film with a place in ©xyz": (film_with_place_in(b"\xa9xyz"), DEFUSED),
    "a film with a place in loci": (film_with_place_in(b"loci"), DEFUSED),
    "a film with an archive and a program behind it": (film_with_archive, DEFUSED),
    "a film with hidden boxes": (film_with_free_box, DEFUSED),
    "a film that is a playlist behind its brand": (lambda: TYP_FILM + HLS, REFUSED),
    "a film that is a list of files behind its brand": (lambda: TYP_FILM + CONCAT, REFUSED),
    "a film that is a web page behind its brand": (lambda: TYP_FILM + pictures.HTML, REFUSED),
    "a film whose samples lie in another file": (with_outside_reference, EITHER),
    "a film whose samples lie behind an alias": (with_alias, EITHER),
    "a film that says four gigapixels": (
        patched(film, b"avc1", 24, b"\xff\xff\xff\xff"),
        EITHER,
    ),
    "a film of a length that is a lie": (
        patched(film, b"mvhd", 16, b"\xff\xff\xff\xff"),
        EITHER,
    ),
    "a film with an impossible table of samples": (
        patched(film, b"stsz", 8, b"\x7f\xff\xff\xff"),
        EITHER,
    ),
    "a film with an impossible table of chunks": (
        patched(film, b"stco", 4, b"\x7f\xff\xff\xff"),
        EITHER,
    ),
    "a film cut in half": (cut(film, 0.5), REFUSED),
    "a film of noise": (noisy(film, 41), EITHER),
    "a film of boxes in boxes": (nested_boxes, REFUSED),
    "a film of two thousand tracks": (many_tracks, REFUSED),
    "a WebM cut to its header": (cut(clips.make_webm, 0.05), REFUSED),
    "a WebM of noise": (noisy(clips.make_webm, 41), EITHER),
    "a WebM that is a web page": (lambda: b"\x1a\x45\xdf\xa3" + pictures.HTML, REFUSED),
    "a sound with a place in its tags": (sound, DEFUSED),
    "a sound of noise": (hostile_ogg, EITHER),
    "a sound of one header": (lambda: b"OggS" + bytes(60), REFUSED),
    "a WAV that promises four gigabytes": (endless_wave, EITHER),
    "a WAV of 65,535 channels": (many_channels, REFUSED),
    "an MP3 of one tag that never ends": (
        lambda: b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(1000),
        REFUSED,
    ),
    "an MP3 that is a list of files": (
        lambda: b"ID3\x04\x00\x00\x00\x00\x00\x00" + CONCAT,
        REFUSED,
    ),
    "a FLAC of nothing": (behind(b"fLaC\x00\x00\x00\x22"), REFUSED),
}
BATTERY = PICTURES_THAT_HARM | NO_MEDIA_AT_ALL | CLIPS_THAT_HARM
