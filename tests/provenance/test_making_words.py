"""The making record in plain words: every kind of step, every phrase of a label, every grade."""

import json
from pathlib import Path

import pytest

from provenance.canonical import JSONObject
from provenance.making import Derivation, derive_subject
from provenance.making_label_words import (
    beside_label,
    grade_in_words,
    has_powered_steps,
    label_in_words,
    refusals_in_words,
)
from provenance.making_reading import read_record
from provenance.making_record import Bounds, Record, Step
from provenance.making_words import ICONS, WITHHELD, Told, timeline, title_of, who_of, words_of
from provenance.policy import policy_named
from tests.making_cases.freeze import records
from tests.provenance.makings import MIRA

POLICY = policy_named()
WORDS = words_of(POLICY.name)
ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "making_cases"
FROZEN = [pytest.param(case, id=f"{file}: {case['desc']}") for file, case in records()]
EVERY_STEP = [
    Step("x1", kind, "head", control)
    for kind in POLICY.kinds
    for control in sorted(POLICY.controls["design" if kind.startswith("design.") else "making"])
    if kind not in POLICY.ai_kinds or control in POLICY.ai_controls
]
SHA = "c3" * 32


def subject_with(*steps: JSONObject) -> JSONObject:
    return {"maker": {"id": MIRA, "name": "Tidewell Bench"}, "making": {"steps": [*steps]}}


def step(kind: str = "set.stone", control: str = "hand", **facts: object) -> JSONObject:
    return {"id": "t1", "kind": kind, "part": "piece", "control": control, **facts}


def read(subject: JSONObject) -> tuple[Record, Derivation]:
    return read_record(subject, bounds=Bounds(POLICY)), derive_subject(subject)


def told(*steps: JSONObject) -> tuple[Told, ...]:
    return timeline(*read(subject_with(*steps)))


def item(**facts: object) -> JSONObject:
    return {"type": "photo", "sha256": SHA, "digitalSourceType": "digitalCapture", **facts}


# -- titles -------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", EVERY_STEP, ids=lambda each: f"{each.kind} {each.control}")
def test_every_step_has_a_title_that_names_its_part(each):
    title = title_of(each, POLICY)

    assert title.startswith("Head")
    assert "  " not in title
    assert " ," not in title
    assert title == title.strip()


# What a title must say of each control, so that nobody takes one for another.
SAID = {
    "human": ("person",),
    "human_cad": ("CAD",),
    "parametric": ("parametric",),
    "ai_assisted": ("AI",),
    "ai_generated": ("AI",),
    "hand": ("by hand",),
    "hand_guided": ("by hand with a powered tool", "guided by hand"),
    "templated": ("mould", "die"),
    "machine": ("machine",),
    "additive": ("print",),
    "bought_in": ("bought",),
}


@pytest.mark.parametrize("each", EVERY_STEP, ids=lambda each: f"{each.kind} {each.control}")
def test_every_title_says_who_or_what_steered_the_step(each):
    is_plain_check = each.kind.startswith("check.") and each.control == "hand"

    title = title_of(each, POLICY)

    assert is_plain_check or any(word in title for word in SAID[each.control])


@pytest.mark.parametrize("each", EVERY_STEP, ids=lambda each: f"{each.kind} {each.control}")
def test_no_title_says_by_hand_of_what_was_not(each):
    title = title_of(each, POLICY)

    is_by_hand = each.control in POLICY.by_hand or each.kind == "form.bought_part"
    assert is_by_hand or "hand" not in title


@pytest.mark.parametrize(
    ("kind", "control", "title"),
    [
        ("design.ai", "ai_assisted", "Sketches suggested by AI"),
        ("design.cad", "human_cad", "Drawn in CAD by a person"),
        ("model.wax_print", "additive", "Model printed in wax"),
        ("form.cast", "templated", "Cast in a mould"),
        ("set.stone", "hand", "Stones set by hand"),
        ("finish.polish", "hand_guided", "Polished by hand with a powered tool"),
        ("decorate.laser_engrave", "machine", "Engraved with a laser, steered by a machine"),
        ("form.bought_part", "bought_in", "Bought ready-made"),
    ],
)
def test_a_step_on_the_whole_piece_needs_no_name_of_a_part(kind, control, title):
    assert title_of(Step("x1", kind, "piece", control), POLICY) == title


def test_every_control_has_its_icon():
    assert ICONS.keys() == POLICY.control_words.keys()


# -- one step -----------------------------------------------------------------------------------


def test_what_is_not_known_is_printed_as_not_recorded():
    (only,) = told(step())

    assert only.who_and_when == "Who and when: not recorded."
    assert only.evidence == ()


def test_who_when_where_and_with_what_stand_in_sentences():
    (only,) = told(
        step(
            actor="outside:setter",
            place="Birmingham",
            started="2026-08-20",
            finished="2026-08-22",
            tools=["graver"],
            inputs=["wire", f"sha256:{SHA}"],
        )
    )

    assert only.who_and_when == (
        "By an outside setter, 20 August 2026 to 22 August 2026, Birmingham."
    )
    assert only.with_what == "From: wire. Tools: graver."


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("", ""),
        (MIRA, "by the maker"),
        ("outside:caster", "by an outside caster"),
        ("outside", "by somebody outside"),
        ("employed:setter", "by the workshop’s setter"),
        ("goldsmith", "by: goldsmith"),
    ],
)
def test_people_are_told_by_their_role(actor, words):
    assert who_of(actor, MIRA) == words


def test_what_was_written_down_on_a_later_day_says_so():
    (only,) = told(step(finished="2026-08-22", recorded="2026-08-24T09:00:00Z"))

    assert "Recorded afterwards, 24 August 2026." in only.who_and_when


def test_a_mark_does_not_change_the_label_and_says_so():
    (only,) = told(step("mark.hallmark", "machine"))

    assert only.means == "A mark does not change the making label."


@pytest.mark.parametrize("where", ["note", "place", "actor"])
def test_no_claim_comes_in_beside_a_step(where):
    (only,) = told(step(tools=["graver"], **{where: "Entirely handmade"}))

    assert only.withheld == WITHHELD
    assert only.note == ""
    assert "handmade" not in repr(only).lower()
    assert only.with_what == ""


def test_a_step_whose_words_are_withheld_is_not_said_to_lack_them():
    (only,) = told(step(actor="handmade by Mira", finished="2026-08-22"))

    assert only.who_and_when == "22 August 2026."


def test_a_note_that_the_record_carries_is_shown():
    first, _ = told(
        step("form.fabricate", evidence=[item()], inputs=["wire"], note="Handmade from one wire."),
        step("design.sketch", "human") | {"id": "d1"},
    )[::-1]

    assert first.note == "Handmade from one wire."


# -- the order ----------------------------------------------------------------------------------


def test_steps_stand_in_the_order_of_the_work_however_they_were_written():
    kinds = ["mark.maker", "finish.file", "form.cast", "check.weigh", "set.stone", "design.sketch"]
    controls = ["hand", "hand", "templated", "hand", "hand", "human"]
    steps = [
        step(kind, control) | {"id": f"x{number}"}
        for number, (kind, control) in enumerate(zip(kinds, controls, strict=True))
    ]

    assert [each.step for each in told(*steps)] == ["x5", "x2", "x4", "x1", "x0", "x3"]


@pytest.mark.parametrize(
    ("first", "order"),
    [
        pytest.param({"finished": "2026-08-24"}, ["b", "a"], id="all are dated"),
        pytest.param({}, ["a", "b"], id="one is not"),
    ],
)
def test_within_one_kind_of_work_dates_decide_when_all_have_one(first, order):
    file = step("finish.file") | {"id": "a"} | first
    polish = step("finish.polish") | {"id": "b", "finished": "2026-08-22"}

    assert [each.step for each in told(file, polish)] == order


# -- evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "when it was taken is not recorded"),
        ({"captured_at": "2026-08-22"}, "taken 22 August 2026"),
        (
            {"captured_at": "2026-08-22T14:20:00Z", "in_app": True},
            "taken 22 August 2026, 14:20 UTC, in our own page",
        ),
        (
            {"captured_at": "2026-08-22", "c2pa": {"state": "capture"}},
            "taken 22 August 2026, signed by the camera",
        ),
        (
            {"captured_at": "2026-08-22", "c2pa": "broken"},
            "taken 22 August 2026, its content credentials are broken",
        ),
        ({"type": "file"}, ""),
        ({"type": "cosign", "verified": True}, "by a party whose identity was checked"),
    ],
)
def test_evidence_says_how_it_was_taken(facts, words):
    (only,) = told(step(evidence=[item(**facts)]))

    assert only.evidence[0].words == words


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("digitalCapture", ""),
        ("humanEdits", "edited picture"),
        ("digitalCreation", "computer image"),
        ("trainedAlgorithmicMedia", "AI image, not a photo of this piece"),
        ("", "source not recorded"),
    ],
)
def test_a_picture_says_what_kind_of_picture_it_is(source, note):
    (only,) = told(step(evidence=[item(digitalSourceType=source)]))

    assert only.evidence[0].note == note


@pytest.mark.parametrize(
    ("facts", "aside"),
    [
        ({}, ""),
        (
            {"digitalSourceType": "trainedAlgorithmicMedia"},
            "Does not count: an AI image is no evidence (A1).",
        ),
        (
            {"also_used_for": "MAR-02"},
            "Does not count: also used for piece MAR-02 (X2).",
        ),
    ],
)
def test_evidence_that_is_set_aside_says_why(facts, aside):
    (only,) = told(step(evidence=[item(**facts)]))

    assert only.evidence[0].aside == aside


# -- the label ----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", FROZEN)
def test_the_phrases_explained_are_those_of_the_label_and_no_other(case):
    derivation = derive_subject(case["given"])

    explained = label_in_words(derivation)

    assert "; ".join(each.phrase for each in explained) == derivation.label
    assert all(each.words.endswith(".") for each in explained)


@pytest.mark.parametrize("case", FROZEN)
def test_every_refusal_is_told_with_every_rule_of_it(case):
    derivation = derive_subject(case["given"])
    record = read_record(case["given"], bounds=Bounds(POLICY))

    refused = refusals_in_words(derivation, record)

    design = derivation.design_refusal
    expected = [*derivation.refusals, *([design] if design else [])]
    assert [(each.claim, {why.rule for why in each.because}) for each in refused] == [
        (each.claim, set(each.rules)) for each in expected
    ]
    assert all(why.words for each in refused for why in each.because)


def test_every_phrase_of_the_policy_has_its_words():
    assert WORDS.design.keys() == POLICY.design_phrases.keys()
    assert WORDS.base.keys() == POLICY.base_phrases.keys()
    assert WORDS.operations.keys() == {each.claim for each in POLICY.operations}
    assert WORDS.kinds.keys() == POLICY.kinds.keys()
    assert WORDS.rules.keys() >= POLICY.rules.keys()


def test_every_kind_that_a_rule_names_has_a_reason_in_words():
    named = frozenset[str]().union(*POLICY.named_by.values())

    assert all(WORDS.kinds[kind].because for kind in named)


def worked(desc: str) -> tuple[Record, Derivation]:
    cases = json.loads((CASES / "worked.json").read_text(encoding="utf-8"))
    return read(next(case["given"] for case in cases if case["desc"].startswith(desc)))


def test_a_printed_and_cast_ring_says_why_it_is_not_called_handmade():
    record, derivation = worked("AI sketches")

    (refused,) = refusals_in_words(derivation, record)

    assert refused.claim == "Handmade"
    assert [(why.words, why.rule) for why in refused.because] == [
        ("a 3D-printed model", "M4"),
        ("cast parts", "M3"),
    ]


def test_what_was_bought_stands_beside_the_label():
    record, derivation = worked("the same with a bought clasp")

    assert [(each.phrase, each.words) for each in beside_label(derivation, record)] == [
        ("Bought in", "clasp")
    ]


def test_ai_tools_and_whoever_drew_after_them_stand_beside_the_label():
    record, derivation = read(
        subject_with(
            step("design.ai", "ai_assisted", tools=["image model"]) | {"id": "d1"},
            step("design.cad", "human_cad", actor=MIRA) | {"id": "d2"},
        )
    )

    assert [(each.phrase, each.words) for each in beside_label(derivation, record)] == [
        ("AI tools", "image model"),
        ("Drawn or edited", "by the maker"),
    ]


def test_an_ai_tool_that_is_not_named_is_told_as_not_recorded():
    record, derivation = read(subject_with(step("design.ai", "ai_generated")))

    assert beside_label(derivation, record)[0].words == "not recorded"


def test_parts_whose_shaping_is_not_on_record_stand_beside_the_label():
    subject = subject_with(step("form.cast", "templated") | {"part": "shank"})
    subject["parts"] = [{"id": "shank"}, {"id": "strand-1"}]
    record, derivation = read(subject)

    assert [(each.phrase, each.words) for each in beside_label(derivation, record)] == [
        ("No shaping on record for", "strand 1")
    ]


@pytest.mark.parametrize(("control", "is_needed"), [("hand", False), ("hand_guided", True)])
def test_the_footnote_on_powered_tools_stands_where_one_was_used(control, is_needed):
    record, _ = read(subject_with(step("finish.polish", control)))

    assert has_powered_steps(record) is is_needed


@pytest.mark.parametrize("grade", ["E0", "E1", "E2", "E3"])
def test_every_grade_says_what_it_means_and_what_not(grade):
    told_grade = grade_in_words(grade, POLICY.name)

    assert told_grade.means.endswith(".")
    assert told_grade.limit.endswith(".")


def test_the_reference_prints_the_grades_in_the_words_of_the_pages():
    reference = (ROOT / "docs" / "reference" / "making.md").read_text(encoding="utf-8")

    for grade, words in WORDS.grades.items():
        assert f"| `{grade}` | {words['means']} | {words['limit']} |" in reference


def test_no_sentence_says_what_this_product_never_says():
    # The rules must name such words to refuse them; nothing else may hold one.
    text = repr((WORDS.kinds, WORDS.design, WORDS.base, WORDS.operations, WORDS.grades)).lower()

    for word in ("genuine", "authentic", "fake", "counterfeit", "!", "successfully"):
        assert word not in text
