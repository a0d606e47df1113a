"""Decode with libvips, which streams: a picture of 100 megapixels never stands whole in memory."""

from typing import Any

import pyvips

from memories.errors import PictureTooLargeError, TruncatedPictureError
from memories.framing import Frame
from memories.media_picture import TINY_SIDE, Picture, Pixels, Tiny
from memories.media_plan import Variant

# The reader follows our own sniff of the content; libvips is never asked to guess.
LOADERS = {
    "jpeg": "jpegload_source",
    "png": "pngload_source",
    "webp": "webpload_source",
    "gif": "gifload_source",
    "avif": "heifload_source",
}
WEBP_EFFORT = 2
AVIF_EFFORT = 3
SIDEWAYS = 5  # EXIF 2.32 §4.6.4: orientations 5 to 8 swap width and height
LEFT_TO_RESAMPLE = 1.5  # a JPEG halved while loading keeps this much for the better filter
# libvips has one kind of error; only its words tell a poor machine from a poor picture.
SHORT_OF_MEMORY = (
    "out of memory",
    "unable to allocate",
    "Insufficient memory",
    "Error creating thread",
)
BANDS = {1: "b-w", 2: "b-w", 3: "srgb", 4: "srgb"}

pyvips.cache_set_max(0)


class VipsPicture:
    """A picture that libvips holds at the longest side asked for."""

    def __init__(self, image: Any, *, size: tuple[int, int], longest_side: int) -> None:
        sideways = _field(image, "orientation", 1) >= SIDEWAYS
        self.width, self.height = reversed(size) if sideways else size
        self.exif: bytes = _field(image, "exif-data", b"")
        self.xmp: bytes = _field(image, "xmp-data", b"")
        self._image = _upright_srgb(image, longest_side)

    def cut(self, frame: Frame) -> None:
        left, top, width, height = frame.in_pixels(self._image.width, self._image.height)
        self._image = self._image.crop(left, top, width, height).copy_memory()
        *_, self.width, self.height = frame.in_pixels(self.width, self.height)

    def write(self, variant: Variant, mark: bytes) -> None:
        self._image = _shrunk(self._image, variant.longest_side)
        try:
            _save(_marked(self._image, mark), variant, keep="xmp" if mark else "none")
        except pyvips.Error as problem:
            raise _translated(problem) from problem

    def tiny(self) -> Tiny:
        small = _shrunk(self._image, TINY_SIDE)
        rgba = small if small.hasalpha() else small.addalpha()
        return Tiny(rgba.width, rgba.height, bytes(rgba.write_to_memory()))


def open_picture(descriptor: int, kind: str, *, longest_side: int) -> Picture:
    """Open an encoded picture, with a JPEG already halved while it loads where that is enough."""
    try:
        image = _load(descriptor, kind)
        size = (image.width, image.height)
        shrink = _shrink_on_load(max(size), longest_side) if kind == "jpeg" else 1
        if shrink > 1:
            image = _load(descriptor, kind, shrink=shrink)
        return VipsPicture(image, size=size, longest_side=longest_side)
    except pyvips.Error as problem:
        raise _translated(problem) from problem


def take_pixels(pixels: Pixels, *, longest_side: int) -> Picture:
    """Take a picture that was decoded elsewhere, without copying it."""
    channels = pixels.channels
    line = pixels.stride // channels
    try:
        image = pyvips.Image.new_from_memory(pixels.data, line, pixels.height, channels, "uchar")
        image = image.crop(0, 0, pixels.width, pixels.height)
        image = image.copy(interpretation=BANDS[channels])
        if pixels.icc:
            image.set_type(pyvips.GValue.blob_type, "icc-profile-data", pixels.icc)
        size = (pixels.width, pixels.height)
        picture = VipsPicture(image, size=size, longest_side=longest_side)
    except pyvips.Error as problem:
        raise _translated(problem) from problem
    # Only now: before, libvips would obey the orientation in it and turn the picture again.
    picture.exif, picture.xmp = pixels.exif, pixels.xmp
    return picture


def _load(descriptor: int, kind: str, **options: int) -> Any:
    source = pyvips.Source.new_from_descriptor(descriptor)
    load = getattr(pyvips.Image, LOADERS[kind])
    return load(source, access="sequential", fail_on="truncated", **options)


def _shrink_on_load(longest: int, wanted: int) -> int:
    enough = (by for by in (8, 4, 2) if longest / by >= wanted * LEFT_TO_RESAMPLE)
    return next(enough, 1)


def _upright_srgb(image: Any, longest_side: int) -> Any:
    if image.interpretation == "cmyk":
        return _from_ink(image, longest_side)
    small = image.thumbnail_image(longest_side, height=longest_side, size="down").copy_memory()
    # After shrinking, where it costs a fraction: a telephone's photographs all carry a profile.
    return _from_profile(small).colourspace("srgb").cast("uchar").copy_memory()


def _from_ink(image: Any, longest_side: int) -> Any:
    # Exporting makes libvips import from the embedded profile, or from a usual press's.
    small = image.thumbnail_image(
        longest_side, height=longest_side, size="down", output_profile="srgb"
    )
    return small.cast("uchar").copy_memory()


def _from_profile(image: Any) -> Any:
    if not image.get_typeof("icc-profile-data"):
        return image
    try:
        return image.icc_transform("srgb", embedded=True).copy_memory()
    except pyvips.Error:  # a broken profile costs its colours, not the picture
        return image


def _shrunk(image: Any, longest_side: int) -> Any:
    if max(image.width, image.height) <= longest_side:
        return image
    return image.thumbnail_image(longest_side, height=longest_side, size="down").copy_memory()


def _marked(image: Any, mark: bytes) -> Any:
    """Put our own packet where the upload's would stand; without one, none is written."""
    if not mark:
        return image
    marked = image.copy()
    marked.set_type(pyvips.GValue.blob_type, "xmp-data", mark)
    return marked


def _save(image: Any, variant: Variant, *, keep: str) -> None:
    options = {"Q": variant.quality, "keep": keep}
    if variant.kind == "webp":
        image.webpsave(variant.name, effort=WEBP_EFFORT, **options)
    elif variant.kind == "avif":
        image.heifsave(variant.name, compression="av1", effort=AVIF_EFFORT, bitdepth=8, **options)
    else:
        flat = image.flatten(background=255) if image.hasalpha() else image
        flat.jpegsave(variant.name, optimize_coding=True, interlace=True, **options)


def _field(image: Any, name: str, default: Any) -> Any:
    return image.get(name) if image.get_typeof(name) else default


def _translated(problem: pyvips.Error) -> TruncatedPictureError | PictureTooLargeError:
    if any(sign in str(problem) for sign in SHORT_OF_MEMORY):
        return PictureTooLargeError(str(problem))
    return TruncatedPictureError(str(problem))
