"""From facts to rows: what a draft keeps of the facts it was told."""

from collections.abc import Sequence

from provenance import jewelry
from provenance.models.details import Mark, Part, Sourcing, Stone, StoneReport
from provenance.models.piece import Piece


def columns_of(facts: jewelry.Piece) -> dict[str, object]:
    """The columns of the piece's own row."""
    measures = dict(facts.measures)
    return {
        "title": facts.title,
        "kind": facts.kind,
        "year": facts.year,
        "year_to": facts.year_to,
        "mass_grams": facts.mass,
        "edition_kind": facts.edition.kind,
        "edition_number": facts.edition.number,
        "edition_of": facts.edition.of,
        "circumference_mm": facts.circumference,
        "height_mm": measures.get("height"),
        "width_mm": measures.get("width"),
        "depth_mm": measures.get("depth"),
        "description": facts.description,
        "collection": facts.collection,
        "keywords": ",".join(facts.keywords),
        "sku": facts.sku,
        "gtin": facts.gtin,
        "serial": facts.serial,
        "care": "\n".join(facts.care),
        "warranty": facts.warranty,
        "markets": ",".join(facts.markets),
        "hallmark_exemption": facts.hallmark_exemption,
    }


def replace_details(piece: Piece, facts: jewelry.Piece) -> None:
    for details in (piece.parts, piece.stones, piece.marks, piece.sourcing):
        details.all().delete()
    write_details([(piece, facts)])


def write_details(told: Sequence[tuple[Piece, jewelry.Piece]]) -> None:
    """The rows of pieces that have none yet, in the order of the facts."""
    Part.objects.bulk_create(
        _part(piece, n, part) for piece, facts in told for n, part in enumerate(facts.parts)
    )
    _write_stones(told)
    Mark.objects.bulk_create(
        Mark(piece=piece, position=n, **vars(mark))
        for piece, facts in told
        for n, mark in enumerate(facts.marks)
    )
    Sourcing.objects.bulk_create(
        Sourcing(piece=piece, position=n, **vars(claim))
        for piece, facts in told
        for n, claim in enumerate(facts.sourcing)
    )


def _write_stones(told: Sequence[tuple[Piece, jewelry.Piece]]) -> None:
    stones = [stone for _, facts in told for stone in facts.stones]
    rows = Stone.objects.bulk_create(
        _stone(piece, n, stone) for piece, facts in told for n, stone in enumerate(facts.stones)
    )
    StoneReport.objects.bulk_create(
        StoneReport(stone=row, position=n, **vars(report))
        for row, stone in zip(rows, stones, strict=True)
        for n, report in enumerate(stone.reports)
    )


def _part(piece: Piece, position: int, part: jewelry.Part) -> Part:
    coating = part.coating or jewelry.Coating(metal="", method="")
    return Part(
        piece=piece,
        position=position,
        ident=part.ident,
        name=part.name,
        role=part.role,
        element=part.element,
        alloy=part.alloy,
        fineness=part.fineness,
        colour=part.colour,
        mass_grams=part.mass,
        coating_metal=coating.metal,
        coating_method=coating.method,
        coating_fineness=coating.fineness,
        coating_micrometres=coating.micrometres,
        coating_note=coating.note,
    )


def _stone(piece: Piece, position: int, stone: jewelry.Stone) -> Stone:
    sizes = dict(zip(("length_mm", "width_mm", "depth_mm"), stone.sizes, strict=False))
    return Stone(
        piece=piece,
        position=position,
        species=stone.species,
        variety=stone.variety,
        origin=stone.origin,
        country=stone.country,
        count=stone.count,
        shape=stone.shape,
        cut=stone.cut,
        carat_each=stone.carat,
        carat_total=stone.carat_total,
        carat_basis=stone.basis,
        treatment=",".join(stone.treatment),
        treatment_care=stone.treatment_care,
        colour=stone.colour,
        clarity=stone.clarity,
        cut_grade=stone.cut_grade,
        graded_by=stone.graded_by,
        note=stone.note,
        **sizes,
    )
