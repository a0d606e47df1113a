"""Pictures made in code: good ones with secrets in their metadata, and hostile ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

import pillow_heif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

CANARY = b"CANARY-51.4545N-2.5879W"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description photo="' + CANARY + b'" '
    b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/%s"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
TAKEN = "2019:05:04 10:11:12"
UPRIGHT, ON_ITS_SIDE = 1, 6
RED, BLUE = (200, 30, 30), (30, 30, 200)

pillow_heif.register_heif_opener()


def make_picture(width: int = 640, height: int = 480, *, mode: str = "RGB") -> Image.Image:
    """A red picture with its left half blue, soft enough that small files suffice."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2 - 1, height), fill=BLUE)
    return picture.convert(mode)


def make_exif(*, orientation: int = UPRIGHT, taken: str = TAKEN) -> bytes:
    """EXIF with a date, a place and a name: we keep the date."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = CANARY.decode("ascii")
    exif.get_ifd(0x8769)[0x9003] = taken
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (51.0, 27.0, 16.0)
    place[3], place[4] = "W", (2.0, 35.0, 16.0)
    return exif.tobytes()


def make_xmp(source_type: str = "digitalCapture") -> bytes:
    return XMP.replace(b"%s", source_type.encode("ascii"))


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def make_jpeg(width: int = 640, height: int = 480, *, orientation: int = UPRIGHT) -> bytes:
    """A JPEG as a telephone makes it: EXIF with a place, XMP, IPTC and a comment."""
    plain = encode(
        make_picture(width, height),
        "JPEG",
        exif=make_exif(orientation=orientation),
        xmp=make_xmp(),
        comment=CANARY,
    )
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x20\x1c\x02\x78\x00\x18" + CANARY
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + plain[2:]


def make_png(width: int = 640, height: int = 480) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", CANARY.decode("ascii"))
    words.add_itxt("XML:com.adobe.xmp", make_xmp().decode("ascii"))
    return encode(make_picture(width, height), "PNG", exif=make_exif(), pnginfo=words)


def make_webp() -> bytes:
    return encode(make_picture(), "WEBP", exif=make_exif(), xmp=make_xmp())


def make_avif() -> bytes:
    return encode(make_picture(), "AVIF", exif=make_exif(), xmp=make_xmp())


def make_heic(width: int = 640, height: int = 480, *, orientation: int = UPRIGHT) -> bytes:
    picture = make_picture(width, height)
    return encode(picture, "HEIF", exif=make_exif(orientation=orientation), xmp=make_xmp())


def make_gif(frames: int = 1) -> bytes:
    """A moving picture written by hand: one frame of 8 by 8 pixels, again and again."""
    plain = encode(Image.new("P", (8, 8), 3), "GIF")
    first = plain.index(b"\x2c\x00\x00\x00\x00\x08\x00")
    return plain[:first] + plain[first:-1] * frames + b"\x3b"


def make_cmyk_jpeg() -> bytes:
    return encode(Image.new("CMYK", (640, 480), (0, 255, 255, 0)), "JPEG", quality=95)


def make_profiled_jpeg(profile: bytes | None = None, *, mode: str = "RGB") -> bytes:
    picture = Image.new("RGB", (64, 64), RED).convert(mode)
    return encode(picture, "JPEG", quality=95, icc_profile=profile or make_swapped_profile())


def make_swapped_profile() -> bytes:
    """A profile whose red is blue and whose blue is red, so that nobody overlooks it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"swap", 1).replace(b"bXYZ", b"rXYZ", 1)
    return swapped.replace(b"swap", b"bXYZ", 1)


def make_sixteen_bit_png(level: int = 0x8000) -> bytes:
    """A 16-bit grey PNG of one level, written by hand since few writers do it."""
    return make_raw_png(64, 64, depth=16, colour=0, line=struct.pack(">H", level) * 64)


def make_raw_png(
    width: int,
    height: int,
    *,
    depth: int,
    colour: int,
    line: bytes,
    extra: Sequence[tuple[bytes, bytes]] = (),
    lines: int | None = None,
) -> bytes:
    """A PNG chunk by chunk, whose header may lie about its lines."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    squeezed = zlib.compressobj(1)
    body = b"".join(
        squeezed.compress(b"\x00" + line) for _ in range(height if lines is None else lines)
    )
    chunks = [(b"IHDR", header), *extra, (b"IDAT", body + squeezed.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check


def make_one_bit_png(side: int = 13_000) -> bytes:
    """169 megapixels in a few kilobytes."""
    return make_raw_png(side, side, depth=1, colour=0, line=bytes((side + 7) // 8))


def make_lying_png(width: int, height: int) -> bytes:
    return make_raw_png(width, height, depth=8, colour=2, line=b"", lines=1)


def make_lying_jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose frame header promises another size (T.81 §B.2.2)."""
    plain = make_jpeg(64, 48)
    frame = plain.index(b"\xff\xc0") + 5
    return plain[:frame] + struct.pack(">HH", height, width) + plain[frame + 4 :]


def make_lying_heic(width: int, height: int) -> bytes:
    """A HEIC whose 'ispe' property promises another size than its stream holds."""
    plain = make_heic(640, 480)
    size = plain.index(b"ispe") + 8
    return plain[:size] + struct.pack(">II", width, height) + plain[size + 8 :]


def make_text_png(size: int = 50 * 1024**2) -> bytes:
    return make_raw_png(
        8, 8, depth=8, colour=0, line=bytes(8), extra=[(b"tEXt", b"Comment\x00" + b"x" * size)]
    )


def make_squeezed_text_png(size: int = 50 * 1024**2) -> bytes:
    squeezed = zlib.compress(bytes(size), 9)
    return make_raw_png(
        8, 8, depth=8, colour=0, line=bytes(8), extra=[(b"zTXt", b"Comment\x00\x00" + squeezed)]
    )


def make_polyglot() -> bytes:
    """A JPEG that is a web page to one reader and a ZIP archive to another."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as folder:
        folder.writestr("secret.txt", CANARY)
    return make_jpeg() + b"<html><script>" + CANARY + b"</script>" + archive.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + bytes(64)
TIFF = b"II*\x00\x08\x00\x00\x00" + bytes(64)
