"""From rows to facts: a piece as the pure core knows it."""

from django.db.models import prefetch_related_objects

from provenance import jewelry
from provenance.models.details import Mark, Part, Sourcing, Stone, StoneReport
from provenance.models.piece import Photograph, Piece

# What to prefetch with a piece whose facts will be asked for.
DETAILS = ("parts", "stones__reports", "marks", "photographs", "sourcing")


def facts_of(piece: Piece) -> jewelry.Piece:
    """The facts of a piece; one query for each of `DETAILS`, none when these were prefetched."""
    stones = list(piece.stones.all())
    prefetch_related_objects(stones, "reports")
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
        stones=tuple(_stone(stone) for stone in stones),
        marks=tuple(_mark(mark) for mark in piece.marks.all()),
        photographs=tuple(_photograph(each) for each in piece.photographs.all()),
        circumference=piece.circumference_mm,
        measures=tuple((name, value) for name, value in measures if value is not None),
        care=tuple(line.strip() for line in piece.care.splitlines() if line.strip()),
        description=piece.description,
        sku=piece.sku,
        collection=piece.collection,
        year_to=piece.year_to,
        gtin=piece.gtin,
        serial=piece.serial,
        keywords=_split(piece.keywords),
        warranty=piece.warranty,
        markets=_split(piece.markets),
        hallmark_exemption=piece.hallmark_exemption,
        sourcing=tuple(_sourcing(each) for each in piece.sourcing.all()),
    )


def _split(text: str) -> tuple[str, ...]:
    """The words that a row keeps separated by commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _part(part: Part) -> jewelry.Part:
    return jewelry.Part(
        ident=part.ident,
        element=part.element,
        fineness=part.fineness,
        colour=part.colour,
        alloy=part.alloy,
        mass=part.mass_grams,
        coating=part.coating,
        name=part.name,
        role=part.role,
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
        treatment=_split(stone.treatment),
        note=stone.note,
        cut=stone.cut,
        carat_total=stone.carat_total,
        sizes=stone.sizes_mm,
        colour=stone.colour,
        clarity=stone.clarity,
        cut_grade=stone.cut_grade,
        graded_by=stone.graded_by,
        country=stone.country,
        treatment_care=stone.treatment_care,
        reports=tuple(_report(report) for report in stone.reports.all()),
    )


def _report(report: StoneReport) -> jewelry.Report:
    return jewelry.Report(
        lab=report.lab,
        number=report.number,
        date=report.date,
        url=report.url,
        is_inscribed=report.is_inscribed,
    )


def _mark(mark: Mark) -> jewelry.Mark:
    return jewelry.Mark(kind=mark.kind, text=mark.text, place=mark.place)


def _sourcing(sourcing: Sourcing) -> jewelry.Sourcing:
    return jewelry.Sourcing(
        kind=sourcing.kind,
        about=sourcing.about,
        scheme=sourcing.scheme,
        scope=sourcing.scope,
        document=sourcing.document,
        expires=sourcing.expires,
        statement=sourcing.statement,
    )


def _photograph(photograph: Photograph) -> jewelry.Photograph:
    return jewelry.Photograph(
        role=photograph.role,
        sha256=photograph.sha256,
        width=photograph.width,
        height=photograph.height,
        source=photograph.source,
    )
