"""The label a record carries: every rule with a record that triggers it and one that does not."""

from datetime import datetime

import pytest

from provenance.making import Derivation, derive_subject, recompute, state_making
from tests.making_cases.freeze import records

FROZEN = [pytest.param(case, id=f"{file}: {case['desc']}") for file, case in records()]


def derived(case):
    issued = datetime.fromisoformat(case["issued"]) if "issued" in case else None
    return derive_subject(case["given"], issued=issued, used_elsewhere=case.get("elsewhere", {}))


def told(derivation: Derivation):
    design = derivation.design_refusal
    said = {
        "label": derivation.label,
        "grade": str(derivation.evidence_grade),
        "refused": {each.claim: list(each.rules) for each in derivation.refusals},
        "ignored": [each.rule for each in derivation.ignored],
        "design_refused": list(design.rules) if design else [],
    }
    return {name: value for name, value in said.items() if value or name == "refused"}


@pytest.mark.parametrize("case", FROZEN)
def test_a_frozen_record_has_the_label_it_always_had(case):
    assert told(derived(case)) == case["expect"]


@pytest.mark.parametrize("case", FROZEN)
def test_what_is_signed_is_derived_again_from_itself_alone(case):
    issued = datetime.fromisoformat(case["issued"]) if "issued" in case else None

    signed = {**case["given"], "making": state_making(case["given"]["making"], derived(case))}

    assert recompute(signed, issued=issued).agrees
