"""Open an upload as the product does, and look at what was made of it."""

from PIL import Image

from memories import media
from memories.media_plan import FIRST, LATER, USUAL, Variant
from tests.memories import pictures

SMALL = (Variant("480.webp", 480, "webp", 80),)
EVERY_KIND = (*FIRST, *LATER, Variant("480.jpg", 480, "jpeg", 85))
WORN_METADATA = (b"EXIF", b"XMP ", b"ICCP", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE")

MAKERS = {
    "jpeg": pictures.make_jpeg,
    "png": pictures.make_png,
    "webp": pictures.make_webp,
    "avif": pictures.make_avif,
    "heic": pictures.make_heic,
}


def make_safe(shelf, upload, *, plan=SMALL, limits=USUAL, name="upload", said=None):
    (shelf / name).write_bytes(upload)
    return media.make_safe(shelf / name, into=shelf / "made", plan=plan, limits=limits, said=said)


def made(shelf):
    return sorted(path.name for path in (shelf / "made").iterdir())


def pixel(shelf, place, name="480.webp"):
    with Image.open(shelf / "made" / name) as picture:
        across, down = place
        at = (int(picture.width * across), int(picture.height * down))
        return picture.convert("RGB").getpixel(at)


def is_near(colour, expected, within=12):
    return all(abs(one - other) <= within for one, other in zip(colour, expected, strict=True))
