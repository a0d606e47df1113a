"""How large an upload may be, and which derivatives are made of it."""

from dataclasses import dataclass
from typing import Literal

from memories.ffmpeg_confined import Bounds

OutputKind = Literal["webp", "avif", "jpeg"]

MEGABYTE = 1024**2
MEGAPIXEL = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one photograph may ask of us: bytes, pixels as stored, frames, memory and seconds."""

    max_bytes: int = 60 * MEGABYTE
    max_pixels: int = 100 * MEGAPIXEL
    max_pixels_whole: int = 60 * MEGAPIXEL
    """For HEIC, AVIF, WebP and GIF, whose readers must hold the whole picture at once."""
    max_side: int = 16_384
    max_frames: int = 300
    memory_bytes: int = 512 * MEGABYTE
    cpu_seconds: int = 8
    wall_seconds: float = 20.0

    def allow(self, kind: str, width: int, height: int) -> bool:
        most = self.max_pixels if kind in ("jpeg", "png") else self.max_pixels_whole
        return max(width, height) <= self.max_side and width * height <= most


USUAL = Limits()


USUAL_RUN = Bounds()


@dataclass(frozen=True)
class ClipLimits:
    """What one film or sound may ask of us: bytes, seconds, pixels of a frame, and of a run."""

    film_bytes: int = 500 * MEGABYTE
    film_seconds: int = 180
    film_pixels: int = 4096 * 2304
    sound_bytes: int = 100 * MEGABYTE
    sound_seconds: int = 900
    bounds: Bounds = USUAL_RUN


@dataclass(frozen=True)
class Variant:
    """One derivative: its file name, its longest side in pixels (never upscaled), its format."""

    name: str
    longest_side: int
    kind: OutputKind
    quality: int


FIRST = (
    Variant("480.webp", 480, "webp", 78),
    Variant("1080.webp", 1080, "webp", 78),
    Variant("2048.webp", 2048, "webp", 80),
)
"""Made at once, so that the keeper sees the photograph."""

LATER = (
    Variant("480.avif", 480, "avif", 55),
    Variant("720.avif", 720, "avif", 55),
    Variant("1080.avif", 1080, "avif", 55),
)
"""Made when there is time: smaller for the same look, slower to make. 720 is what the width of a
phone of ordinary sharpness asks for: 1080 would be twice the bytes of the first picture."""

RECORD = (
    Variant("480.webp", 480, "webp", 82),
    Variant("1080.webp", 1080, "webp", 84),
    Variant("2048.webp", 2048, "webp", 86),
)
"""A maker's record photographs, where a scratch or a hallmark must stay readable."""
