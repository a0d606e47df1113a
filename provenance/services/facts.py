"""From rows to facts: a piece as the pure core knows it."""

from provenance import jewelry
from provenance.models.piece import Mark, Part, Photograph, Piece, Stone


def facts_of(piece: Piece) -> jewelry.Piece:
    """The facts of a piece; five queries at most, none when all was prefetched."""
    measures = (
        ("height", piece.height_mm),
        ("width", piece.width_mm),
        ("depth", piece.depth_mm),
    )
    return jewelry.Piece(
        title=piece.title,
        kind=piece.kind,
        year=piece.year,
        mass=piece.mass_grams,
        edition=jewelry.Edition(piece.edition_kind, piece.edition_number, piece.edition_of),
        parts=tuple(_part(part) for part in piece.parts.all()),
        stones=tuple(_stone(stone) for stone in piece.stones.all()),
        marks=tuple(_mark(mark) for mark in piece.marks.all()),
        photographs=tuple(_photograph(each) for each in piece.photographs.all()),
        circumference=piece.circumference_mm,
        measures=tuple((name, value) for name, value in measures if value is not None),
        care=tuple(line.strip() for line in piece.care.splitlines() if line.strip()),
        description=piece.description,
        sku=piece.sku,
    )


def _part(part: Part) -> jewelry.Part:
    return jewelry.Part(
        ident=part.ident,
        element=part.element,
        fineness=part.fineness,
        colour=part.colour,
        alloy=part.alloy,
        mass=part.mass_grams,
        coating=part.coating,
    )


def _stone(stone: Stone) -> jewelry.Stone:
    return jewelry.Stone(
        species=stone.species,
        variety=stone.variety,
        origin=stone.origin,
        count=stone.count,
        shape=stone.shape,
        carat=stone.carat_each,
        basis=stone.carat_basis,
        treatment=tuple(word.strip() for word in stone.treatment.split(",") if word.strip()),
        note=stone.note,
    )


def _mark(mark: Mark) -> jewelry.Mark:
    return jewelry.Mark(kind=mark.kind, text=mark.text, place=mark.place)


def _photograph(photograph: Photograph) -> jewelry.Photograph:
    return jewelry.Photograph(
        role=photograph.role,
        sha256=photograph.sha256,
        width=photograph.width,
        height=photograph.height,
        source=photograph.source,
    )
