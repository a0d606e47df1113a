"""What a person can hold against the record: weight, marks, stones, number and size, in words."""

from dataclasses import dataclass

from provenance import jewelry


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
            _marks(piece),
            *(_stone(stone) for stone in piece.stones),
            _number(piece),
            _size(piece),
            _measures(piece),
        )
        if fact
    )


def metals_line(piece: jewelry.Piece) -> str:
    """The metals of a piece, the heaviest first: "18 ct (750) yellow gold and platinum 950"."""
    by_mass = sorted(piece.parts, key=lambda part: -(part.mass or 0))
    return " and ".join(dict.fromkeys(jewelry.metal_line(part) for part in by_mass))


def edition_line(edition: jewelry.Edition) -> str:
    """The edition as a page says it.

    >>> edition_line(jewelry.Edition("numbered", 3, 12))
    'Number 3 of 12'
    """
    if edition.kind == "numbered":
        return f"Number {edition.number} of {edition.of}"
    return "One of one" if edition.kind == "one-of-one" else "Open edition"


def size_line(piece: jewelry.Piece) -> str:
    """A ring's size: "54.4 mm around; US 7; UK N 1/2", or "" for a piece without one.

    A size never breaks at the end of a line: its spaces are no-break spaces.
    """
    if piece.circumference is None:
        return ""
    us, uk = jewelry.ring_sizes(piece.circumference)
    words = [f"{jewelry.plain(piece.circumference)} mm around"]
    words += [f"US {us}"] if us else []
    words += [f"UK {uk}"] if uk else []
    return "; ".join(word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)


def measures_line(piece: jewelry.Piece) -> str:
    """The outer measures: "height 24.1 mm, width 20 mm"."""
    return ", ".join(f"{name} {jewelry.plain(value)} mm" for name, value in piece.measures)


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
    how = "Any jewelry scale. More than 0.05 g off: ask why."
    return Fact("weight", "Weight", f"{jewelry.plain(piece.mass)} g", how)


def _metals(piece: jewelry.Piece) -> Fact | None:
    line = metals_line(piece)
    how = "The figures are parts of pure metal in a thousand; marks repeat them."
    return Fact("ring", "Metal", _sentence_case(line), how) if line else None


def _marks(piece: jewelry.Piece) -> Fact | None:
    if not piece.marks:
        return None
    inside = " inside the band" if piece.kind == "ring" else ""
    places = dict.fromkeys(mark.place.rstrip(".") for mark in piece.marks if mark.place)
    where = f" They stand here: {'; '.join(places)}." if places else ""
    return Fact("marks", f"Marks{inside}", how=f"With a loupe.{where}", marks=struck(piece))


def _stone(stone: jewelry.Stone) -> Fact:
    name = stone.variety or stone.species
    heading = f"The {name}" if stone.count == 1 else f"{stone.count} stones alike"
    cut = f"{_sentence_case(stone.shape)} cut." if stone.shape else ""
    count = "" if stone.count == 1 else "Count them."
    note = f"{stone.note.rstrip('.')}." if stone.note else ""
    how = " ".join(word for word in (cut, count, note) if word)
    return Fact("stone", heading, _sentence_case(jewelry.stone_line(stone)), how)


def _number(piece: jewelry.Piece) -> Fact | None:
    if piece.edition.kind != "numbered":
        return None
    engraved = next((mark.text for mark in piece.marks if mark.kind == "edition"), "")
    how = f"It is marked {engraved}." if engraved else "Its card carries the same number."
    return Fact("edition", "Edition", edition_line(piece.edition), how)


def _size(piece: jewelry.Piece) -> Fact | None:
    line = size_line(piece)
    how = "A ring stick shows it. A ring can be made larger or smaller."
    return Fact("ring", "Size", line, how) if line else None


def _measures(piece: jewelry.Piece) -> Fact | None:
    line = measures_line(piece)
    return Fact("scratch", "Measures", _sentence_case(line), "A ruler will do.") if line else None


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
