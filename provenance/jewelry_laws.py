"""What a piece must keep before it is signed: every broken law is one named problem."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from provenance.countries import NAMES
from provenance.jewelry import CAPTURED, Photograph, Piece, Problem, Sourcing, heaviness, plain
from provenance.jewelry_metal_laws import metal_problems, stones_mass
from provenance.jewelry_rules import JewelryRules, rules_of
from provenance.jewelry_stone_laws import stone_problems
from provenance.jewelry_words import total_carat
from provenance.letters import fold
from provenance.wording_data import words_of

_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
# GS1 General Specifications, AI 21: up to 20 characters of the invariant set of ISO/IEC 646.
_SERIAL: Final = re.compile(r"[!-\"%-?A-Z_a-z]{1,20}", re.ASCII)
_LEAST_TOLERANCE: Final = Decimal("0.05")


def problems_of(piece: Piece, *, today: date, admits_computer_images: bool) -> tuple[Problem, ...]:
    """Every law of the data model this piece breaks; empty when it may be signed.

    Rules G1 to G5, S1 to S8 and P1 of the current policy, and what can be no measure, number or
    year. `today` is the day it would be signed.
    """
    rules = rules_of()
    usable = _usable(piece.photographs, admits_computer_images=admits_computer_images)
    shown = frozenset(photograph.role for photograph in usable)
    return (
        *_identity_problems(piece, today),
        *mass_problems(piece),
        *_measure_problems(piece, rules),
        *metal_problems(piece, rules, shown=shown),
        *stone_problems(piece, rules, today=today),
        *_sourcing_problems(piece, rules, today),
        *_photograph_problems(usable, needs_scale=not admits_computer_images),
    )


def documented_claims(piece: Piece, *, today: date) -> frozenset[str]:
    """The claims of origin a text may make: those with a document in force (rule P1)."""
    broken = {
        problem.path.split(".")[1] for problem in _sourcing_problems(piece, rules_of(), today)
    }
    return frozenset(
        claim.kind for number, claim in enumerate(piece.sourcing) if str(number) not in broken
    )


# -- identity -----------------------------------------------------------------------------------


def _identity_problems(piece: Piece, today: date) -> Iterator[Problem]:
    if piece.year > today.year:
        yield Problem("year", "year_in_future", "The year lies in the future.")
    if piece.year_to is not None:
        yield from _range_problems(piece.year, piece.year_to, today)
    edition = piece.edition
    if edition.kind == "numbered" and not 1 <= (edition.number or 0) <= (edition.of or 0):
        sentence = "A numbered edition has a number, and that lies between 1 and its last."
        yield Problem("edition", "edition_impossible", sentence)
    yield from _number_problems(piece)
    for market in piece.markets:
        if market not in NAMES:
            sentence = f"“{market}” is no country: two letters, such as GB."
            yield Problem("markets", "country_unknown", sentence)


def _range_problems(first: int, last: int, today: date) -> Iterator[Problem]:
    if last < first:
        sentence = f"The last year, {last}, lies before the first, {first}."
        yield Problem("year_to", "years_turned_around", sentence)
    if last > today.year:
        yield Problem("year_to", "year_in_future", "The year lies in the future.")


def _number_problems(piece: Piece) -> Iterator[Problem]:
    if piece.gtin and not is_gtin(piece.gtin):
        sentence = "This is no GTIN: its digits do not agree with its check digit."
        yield Problem("gtin", "gtin_malformed", sentence)
    if piece.serial and not piece.gtin:
        sentence = "A serial number counts within a GTIN: enter that too, or neither."
        yield Problem("serial", "serial_without_gtin", sentence)
    elif piece.serial and not _SERIAL.fullmatch(piece.serial):
        sentence = "A serial number has up to 20 letters, digits and signs, without spaces."
        yield Problem("serial", "serial_malformed", sentence)


def is_gtin(text: str) -> bool:
    """Whether it has 8, 12, 13 or 14 digits and the right check digit.

    GS1 General Specifications section 7.9: from the right, digits count three and one by turns.

    >>> is_gtin("4006381333931")
    True
    """
    if len(text) not in _GTIN_LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    weighed = [int(d) * (3 if n % 2 else 1) for n, d in enumerate(reversed(text))]
    return sum(weighed) % 10 == 0


# -- mass and measures --------------------------------------------------------------------------


def mass_problems(piece: Piece) -> Iterator[Problem]:
    """Masses that cannot be: none, too much, or parts and stones that do not sum to the piece.

    The sum is asked only when every part was weighed; it may differ by 0.05 g or one per cent,
    whichever is more. Stones nobody weighed may make up for what is missing, never for too much.
    """
    if piece.mass <= 0:
        yield Problem("mass", "mass_not_positive", "A piece weighs more than nothing.")
        return
    if heavy := heaviness(piece.kind, piece.mass):
        yield Problem("mass", "mass_implausible", heavy)
        return
    for number, part in enumerate(piece.parts):
        if part.mass is not None and part.mass <= 0:
            sentence = "A part weighs more than nothing; leave its weight empty if unknown."
            yield Problem(f"parts.{number}.mass", "mass_not_positive", sentence)
    yield from _sum_problems(piece)


def _sum_problems(piece: Piece) -> Iterator[Problem]:
    if not piece.parts or any(part.mass is None for part in piece.parts):
        return
    parts = sum((part.mass or Decimal(0) for part in piece.parts), Decimal(0))
    total = parts + stones_mass(piece)
    tolerance = max(_LEAST_TOLERANCE, piece.mass / 100)
    unweighed = any(total_carat(stone) is None for stone in piece.stones)
    if total - piece.mass <= tolerance and (unweighed or piece.mass - total <= tolerance):
        return
    sentence = (
        f"The parts and stones weigh {plain(total)} g together, the piece {plain(piece.mass)} g. "
        "Weigh again, or leave a part’s weight empty."
    )
    yield Problem("mass", "mass_does_not_add_up", sentence)


def _measure_problems(piece: Piece, rules: JewelryRules) -> Iterator[Problem]:
    low, high = rules.plausible.ring_circumference
    around = piece.circumference
    if around is not None and not low <= around <= high:
        sentence = (
            f"{plain(around)} mm is no way around a finger: between {plain(low)} and "
            f"{plain(high)} mm. Was it measured across?"
        )
        yield Problem("circumference", "size_implausible", sentence)
    for name, measure in piece.measures:
        if not 0 < measure <= rules.plausible.longest:
            sentence = f"A {name} of {plain(measure)} mm is not to be believed."
            yield Problem(f"measures.{name}", "measure_implausible", sentence)


# -- claims of origin ---------------------------------------------------------------------------


def _sourcing_problems(piece: Piece, rules: JewelryRules, today: date) -> Iterator[Problem]:
    stones = (f"s{number}" for number, _ in enumerate(piece.stones, 1))
    known = {"piece", *(part.ident for part in piece.parts), *stones}
    for number, claim in enumerate(piece.sourcing):
        path = f"sourcing.{number}"
        yield from _claim_problems(claim, path, rules, today)
        if claim.about not in known:
            sentence = f"“{claim.about}” is no part and no stone of this piece."
            yield Problem(f"{path}.about", "sourcing_about_nothing", sentence, "P1")


def _claim_problems(
    claim: Sourcing, path: str, rules: JewelryRules, today: date
) -> Iterator[Problem]:
    if claim.kind not in rules.sourcing_kinds:
        sentence = f"Say what is claimed: {', '.join(sorted(rules.sourcing_kinds))}."
        yield Problem(f"{path}.kind", "sourcing_unknown", sentence, "P1")
    if claim.scope not in rules.scopes:
        sentence = "Say whether the scheme covers the business or the material."
        yield Problem(f"{path}.scope", "sourcing_incomplete", sentence, "P1")
    for field in ("scheme", "document"):
        if not str(getattr(claim, field)).strip():
            sentence = f"“{claim.kind}” needs a scheme and a document; the {field} is missing."
            yield Problem(f"{path}.{field}", "sourcing_incomplete", sentence, "P1")
    if claim.expires < today:
        sentence = f"The document ran out on {claim.expires.isoformat()}."
        yield Problem(f"{path}.expires", "sourcing_expired", sentence, "P1")
    if best := _never_of_a_piece(claim.scheme):
        sentence = f"The Kimberley scheme covers rough diamonds only. Allowed here: {best}."
        yield Problem(f"{path}.scheme", "kimberley_refused", sentence, "P1")


def _never_of_a_piece(scheme: str) -> str:
    """What to say instead of a scheme that no record can grant, or ""."""
    told = fold(scheme).text
    entries = (each for each in words_of().entries if each.rule == "P1" and not each.claims)
    return next((each.best for each in entries if each.pattern.search(told)), "")


# -- photographs --------------------------------------------------------------------------------


def _usable(
    photographs: tuple[Photograph, ...], *, admits_computer_images: bool
) -> list[Photograph]:
    return [p for p in photographs if admits_computer_images or p.source in CAPTURED]


def _photograph_problems(usable: list[Photograph], *, needs_scale: bool) -> Iterator[Problem]:
    if len(usable) < 2:
        sentence = "Two photographs at least are needed."
        yield Problem("photographs", "photographs_missing", sentence)
    # Drawn pictures have no true scale to show, so a demonstration is not asked for one.
    elif needs_scale and not any(p.role == "scale" for p in usable):
        sentence = "One photograph must show a scale, such as a ruler or a coin."
        yield Problem("photographs", "scale_missing", sentence)
