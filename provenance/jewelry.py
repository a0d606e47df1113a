"""What a piece of jewelry is: its facts, the laws they keep, and the words they are printed in.

Units: masses in grams, stones in metric carats (0.2 g exactly, 16 CFR 23.18 note), measures in
millimetres, fineness in parts per thousand (ISO 9202). Unit codes are UN/ECE Recommendation 20.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CARAT_IN_GRAMS = Decimal("0.2")
CAPTURED = frozenset({"digitalCapture", "computationalCapture"})

# A karat is a 24th part; these are the finenesses of trade and the karat of each (ISO 9202).
KARATS = {375: 9, 417: 10, 585: 14, 750: 18, 916: 22, 917: 22, 990: 24, 999: 24}
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
class Part:
    """One part in one metal; `mass` in grams or None when it was not weighed alone."""

    ident: str
    element: str
    fineness: int | None
    colour: str = ""
    alloy: str = ""
    mass: Decimal | None = None
    coating: str = ""


@dataclass(frozen=True)
class Stone:
    """A stone, or `count` alike; `carat` of each in metric carats."""

    species: str
    origin: str
    treatment: tuple[str, ...]
    variety: str = ""
    count: int = 1
    shape: str = ""
    carat: Decimal | None = None
    basis: str = "measured"
    note: str = ""


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
class Piece:
    """The facts a maker states about one piece."""

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


@dataclass(frozen=True)
class Problem:
    """Why a piece cannot be signed yet; `path` names the field, as in "parts.0.fineness"."""

    path: str
    code: str
    sentence: str


# -- laws ---------------------------------------------------------------------------------------


def problems_of(
    piece: Piece, *, year_now: int, admits_computer_images: bool
) -> tuple[Problem, ...]:
    """Every law of the data model this piece breaks; empty when it may be signed."""
    found = [
        *_mass_problems(piece),
        *_part_problems(piece),
        *_stone_problems(piece),
        *_photograph_problems(piece, admits_computer_images=admits_computer_images),
    ]
    if piece.year > year_now:
        found.append(Problem("year", "year_in_future", "The year lies in the future."))
    return tuple(found)


def _mass_problems(piece: Piece) -> list[Problem]:
    heavy = heaviness(piece.kind, piece.mass)
    if heavy:
        return [Problem("mass", "mass_implausible", heavy)]
    weighed = [part.mass for part in piece.parts]
    if not weighed or None in weighed:
        return []
    stones = sum((s.carat * s.count for s in piece.stones if s.carat), Decimal(0))
    total = sum((m for m in weighed if m), Decimal(0)) + stones * CARAT_IN_GRAMS
    tolerance = max(Decimal("0.05"), piece.mass / 100)
    if abs(total - piece.mass) <= tolerance:
        return []
    sentence = (
        f"The parts and stones weigh {plain(total)} g together, the piece {plain(piece.mass)} g. "
        "Weigh again, or leave a part’s weight empty."
    )
    return [Problem("mass", "mass_does_not_add_up", sentence)]


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


def _part_problems(piece: Piece) -> list[Problem]:
    if not piece.parts:
        return [Problem("parts", "metal_missing", "Say at least one metal and its fineness.")]
    return [
        Problem(
            f"parts.{n}.fineness",
            "fineness_missing",
            "Fineness is missing: parts per thousand, such as 750 for 18 ct.",
        )
        for n, part in enumerate(piece.parts)
        if part.element != "other" and not part.fineness
    ]


def _stone_problems(piece: Piece) -> list[Problem]:
    return [
        Problem(
            f"stones.{n}.treatment",
            "treatment_missing",
            "Say how the stone was treated: none known, unknown, or which treatment.",
        )
        for n, stone in enumerate(piece.stones)
        if not stone.treatment
    ]


def _photograph_problems(piece: Piece, *, admits_computer_images: bool) -> list[Problem]:
    usable = [p for p in piece.photographs if admits_computer_images or p.source in CAPTURED]
    if len(usable) < 2:
        return [
            Problem("photographs", "photographs_missing", "Two photographs at least are needed.")
        ]
    # Drawn pictures have no true scale to show, so a demonstration is not asked for one.
    if not admits_computer_images and not any(p.role == "scale" for p in usable):
        sentence = "One photograph must show a scale, such as a ruler or a coin."
        return [Problem("photographs", "scale_missing", sentence)]
    return []


# -- words --------------------------------------------------------------------------------------


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


def metal_line(part: Part) -> str:
    """The metal of a part with its fineness directly before it (16 CFR 23.3(b)).

    >>> metal_line(Part("shank", "gold", 750, colour="yellow"))
    '18 ct (750) yellow gold'
    >>> metal_line(Part("head", "platinum", 950))
    'platinum 950'
    """
    if part.element == "other":
        line = part.alloy or "metal"
    elif part.element == "gold":
        karat = KARATS.get(part.fineness or 0)
        fineness = f"{karat} ct ({part.fineness})" if karat else f"{part.fineness}"
        line = " ".join(word for word in (fineness, part.colour, "gold") if word)
    else:
        line = f"{part.element} {part.fineness}"
    return f"{line}, {part.coating}" if part.coating else line


def stone_line(stone: Stone) -> str:
    """A stone as the law wants it said: origin before the name, treatment after the weight.

    >>> stone_line(Stone("corundum", "natural", ("heat",), "sapphire", 1, "oval", Decimal("1.52")))
    'natural sapphire, 1.52 ct, heated'
    """
    name = stone.variety or stone.species
    origin = "" if stone.origin == "unknown" else stone.origin
    head = " ".join(word for word in (origin, name) if word)
    if stone.count > 1:
        head = f"{stone.count} {' '.join(w for w in (origin, _plural(name)) if w)}"
    words = [head]
    if stone.carat:
        each = plain(stone.carat * stone.count)
        about = "about " if stone.basis == "estimated" else ""
        words.append(f"{about}{each} ct{' total' if stone.count > 1 else ''}")
    if stone.origin == "unknown":
        words.append("origin unknown")
    words.append(_treatment_words(stone.treatment))
    return ", ".join(word for word in words if word)


def _plural(name: str) -> str:
    if name.endswith("y") and not name.endswith(("ay", "ey", "oy")):
        return f"{name[:-1]}ies"
    return name if name.endswith("s") else f"{name}s"


def _treatment_words(treatment: tuple[str, ...]) -> str:
    words = {"heat": "heated", "none-known": "no treatment known", "unknown": "treatment unknown"}
    return ", ".join(words.get(each, each) for each in treatment)


def ring_sizes(circumference: Decimal) -> tuple[str, str]:
    """US and UK size nearest to an inner circumference in millimetres (ISO 8653).

    US: 36.5 mm at size 0, 2.55 mm a size. UK: 37.8 mm at A, 1.25 mm a letter; both to half sizes.

    >>> ring_sizes(Decimal("54.4"))
    ('7', 'N 1/2')
    """
    us = _halves((circumference - Decimal("36.537")) / Decimal("2.5535"))
    uk = _halves((circumference - Decimal("37.825")) / Decimal("1.25"))
    return plain(us) if us >= 0 else "", _uk_letter(uk)


def _halves(value: Decimal) -> Decimal:
    return (value * 2).quantize(Decimal(1), rounding=ROUND_HALF_UP) / 2


def _uk_letter(size: Decimal) -> str:
    whole = int(size // 1)
    if not 0 <= whole <= 25:
        return ""
    half = " 1/2" if size % 1 else ""
    return f"{chr(ord('A') + whole)}{half}"


def printed_line(piece: Piece) -> str:
    """The one line of a card: kind, metals by mass, weight, stones.

    "Ring, 18 ct (750) yellow gold and platinum 950, 6.81 g; natural sapphire, 1.52 ct, heated."
    """
    by_mass = sorted(piece.parts, key=lambda part: -(part.mass or Decimal(0)))
    metals = list(dict.fromkeys(metal_line(part) for part in by_mass))
    head = f"{piece.kind.capitalize()}, {' and '.join(metals)}, {plain(piece.mass)} g"
    return "; ".join([head, *(stone_line(stone) for stone in piece.stones)]) + "."
