"""What a person can hold against the record: weight, marks, stones, number and size, in words."""

from dataclasses import dataclass

from provenance import jewelry, jewelry_words
from provenance.phrases import capital, joined, listed, say, sentence, term
from provenance.ring_sizes import us_and_uk


@dataclass(frozen=True)
class Struck:
    """A mark as it is drawn: its letters, and the outline of its cartouche."""

    text: str
    shape: str


@dataclass(frozen=True)
class Fact:
    """One thing to compare: what it is, what the record says, and how to look."""

    icon: str
    name: str
    fact: str = ""
    how: str = ""
    marks: tuple[Struck, ...] = ()


def facts_to_compare(piece: jewelry.Piece) -> tuple[Fact, ...]:
    """Everything the record lets a person compare, the surest first."""
    return tuple(
        fact
        for fact in (
            _weight(piece),
            _metals(piece),
            *(_coating(part) for part in piece.parts),
            _marks(piece),
            *(fact for stone in piece.stones for fact in (_stone(stone), *_reports(stone))),
            _number(piece),
            _size(piece),
            _measures(piece),
        )
        if fact
    )


def metals_line(piece: jewelry.Piece) -> str:
    """The metals of a piece, the heaviest first: "18 ct (750) yellow gold and platinum 950"."""
    return jewelry_words.metals_line(piece)


def years_line(piece: jewelry.Piece) -> str:
    """The year it was made, or the first and the last: "2024 to 2026"."""
    return f"{piece.year} to {piece.year_to}" if _took_years(piece) else f"{piece.year}"


def made_line(piece: jewelry.Piece) -> str:
    """The same as the end of a sentence: "made in 2026", "made 2024 to 2026"."""
    if _took_years(piece):
        return say("made %(first)s to %(last)s", first=piece.year, last=piece.year_to or 0)
    return say("made in %(year)s", year=piece.year)


def years_for_machines(piece: jewelry.Piece) -> str:
    """The same in ISO 8601, several years as an interval: "2026", "2024/2026"."""
    return f"{piece.year}/{piece.year_to}" if _took_years(piece) else f"{piece.year}"


def _took_years(piece: jewelry.Piece) -> bool:
    return piece.year_to is not None and piece.year_to != piece.year


def edition_line(edition: jewelry.Edition) -> str:
    """The edition as a page says it.

    >>> edition_line(jewelry.Edition("numbered", 3, 12))
    'Number 3 of 12'
    """
    if edition.kind == "numbered":
        return say("Number %(number)s of %(of)s", number=edition.number or 0, of=edition.of or 0)
    return say("One of one") if edition.kind == "one-of-one" else say("Open edition")


def size_line(piece: jewelry.Piece) -> str:
    """A ring's size: "54.4 mm around; US 7; UK N 1/2", or "" for a piece without one.

    A size never breaks at the end of a line: its spaces are no-break spaces.
    """
    if piece.circumference is None:
        return ""
    us, uk = us_and_uk(piece.circumference)
    words: list[str] = [
        say("%(number)s\N{NO-BREAK SPACE}mm\N{NO-BREAK SPACE}around", number=piece.circumference)
    ]
    scales = [f"US {us}" if us else "", f"UK {uk}" if uk else ""]
    words += [scale.replace(" ", "\N{NO-BREAK SPACE}") for scale in scales]
    return joined(words, "; ")


def measures_line(piece: jewelry.Piece) -> str:
    """The outer measures: "height 24.1 mm, width 20 mm"."""
    return listed(
        say("%(name)s %(number)s mm", name=term(name, "measure"), number=value)
        for name, value in piece.measures
    )


def struck(piece: jewelry.Piece) -> tuple[Struck, ...]:
    """The marks in the outlines they are struck in: a shield, an oval for gold, cut corners."""
    golds = {str(part.fineness) for part in piece.parts if part.element == "gold"}
    return tuple(Struck(mark.text, _outline(mark, golds)) for mark in piece.marks)


def _outline(mark: jewelry.Mark, golds: set[str]) -> str:
    if mark.kind == "sponsor":
        return "shield"
    if mark.kind == "fineness":
        return "oval" if mark.text in golds else "octagon"
    return "square"


def _weight(piece: jewelry.Piece) -> Fact:
    how = say("Any jewelry scale. More than 0.05\N{NO-BREAK SPACE}g off: ask why.")
    grams = say("%(number)s\N{NO-BREAK SPACE}g", number=piece.mass)
    return Fact("weight", say("Weight"), grams, how)


def _metals(piece: jewelry.Piece) -> Fact | None:
    line = jewelry_words.metals_line(piece)
    how = say("The figures are parts of pure metal in a thousand; marks repeat them.")
    return Fact("ring", say("Metal"), capital(line), how) if line else None


def _coating(part: jewelry.Part) -> Fact | None:
    if part.coating is None:
        return None
    thin = say("It wears at the edges first. A jeweler can measure how thick it is.")
    heading = say("Coating of the %(part)s", part=term(part.name or part.ident, "part"))
    return Fact("ring", heading, capital(jewelry_words.coating_words(part)), thin)


def _marks(piece: jewelry.Piece) -> Fact | None:
    if not piece.marks:
        return None
    heading = say("Marks inside the band") if piece.kind == "ring" else say("Marks")
    places = dict.fromkeys(mark.place.rstrip(".") for mark in piece.marks if mark.place)
    where = joined((term(place, "place") for place in places), "; ")
    here = say("They stand here: %(places)s.", places=where) if where else ""
    how = joined([say("With a loupe."), here])
    return Fact("marks", heading, how=how, marks=struck(piece))


def _stone(stone: jewelry.Stone) -> Fact:
    if stone.count == 1:
        heading = capital(say("the %(stone)s", stone=jewelry_words.name_of(stone)))
    else:
        heading = say("%(count)s stones alike", count=stone.count)
    told = [
        say("%(shape)s cut", shape=term(stone.shape, "shape")) if stone.shape else "",
        "" if stone.count == 1 else say("Count them"),
        jewelry_words.sizes_line(stone),
        "" if stone.treatment != ("none-known",) else say("No treatment known"),
        jewelry_words.grade_line(stone),
        stone.note,
    ]
    how = joined(sentence(words) for words in told if words)
    return Fact("stone", heading, capital(jewelry_words.stone_line(stone)), how)


def _reports(stone: jewelry.Stone) -> list[Fact]:
    heading = say("Report on the %(stone)s", stone=jewelry_words.name_of(stone))
    how = say("Ask the laboratory about this number, and compare the stone with its answer.")
    return [
        Fact("stone", heading, capital(jewelry_words.report_line(report)), how)
        for report in stone.reports
    ]


def _number(piece: jewelry.Piece) -> Fact | None:
    if piece.edition.kind != "numbered":
        return None
    engraved = next((mark.text for mark in piece.marks if mark.kind == "edition"), "")
    how = (
        say("It is marked %(mark)s.", mark=engraved)
        if engraved
        else say("Its card carries the same number.")
    )
    return Fact("edition", say("Edition"), edition_line(piece.edition), how)


def _size(piece: jewelry.Piece) -> Fact | None:
    line = size_line(piece)
    how = say("A ring stick shows it. A ring can be made larger or smaller.")
    return Fact("ring", say("Size"), line, how) if line else None


def _measures(piece: jewelry.Piece) -> Fact | None:
    line = measures_line(piece)
    return (
        Fact("scratch", say("Measures"), capital(line), say("A ruler will do.")) if line else None
    )
