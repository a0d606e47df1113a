"""Decode with Pillow alone, where libvips is not installed: slower and hungrier, same promises."""

import io
import os
from typing import Any, cast

from PIL import Image, ImageCms, ImageOps

from memories.errors import PictureTooLargeError, TruncatedPictureError
from memories.framing import Frame
from memories.media_picture import TINY_SIDE, Picture, Pixels, Tiny
from memories.media_plan import Variant

FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "avif": "AVIF"}
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
WEBP_METHOD = 2
AVIF_SPEED = 7
TO_EIGHT_BITS = 1 / 256

Image.MAX_IMAGE_PIXELS = None  # the pixels were counted before, and memory is bounded from outside

DECODING_PROBLEMS = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError)


class PillowPicture:
    """A picture that Pillow holds at the longest side asked for."""

    def __init__(self, image: Image.Image, *, longest_side: int) -> None:
        upright = ImageOps.exif_transpose(image)
        self.width, self.height = upright.size
        self.exif = bytes(image.info.get("exif") or b"")
        self.xmp = _as_bytes(image.info.get("xmp") or image.info.get("XML:com.adobe.xmp"))
        profile = bytes(image.info.get("icc_profile") or b"")
        self._image = _shrunk(_srgb(upright, profile), longest_side)

    def cut(self, frame: Frame) -> None:
        left, top, width, height = frame.in_pixels(*self._image.size)
        self._image = self._image.crop((left, top, left + width, top + height))
        *_, self.width, self.height = frame.in_pixels(self.width, self.height)

    def write(self, variant: Variant, mark: bytes) -> None:
        self._image = _shrunk(self._image, variant.longest_side)
        # A fresh picture, because Pillow writes what it finds in `info` into some formats.
        bare = Image.frombytes(self._image.mode, self._image.size, self._image.tobytes())
        _save(bare, variant, {"xmp": mark} if mark else {})

    def tiny(self) -> Tiny:
        small = _shrunk(self._image, TINY_SIDE).convert("RGBA")
        return Tiny(*small.size, small.tobytes())


def open_picture(descriptor: int, kind: str, *, longest_side: int) -> Picture:
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            image = Image.open(file, formats=[FORMATS[kind]])
            image.load()
            return PillowPicture(image, longest_side=longest_side)
    except MemoryError as problem:
        raise PictureTooLargeError(str(problem)) from problem
    except DECODING_PROBLEMS as problem:
        raise TruncatedPictureError(str(problem)) from problem


def take_pixels(pixels: Pixels, *, longest_side: int) -> Picture:
    mode = MODES[pixels.channels]
    size = (pixels.width, pixels.height)
    # Pillow takes any buffer without copying it; its stubs name only a few.
    data = cast("bytearray", pixels.data)
    image = Image.frombuffer(mode, size, data, "raw", mode, pixels.stride, 1)
    # Without the EXIF, so that a picture libheif has already turned is not turned again.
    image.info = {"icc_profile": pixels.icc}
    picture = PillowPicture(image, longest_side=longest_side)
    picture.exif, picture.xmp = pixels.exif, pixels.xmp
    return picture


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * TO_EIGHT_BITS).convert("L")
    if profile and image.mode in ("L", "RGB", "CMYK"):
        image = _from_profile(image, profile)
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ours = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, theirs, ours, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):  # a broken profile costs its colours, not the picture
        return image


def _shrunk(image: Image.Image, longest_side: int) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return smaller


def _save(image: Image.Image, variant: Variant, extra: dict[str, bytes]) -> None:
    options: dict[str, Any] = {"quality": variant.quality, **extra}
    if variant.kind == "webp":
        image.save(variant.name, "WEBP", method=WEBP_METHOD, **options)
    elif variant.kind == "avif":
        image.save(variant.name, "AVIF", speed=AVIF_SPEED, **options)
    else:
        image.convert("RGB").save(variant.name, "JPEG", progressive=True, **options)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return bytes(value) if isinstance(value, bytes) else b""
