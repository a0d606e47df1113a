"""From what a program sent to facts: a valid `PieceShape` in the words of the pure core."""

from typing import Any

from provenance import jewelry


def facts_from(valid: dict[str, Any]) -> jewelry.Piece:
    """What a valid `PieceShape` states, in the words of the pure core."""
    sizes = (("height", "height_mm"), ("width", "width_mm"), ("depth", "depth_mm"))
    return jewelry.Piece(
        title=valid["title"],
        kind=valid["kind"],
        year=valid["year"],
        mass=valid["mass_grams"],
        edition=jewelry.Edition(
            valid["edition_kind"], valid["edition_number"], valid["edition_of"]
        ),
        parts=tuple(_part(part) for part in valid["parts"]),
        stones=tuple(_stone(stone) for stone in valid["stones"]),
        marks=tuple(jewelry.Mark(**mark) for mark in valid["marks"]),
        circumference=valid["circumference_mm"],
        measures=tuple((name, valid[field]) for name, field in sizes if valid[field] is not None),
        care=tuple(valid["care"]),
        description=valid["description"],
        sku=valid["sku"],
        collection=valid["collection"],
        year_to=valid["year_to"],
        gtin=valid["gtin"],
        serial=valid["serial"],
        keywords=tuple(valid["keywords"]),
        warranty=valid["warranty"],
        markets=tuple(valid["markets"]),
        hallmark_exemption=valid["hallmark_exemption"],
        sourcing=tuple(jewelry.Sourcing(**claim) for claim in valid["sourcing"]),
    )


def _part(part: dict[str, Any]) -> jewelry.Part:
    told = part["coating"]
    coating = jewelry.Coating(**told) if told else None
    renamed = {"mass": part["mass_grams"], "coating": coating}
    return jewelry.Part(**_without(part, "mass_grams", "coating"), **renamed)


def _stone(stone: dict[str, Any]) -> jewelry.Stone:
    return jewelry.Stone(
        **_without(stone, "carat_each", "carat_basis", "treatment", "sizes_mm", "reports"),
        carat=stone["carat_each"],
        basis=stone["carat_basis"],
        treatment=tuple(stone["treatment"]),
        sizes=tuple(stone["sizes_mm"]),
        reports=tuple(jewelry.Report(**report) for report in stone["reports"]),
    )


def _without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
