"""Pictures in the colours that films are stored in: BT.709, limited range, colour at half size."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from PIL import Image, ImageFilter

from memories.film import Box
from memories.framing import Frame

# ITU-R BT.709-6, items 3.2 to 3.5, to 8 bits in limited range: Y 16 to 235, Cb and Cr 16 to 240.
TO_BT709: Final = (
    *(0.1826, 0.6142, 0.0620, 16.0),
    *(-0.1006, -0.3386, 0.4392, 128.0),
    *(0.4392, -0.3989, -0.0403, 128.0),
)
BLACK: Final = 16
GREY: Final = 128

# Scaling from nearest neighbours takes 7 to 11 % of the contrast of fine detail; as much is given
# before. Measured on photographs scaled 0.75 to 1.4 times, 2 to 5 % are missing (bicubic: 2 to 3).
SHARPENING: Final = ImageFilter.UnsharpMask(radius=1, percent=30, threshold=0)

BACKDROP_SIZE: Final = 48
BACKDROP_BLUR: Final = 3
BACKDROP_LIGHT: Final = 0.42
BACKDROP_COLOUR: Final = 0.75


class Planes(NamedTuple):
    """A picture as films store it: light, and two differences of colour at half the size."""

    light: Image.Image
    blue: Image.Image
    red: Image.Image

    @property
    def data(self) -> bytes:
        return b"".join(plane.tobytes() for plane in self)

    def copy(self) -> "Planes":
        return Planes(*(plane.copy() for plane in self))


def blend(below: Planes, above: Planes, share: float) -> Planes:
    pairs = zip(below, above, strict=True)
    return Planes(*(Image.blend(one, other, share) for one, other in pairs))


def planes_of(picture: Image.Image) -> Planes:
    """An RGB picture in the colours of films."""
    light, blue, red = picture.convert("RGB", TO_BT709).split()
    half = (max(1, picture.width // 2), max(1, picture.height // 2))
    shrunk = [plane.resize(half, Image.Resampling.BOX) for plane in (blue, red)]
    return Planes(light, *shrunk)


def read_planes(data: bytes, box: Box) -> Planes:
    whole = (box.width, box.height)
    half = (box.width // 2, box.height // 2)
    first, second = whole[0] * whole[1], whole[0] * whole[1] * 5 // 4
    return Planes(
        Image.frombytes("L", whole, data[:first]),
        Image.frombytes("L", half, data[first:second]),
        Image.frombytes("L", half, data[second:]),
    )


def sharpened(picture: Planes) -> Planes:
    """The picture with as much more light at its edges as `seen_in` takes away from them."""
    return picture._replace(light=picture.light.filter(SHARPENING))


def seen_in(picture: Planes, window: Frame, size: tuple[int, int]) -> Planes:
    """What of the picture is in the window, at this size.

    Each pixel comes from its nearest neighbours alone, in two thirds of the time of a longer reach.
    """
    half = (size[0] // 2, size[1] // 2)
    return Planes(
        _scaled(picture.light, window, size),
        _scaled(picture.blue, window, half),
        _scaled(picture.red, window, half),
    )


def _scaled(plane: Image.Image, window: Frame, size: tuple[int, int]) -> Image.Image:
    width, height = plane.size
    box = (
        window.left * width,
        window.top * height,
        min((window.left + window.width) * width, width),
        min((window.top + window.height) * height, height),
    )
    return plane.resize(size, Image.Resampling.BILINEAR, box=box)


def plain(size: tuple[int, int], light: int) -> Planes:
    half = (size[0] // 2, size[1] // 2)
    colour = [Image.new("L", half, GREY) for _ in range(2)]
    return Planes(Image.new("L", size, light), *colour)


def backdrop(picture: Image.Image, whole: Box) -> Planes:
    """The picture itself, out of focus and dark, over the whole screen."""
    ratio = whole.width / whole.height
    width = min(picture.width, round(picture.height * ratio)) or 1
    height = min(picture.height, round(picture.width / ratio)) or 1
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    small = picture.resize(
        (BACKDROP_SIZE, round(BACKDROP_SIZE / ratio)),
        Image.Resampling.BOX,
        box=(left, top, left + width, top + height),
    )
    soft = small.filter(ImageFilter.GaussianBlur(BACKDROP_BLUR))
    planes = planes_of(soft.resize((whole.width, whole.height), Image.Resampling.BICUBIC))
    return Planes(
        planes.light.point([round(BLACK + (v - BLACK) * BACKDROP_LIGHT) for v in range(256)]),
        *(
            plane.point([round(GREY + (v - GREY) * BACKDROP_COLOUR) for v in range(256)])
            for plane in (planes.blue, planes.red)
        ),
    )


@dataclass(frozen=True)
class Overlay:
    """Something laid on a frame at an even place, through a mask for light and one for colour."""

    planes: Planes
    mask: Image.Image
    left: int
    top: int

    def lay_on(self, frame: Planes, *, strength: float = 1.0) -> None:
        if strength <= 0:
            return
        mask, half_mask = self.mask, self._half_mask
        if strength < 1:
            weaker = [round(value * strength) for value in range(256)]
            mask, half_mask = mask.point(weaker), half_mask.point(weaker)
        frame.light.paste(self.planes.light, (self.left, self.top), mask)
        for below, plane in zip(frame[1:], self.planes[1:], strict=True):
            below.paste(plane, (self.left // 2, self.top // 2), half_mask)

    @cached_property
    def _half_mask(self) -> Image.Image:
        """For colour; made once, since an overlay lies on a hundred frames."""
        return self.mask.resize(self.planes.blue.size, Image.Resampling.BOX)


def overlay_of(picture: Image.Image, left: int, top: int) -> Overlay:
    """An RGBA picture as an overlay; grown to even sides."""
    even = Image.new(
        "RGBA", (picture.width + picture.width % 2, picture.height + picture.height % 2)
    )
    even.paste(picture, (0, 0))
    return Overlay(
        planes_of(even.convert("RGB")), even.getchannel("A"), left - left % 2, top - top % 2
    )
