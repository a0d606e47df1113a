"""The laws of stones: names, treatments, weights and grades (rules S1 to S8)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from provenance.countries import NAMES
from provenance.jewelry import CARAT_IN_GRAMS, UNTREATED, Piece, Problem, Stone, plain
from provenance.jewelry_rules import JewelryRules
from provenance.jewelry_words import is_pearl, stone_line, total_carat
from provenance.letters import fold
from provenance.wording import lint
from provenance.wording_data import LABORATORY, StoneFact, is_filled, words_of

_BASES: Final = ("measured", "estimated")
# Whose rules apply to a name, and whose to a free note beside it.
_NAME_RULES: Final = frozenset({"S1", "S6"})
_NOTE_RULES: Final = frozenset({"S1", "S6", "S8"})


def stone_problems(piece: Piece, rules: JewelryRules, *, today: date) -> Iterator[Problem]:
    """Every law of stones this piece breaks."""
    for number, stone in enumerate(piece.stones):
        for problem in _problems_of(stone, rules, today):
            yield replace(problem, path=f"stones.{number}{problem.path}")


# The pieces of a season have stones alike; a stone is judged by itself.
@lru_cache(maxsize=1024)
def _problems_of(stone: Stone, rules: JewelryRules, today: date) -> tuple[Problem, ...]:
    path = ""
    return (
        *_name_problems(stone, path, rules),
        *_text_problems(stone, path),
        *_pearl_problems(stone, path, rules),
        *_treatment_problems(stone, path),
        *_carat_problems(stone, path, rules),
        *_size_problems(stone, path, rules),
        *_grade_problems(stone, path, rules),
        *_report_problems(stone, path, today),
    )


# -- names --------------------------------------------------------------------------------------


def _name_problems(stone: Stone, path: str, rules: JewelryRules) -> Iterator[Problem]:
    if not stone.species.strip():
        yield Problem(f"{path}.species", "species_missing", "Say what stone it is.")
    if stone.origin not in rules.origins:
        sentence = "Say where the stone comes from, or that this is unknown."
        yield Problem(f"{path}.origin", "origin_missing", sentence, "S1")
    if stone.origin == "cultured" and not is_pearl(stone):
        sentence = f"Only a pearl is called cultured. Choose {LABORATORY}."
        yield Problem(f"{path}.origin", "cultured_is_for_pearls", sentence, "S1")
    if stone.country and stone.country not in NAMES:
        sentence = "A country is told by its two letters, such as LK."
        yield Problem(f"{path}.country", "country_unknown", sentence)
    for field, text in (("species", stone.species), ("variety", stone.variety)):
        yield from _origin_words(stone, f"{path}.{field}", text, rules)


def _origin_words(stone: Stone, path: str, text: str, rules: JewelryRules) -> Iterator[Problem]:
    for found in rules.origin_words.finditer(fold(text).text):
        if is_pearl(stone) and found.group() in rules.pearl_words:
            continue
        sentence = (
            f"“{found.group()}” does not belong in the name: the origin has its own field. "
            f"As it stands, the line reads “{stone_line(stone)}”."
        )
        yield Problem(path, "origin_in_name", sentence, "S1")
        return


def _text_problems(stone: Stone, path: str) -> Iterator[Problem]:
    """Names and notes that say of a stone what it is not, by the word lists of the policy."""
    name = stone.variety or stone.species
    yield from _refused(stone, f"{path}.species", stone.species, _NAME_RULES)
    yield from _refused(stone, f"{path}.variety", stone.variety, _NAME_RULES)
    if stone.colour and not any(_refused(stone, path, name, _NAME_RULES)):
        # An emerald graded "yellow" is a yellow emerald in two fields.
        coloured = f"{stone.colour} {name}"
        yield from _refused(stone, f"{path}.colour", coloured, _NAME_RULES)
    yield from _refused(stone, f"{path}.note", stone.note, _NOTE_RULES)
    yield from _refused(stone, f"{path}.cut", stone.cut, _NOTE_RULES)


def _refused(stone: Stone, path: str, text: str, rules: frozenset[str]) -> Iterator[Problem]:
    if not text:
        return
    for found in lint(text, granted=(), stones=(_fact(stone),), language="en"):
        if found.rule in rules:
            sentence = f"{found.why}. Allowed here: {found.best}."
            yield Problem(path, "stone_word_refused", sentence, found.rule)


def _fact(stone: Stone) -> StoneFact:
    return StoneFact(
        name=fold(stone.variety or stone.species).text,
        origin=stone.origin,
        treatments=stone.treatment,
        has_report=bool(stone.reports),
    )


def _pearl_problems(stone: Stone, path: str, rules: JewelryRules) -> Iterator[Problem]:
    if not is_pearl(stone):
        return
    is_said = any(word in rules.pearl_words for word in stone.variety.casefold().split())
    if stone.origin in {"natural", *rules.pearl_words} or (stone.origin == "unknown" and is_said):
        return
    sentence = (
        "Say whether the pearl is natural, cultured or an imitation; “pearl” alone says natural."
    )
    yield Problem(f"{path}.origin", "pearl_origin_missing", sentence, "S5")


# -- treatment ----------------------------------------------------------------------------------


def _treatment_problems(stone: Stone, path: str) -> Iterator[Problem]:
    path = f"{path}.treatment"
    if not stone.treatment:
        sentence = "Say how the stone was treated: none known, unknown, or which treatment."
        yield Problem(path, "treatment_missing", sentence, "S2")
    elif len(stone.treatment) > 1 and not UNTREATED.isdisjoint(stone.treatment):
        sentence = "A stone is treated, or no treatment is known, or it is unknown: choose one."
        yield Problem(path, "treatment_contradicts_itself", sentence, "S2")
    if is_filled(stone.treatment, words_of()) and stone.origin not in {"composite", "imitation"}:
        name = stone.variety or stone.species
        sentence = (
            f"A stone filled with glass is not called {name}: choose the origin composite. "
            f"Allowed here: {stone_line(stone)}."
        )
        yield Problem(f"{path.rpartition('.')[0]}.origin", "composite_not_said", sentence, "S4")


# -- weight and size ----------------------------------------------------------------------------


def _carat_problems(stone: Stone, path: str, rules: JewelryRules) -> Iterator[Problem]:
    if stone.count < 1:
        yield Problem(f"{path}.count", "count_not_positive", "Say how many stones there are.")
    if stone.basis not in _BASES:
        sentence = "Say whether the weight was measured or estimated."
        yield Problem(f"{path}.basis", "carat_basis_missing", sentence, "S7")
    weights = {"carat": stone.carat, "carat_total": stone.carat_total}
    for field, carat in weights.items():
        if carat is not None:
            yield from _weight_problems(carat, f"{path}.{field}", rules)
    if stone.carat is not None and stone.carat_total is not None:
        yield from _total_problems(stone, stone.carat, stone.carat_total, path, rules)


def _weight_problems(carat: Decimal, path: str, rules: JewelryRules) -> Iterator[Problem]:
    if carat <= 0:
        yield Problem(path, "carat_not_positive", "A stone weighs more than nothing.", "S7")
    elif carat > rules.plausible.heaviest_stone:
        sentence = f"{plain(carat)} ct are {plain(carat * CARAT_IN_GRAMS)} g. Weigh again."
        yield Problem(path, "carat_implausible", sentence, "S7")
    elif _decimals(carat) > (most := rules.carat_decimals[1]):
        sentence = f"A weight in carats is exact to its last digit: give {most} decimals at most."
        yield Problem(path, "carat_too_fine", sentence, "S7")


def _total_problems(
    stone: Stone, each: Decimal, total: Decimal, path: str, rules: JewelryRules
) -> Iterator[Problem]:
    """The total may differ from the sum by the half of each stone's last digit, and no more."""
    digits = max(_decimals(each), rules.carat_decimals[0])
    half = Decimal(1).scaleb(-digits) / 2
    if abs(total - each * stone.count) > half * stone.count:
        sentence = (
            f"{stone.count} stones of {plain(each)} ct weigh about {plain(each * stone.count)} ct "
            f"together, not {plain(total)} ct."
        )
        yield Problem(f"{path}.carat_total", "carat_total_disagrees", sentence, "S7")


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _size_problems(stone: Stone, path: str, rules: JewelryRules) -> Iterator[Problem]:
    path, longest = f"{path}.sizes", rules.plausible.longest_stone
    if len(stone.sizes) > 3:
        sentence = "Three sizes at most: length, width and depth."
        yield Problem(path, "stone_sizes_implausible", sentence)
    elif not all(0 < size <= longest for size in stone.sizes):
        sentence = f"A stone measures between 0 and {plain(longest)} mm."
        yield Problem(path, "stone_sizes_implausible", sentence)
    elif (dense := _density_in_its_box(stone)) is not None:
        low, high = rules.plausible.density_in_its_box
        if not low <= dense <= high:
            sentence = "Its sizes and its carats do not fit together. Look at both again."
            yield Problem(path, "stone_sizes_implausible", sentence)


def _density_in_its_box(stone: Stone) -> Decimal | None:
    """Grams for each cubic centimetre of the box around one stone; None where it is not known."""
    total = total_carat(stone)
    if len(stone.sizes) != 3 or not total or stone.count < 1:
        return None
    length, width, depth = stone.sizes
    return (total / stone.count * CARAT_IN_GRAMS) / (length * width * depth / 1000)


# -- grades and reports -------------------------------------------------------------------------


def _grade_problems(stone: Stone, path: str, rules: JewelryRules) -> Iterator[Problem]:
    grades = (stone.colour, stone.clarity, stone.cut_grade)
    if any(grades) and stone.graded_by not in rules.graders:
        sentence = "Say whose grade it is: a report’s, or your own opinion."
        yield Problem(f"{path}.graded_by", "grade_without_source", sentence, "S8")
    if stone.graded_by == "report" and not stone.reports:
        sentence = "The grade is said to be a report’s, but no report is named."
        yield Problem(f"{path}.graded_by", "grade_without_report", sentence, "S8")
    if stone.graded_by == "report" and stone.reports:
        return
    said = {"clarity": (stone.clarity, "clarity"), "cut_grade": (stone.cut_grade, "cut")}
    for field, (grade, of) in said.items():
        if grade and _is_flawless(f"{grade} {of}", rules):
            sentence = f"“{grade}” may be said only by a report for that stone."
            yield Problem(f"{path}.{field}", "flawless_without_report", sentence, "S8")


def _is_flawless(text: str, rules: JewelryRules) -> bool:
    if any(word in rules.flawless_grades for word in fold(text).text.replace("-", " ").split()):
        return True
    return any(found.rule == "S8" for found in lint(text, granted=()))


def _report_problems(stone: Stone, path: str, today: date) -> Iterator[Problem]:
    for number, report in enumerate(stone.reports):
        here = f"{path}.reports.{number}"
        if not report.lab.strip() or not report.number.strip():
            sentence = "A report has a laboratory and a number."
            yield Problem(here, "report_incomplete", sentence, "S8")
        if report.date and report.date > today:
            yield Problem(f"{here}.date", "report_in_future", "The report is not written yet.")
        if report.url and not report.url.startswith(("https://", "http://")):
            sentence = "A link begins with https://."
            yield Problem(f"{here}.url", "report_link_unusable", sentence)
