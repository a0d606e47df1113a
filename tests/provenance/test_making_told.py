"""What a page may say of a making: the signed label where it follows, else that it does not."""

import json
from pathlib import Path

import pytest

from provenance.canonical import JSONObject
from provenance.making import LABEL_WITHOUT_RECORD, derive_subject, state_making
from provenance.making_told import DOES_NOT_FOLLOW, POLICY_UNKNOWN, making_told

COMPLETE = Path(__file__).parents[1] / "interop" / "complete-subject.json"


def signed(**changes: object) -> JSONObject:
    """The specification's whole example, its making record signed and then changed."""
    subject: JSONObject = json.loads(COMPLETE.read_text(encoding="utf-8"))
    making = state_making(subject["making"], derive_subject(subject))
    return {**subject, "making": {**making, **changes}}


def test_a_label_that_follows_is_told_with_all_that_belongs_to_it():
    told = making_told(signed(), issued=None)

    assert told.is_proven
    assert told.says == signed()["making"]["label"]
    assert told.policy == "strict-2026-11"
    assert told.grade and told.grade.grade == signed()["making"]["evidenceGrade"]
    assert len(told.steps) == len(signed()["making"]["steps"])
    assert told.refused


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"label": "Designed by a person; Handmade"}, id="a finer label"),
        pytest.param({"evidenceGrade": "E3"}, id="a higher grade"),
        pytest.param({"refused": []}, id="a refusal left out"),
    ],
)
def test_a_label_that_does_not_follow_is_never_repeated(changes):
    told = making_told(signed(**changes), issued=None)

    assert told.says == DOES_NOT_FOLLOW
    assert not told.is_proven
    assert told.grade is None
    assert "Handmade" not in repr(told)


def test_the_steps_of_a_record_stay_told_where_its_label_does_not_follow():
    told = making_told(signed(label="Handmade"), issued=None)

    assert len(told.steps) == len(signed()["making"]["steps"])


def test_a_record_that_cannot_be_read_proves_no_label():
    assert making_told(signed(steps=[{"id": "f1"}]), issued=None).says == DOES_NOT_FOLLOW


def test_rules_of_another_time_leave_the_label_open():
    told = making_told(signed(policy="strict-2099-01"), issued=None)

    assert told.says == POLICY_UNKNOWN
    assert not told.is_proven


@pytest.mark.parametrize("making", [None, "", [], {}, {"steps": []}])
def test_without_a_record_exactly_this_is_said(making):
    told = making_told({**signed(), "making": making}, issued=None)

    assert told.says == LABEL_WITHOUT_RECORD
    assert told.steps == ()


def test_a_label_without_any_step_does_not_follow():
    assert making_told(signed(steps=[]), issued=None).says == DOES_NOT_FOLLOW
