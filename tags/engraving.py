"""A code in metal: how large it must be, and what the laser is told to mark."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum

from tags import qr
from tags.errors import EngravingTooSmallError

COMFORTABLE_MODULE_MM = Decimal("0.20")
SMALLEST_MODULE_MM = Decimal("0.15")


class Fit(Enum):
    """How an engraved symbol will read."""

    COMFORTABLE = "comfortable"
    TIGHT = "tight"


class Polarity(StrEnum):
    """What the laser leaves on the metal. Either way the code comes out dark on light."""

    DARK = "dark"  # dark marks on light metal: it marks the code
    LIGHT = "light"  # light marks on dark metal: it marks the ground around it


@dataclass(frozen=True)
class Style:
    """How a symbol is marked; mirrored where it is seen from behind, or pressed from a die."""

    polarity: Polarity = Polarity.DARK
    is_mirrored: bool = False


def modules_across(version: int) -> int:
    """Modules along one side of a symbol of this version, quiet zone included (ISO/IEC 18004).

    >>> modules_across(3)
    37
    """
    return 17 + 4 * version + 2 * qr.QUIET_ZONE


def module_mm(version: int, side_mm: Decimal) -> Decimal:
    """Millimetres of one module when the whole square, quiet zone included, has `side_mm`."""
    return side_mm / modules_across(version)


def smallest_mm(version: int) -> Decimal:
    """The side below which most phones give up."""
    return SMALLEST_MODULE_MM * modules_across(version)


def comfortable_mm(version: int) -> Decimal:
    """The side from which every sharp laser is good enough."""
    return COMFORTABLE_MODULE_MM * modules_across(version)


def fit(version: int, side_mm: Decimal) -> Fit:
    """Say how a symbol engraved into a square of `side_mm`, quiet zone included, will read.

    TIGHT below modules of 0.20 mm: it asks for a sharp laser and a steady hand. Raises
    EngravingTooSmallError below 0.15 mm: a code for everybody's phone is not made smaller.
    """
    module = module_mm(version, side_mm)
    if module < SMALLEST_MODULE_MM:
        raise EngravingTooSmallError(
            f"at {side_mm} mm a phone cannot read this code; "
            f"it needs at least {smallest_mm(version)} mm"
        )
    return Fit.TIGHT if module < COMFORTABLE_MODULE_MM else Fit.COMFORTABLE


def marked(symbol: qr.Symbol, style: Style) -> qr.Rows:
    """What the laser marks, row by row, quiet zone included."""
    margin = (False,) * qr.QUIET_ZONE
    blank = ((False,) * symbol.side,) * qr.QUIET_ZONE
    rows = (*blank, *((*margin, *row, *margin) for row in symbol.rows), *blank)
    if style.polarity is Polarity.LIGHT:
        rows = tuple(tuple(not dark for dark in row) for row in rows)
    return tuple(row[::-1] for row in rows) if style.is_mirrored else rows


def drawing(text: str, *, side_mm: Decimal, style: Style) -> str:
    """An SVG document of this size for the laser: it holds what is marked, and nothing else.

    Raises TextTooLongError, and EngravingTooSmallError as `fit` does.
    """
    symbol = qr.symbol(text, ground=qr.Ground.METAL)
    fit(symbol.version, side_mm)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side_mm}mm" height="{side_mm}mm"'
        f' viewBox="0 0 {symbol.side} {symbol.side}" shape-rendering="crispEdges">'
        f'<path d="{qr.strips(marked(symbol, style))}"/></svg>'
    )


def picture(text: str, *, style: Style, module_px: int) -> bytes:
    """The same as a PNG for programs that take no drawing: black is what the laser marks."""
    return qr.picture(marked(qr.symbol(text, ground=qr.Ground.METAL), style), module_px=module_px)
