"""Metal words in a text: rules G1 to G3, karat and fineness where the law wants them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from provenance.jewelry import KARATS
from provenance.jewelry_rules import rules_of
from provenance.letters import Folded
from provenance.wording_data import MetalFact, Words, compiled, mapping

_AROUND = 28
_KARAT = r"(\d{1,2})[\W_]{0,2}(?:karats?|carats?|karat|carati|kt|ct|k)"
_FINENESS = r"(?<![\d.,])(\d{3})(?:[.,]\d)?(?:er)?(?:[\W_]{0,2}(?:/ ?1000|‰))?"
# Languages in which the fineness may follow the name: "Gold 750", "oro 18 kt".
_NAME_FIRST: Final = frozenset({"de", "fr", "it"})


def find_metal_words(
    folded: Folded, *, metals: Sequence[MetalFact], words: Words, language: str | None
) -> Iterator[tuple[int, int, str, str, str]]:
    """Each refused metal word: start and end in folded text, rule, why, best wording."""
    texts = mapping(words.section("metal_rules"))
    for element, patterns in words.section("metals").items():
        spoken = mapping(patterns)
        pattern = compiled(list(spoken.values()))
        for match in pattern.finditer(folded.text):
            name_first = language in _NAME_FIRST or _is_foreign(match.group(), spoken)
            finding = _judge(element, match, metals, texts, name_first)
            if finding:
                yield (match.start(), match.end(), *finding)
    yield from _vermeil(folded, metals, texts)


def _is_foreign(word: str, spoken: dict[str, str]) -> bool:
    return re.fullmatch(spoken["en"], word) is None


def _judge(
    element: str,
    match: re.Match[str],
    metals: Sequence[MetalFact],
    texts: dict[str, str],
    name_first: bool,
) -> tuple[str, str, str] | None:
    after = match.string[match.end() : match.end() + _AROUND]
    if re.match(texts["coated"], after) or _is_coat(match, texts["plated"]):
        return None
    stated = _stated(match, texts["colours"], name_first)
    if element == "gold":
        return _judge_gold(stated, metals, texts)
    return _judge_white(element, match.group(), stated, metals, texts)


def _is_coat(match: re.Match[str], plated: str) -> bool:
    """Whether the metal's name ends a word for a coat: "placcato oro", "doré à l'or"."""
    start = max(0, match.start() - _AROUND)
    coats = compiled([plated]).finditer(match.string, start, match.end())
    return any(coat.end() == match.end() for coat in coats)


def _judge_gold(
    stated: int | None, metals: Sequence[MetalFact], texts: dict[str, str]
) -> tuple[str, str, str] | None:
    golds = [metal for metal in metals if metal.element == "gold"]
    coated = [metal for metal in metals if metal.coating]
    if metals and not golds and coated:
        return "G2", texts["G2.coated"], f"{coated[0].element}, {coated[0].coating}"
    best = _gold_words(golds[0].fineness if golds else None)
    if stated is None:
        fine = rules_of().floors["gold"].unqualified
        is_fine = bool(golds) and all((gold.fineness or 0) >= fine for gold in golds)
        return None if is_fine else ("G1", texts["G1"], best)
    if metals and not any(_is_same(stated, gold.fineness) for gold in golds):
        return "G1", texts["G1.other"], best
    return None


def _judge_white(
    element: str,
    word: str,
    stated: int | None,
    metals: Sequence[MetalFact],
    texts: dict[str, str],
) -> tuple[str, str, str] | None:
    found = [metal.fineness or 0 for metal in metals if metal.element == element]
    least = rules_of().floors[element].unqualified
    if not found or max(found) >= least:
        return None
    # "Sterling" is a fineness in itself: a number beside it does not save it.
    if stated in found and "sterling" not in word:
        return None
    return "G3", texts["G3"], f"{element} {max(found)}"


def _vermeil(
    folded: Folded, metals: Sequence[MetalFact], texts: dict[str, str]
) -> Iterator[tuple[int, int, str, str, str]]:
    if any(map(_is_vermeil, metals)):
        return
    for match in compiled([texts["vermeil"]]).finditer(folded.text):
        yield match.start(), match.end(), "G2", texts["G2"], "gold-plated, with base and thickness"


def _is_vermeil(metal: MetalFact) -> bool:
    law = rules_of().vermeil
    return (
        metal.element == law.base
        and (metal.fineness or 0) >= law.base_fineness
        and (metal.coating_fineness or 0) >= law.coating_fineness
        and metal.coating_microns is not None
        and metal.coating_microns.is_finite()
        and metal.coating_microns >= law.micrometres
    )


def _stated(match: re.Match[str], colours: str, name_first: bool) -> int | None:
    """The fineness beside a metal's name, a karat as its parts per thousand; None without one."""
    before = match.string[max(0, match.start() - _AROUND) : match.start()]
    colour = rf"(?:[\W_]{{0,3}}(?:{colours}))*[\W_]{{0,3}}"
    bracket = r"(?:[\W_]{0,2}\(?\d{3}\)?)?"
    if found := re.search(rf"(?<!\d)(?:{_KARAT}{bracket}|{_FINENESS}){colour}$", before):
        return _parts(found)
    after = match.string[match.end() : match.end() + _AROUND]
    if name_first and (found := re.match(rf"{colour}(?:{_KARAT}|{_FINENESS})\b", after)):
        return _parts(found)
    # Outside gold the number may follow in every language: "platinum 900", "silver 800".
    if found := re.match(rf"[\W_]{{0,3}}{_FINENESS}\b", after):
        return None if match.group() in {"gold"} else _parts(found)
    return None


def _parts(found: re.Match[str]) -> int:
    groups = [group for group in found.groups() if group]
    number = int(groups[0])
    return next((ppt for ppt, karat in KARATS.items() if karat == number), number)


def _is_same(stated: int, fineness: int | None) -> bool:
    return fineness is not None and KARATS.get(stated, stated) == KARATS.get(fineness, fineness)


def _gold_words(fineness: int | None) -> str:
    if fineness is None:
        return "the metal and its fineness"
    karat = KARATS.get(fineness)
    return f"{karat} ct ({fineness}) gold" if karat else f"{fineness} gold"
