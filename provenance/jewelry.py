"""What a piece of jewelry is: its facts, in which units, and why one cannot be signed yet.

Units: masses in grams, stones in metric carats (0.2 g exactly, 16 CFR 23.18 note), measures in
millimetres, fineness in parts per thousand (ISO 9202). Unit codes are UN/ECE Recommendation 20.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

CARAT_IN_GRAMS = Decimal("0.2")
# What is said of a stone that bears no treatment anyone knows of.
UNTREATED = frozenset({"none-known", "unknown"})
CAPTURED = frozenset({"digitalCapture", "computationalCapture"})

# A karat is a 24th part; these are the finenesses of trade and the karat of each (ISO 9202).
KARATS = {
    333: 8,
    375: 9,
    417: 10,
    585: 14,
    750: 18,
    833: 20,
    875: 21,
    916: 22,
    917: 22,
    990: 24,
    999: 24,
}
# Heavier than this, in grams, and a figure is more likely a slipped decimal point.
HEAVIEST = {
    "ring": 60,
    "earrings": 120,
    "pendant": 200,
    "necklace": 1000,
    "bracelet": 500,
    "cuff": 500,
    "brooch": 300,
    "cufflinks": 120,
    "piece": 10000,
}


@dataclass(frozen=True)
class Coating:
    """A layer over a part: `micrometres` thick, `fineness` in parts per thousand where it has one.

    `metal` is gold, silver, rhodium, ruthenium, palladium, platinum or other (then `note` names
    it); `method` how it was put on, such as "electroplated" or "vermeil".
    """

    metal: str
    method: str
    fineness: int | None = None
    micrometres: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Part:
    """One part in one metal; `mass` in grams or None when it was not weighed alone."""

    ident: str
    element: str
    fineness: int | None
    colour: str = ""
    alloy: str = ""
    mass: Decimal | None = None
    coating: Coating | None = None
    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class Report:
    """A laboratory's report on a stone: a link to what the laboratory says, not our verdict."""

    lab: str
    number: str
    date: datetime.date | None = None
    url: str = ""
    is_inscribed: bool = False


@dataclass(frozen=True)
class Stone:
    """A stone, or `count` alike; `carat` of each and `carat_total` of all in metric carats.

    `sizes` are length, width and depth in millimetres. `colour`, `clarity` and `cut_grade` are
    grades; `graded_by` says whose: "report" or "maker".
    """

    species: str
    origin: str
    treatment: tuple[str, ...]
    variety: str = ""
    count: int = 1
    shape: str = ""
    carat: Decimal | None = None
    basis: str = "measured"
    note: str = ""
    cut: str = ""
    carat_total: Decimal | None = None
    sizes: tuple[Decimal, ...] = ()
    colour: str = ""
    clarity: str = ""
    cut_grade: str = ""
    graded_by: str = ""
    country: str = ""
    treatment_care: str = ""
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True)
class Mark:
    kind: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Photograph:
    """`sha256` (64 hex digits) of the largest rendition, as it is served."""

    role: str
    sha256: str
    width: int
    height: int
    source: str


@dataclass(frozen=True)
class Edition:
    kind: str
    number: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Sourcing:
    """A claim about where something comes from, with the document that carries it (rule P1).

    `kind` is recycled, fair, conflict-free or origin; `about` the id of a part or stone, or
    "piece"; `scope` whether the scheme covers the business or the product; `statement` is the
    supplier's own wording, quoted as his.
    """

    kind: str
    about: str
    scheme: str
    scope: str
    document: str
    expires: datetime.date
    statement: str = ""


@dataclass(frozen=True)
class Piece:
    """The facts a maker states about one piece; `markets`: ISO 3166 codes of where it is sold."""

    title: str
    kind: str
    year: int
    mass: Decimal
    edition: Edition
    parts: tuple[Part, ...]
    stones: tuple[Stone, ...] = ()
    marks: tuple[Mark, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    circumference: Decimal | None = None
    measures: tuple[tuple[str, Decimal], ...] = ()
    care: tuple[str, ...] = ()
    description: str = ""
    sku: str = ""
    collection: str = ""
    year_to: int | None = None
    gtin: str = ""
    serial: str = ""
    keywords: tuple[str, ...] = ()
    warranty: str = ""
    markets: tuple[str, ...] = ()
    hallmark_exemption: str = ""
    sourcing: tuple[Sourcing, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Why a piece cannot be signed yet; `path` names the field, as in "parts.0.fineness".

    `rule` is the id of the rule in the policy, such as "G2"; "" where none has a number.
    """

    path: str
    code: str
    sentence: str
    rule: str = ""


def plain(number: Decimal) -> str:
    """A decimal as it is written, without exponent: Decimal("6.810") -> "6.81".

    >>> plain(Decimal("6.810"))
    '6.81'
    """
    text = format(number.normalize(), "f")
    return "0" if text in {"-0", ""} else text


def with_article(noun: str) -> str:
    if noun in {"earrings", "cufflinks"}:
        return f"a pair of {noun}"
    return f"a {noun}"


def heaviness(kind: str, mass: Decimal) -> str:
    """The sentence for a weight that looks like a slipped decimal point, or ""."""
    guess = likely_mass(kind, mass)
    if guess == mass:
        return ""
    return f"{plain(mass)} g is heavy for {with_article(kind)}. Did you mean {plain(guess)} g?"


def likely_mass(kind: str, mass: Decimal) -> Decimal:
    """The weight in grams that was probably meant: the decimal point moved until it is plausible.

    >>> likely_mass("ring", Decimal(681))
    Decimal('6.81')
    """
    limit = Decimal(HEAVIEST.get(kind, HEAVIEST["piece"]))
    guess = mass
    while guess > limit:
        guess /= 10
    return guess
