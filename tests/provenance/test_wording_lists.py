"""The word lists: each in each language with sentences it refuses, and others it lets stand."""

import json
from pathlib import Path

import pytest

from provenance.letters import fold
from provenance.policy import CURRENT_POLICY, read_data
from provenance.wording import AI_DESIGN, lint, shop_name_notes
from provenance.wording_data import MetalFact, StoneFact, compiled

CASES = Path(__file__).parents[1] / "wording_cases"
DATA = read_data(f"{CURRENT_POLICY}.wording")
# Of one list the label exists in English alone; a place name is the same word everywhere.
IN_ENGLISH_ALONE = {"Hand-fabricated with bought-in parts", "P1"}


def read(name):
    return json.loads((CASES / name).read_text(encoding="utf-8"))


ROWS = read("claims.json")
SHOPS = read("shops.json")
MISNAMED = read("misnamed.json")
FACTS = {
    "a grown diamond": {"stones": [StoneFact("diamond", "laboratory-grown", ("none-known",))]},
    "a glass-filled ruby": {"stones": [StoneFact("ruby", "natural", ("lead-glass filled",))]},
    "a pearl": {"stones": [StoneFact("pearl", "unknown")]},
    "750 gold": {"metals": [MetalFact("gold", 750)]},
    "gold-plated silver": {"metals": [MetalFact("silver", 925, coating="gold-plated")]},
    "800 silver": {"metals": [MetalFact("silver", 800)]},
    "900 platinum": {"metals": [MetalFact("platinum", 900)]},
}
ABOUT_FACTS = read("facts.json")


def name_of(entry):
    """A list is named by the claim that grants it, or else by its rule."""
    return (entry["claims"] or [entry["rule"]])[0]


LISTS = {
    (name_of(entry), language): (entry["rule"], patterns)
    for entry in DATA["claims"]
    for language, patterns in entry["words"].items()
}
PATTERNS = [
    pytest.param(*key, pattern, id=f"{key[0]} {key[1]}: {pattern[:40]}")
    for key, (_, patterns) in LISTS.items()
    for pattern in patterns
]


def sentences(kind):
    return [
        pytest.param(row["name"], row["language"], text, id=f"{row['language']}: {text}")
        for row in ROWS
        for text in row[kind]
    ]


def found_in(text, name):
    granted = {AI_DESIGN} if name == "Designed by a person" else ()
    return lint(text, granted=granted)


def test_every_list_has_its_sentences_in_each_language():
    told = {(row["name"], row["language"]) for row in ROWS if row["refused"] and row["stands"]}

    asked = {key for key in LISTS if key[0] not in IN_ENGLISH_ALONE or key[1] == "en"}

    assert told == asked


@pytest.mark.parametrize(("name", "language", "text"), sentences("refused"))
def test_a_sentence_that_claims_is_refused_by_its_own_list(name, language, text):
    rule, patterns = LISTS[name, language]

    found = found_in(text, name)

    assert {each.rule for each in found} == {rule}
    assert compiled(patterns).search(fold(text).text)


@pytest.mark.parametrize(("name", "language", "text"), sentences("stands"))
def test_a_sentence_that_only_comes_near_stands(name, language, text):
    assert not found_in(text, name)


@pytest.mark.parametrize(("name", "language", "pattern"), PATTERNS)
def test_every_pattern_has_a_sentence_that_needs_it(name, language, pattern):
    texts = [text for row in ROWS if row["name"] == name for text in row["refused"]]

    assert any(compiled([pattern]).search(fold(text).text) for text in texts)


@pytest.mark.parametrize("row", SHOPS, ids=lambda row: row["language"])
def test_a_shop_whose_name_claims_is_noted_and_another_is_not(row):
    noted = [bool(shop_name_notes(name)) for name in row["noted"]]
    plain = [bool(shop_name_notes(name)) for name in row["plain"]]

    assert noted == [True] * len(row["noted"])
    assert plain == [False] * len(row["plain"])


def test_shops_are_read_in_every_language_of_the_lists():
    assert {row["language"] for row in SHOPS} == {language for _, language in LISTS}


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, text) for name, texts in MISNAMED["refused"].items() for text in texts],
)
def test_a_name_that_is_none_is_told_its_stone(name, text):
    assert [(each.rule, each.best) for each in lint(text, granted=())] == [("S6", name)]


@pytest.mark.parametrize("text", MISNAMED["stands"])
def test_a_stone_by_its_own_name_stands(text):
    assert not lint(text, granted=())


@pytest.mark.parametrize("pattern", DATA["misnamed"]["names"])
def test_every_misname_has_a_sentence(pattern):
    texts = [text for texts in MISNAMED["refused"].values() for text in texts]

    assert any(compiled([pattern]).search(fold(text).text) for text in texts)


# -- what depends on the metal and the stones -----------------------------------------------------


def about_facts(kind):
    return [
        pytest.param(row["rule"], row["facts"], row["language"], text, id=f"{row['facts']}: {text}")
        for row in ABOUT_FACTS
        for text in row[kind]
    ]


@pytest.mark.parametrize("is_told", [True, False], ids=["language told", "language not told"])
@pytest.mark.parametrize(("rule", "facts", "language", "text"), about_facts("refused"))
def test_a_sentence_that_these_facts_deny_is_refused(rule, facts, language, text, is_told):
    found = lint(text, granted=(), language=language if is_told else None, **FACTS[facts])

    assert {each.rule for each in found} == {rule}


@pytest.mark.parametrize("is_told", [True, False], ids=["language told", "language not told"])
@pytest.mark.parametrize(("rule", "facts", "language", "text"), about_facts("stands"))
def test_a_sentence_that_these_facts_allow_stands(rule, facts, language, text, is_told):
    assert not lint(text, granted=(), language=language if is_told else None, **FACTS[facts])


def test_every_rule_about_facts_has_its_sentences_in_each_language():
    told = {(row["rule"], row["language"]) for row in ABOUT_FACTS}

    rules = {"S1", "S4", "S5", "G1", "G2", "G3"}
    assert told == {(rule, language) for rule in rules for language in ("en", "fr", "de", "it")}


@pytest.mark.parametrize(
    "pattern", [*DATA["laboratory"]["adjectives"], *DATA["laboratory"]["nouns"]]
)
def test_every_word_a_grown_stone_is_not_called_has_a_sentence(pattern):
    rows = [row for row in ABOUT_FACTS if row["facts"] == "a grown diamond"]
    texts = [text for row in rows for text in row["refused"]]

    assert any(compiled([pattern]).search(fold(text).text) for text in texts)
