"""The size of a ring as the US and the UK call it, from its circumference (ISO 8653)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# Trade tables, US: inner diameter 0.458 inch at size 0, 0.032 inch a size; circumferences of these.
US_NOUGHT, US_STEP = Decimal("36.5468"), Decimal("2.55348")
# BS 6820 and BS EN 28653, UK: circumference 37.8 mm at A, 1.25 mm a letter.
UK_A, UK_STEP = Decimal("37.825"), Decimal("1.25")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BEYOND_Z: Final = 6


def us_and_uk(circumference: Decimal) -> tuple[str, str]:
    """US and UK size nearest to an inner circumference in millimetres, each to half sizes.

    "" where a scale has no such size. Tables of the trade differ by up to half a size, above all
    in the UK, where many copy letters from US steps; the circumference is what is meant.

    >>> us_and_uk(Decimal("54.4"))
    ('7', 'N 1/2')
    """
    us = _halves((circumference - US_NOUGHT) / US_STEP)
    uk = _halves((circumference - UK_A) / UK_STEP)
    return _us_number(us), _uk_letter(uk)


def _halves(value: Decimal) -> Decimal:
    return (value * 2).quantize(Decimal(1), rounding=ROUND_HALF_UP) / 2


def _us_number(size: Decimal) -> str:
    return f"{abs(size).normalize():f}" if 0 <= size <= 20 else ""


def _uk_letter(size: Decimal) -> str:
    whole, half = int(size // 1), " 1/2" if size % 1 else ""
    if size < 0 or whole > len(_LETTERS) - 1 + _BEYOND_Z:
        return ""
    if whole < len(_LETTERS):
        return f"{_LETTERS[whole]}{half}"
    return f"Z+{whole - len(_LETTERS) + 1}{half}"
