"""The shapes that the worker and its decoders share."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from memories.framing import Frame
from memories.media_plan import Variant

TINY_SIDE = 96


class Tiny(NamedTuple):
    """A picture small enough for a thumbhash: sides of at most TINY_SIDE, as RGBA bytes."""

    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True)
class Pixels:
    """A picture decoded whole: 8 bits a channel, upright, in the colours of its own profile."""

    width: int
    height: int
    channels: int
    stride: int
    """Bytes from one line to the next, which may be more than the pixels need."""
    data: memoryview
    icc: bytes
    exif: bytes
    xmp: bytes


class Picture(Protocol):
    """A picture upright, in sRGB with 8 bits, held no longer than was asked.

    `width` and `height` are those of the upload, upright. `write` puts a derivative into the
    working directory and is called with the largest first; `mark` is the XMP packet it carries,
    and nothing else of the kind: empty for none. `cut` lets go of all but the frame, and the sizes
    are then those of what is left.
    """

    width: int
    height: int
    exif: bytes
    xmp: bytes

    def cut(self, frame: Frame) -> None: ...
    def write(self, variant: Variant, mark: bytes) -> None: ...
    def tiny(self) -> Tiny: ...


class Decoder(Protocol):
    """A module that opens pictures; the descriptor is at the start of the file."""

    def open_picture(self, descriptor: int, kind: str, *, longest_side: int) -> Picture: ...
    def take_pixels(self, pixels: Pixels, *, longest_side: int) -> Picture: ...
