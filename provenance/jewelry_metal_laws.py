"""The laws of metals: fineness, coatings, order and hallmarks (rules G1 to G5)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from provenance.jewelry import CARAT_IN_GRAMS, Coating, Part, Piece, Problem, plain
from provenance.jewelry_rules import HallmarkLimit, JewelryRules
from provenance.jewelry_words import is_vermeil, metal_line, total_carat
from provenance.letters import fold
from provenance.wording import lint
from provenance.wording_data import MetalFact

_RULES_OF_METAL: Final = frozenset({"G1", "G2", "G3"})
_STONE_NAME: Final = re.compile(r"s\d+", re.ASCII)


def metal_problems(
    piece: Piece, rules: JewelryRules, *, shown: frozenset[str]
) -> Iterator[Problem]:
    """Every law of metals this piece breaks; `shown` are the roles of its usable photographs."""
    if not piece.parts:
        yield Problem("parts", "metal_missing", "Say at least one metal and its fineness.")
    for number, part in enumerate(piece.parts):
        path = f"parts.{number}"
        yield from _name_problems(part, path, [each.ident for each in piece.parts[:number]])
        for problem in _problems_of(part, rules):
            yield replace(problem, path=f"{path}{problem.path}")
    yield from _order_problems(piece, rules)
    if rules.hallmark.market in piece.markets and not piece.hallmark_exemption.strip():
        yield from _hallmark_problems(piece, rules, shown)


# The pieces of a season have parts alike; what a part is made of is judged by itself.
@lru_cache(maxsize=1024)
def _problems_of(part: Part, rules: JewelryRules) -> tuple[Problem, ...]:
    path = ""
    return (
        *_fineness_problems(part, path, rules),
        *_floor_problems(part, path, rules),
        *_word_problems(part, path, rules),
        *(_coating_problems(part, part.coating, ".coating", rules) if part.coating else ()),
    )


def _name_problems(part: Part, path: str, before: list[str]) -> Iterator[Problem]:
    # Claims of origin and making steps name parts, stones (s1, s2) and the whole by such words.
    if part.ident == "piece" or _STONE_NAME.fullmatch(part.ident):
        sentence = f"A part cannot be called “{part.ident}”: that names something else."
        yield Problem(f"{path}.ident", "part_name_taken", sentence)
    if part.ident in before:
        sentence = f"Two parts are called “{part.ident}”. Give each its own name."
        yield Problem(f"{path}.ident", "part_name_taken", sentence)


# -- fineness -----------------------------------------------------------------------------------


def _fineness_problems(part: Part, path: str, rules: JewelryRules) -> Iterator[Problem]:
    if part.element == "other":
        return
    if part.element not in rules.floors:
        sentence = f"“{part.element}” is not on the list of metals. Choose “other” and name it."
        yield Problem(f"{path}.element", "metal_unknown", sentence)
        return
    rule = "G1" if part.element == "gold" else "G3"
    if not part.fineness:
        sentence = "Fineness is missing: parts per thousand, such as 750 for 18 ct."
        yield Problem(f"{path}.fineness", "fineness_missing", sentence, rule)
    elif not 1 <= part.fineness <= 999:
        sentence = f"Fineness is parts in a thousand, from 1 to 999; {part.fineness} is not."
        yield Problem(f"{path}.fineness", "fineness_out_of_range", sentence, rule)


def _floor_problems(part: Part, path: str, rules: JewelryRules) -> Iterator[Problem]:
    floor = rules.floors.get(part.element)
    if floor is None or not part.fineness or part.fineness >= floor.with_fineness:
        return
    if part.fineness < floor.named:
        sentence = (
            f"Less than {floor.named} parts in a thousand are {part.element}, so it is not "
            f"called {part.element}. Choose “other” and name the alloy."
        )
        yield Problem(f"{path}.element", "too_little_of_the_metal", sentence, "G3")
    elif not part.alloy.strip():
        sentence = (
            f"Below {floor.with_fineness} say the whole alloy of the {part.element}, "
            "such as “600 platinum, 350 iridium, 50 copper”."
        )
        yield Problem(f"{path}.alloy", "alloy_missing", sentence, "G3")


def _word_problems(part: Part, path: str, rules: JewelryRules) -> Iterator[Problem]:
    """Metal words in the names of a part that say more than its fineness carries."""
    if part.element == "other" and not part.alloy.strip():
        sentence = "Name the metal, such as brass. A coated part is named by its base metal."
        yield Problem(f"{path}.alloy", "base_metal_missing", sentence, "G2")
    elif part.element == "other" and (word := rules.precious_words.search(fold(part.alloy).text)):
        sentence = (
            f"“{word.group()}” is a precious metal: choose it and say its fineness. "
            "If it is only a coating, name the metal below it and enter the coating."
        )
        yield Problem(f"{path}.alloy", "precious_metal_as_other", sentence, "G1")
        return
    fact = MetalFact(part.element, part.fineness)
    for field, text in (("name", part.name), ("role", part.role), ("colour", part.colour)):
        for found in lint(text, granted=(), metals=(fact,), language="en") if text else ():
            if found.rule in _RULES_OF_METAL and not _is_vermeil_word(found.word, part):
                sentence = f"{found.why}. Allowed here: {metal_line(part)}."
                yield Problem(f"{path}.{field}", "metal_word_refused", sentence, found.rule)


def _is_vermeil_word(word: str, part: Part) -> bool:
    return word.casefold() == "vermeil" and is_vermeil(part)


# -- coatings -----------------------------------------------------------------------------------


def _coating_problems(
    part: Part, coating: Coating, path: str, rules: JewelryRules
) -> Iterator[Problem]:
    law = rules.coatings
    if coating.metal not in law.metals:
        sentence = f"“{coating.metal}” is not on the list of coatings. Choose “other” and name it."
        yield Problem(f"{path}.metal", "coating_unknown", sentence, "G2")
    if coating.metal == "other" and not coating.note.strip():
        yield Problem(f"{path}.note", "coating_unnamed", "Name the coating.", "G2")
    if coating.method not in law.methods:
        sentence = "Say how the coating was put on, such as electroplated."
        yield Problem(f"{path}.method", "coating_method_missing", sentence, "G2")
    yield from _coating_fineness(coating, path, rules)
    yield from _coating_thickness(coating, path, rules)
    if coating.method == "vermeil" and not is_vermeil(part):
        yield Problem(f"{path}.method", "vermeil_refused", _why_no_vermeil(part, rules), "G2")


def _coating_fineness(coating: Coating, path: str, rules: JewelryRules) -> Iterator[Problem]:
    law, path = rules.coatings, f"{path}.fineness"
    if coating.fineness is None:
        if coating.metal in law.with_fineness:
            sentence = "Say the fineness of the gold in the coating, such as 750 for 18 ct."
            yield Problem(path, "coating_fineness_missing", sentence, "G2")
    elif not 1 <= coating.fineness <= 999:
        sentence = f"Fineness is parts in a thousand, from 1 to 999; {coating.fineness} is not."
        yield Problem(path, "fineness_out_of_range", sentence, "G2")
    elif coating.metal == "gold" and coating.fineness < law.least_gold:
        sentence = (
            f"Gold of {coating.fineness} is too poor to be called gold plating; that begins at "
            f"{law.least_gold} (10 ct). Choose “other” and say what the coating is."
        )
        yield Problem(path, "coating_gold_too_poor", sentence, "G2")


def _coating_thickness(coating: Coating, path: str, rules: JewelryRules) -> Iterator[Problem]:
    law, path, thick = rules.coatings, f"{path}.micrometres", coating.micrometres
    if thick is None:
        if coating.metal in law.with_thickness:
            sentence = "Say how thick the gold is, in micrometres (µm)."
            yield Problem(path, "coating_thickness_missing", sentence, "G2")
    elif not 0 < thick <= law.thickest:
        sentence = (
            f"A coating of {plain(thick)} µm is not to be believed. "
            "One millimetre is 1000 micrometres."
        )
        yield Problem(path, "coating_thickness_implausible", sentence, "G2")


def _why_no_vermeil(part: Part, rules: JewelryRules) -> str:
    law = rules.vermeil
    return (
        f"Vermeil is silver of {law.base_fineness} or more under at least "
        f"{plain(law.micrometres)} µm of gold of {law.coating_fineness} (10 ct) or more. "
        f"Allowed here: {metal_line(part)}."
    )


# -- two metals, and the hallmark ---------------------------------------------------------------


def _order_problems(piece: Piece, rules: JewelryRules) -> Iterator[Problem]:
    precious = [(n, part) for n, part in enumerate(piece.parts) if part.element in rules.floors]
    if len({part.element for _, part in precious}) < 2:
        return
    for number, part in precious:
        if part.mass is None:
            sentence = (
                "Two precious metals are named with the heavier first: "
                "say what each of these parts weighs."
            )
            yield Problem(f"parts.{number}.mass", "part_not_weighed", sentence, "G4")


def _hallmark_problems(
    piece: Piece, rules: JewelryRules, shown: frozenset[str]
) -> Iterator[Problem]:
    for metal, limit in rules.hallmark.limits.items():
        if metal_mass(piece, metal) < limit.grams:
            continue
        yield from _below_hallmark(piece, metal, limit)
        missing = _missing_marks(piece, metal, rules)
        if rules.hallmark.photograph not in shown:
            missing.append("a photograph of the marks")
        if missing:
            sentence = (
                f"{plain(limit.grams)} g {metal} limit exceeded: to be sold in the UK it needs "
                f"{', '.join(missing)}; or say why it is exempt."
            )
            yield Problem("marks", "hallmark_missing", sentence, "G5")


def _below_hallmark(piece: Piece, metal: str, limit: HallmarkLimit) -> Iterator[Problem]:
    for number, part in enumerate(piece.parts):
        if part.element == metal and part.fineness and part.fineness < limit.least:
            sentence = f"The UK hallmarks {metal} from {limit.least} on; {part.fineness} is below."
            yield Problem(f"parts.{number}.fineness", "below_hallmark_fineness", sentence, "G5")


def _missing_marks(piece: Piece, metal: str, rules: JewelryRules) -> list[str]:
    asked = dict(rules.hallmark.marks)
    finenesses = {str(part.fineness) for part in piece.parts if part.element == metal}
    for mark in piece.marks:
        figures = re.findall(r"\d+", mark.text)
        if mark.kind != "fineness" or not finenesses.isdisjoint(figures):
            asked.pop(mark.kind, None)
    return list(asked.values())


def metal_mass(piece: Piece, metal: str) -> Decimal:
    """The most grams of a metal there can be: unweighed parts share what the others leave."""
    parts = [part for part in piece.parts if part.element == metal]
    weighed = sum((part.mass or Decimal(0) for part in parts), Decimal(0))
    if all(part.mass is not None for part in parts):
        return weighed
    others = sum((part.mass or Decimal(0) for part in piece.parts), Decimal(0))
    rest = piece.mass - others - stones_mass(piece)
    return weighed + max(rest, Decimal(0))


def stones_mass(piece: Piece) -> Decimal:
    """The grams of all stones whose carats are stated; a metric carat is 0.2 g exactly."""
    carats = (total_carat(stone) or Decimal(0) for stone in piece.stones)
    return sum(carats, Decimal(0)) * CARAT_IN_GRAMS
