"""QR symbols for paper and metal, the same text giving the same modules for ever."""

import io
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from tags.errors import EngravingTooSmallError, TextTooLongError

QUIET_ZONE = 4  # ISO/IEC 18004 section 9.1: four modules of ground on every side
# ISO/IEC 18004 section 7.8 lets the encoder choose among eight masks by a penalty score. We pin
# one, so that a reprint matches the first print whatever a later library thinks of the scores.
MASK = 2

COMFORTABLE_MODULE_MM = Decimal("0.20")
SMALLEST_MODULE_MM = Decimal("0.15")

_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


class Ground(Enum):
    """What the symbol stands on. Metal is scratched and shines, so a quarter may be lost."""

    METAL = ERROR_CORRECT_Q
    PAPER = ERROR_CORRECT_M


class Fit(Enum):
    """How an engraved symbol will read."""

    COMFORTABLE = "comfortable"
    TIGHT = "tight"


@dataclass(frozen=True)
class Symbol:
    """A QR symbol: its version and its dark modules row by row, without the quiet zone."""

    version: int
    rows: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Modules along one side, quiet zone included."""
        return len(self.rows) + 2 * QUIET_ZONE


@lru_cache(maxsize=256)
def symbol(text: str, *, ground: Ground) -> Symbol:
    """Set a text as a QR symbol, at the error correction its ground needs.

    Raises TextTooLongError when no version holds the text.
    """
    made = qrcode.QRCode(error_correction=ground.value, mask_pattern=MASK)
    made.add_data(_segment(text))
    try:
        made.make()
    except (DataOverflowError, ValueError) as problem:
        raise TextTooLongError("this text does not fit into a QR code") from problem
    return Symbol(version=made.version, rows=tuple(tuple(map(bool, row)) for row in made.modules))


def svg(text: str, *, ground: Ground) -> str:
    """The symbol as an SVG document whose user unit is one module, quiet zone included.

    On paper it brings its white ground along. For metal only the marks are drawn: what is
    drawn, the laser engraves.
    """
    made = symbol(text, ground=ground)
    backing = f'<path fill="#fff" d="M0 0h{made.side}v{made.side}H0z"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made.side} {made.side}"'
        f' shape-rendering="crispEdges">{backing if ground is Ground.PAPER else ""}'
        f'<path d="{svg_path(made)}"/></svg>'
    )


def svg_path(made: Symbol) -> str:
    """The dark modules as SVG path data: one closed strip for each run in a row."""
    return "".join(
        f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for y, row in enumerate(made.rows)
        for start, length in _runs(row)
    )


def png(text: str, *, ground: Ground, module_px: int) -> bytes:
    """The symbol as a black and white PNG, `module_px` pixels to a module, quiet zone included."""
    made = symbol(text, ground=ground)
    picture = Image.new("1", (made.side, made.side), color=1)
    for y, row in enumerate(made.rows):
        for start, length in _runs(row):
            left, top = start + QUIET_ZONE, y + QUIET_ZONE
            picture.paste(0, (left, top, left + length, top + 1))
    side_px = made.side * module_px
    file = io.BytesIO()
    picture.resize((side_px, side_px), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def module_size_mm(side_mm: Decimal, text: str, *, ground: Ground) -> Decimal:
    """Millimetres of one module when the whole square, quiet zone included, has `side_mm`."""
    return side_mm / symbol(text, ground=ground).side


def engraving_fit(side_mm: Decimal, text: str) -> Fit:
    """Say how a text engraved into a square of `side_mm`, quiet zone included, will read.

    TIGHT below modules of 0.20 mm: it asks for a sharp laser and a steady hand. Raises
    EngravingTooSmallError below 0.15 mm, where most phones give up.
    """
    module_mm = module_size_mm(side_mm, text, ground=Ground.METAL)
    if module_mm < SMALLEST_MODULE_MM:
        needed = SMALLEST_MODULE_MM * symbol(text, ground=Ground.METAL).side
        raise EngravingTooSmallError(
            f"at {side_mm} mm a phone cannot read this code; it needs at least {needed} mm"
        )
    return Fit.TIGHT if module_mm < COMFORTABLE_MODULE_MM else Fit.COMFORTABLE


def _segment(text: str) -> QRData:
    # One segment in one named mode: the library's own splitting may change between releases.
    mode = MODE_ALPHA_NUM if _ALPHANUMERIC.issuperset(text) else MODE_8BIT_BYTE
    return QRData(text.encode(), mode=mode)


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where each run of dark modules begins, and how long it is."""
    edges = [
        at
        for at, (left, here) in enumerate(zip((False, *row), (*row, False), strict=True))
        if left != here
    ]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
