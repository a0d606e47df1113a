"""QR symbols for paper and metal, the same text giving the same modules for ever."""

import io
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from tags.errors import TextTooLongError

QUIET_ZONE = 4  # ISO/IEC 18004 section 9.1: four modules of ground on every side
# ISO/IEC 18004 section 7.8 lets the encoder choose among eight masks by a penalty score. We pin
# one, so that a reprint matches the first print whatever a later library thinks of the scores.
MASK = 2

Rows = tuple[tuple[bool, ...], ...]
_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


class Ground(Enum):
    """What the symbol stands on. Metal is scratched and shines, so a quarter may be lost."""

    METAL = ERROR_CORRECT_Q
    PAPER = ERROR_CORRECT_M


@dataclass(frozen=True)
class Symbol:
    """A QR symbol: its version and its dark modules row by row, without the quiet zone."""

    version: int
    rows: Rows

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
    return strips(made.rows, margin=QUIET_ZONE)


def strips(rows: Rows, *, margin: int = 0) -> str:
    """What is set in these rows as SVG path data, so many modules from the edge."""
    return "".join(
        f"M{start + margin} {y + margin}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    )


def png(text: str, *, ground: Ground, module_px: int) -> bytes:
    """The symbol as a black and white PNG, `module_px` pixels to a module, quiet zone included."""
    return picture(symbol(text, ground=ground).rows, margin=QUIET_ZONE, module_px=module_px)


def picture(rows: Rows, *, margin: int = 0, module_px: int) -> bytes:
    """What is set in these rows as black in a white PNG."""
    side = len(rows) + 2 * margin
    drawn = Image.new("1", (side, side), color=1)
    for y, row in enumerate(rows):
        for start, length in _runs(row):
            left, top = start + margin, y + margin
            drawn.paste(0, (left, top, left + length, top + 1))
    file = io.BytesIO()
    scaled = drawn.resize((side * module_px, side * module_px), Image.Resampling.NEAREST)
    scaled.save(file, "PNG")
    return file.getvalue()


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
