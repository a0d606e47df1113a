"""Every rule speaks in some frozen case, and in another, where it is asked, is silent."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from provenance.making import Derivation, derive_subject, recompute
from provenance.making_evidence import is_judged
from provenance.making_reading import read_record
from provenance.making_record import Bounds, Record
from provenance.policy import CURRENT_POLICY, policy_named, read_data
from tests.making_cases.freeze import cases, records

TESTS = Path(__file__).parents[1]
POLICY = policy_named()
POLISH = {"hand-finished", "hand-polished"}


@dataclass(frozen=True)
class Tried:
    """A frozen case, read and derived."""

    case: dict[str, Any]
    record: Record
    derivation: Derivation

    @property
    def spoken(self) -> set[str]:
        derivation = self.derivation
        refusals = [*derivation.refusals, derivation.design_refusal]
        rules = {reason.rule for refusal in refusals if refusal for reason in refusal.reasons}
        rules |= {ignored.rule for ignored in derivation.ignored} | {derivation.design.rule}
        if derivation.base_phrase == "Handmade" and POLISH & derivation.granted:
            rules.add("H6")
        return rules

    def has_step(self, *families: str) -> bool:
        return any(step.family in families for step in self.record.steps)

    def sources(self) -> set[str]:
        return {item.source for step in self.record.steps for item in step.evidence}


def read(folder: str) -> list[dict[str, Any]]:
    files = sorted((TESTS / "making_cases" / folder).glob("*.json"))
    return [case for file in files for case in json.loads(file.read_text(encoding="utf-8"))]


def tried(case: dict[str, Any]) -> Tried:
    issued = datetime.fromisoformat(case["issued"]) if "issued" in case else None
    elsewhere = case.get("elsewhere", {})
    record = read_record(case["given"], bounds=Bounds(POLICY))
    return Tried(
        case, record, derive_subject(case["given"], issued=issued, used_elsewhere=elsewhere)
    )


TRIED = [tried(case) for _, case in records()]
ALTERED, SIGNED = cases()["alterations"], read("signed")


# -- where a rule is asked ----------------------------------------------------------------------


def _holds(claim: str) -> Callable[[Tried], bool]:
    return lambda each: claim in each.derivation.granted


def _has_ai(each: Tried) -> bool:
    return any(step.control in POLICY.ai_controls for step in each.record.steps)


def _has_photograph(each: Tried) -> bool:
    return bool(each.sources() & POLICY.sources["captured"])


def _has_computer_image(each: Tried) -> bool:
    return bool(each.sources() & POLICY.sources["computer"])


def _has_dated_evidence(each: Tried) -> bool:
    return any(item.captured for step in each.record.steps for item in step.evidence)


def _has_work_by_hand(each: Tried) -> bool:
    return any(
        step.control in POLICY.by_hand and is_judged(step, POLICY) for step in each.record.steps
    )


def _has_materials(each: Tried) -> bool:
    return any(step.inputs for step in each.record.steps if step.family == "form")


ASKED: dict[str, Callable[[Tried], bool]] = {
    "M0": lambda each: each.has_step("form"),
    "M1": _has_work_by_hand,
    "M2": _has_materials,
    "M3": lambda each: each.has_step("form"),
    "M4": lambda each: each.has_step("model", "decorate"),
    "M5": lambda each: each.has_step("model", "form"),
    "H1": _holds("hand-forged"),
    "H2": _holds("hand-engraved"),
    "H3": _holds("hand-set"),
    "H4": _holds("hand-polished"),
    "H5": _holds("hand-finished"),
    "H6": lambda each: bool(POLISH & set(each.derivation.operations)),
    "D1": _has_ai,
    "D2": _has_ai,
    "A1": _has_photograph,
    "A2": _has_computer_image,
    "X1": _has_work_by_hand,
    "X2": _has_dated_evidence,
}


@pytest.mark.parametrize("rule", ASKED)
def test_a_rule_speaks_in_some_record_and_is_silent_in_another_that_asks_it(rule):
    spoken = [each.case["desc"] for each in TRIED if rule in each.spoken]
    silent = [each.case["desc"] for each in TRIED if rule not in each.spoken and ASKED[rule](each)]

    assert spoken
    assert silent


# -- rules about what comes after the record ----------------------------------------------------


@pytest.mark.parametrize("case", SIGNED, ids=lambda case: case["desc"])
def test_a_printed_label_follows_from_its_own_policy_or_is_found(case):
    assert list(recompute(case["signed"]).differences) == case["differences"]


AFTERWARDS = {
    "C1": ["altered on" in case["expect"].get("text", "") for case in ALTERED],
    "C2": [bool(case["differences"]) for case in SIGNED],
}


@pytest.mark.parametrize("rule", AFTERWARDS)
def test_a_rule_about_later_speaks_in_some_case_and_is_silent_in_another(rule):
    assert set(AFTERWARDS[rule]) == {True, False}


# -- rules about words --------------------------------------------------------------------------


def _word_rules(value: object) -> set[str]:
    """The rules that the lists of words name, wherever they stand in the file."""
    if isinstance(value, list):
        return {rule for each in value for rule in _word_rules(each)}
    if not isinstance(value, dict):
        return set()
    named = {str(value["rule"])} if "rule" in value else set()
    return named | {rule for each in value.values() for rule in _word_rules(each)}


def _sentences(kind: str) -> set[str]:
    """The rules that have a sentence of this kind; tests/wording_cases are tried elsewhere."""
    words = TESTS / "wording_cases"
    lists = {
        (each["claims"] or [each["rule"]])[0]: each["rule"]
        for each in read_data(f"{CURRENT_POLICY}.wording")["claims"]
    }
    claims = json.loads((words / "claims.json").read_text(encoding="utf-8"))
    facts = json.loads((words / "facts.json").read_text(encoding="utf-8"))
    misnamed = json.loads((words / "misnamed.json").read_text(encoding="utf-8"))
    return {
        *(lists[row["name"]] for row in claims if row[kind]),
        *(row["rule"] for row in facts if row[kind]),
        *({"S6"} if misnamed[kind] else ()),
    }


WORDS = read_data(f"{CURRENT_POLICY}.wording")
# The rules about metals are keys of their texts.
_ID = re.compile(r"[A-Z]\d")
WORD_RULES = _word_rules(WORDS) | {key for key in WORDS["metal_rules"] if _ID.fullmatch(key)}


def test_every_rule_about_words_refuses_a_sentence_and_lets_another_stand():
    assert _sentences("refused") == _sentences("stands") == WORD_RULES


# -- all of them --------------------------------------------------------------------------------


def test_no_rule_of_the_policy_is_without_its_cases():
    assert ASKED.keys() | AFTERWARDS.keys() == POLICY.rules.keys()
