"""A sheet to try at the bench: the code of a piece at several sizes, dark and light, mirrored."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Final

from tags import codes, engraving, links, qr
from tags.engraving import Fit, Polarity, Style
from tags.typesetting import set_page

_SAMPLES: Final = (
    (Style(), "Dark on light"),
    (Style(Polarity.LIGHT), "Light on dark"),
    (Style(is_mirrored=True), "Dark on light, mirrored"),
    (Style(Polarity.LIGHT, is_mirrored=True), "Light on dark, mirrored"),
)
# Modules of these widths; the sides that follow are rounded up to a tenth of a millimetre.
_MODULES_MM: Final = tuple(map(Decimal, ("0.15", "0.18", "0.20", "0.25", "0.30", "0.40", "0.50")))
_TENTH = Decimal("0.1")
_LARGEST_MM = 32  # four abreast on the sheet


@dataclass(frozen=True)
class TrialPrint:
    """What stands on the sheet."""

    piece: str
    site_url: str
    code: str
    is_demonstration: bool


def sides_mm(version: int) -> list[Decimal]:
    """The sizes on the sheet, the smallest a phone can be asked to read first."""
    across = engraving.modules_across(version)
    sides = ((module * across).quantize(_TENTH, ROUND_CEILING) for module in _MODULES_MM)
    return [side for side in sides if side <= _LARGEST_MM]


def trial_pdf(trial: TrialPrint, *, fonts: Path) -> bytes:
    """Set the sheet as PDF, A4; the same trial gives the same bytes.

    Raises MalformedLinkError for a site no tag can name, TextTooLongError when no symbol holds its
    address, PrintError when the page cannot be set.
    """
    address = links.code_url(trial.site_url, trial.code)
    symbol = qr.symbol(address, ground=qr.Ground.METAL)
    words = {
        "title": f"{trial.piece}: test print",
        "piece": trial.piece,
        "code": codes.show_code(trial.code),
        "version": symbol.version,
        "modules": symbol.side,
        "demonstration": trial.is_demonstration,
        "samples": [_sample(symbol, style, said) for style, said in _SAMPLES],
        "sizes": [_size(symbol.version, side) for side in sides_mm(symbol.version)],
    }
    return set_page("trial.typ", words, fonts=fonts)


def _sample(symbol: qr.Symbol, style: Style, said: str) -> dict[str, str]:
    # What the laser marks is printed dark: so the sheet looks as the metal will.
    return {"words": said, "path": qr.strips(engraving.marked(symbol, style))}


def _size(version: int, side: Decimal) -> dict[str, object]:
    is_tight = engraving.fit(version, side) is Fit.TIGHT
    return {
        "mm": str(side),
        "side": float(side),
        "module": f"{engraving.module_mm(version, side):.2f}",
        "words": "tight" if is_tight else "comfortable",
    }
