"""How large an upload may be, and which derivatives are made of it."""

from dataclasses import dataclass
from typing import Literal

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
    Variant("1080.avif", 1080, "avif", 55),
)
"""Made when there is time: smaller for the same look, slower to make."""

RECORD = (
    Variant("480.webp", 480, "webp", 82),
    Variant("1080.webp", 1080, "webp", 84),
    Variant("2048.webp", 2048, "webp", 86),
)
"""A maker's record photographs, where a scratch or a hallmark must stay readable."""
