"""Facts on record as a maker would have typed them, to stand in the fields again."""

from decimal import Decimal
from typing import Any

from provenance import countries, jewelry
from provenance.forms.facts import UK
from provenance.forms.stones import SIZES, TREATMENTS

Row = dict[str, Any]


def written_facts(facts: jewelry.Piece) -> Row:
    elsewhere = [code for code in facts.markets if code != UK]
    return {
        **vars(facts),
        "mass": number(facts.mass),
        "edition_kind": facts.edition.kind,
        "edition_number": facts.edition.number,
        "edition_of": facts.edition.of,
        "circumference": number(facts.circumference),
        **{name: number(value) for name, value in facts.measures},
        "sold_in_uk": UK in facts.markets,
        "markets": ", ".join(country(code) for code in elsewhere),
        "keywords": ", ".join(facts.keywords),
        "care": "\n".join(facts.care),
    }


def written_rows(facts: jewelry.Piece) -> dict[str, list[Row]]:
    """The rows of each set; an empty one to begin with where there is none."""
    return {
        "parts": [_part(part) for part in facts.parts] or [{}],
        "stones": [_stone(stone) for stone in facts.stones] or [{}],
        "marks": [dict(vars(mark)) for mark in facts.marks] or [{}],
        "sourcing": [_sourcing(claim, facts) for claim in facts.sourcing] or [{}],
    }


def country(code: str) -> str:
    return countries.NAMES.get(code, code)


def number(value: Decimal | None) -> str:
    return "" if value is None else jewelry.plain(value)


def _part(part: jewelry.Part) -> Row:
    written = {**vars(part), "mass": number(part.mass)}
    if coating := part.coating:
        written |= {f"coating_{name}": value for name, value in vars(coating).items()}
        written["coating_micrometres"] = number(coating.micrometres)
    return written


def _stone(stone: jewelry.Stone) -> Row:
    known = len(stone.treatment) == 1 and stone.treatment[0] in dict(TREATMENTS)
    return {
        **vars(stone),
        "carat": number(stone.carat),
        "carat_total": number(stone.carat_total),
        **{name: number(size) for name, size in zip(SIZES, stone.sizes, strict=False)},
        "country": country(stone.country),
        "treatment": stone.treatment[0] if known else "other",
        "treatment_words": "" if known else ", ".join(stone.treatment),
        "reports": [dict(vars(report)) for report in stone.reports] or [{}],
    }


def _sourcing(claim: jewelry.Sourcing, facts: jewelry.Piece) -> Row:
    """A claim with what it is about as the place of a row: "parts-0", "stones-1"."""
    places = {part.ident: f"parts-{n}" for n, part in enumerate(facts.parts)}
    places |= {f"s{n + 1}": f"stones-{n}" for n in range(len(facts.stones))}
    return {**vars(claim), "about": places.get(claim.about, claim.about)}
