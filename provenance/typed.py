"""Reading what people type: ring sizes as they say them, article numbers, names of countries."""

import re
from decimal import Decimal
from typing import Final

from provenance import countries
from provenance.errors import ProvenanceError
from provenance.jewelry_laws import is_gtin
from provenance.jewelry_rules import rules_of
from provenance.ring_sizes import UK_A, UK_STEP, US_NOUGHT, US_STEP

_LARGEST_US = 20
_TENTH = Decimal("0.1")

_MILLIMETRES = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?(?:MM)?", re.ASCII)
_US = re.compile(r"US ?(\d{1,2})(| 1/2| 1/4| 3/4|\.\d{1,2})", re.ASCII)
_UK = re.compile(r"(?:UK ?)?([A-Z])(\+[1-6])?( ?1/2|\.5)?", re.ASCII)
_PARTS: Final = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
_AFTER_THE_POINT: Final = {"": "0", " 1/2": "0.5", " 1/4": "0.25", " 3/4": "0.75"}
_GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)


class UnreadableError(ProvenanceError):
    """What was typed cannot be read as what the field asks for; the sentence says how to write."""

    code = "unreadable"


def ring_circumference(text: str) -> Decimal:
    """Read a ring size as an inner circumference in millimetres, to a tenth (ISO 8653).

    Takes millimetres, a US size or a UK size; raises UnreadableError.

    >>> ring_circumference("54,4"), ring_circumference("US 7"), ring_circumference("N 1/2")
    (Decimal('54.4'), Decimal('54.4'), Decimal('54.7'))
    """
    size = _plain_size(text)
    found = _from_us(size) or _from_uk(size) or _from_millimetres(size)
    if found is None:
        raise UnreadableError("Write millimetres such as 54.4, or a size: US 7, or N 1/2.")
    smallest, largest = rules_of().plausible.ring_circumference
    if not smallest <= found <= largest:
        raise UnreadableError(
            f"{text.strip()} is no ring size in millimetres. For the American size write US 7."
        )
    return found.quantize(_TENTH)


def _plain_size(text: str) -> str:
    """In capitals, with a point for the decimal comma, fractions spelled out, single spaces."""
    size = text.upper().replace(",", ".")
    for sign, spelled in _PARTS.items():
        size = size.replace(sign, spelled)
    return " ".join(size.split())


def _from_us(size: str) -> Decimal | None:
    found = _US.fullmatch(size)
    if found is None or int(found[1]) > _LARGEST_US:
        return None
    return US_NOUGHT + US_STEP * _number(found)


def _from_uk(size: str) -> Decimal | None:
    found = _UK.fullmatch(size)
    # The scale goes on after its last letter: Z+1, Z+2.
    if found is None or (found[2] and found[1] != "Z"):
        return None
    letters = ord(found[1]) - ord("A") + int(found[2] or 0)
    half = Decimal("0.5") if found[3] else Decimal(0)
    return UK_A + UK_STEP * (letters + half)


def _from_millimetres(size: str) -> Decimal | None:
    found = _MILLIMETRES.fullmatch(size)
    return Decimal(found[1]) if found else None


def _number(found: re.Match[str]) -> Decimal:
    rest = _AFTER_THE_POINT.get(found[2]) or f"0{found[2]}"
    return Decimal(found[1]) + Decimal(rest)


def article_number(text: str) -> str:
    """Read a GTIN of 8, 12, 13 or 14 digits whose check digit holds; raises UnreadableError.

    >>> article_number("4 006381 333931")
    '4006381333931'
    """
    digits = "".join(text.split())
    if not _GTIN.fullmatch(digits):
        raise UnreadableError("An article number (GTIN) has 8, 12, 13 or 14 digits.")
    if not is_gtin(digits):
        raise UnreadableError("One digit of this article number is wrong: its last does not fit.")
    return digits


def country_codes(text: str) -> tuple[str, ...]:
    """Read countries by name or two letters, with commas between them; raises UnreadableError.

    >>> country_codes("france, DE")
    ('FR', 'DE')
    """
    named = [name.strip() for name in text.split(",") if name.strip()]
    return tuple(dict.fromkeys(_country_code(name) for name in named))


def _country_code(name: str) -> str:
    if name.upper() in countries.NAMES:
        return name.upper()
    for code, known in countries.NAMES.items():
        if name.casefold() == known.casefold():
            return code
    raise UnreadableError(f"“{name}” is no country we know. Write its name, or its two letters.")
