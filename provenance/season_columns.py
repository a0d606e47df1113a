"""The columns of a season's CSV: one row is one piece, and each column one fact of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

MOST_OF_A_KIND = 60
MOST_REPORTS = 6


@dataclass(frozen=True)
class Column:
    """A column by its name in the file, the field of the bench it fills, and what it holds."""

    name: str
    field: str
    told: str


WHOLE: Final = (
    Column("title", "title", "What it is called. Needed."),
    Column("kind", "kind", "ring, earrings, pendant, necklace, bracelet … Needed."),
    Column("year", "year", "In four figures. Needed."),
    Column("finished_in", "year_to", "The last year, if it took several."),
    Column("weight", "mass", "In grams. Needed."),
    Column("edition", "edition_kind", "one of one, numbered edition or open edition. Needed."),
    Column("edition_number", "edition_number", "Of a numbered edition: which one."),
    Column("edition_of", "edition_of", "Of a numbered edition: of how many."),
    Column("collection", "collection", "The collection it belongs to."),
    Column("ring_size", "circumference", "54.4 mm, US 7 or N 1/2."),
    Column("height", "height", "In millimetres."),
    Column("width", "width", "In millimetres."),
    Column("depth", "depth", "In millimetres."),
    Column("markets", "markets", "Where it is sold, with commas between: GB, France."),
    Column("hallmark_exemption", "hallmark_exemption", "Why it needs no hallmark."),
    Column("care", "care", "One line for each piece of advice."),
    Column("warranty", "warranty", "What you promise."),
    Column("description", "description", "As a buyer reads it."),
    Column("keywords", "keywords", "For your shop, with commas between. Not signed."),
    Column("sku", "sku", "Stock number."),
    Column("gtin", "gtin", "Article number (GTIN)."),
    Column("serial", "serial", "Serial number of this one piece."),
)
PART: Final = (
    Column("metal", "element", "gold, silver, platinum, palladium or other metal. Needed for one."),
    Column("fineness", "fineness", "Parts per thousand, such as 750."),
    Column("name", "name", "What the part is called, such as shank."),
    Column("id", "ident", "The short name by which steps and claims know the part."),
    Column("purpose", "role", "What it is for."),
    Column("colour", "colour", "Such as yellow."),
    Column("weight", "mass", "Of this part alone, in grams."),
    Column("alloy", "alloy", "Which metal, for another metal."),
    Column("coating", "coating_metal", "What it is coated with."),
    Column("coating_method", "coating_method", "How that was put on."),
    Column("coating_micrometres", "coating_micrometres", "How thick it is."),
    Column("coating_fineness", "coating_fineness", "Its parts per thousand."),
    Column("coating_note", "coating_note", "For another coating: its name."),
)
STONE: Final = (
    Column("species", "species", "Such as corundum."),
    Column("variety", "variety", "Such as sapphire."),
    Column("origin", "origin", "natural, laboratory-grown, cultured, imitation … or unknown."),
    Column("count", "count", "How many alike; one if empty."),
    Column("shape", "shape", "Such as oval."),
    Column("cut", "cut", "Such as mixed cut."),
    Column("carat", "carat", "Of each, in metric carats."),
    Column("carat_total", "carat_total", "Of all together."),
    Column("basis", "basis", "measured or estimated; measured if empty."),
    Column("treatment", "treatment", "none-known, unknown, or which, with commas between."),
    Column("treatment_care", "treatment_care", "The care that the treatment needs."),
    Column("length", "length", "In millimetres."),
    Column("width", "width", "In millimetres."),
    Column("depth", "depth", "In millimetres."),
    Column("country", "country", "Where it was mined or grown."),
    Column("colour", "colour", "The grade, such as F."),
    Column("clarity", "clarity", "Such as VS1."),
    Column("cut_grade", "cut_grade", "Such as very good."),
    Column("graded_by", "graded_by", "report, or maker for your own opinion."),
    Column("note", "note", "A short note."),
)
REPORT: Final = (
    Column("lab", "lab", "The laboratory."),
    Column("number", "number", "The number of its report."),
    Column("date", "date", "As 2026-11-20."),
    Column("url", "url", "Where to read it."),
    Column("inscribed", "is_inscribed", "yes if the number is inscribed on the stone."),
)
MARK: Final = (
    Column("kind", "kind", "maker, sponsor, fineness, office, date, convention …"),
    Column("text", "text", "What it reads."),
    Column("place", "place", "Where it is."),
)
CLAIM: Final = (
    Column("kind", "kind", "recycled, fair, conflict-free or origin."),
    Column("about", "about", "piece, part1, stone2 …; the whole piece if empty."),
    Column("scheme", "scheme", "Who vouches for it."),
    Column("scope", "scope", "business or product."),
    Column("document", "document", "Its number or title."),
    Column("expires", "expires", "Valid until, as 2027-12-31."),
    Column("statement", "statement", "In the supplier’s own words."),
)
MAKING: Final = (
    Column("recipe", "recipe", "The name of a recipe of yours, or of one to begin with."),
    Column("ticks", "ticks", "Its steps that were done: all, or their names or numbers, 1-3, 6."),
)
PHOTOGRAPHS: Final = (
    Column("photo_front", "front", "The file in the ZIP that shows the front. Needed."),
    Column("photo_scale", "scale", "The same with a scale in it, such as a ruler. Needed."),
    Column("photo_marks", "marks", "The marks."),
    Column("photo_back", "back", "The back."),
    Column("photo_other", "other", "Another view."),
    Column("photo_source", "source", "photographs, computer images or AI pictures."),
)
ONCE: Final = (*WHOLE, *MAKING, *PHOTOGRAPHS)
NEEDED: Final = ("title", "kind", "year", "weight", "edition", "part1_metal")
# What most seasons say; a table begins with these.
USUAL: Final = (
    *("title", "kind", "year", "weight", "edition", "ring_size", "serial", "part1_metal"),
    *("part1_fineness", "part1_colour", "recipe", "ticks", "photo_front", "photo_scale"),
)
# What stands once for each of several things: the word before the number, and its set of rows.
GROUPS: Final = {
    "part": ("parts", PART),
    "stone": ("stones", STONE),
    "mark": ("marks", MARK),
    "claim": ("sourcing", CLAIM),
}

_NUMBERED = re.compile(r"(part|stone|mark|claim)([1-9]\d?)_(?:report([1-9])_)?([a-z_]+)", re.ASCII)
_ONCE: Final = {column.name: column for column in ONCE}
_FIELDS: Final = {
    word: {column.name: column for column in columns} for word, (_, columns) in GROUPS.items()
}
_OF_REPORTS: Final = {column.name: column for column in REPORT}


@dataclass(frozen=True)
class Place:
    """Where a column belongs: to the piece, or to the n-th part, stone, mark, claim or report."""

    column: Column
    group: str = ""
    number: int = 0
    report: int = 0


def place_of(name: str) -> Place | None:
    """Read the name of a column; None when there is no such column.

    >>> place_of("stone2_report1_lab")
    Place(column=Column(name='lab', field='lab', told='The laboratory.'), group='stone', \
number=2, report=1)
    """
    if name in _ONCE:
        return Place(_ONCE[name])
    found = _NUMBERED.fullmatch(name)
    if found is None:
        return None
    group, number, report, rest = found[1], int(found[2]), int(found[3] or 0), found[4]
    column = (_OF_REPORTS if report else _FIELDS[group]).get(rest)
    is_one = number <= MOST_OF_A_KIND and report <= MOST_REPORTS
    if column is None or not is_one or (report and group != "stone"):
        return None
    return Place(column, group, number, report)


def nearest(name: str) -> str:
    """The column that was probably meant; "" when none is near."""
    digits = re.findall(r"\d+", name)
    number = digits[0] if digits else "1"
    report = digits[1] if len(digits) > 1 else "1"
    near = get_close_matches(name, [*_spelled(number, report)], n=1, cutoff=0.75)
    return near[0] if near and place_of(near[0]) else ""


def documented() -> Iterator[tuple[str, str]]:
    """Every column with what it holds, as the reference lists them: numbers are written as 1."""
    for name in _spelled("1", "1"):
        place = place_of(name)
        if place:
            yield name, place.column.told


def _spelled(number: str, report: str) -> Iterator[str]:
    yield from (column.name for column in WHOLE)
    for word, (_, columns) in GROUPS.items():
        yield from (f"{word}{number}_{column.name}" for column in columns)
        if word == "stone":
            yield from (f"stone{number}_report{report}_{column.name}" for column in REPORT)
    yield from (column.name for column in (*MAKING, *PHOTOGRAPHS))
