"""The words a piece is printed in, in the order the law asks for.

Metals: fineness directly before "gold", base metal before its coating, the heavier metal first
(rules G1, G2, G4). Stones: origin directly before the name, treatment after it (rules S1 to S5).
"""

import re
from collections import defaultdict
from decimal import Decimal
from typing import Final

from provenance.countries import NAMES
from provenance.jewelry import (
    KARATS,
    UNTREATED,
    Coating,
    Part,
    Piece,
    Report,
    Sourcing,
    Stone,
    plain,
)
from provenance.jewelry_rules import rules_of
from provenance.phrases import (
    and_so_on,
    capital,
    day_in_words,
    joined,
    listed,
    number_in_words,
    say,
    term,
)
from provenance.wording_data import is_filled, words_of

_PEARL: Final = re.compile(r"(?<!mother.of.)\bpearls?\b", re.IGNORECASE)
_PLURALS: Final = {"lapis lazuli": "lapis lazuli", "glass": "glass", "jade": "jade"}

# -- metals -------------------------------------------------------------------------------------


def metal_line(part: Part) -> str:
    """The metal of a part with its fineness directly before it, and its coating after it.

    >>> metal_line(Part("shank", "gold", 750, colour="yellow"))
    '18 ct (750) yellow gold'
    >>> metal_line(Part("head", "platinum", 950))
    'platinum 950'
    >>> gilt = Coating("gold", "electroplated", 750, Decimal("0.5"))
    >>> metal_line(Part("cup", "other", None, alloy="brass", coating=gilt))
    'brass, gold-plated with 0.5 µm of 18 ct (750) gold'
    """
    return listed([_bare_metal(part), coating_words(part)])


def coating_words(part: Part) -> str:
    """The coating of a part, or "": "vermeil" only where it is that (rule G2).

    >>> coating_words(Part("band", "gold", 750, coating=Coating("rhodium", "electroplated")))
    'rhodium-plated'
    """
    coating = part.coating
    if coating is None:
        return ""
    micrometres = coating.micrometres
    thick = "" if micrometres is None else say("%(number)s µm", number=micrometres)
    if coating.metal == "other":
        return listed([coating.note or say("coated"), thick])
    is_called_vermeil = coating.method == "vermeil" and is_vermeil(part)
    kind = term("vermeil" if is_called_vermeil else f"{coating.metal}-plated", "coating")
    metal = _of_fineness(coating)
    if not metal:
        return listed([kind, thick])
    if not thick:
        return say("%(coating)s with %(metal)s", coating=kind, metal=metal)
    return say("%(coating)s with %(thick)s of %(metal)s", coating=kind, thick=thick, metal=metal)


def is_vermeil(part: Part) -> bool:
    """Whether base, gold and thickness are those of vermeil, whatever it is called."""
    law, coating = rules_of().vermeil, part.coating
    return (
        coating is not None
        and coating.micrometres is not None
        and (part.element, coating.metal) == (law.base, law.coating)
        and (part.fineness or 0) >= law.base_fineness
        and (coating.fineness or 0) >= law.coating_fineness
        and coating.micrometres >= law.micrometres
    )


def metals_line(piece: Piece) -> str:
    """The metals of a piece, the heaviest first (rule G4).

    "18 ct (750) yellow gold and platinum 950". A metal in two alloys counts as one.
    """
    elements: dict[str, Decimal] = defaultdict(Decimal)
    lines: dict[str, Decimal] = defaultdict(Decimal)
    for part in piece.parts:
        elements[part.element] += part.mass or 0
        lines[metal_line(part)] += part.mass or 0
    element_of = {metal_line(part): part.element for part in piece.parts}
    ordered = sorted(lines, key=lambda line: (-elements[element_of[line]], -lines[line]))
    return and_so_on(ordered)


def gold_words(fineness: int | None) -> str:
    """Karat and fineness as they stand before "gold"; no karat where no whole one fits.

    >>> gold_words(585)
    '14 ct (585)'
    >>> gold_words(800)
    '800'
    """
    if fineness is None:
        return ""
    karat = KARATS.get(fineness)
    if karat is None:
        return f"{fineness}"
    return say("%(karat)s ct (%(fineness)s)", karat=karat, fineness=fineness)


def _bare_metal(part: Part) -> str:
    if part.element == "other":
        return term(part.alloy, "alloy") or say("metal")
    if part.element == "gold":
        return _gold(part.fineness, part.colour)
    floor = rules_of().floors.get(part.element)
    line = _other_than_gold(part.element, part.fineness)
    # Below its floor the law asks for the whole alloy beside the name (rule G3).
    is_low = floor is not None and (part.fineness or 0) < floor.with_fineness
    if is_low and part.alloy:
        return say("%(metal)s (%(alloy)s)", metal=line, alloy=part.alloy)
    return line


def _gold(fineness: int | None, colour: str) -> str:
    metal = term(f"{colour} gold".strip(), "metal")
    if fineness is None:
        return metal
    return say("%(fineness)s %(metal)s", fineness=gold_words(fineness), metal=metal)


def _other_than_gold(element: str, fineness: int | None) -> str:
    metal = term(element, "metal")
    if fineness is None:
        return metal
    return say("%(metal)s %(fineness)s", metal=metal, fineness=fineness)


def _of_fineness(coating: Coating) -> str:
    if coating.fineness is None:
        return ""
    if coating.metal == "gold":
        return _gold(coating.fineness, "")
    return _other_than_gold(coating.metal, coating.fineness)


# -- stones -------------------------------------------------------------------------------------


def stone_line(stone: Stone) -> str:
    """A stone as the law wants it said: origin before the name, treatment after the weight.

    >>> stone_line(Stone("corundum", "natural", ("heat",), "sapphire", 1, "oval", Decimal("1.52")))
    'natural sapphire 1.52 ct, heated'
    """
    head = stone_name(stone)
    weight = carat_words(stone)
    if stone.count == 1:
        head, weight = joined([head, weight]), ""
    is_unknown = stone.origin == "unknown" and not is_cultured(stone)
    origin = say("origin unknown") if is_unknown else ""
    treated = "" if stone.treatment == ("none-known",) else treatment_line(stone)
    return listed([head, weight, origin, treated])


def stone_name(stone: Stone) -> str:
    """Origin and name, in the plural with the number of stones when there are several.

    >>> stone_name(Stone("diamond", "laboratory-grown", ("none-known",), count=6))
    '6 laboratory-grown diamonds'
    >>> stone_name(Stone("corundum", "composite", ("lead-glass",), "ruby"))
    'composite of ruby and glass'
    """
    if filler := _filler(stone):
        return _composite(stone, filler)
    origin = rules_of().origins.get(stone.origin, stone.origin)
    line = _pearls(stone, origin) if is_pearl(stone) else _of_origin(stone, origin)
    if stone.count == 1:
        return line
    return say("%(count)s %(stones)s", count=stone.count, stones=line)


def name_of(stone: Stone) -> str:
    """What one such stone is called, without its origin."""
    return term((stone.variety or stone.species).strip(), "stone")


def _composite(stone: Stone, filler: str) -> str:
    name = name_of(stone)
    composite = say("composite of %(stone)s and %(filler)s", stone=name, filler=filler)
    if stone.count == 1:
        return composite
    return say("%(count)s stones, each a %(composite)s", count=stone.count, composite=composite)


def _of_origin(stone: Stone, origin: str) -> str:
    """Origin and name; in other languages both agree in number."""
    is_one = stone.count == 1
    name = (stone.variety or stone.species).strip()
    called = term(name, "stone") if is_one else term(plural_of(name), "stones")
    if not origin:
        return called
    said = term(origin, "origin" if is_one else "origin of several")
    return say("%(origin)s %(stone)s", origin=said, stone=called)


def is_pearl(stone: Stone) -> bool:
    """Whether it is a pearl; mother-of-pearl is none."""
    return bool(_PEARL.search(stone.species) or _PEARL.search(stone.variety))


def is_cultured(stone: Stone) -> bool:
    """Whether its origin or its name says that it is a cultured pearl."""
    return stone.origin == "cultured" or "cultured" in stone.variety.casefold().split()


def _pearls(stone: Stone, origin: str) -> str:
    """A pearl with its origin once, directly before "pearl" (rule S5)."""
    words, rules = (stone.variety or stone.species).split(), rules_of()
    stated = [word for word in words if word.casefold() in rules.pearl_words]
    kind = [word for word in words if word not in stated and not _PEARL.fullmatch(word)]
    pearl = _spaced([origin or " ".join(stated).lower(), "pearl"])
    called = term(pearl, "stone") if stone.count == 1 else term(plural_of(pearl), "stones")
    if not kind:
        return called
    return say("%(kind)s %(pearl)s", kind=term(" ".join(kind), "pearl"), pearl=called)


def _filler(stone: Stone) -> str:
    """What a composite is filled with; "" for a stone that is not filled (rule S4)."""
    if not is_filled(stone.treatment, words_of()):
        return ""
    is_glass = any("glass" in each or "lead" in each for each in stone.treatment)
    return say("glass") if is_glass else say("a filler")


def carat_words(stone: Stone) -> str:
    """Its metric carats, of several stones the total called a total (rule S7), or ""."""
    total = total_carat(stone)
    if total is None:
        return ""
    if stone.count > 1:
        if stone.basis == "estimated":
            return say("about %(carats)s ct total", carats=total)
        return say("%(carats)s ct total", carats=total)
    if stone.basis == "estimated":
        return say("about %(carats)s ct", carats=total)
    return say("%(carats)s ct", carats=total)


def total_carat(stone: Stone) -> Decimal | None:
    """What its stones weigh together in metric carats; None when nobody weighed them."""
    if stone.carat_total is not None:
        return stone.carat_total
    return None if stone.carat is None else stone.carat * stone.count


def treatment_line(stone: Stone) -> str:
    """How it was treated, in words: "heated", "no treatment known"."""
    rules = rules_of()
    return listed(term(rules.treatment(each).says, "treatment") for each in stone.treatment)


def sizes_line(stone: Stone) -> str:
    """Length, width and depth: "7.6 × 6.1 × 3.9 mm", or ""."""
    if not stone.sizes:
        return ""
    return say("%(sizes)s mm", sizes=joined(map(number_in_words, stone.sizes), " × "))


def grade_line(stone: Stone) -> str:
    """Colour, clarity and cut grade and whose they are, or "" (rule S8)."""
    grades = listed(
        [
            say("colour %(grade)s", grade=stone.colour) if stone.colour else "",
            say("clarity %(grade)s", grade=stone.clarity) if stone.clarity else "",
            say("cut %(grade)s", grade=stone.cut_grade) if stone.cut_grade else "",
        ]
    )
    if not grades:
        return ""
    if stone.graded_by == "report" and stone.reports:
        return say("%(grades)s, as the report says", grades=grades)
    return say("%(grades)s, the maker’s opinion", grades=grades)


def stone_details(stone: Stone) -> tuple[str, ...]:
    """What stands below a stone's line: shape and cut, sizes, grades and whose, country, a note."""
    shaped = listed([word for word in (stone.shape, stone.cut and f"{stone.cut} cut") if word])
    country = f"from {NAMES.get(stone.country, stone.country)}" if stone.country else ""
    said = (shaped, sizes_line(stone), grade_line(stone), country, stone.note)
    return tuple(capital(each).rstrip(".") for each in said if each)


def report_line(report: Report) -> str:
    """A laboratory's report as a link to what it says.

    >>> from datetime import date
    >>> report_line(Report("EXAMPLE LAB", "0000000000", date(2026, 8, 3)))
    'EXAMPLE LAB report 0000000000, 3 August 2026; we did not check it'
    """
    day = day_in_words(report.date) if report.date else ""
    inscribed = say("its number is inscribed on the stone") if report.is_inscribed else ""
    named = say("%(lab)s report %(number)s", lab=report.lab, number=report.number)
    return say("%(report)s; we did not check it", report=listed([named, day, inscribed]))


def care_lines(piece: Piece) -> tuple[str, ...]:
    """The maker's care lines, then those the treatments of its stones ask for (rule S3)."""
    rules = rules_of()
    asked = [
        f"{capital(stone.variety or stone.species)}: {line}"
        for stone in piece.stones
        for line in _treatment_care(stone, [rules.treatment(t).care for t in stone.treatment])
    ]
    return tuple(dict.fromkeys((*piece.care, *asked)))


def _treatment_care(stone: Stone, usual: list[str]) -> list[str]:
    if UNTREATED.issuperset(stone.treatment):
        return []
    return [stone.treatment_care] if stone.treatment_care else [line for line in usual if line]


def plural_of(name: str) -> str:
    """An English noun of the trade in the plural.

    >>> plural_of("ruby")
    'rubies'
    """
    if name in _PLURALS:
        return _PLURALS[name]
    if name.endswith("y") and not name.endswith(("ay", "ey", "oy")):
        return f"{name[:-1]}ies"
    if name.endswith(("x", "z", "ch", "sh")):
        return f"{name}es"
    return name if name.endswith("s") else f"{name}s"


# -- the whole piece ----------------------------------------------------------------------------


def printed_line(piece: Piece) -> str:
    """The one line of a card: kind, metals by mass, weight, stones.

    "Ring, 18 ct (750) yellow gold and platinum 950, 6.81 g; natural sapphire 1.52 ct, heated."
    """
    head = f"{piece.kind.capitalize()}, {metals_line(piece)}, {plain(piece.mass)} g"
    return "; ".join([head, *(stone_line(stone) for stone in piece.stones)]) + "."


def sourcing_line(claim: Sourcing, piece: Piece) -> str:
    """A claim of origin with all that carries it, and the supplier's words as his (rule P1)."""
    scope = rules_of().scopes.get(claim.scope, claim.scope)
    said = (
        f"{capital(claim.kind)}, {_about(claim.about, piece)}: {claim.scheme} ({scope}), "
        f"{claim.document}, valid until {claim.expires.isoformat()}."
    )
    return f"{said} The supplier writes: “{claim.statement}”" if claim.statement else said


def _about(ident: str, piece: Piece) -> str:
    for number, stone in enumerate(piece.stones, 1):
        if ident == f"s{number}":
            return stone_name(stone)
    for part in piece.parts:
        if part.ident == ident:
            return f"{part.name or part.ident}, {metal_line(part)}"
    return "the piece"


def _spaced(words: list[str]) -> str:
    return " ".join(word for word in words if word)
