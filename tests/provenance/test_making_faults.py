"""A record that cannot be read: each fault by its name, at its path, and nothing else raised."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.making import derive_subject
from provenance.making_reading import read_record
from provenance.making_record import Bounds, Fault, InvalidRecordError
from provenance.policy import UnknownPolicyError, policy_named, read_data
from provenance.weighing import check_masses

COMPLETE = Path(__file__).parents[1] / "interop" / "complete-subject.json"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BORN = datetime(1981, 5, 4, tzinfo=UTC)
DIGEST = "ab" * 32
STEP = {"id": "f1", "kind": "form.fabricate", "part": "piece", "control": "hand"}
PHOTO = {"type": "photo", "sha256": DIGEST}


def fault_of(steps, *, parts=()):
    subject = {"parts": [{"id": part} for part in parts], "making": {"steps": steps}}
    with pytest.raises(InvalidRecordError) as caught:
        read_record(subject, bounds=Bounds(policy_named(), now=NOW, born=BORN))
    return caught.value.path.removeprefix("making.steps."), caught.value.fault


def step(**changed):
    return {**STEP, **changed}


def without(name):
    return {key: value for key, value in STEP.items() if key != name}


@pytest.mark.parametrize(
    ("steps", "path", "fault"),
    [
        ("f1", "making.steps", Fault.WRONG_TYPE),
        ([STEP] * 501, "making.steps", Fault.TOO_MANY),
        ([7], "0", Fault.WRONG_TYPE),
        ([without("id")], "0.id", Fault.MISSING),
        ([without("kind")], "0.kind", Fault.MISSING),
        ([without("part")], "0.part", Fault.MISSING),
        ([without("control")], "0.control", Fault.MISSING),
        ([step(id="")], "0.id", Fault.MISSING),
        ([step(id=1)], "0.id", Fault.WRONG_TYPE),
        ([step(id="x" * 2001)], "0.id", Fault.TOO_LONG),
        ([STEP, STEP], "1.id", Fault.REPEATED_ID),
        ([step(kind="form.melt")], "0.kind", Fault.UNKNOWN_KIND),
        ([step(control="magic")], "0.control", Fault.UNKNOWN_CONTROL),
        ([step(control="human")], "0.control", Fault.CONTROL_DOES_NOT_FIT),
        ([step(kind="design.cad")], "0.control", Fault.CONTROL_DOES_NOT_FIT),
        ([step(kind="design.ai", control="human")], "0.control", Fault.CONTROL_DOES_NOT_FIT),
        ([step(inputs="wire")], "0.inputs", Fault.WRONG_TYPE),
        ([step(inputs=["wire", 7])], "0.inputs.1", Fault.WRONG_TYPE),
        ([step(inputs=["moonlight"])], "0.inputs.0", Fault.UNKNOWN_INPUT),
        ([step(inputs=["sha256:abc"])], "0.inputs.0", Fault.BAD_DIGEST),
        ([step(outputs=["sha256:" + "AB" * 32])], "0.outputs.0", Fault.BAD_DIGEST),
        ([step(tools=["hammer"] * 101)], "0.tools", Fault.TOO_MANY),
        ([step(evidence={})], "0.evidence", Fault.WRONG_TYPE),
        ([step(evidence=[7])], "0.evidence.0", Fault.WRONG_TYPE),
        ([step(evidence=[{"type": "photo"}])], "0.evidence.0.sha256", Fault.MISSING),
        ([step(evidence=[PHOTO | {"type": "oath"}])], "0.evidence.0.type", Fault.UNKNOWN_EVIDENCE),
        ([step(evidence=[PHOTO | {"sha256": "c3"}])], "0.evidence.0.sha256", Fault.BAD_DIGEST),
        ([step(evidence=[PHOTO | {"c2pa": "maybe"}])], "0.evidence.0.c2pa", Fault.UNKNOWN_EVIDENCE),
        ([step(evidence=[PHOTO | {"in_app": "yes"}])], "0.evidence.0.in_app", Fault.WRONG_TYPE),
        (
            [step(evidence=[PHOTO | {"digitalSourceType": "dream"}])],
            "0.evidence.0.digitalSourceType",
            Fault.UNKNOWN_SOURCE,
        ),
        (
            [step(evidence=[PHOTO]), step(id="f2", evidence=[PHOTO])],
            "1.evidence.0.sha256",
            Fault.REPEATED_EVIDENCE,
        ),
        (
            [step(evidence=[PHOTO | {"captured_at": "2026-11-21"}])],
            "0.evidence.0.captured_at",
            Fault.IN_FUTURE,
        ),
        ([step(started="yesterday")], "0.started", Fault.NOT_A_TIME),
        ([step(started="2026-02-30")], "0.started", Fault.NOT_A_TIME),
        ([step(started="2026-11-02T10:00:00")], "0.started", Fault.NOT_A_TIME),
        ([step(started=20261102)], "0.started", Fault.NOT_A_TIME),
        ([step(finished="2026-11-21T00:00:00Z")], "0.finished", Fault.IN_FUTURE),
        ([step(started="1981-05-03")], "0.started", Fault.BEFORE_MAKER),
        (
            [step(started="2026-11-03", finished="2026-11-02")],
            "0.finished",
            Fault.ENDS_BEFORE_START,
        ),
    ],
)
def test_a_fault_is_named_at_its_path(steps, path, fault):
    assert fault_of(steps) == (path, fault)


def test_a_part_the_piece_does_not_have_is_named():
    assert fault_of([step(part="clasp")], parts=["shank"]) == ("0.part", Fault.UNKNOWN_PART)


def test_files_that_come_out_of_each_other_are_a_ring():
    one, two = f"sha256:{'01' * 32}", f"sha256:{'02' * 32}"
    steps = [step(id="a", inputs=[two], outputs=[one]), step(id="b", inputs=[one], outputs=[two])]

    assert fault_of(steps) == ("0.inputs", Fault.CYCLE)


def test_a_file_that_comes_out_of_itself_is_a_ring():
    one = f"sha256:{'01' * 32}"

    assert fault_of([step(inputs=[one], outputs=[one])]) == ("0.inputs", Fault.CYCLE)


def test_a_part_may_go_in_and_come_out_again():
    steps = [
        step(id="a", part="shank", inputs=["wire"], outputs=["shank"]),
        step(id="b", part="shank", inputs=["shank"], outputs=["shank"]),
        step(id="c", part="shank", inputs=["shank"], outputs=["shank"]),
    ]

    derivation = derive_subject({"parts": [{"id": "shank"}], "making": {"steps": steps}})

    assert not derivation.bought_in


def test_the_day_of_birth_is_not_before_the_maker():
    subject = {"making": {"steps": [step(started="1981-05-04")]}}

    assert read_record(subject, bounds=Bounds(policy_named(), now=NOW, born=BORN)).steps


def test_a_date_before_anybody_alive_is_refused_without_a_birthday():
    subject = {"making": {"steps": [step(started="0202-11-02")]}}

    with pytest.raises(InvalidRecordError, match=r"making\.steps\.0\.started"):
        derive_subject(subject)


@pytest.mark.parametrize(
    "name", ["lenient-2099-01", "../../secret-2026-11", "strict-2026-11/x", ""]
)
def test_a_policy_that_is_not_held_is_not_opened(name):
    with pytest.raises(UnknownPolicyError):
        read_data(name)


@pytest.mark.parametrize("name", ["strict-2026-11.wording", "strict-2026-11.jewelry"])
def test_a_list_of_a_policy_is_no_policy(name):
    with pytest.raises(UnknownPolicyError):
        policy_named(name)


@pytest.mark.parametrize(
    ("place", "value", "path", "fault"),
    [
        (["mass"], {"value": "681", "unitCode": "GRM"}, "mass", Fault.MASS_IMPLAUSIBLE),
        (["mass"], {"value": "9", "unitCode": "GRM"}, "mass", Fault.MASS_DOES_NOT_ADD_UP),
        (["mass"], {"value": "-6.81", "unitCode": "GRM"}, "mass", Fault.MASS_NEGATIVE),
        (["mass"], {"value": "NaN", "unitCode": "GRM"}, "mass", Fault.MASS_NEGATIVE),
        (["mass"], {"value": "heavy", "unitCode": "GRM"}, "mass", Fault.WRONG_TYPE),
        (["mass"], {"value": "6.81", "unitCode": "ONZ"}, "mass", Fault.MASS_UNIT),
        (["mass"], {"value": "1e999", "unitCode": "GRM"}, "mass", Fault.MASS_IMPLAUSIBLE),
        (["mass"], {"value": "1e-999", "unitCode": "GRM"}, "mass", Fault.MASS_IMPLAUSIBLE),
        (["mass"], {"value": "6." + "8" * 40, "unitCode": "GRM"}, "mass", Fault.MASS_IMPLAUSIBLE),
        (["mass"], 6, "mass", Fault.WRONG_TYPE),
        (["size", "circumference", "value"], "round", "(top)", Fault.WRONG_TYPE),
        (["stones", 1, "carat", "total"], "-0.12", "stones.1.carat.total", Fault.MASS_NEGATIVE),
        (["stones", 1, "carat", "total"], "12", "mass", Fault.MASS_DOES_NOT_ADD_UP),
        (
            ["parts", 1, "mass"],
            {"value": "-1", "unitCode": "GRM"},
            "parts.1.mass",
            Fault.MASS_NEGATIVE,
        ),
        (
            ["stones", 0, "carat"],
            {"each": "-1.52"},
            "stones.0.carat.each",
            Fault.MASS_NEGATIVE,
        ),
    ],
)
def test_a_mass_that_cannot_be_is_named(place, value, path, fault):
    subject = json.loads(COMPLETE.read_text())
    target = subject
    for name in place[:-1]:
        target = target[name]
    target[place[-1]] = value

    with pytest.raises(InvalidRecordError) as caught:
        check_masses(subject)

    assert (caught.value.path, caught.value.fault) == (path, fault)


def test_the_masses_of_the_example_add_up():
    check_masses(json.loads(COMPLETE.read_text()))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*STEP, "inputs", "evidence", "sha256"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(ANYTHING)
def test_nothing_but_our_errors_comes_of_anything(making):
    subject = {"making": making}

    try:
        derive_subject(subject)
    except (InvalidRecordError, UnknownPolicyError) as problem:
        assert str(problem)


@given(st.sampled_from([*STEP, "inputs", "outputs", "tools", "evidence", "started"]), ANYTHING)
def test_one_broken_member_is_refused_or_read(name, value):
    record = deepcopy(STEP) | {name: value}

    try:
        derive_subject({"making": {"steps": [record]}})
    except InvalidRecordError as problem:
        assert problem.path.startswith("making.steps.0")
