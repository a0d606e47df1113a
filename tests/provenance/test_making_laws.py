"""Laws of every label: order, machines, evidence; and what is said of altered pieces."""

from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.making import (
    LABEL_WITHOUT_RECORD,
    Alteration,
    derive,
    derive_subject,
    label_with_alterations,
    recompute,
    state_making,
)
from provenance.making_reading import read_record
from provenance.making_record import Bounds
from provenance.policy import policy_named

POLICY = policy_named()
MAKING_KINDS = sorted(kind for kind in POLICY.kinds if not kind.startswith("design."))
MACHINE = ["machine", "additive"]
GRADES = ["E0", "E1", "E2", "E3"]
SOURCES = ["digitalCapture", "trainedAlgorithmicMedia", "digitalCreation"]


def numbered(drafts):
    """Steps with ids, and a digest of its own for each item of evidence."""
    steps = []
    for number, draft in enumerate(drafts):
        shown = [
            item | {"type": "photo", "sha256": f"{number:032x}{place:032x}"}
            for place, item in enumerate(draft["evidence"])
        ]
        steps.append({**draft, "id": f"s{number}", "evidence": shown})
    return steps


ITEM = st.fixed_dictionaries(
    {
        "digitalSourceType": st.sampled_from(SOURCES),
        "captured_at": st.sampled_from(["2026-11-01", "2026-11-02T10:00:00Z", "2026-11-30"]),
        "recorded_at": st.just("2026-11-03"),
        "in_app": st.booleans(),
    }
)


def a_step(controls):
    return st.fixed_dictionaries(
        {
            "kind": st.sampled_from(MAKING_KINDS),
            "part": st.sampled_from(["piece", "shank", "clasp"]),
            "control": st.sampled_from(controls),
            "inputs": st.lists(st.sampled_from(["wire", "ring blank", "shank"]), max_size=1),
            "started": st.just("2026-11-02"),
            "finished": st.just("2026-11-02"),
            "evidence": st.lists(ITEM, max_size=2),
        }
    )


DESIGN = st.fixed_dictionaries(
    {
        "kind": st.just("design.cad"),
        "part": st.just("piece"),
        "control": st.sampled_from(sorted(POLICY.controls["design"])),
        "evidence": st.just([]),
    }
)
MOSTLY_HAND = ["hand", "hand", "hand_guided", "hand_guided", "templated", "machine", "bought_in"]
DRAFTS = st.lists(a_step(MOSTLY_HAND) | DESIGN, max_size=7)
ISSUED = datetime(2026, 11, 20, tzinfo=UTC)


def labelled(steps):
    return derive_subject({"making": {"steps": steps}}, issued=ISSUED)


def hand_claims(derivation):
    return {claim for claim in derivation.granted if claim.lower().startswith("hand")}


@given(DRAFTS, st.randoms(use_true_random=False))
def test_the_order_of_the_steps_changes_nothing(drafts, random):
    steps = numbered(drafts)
    shuffled = random.sample(steps, len(steps))

    before, after = labelled(steps), labelled(shuffled)

    assert before.label == after.label
    assert before.evidence_grade == after.evidence_grade
    assert {r.claim: r.rules for r in before.refusals} == {r.claim: r.rules for r in after.refusals}


@given(DRAFTS, a_step(MACHINE))
def test_a_machine_step_never_adds_a_claim_of_the_hand(drafts, machine):
    before = labelled(numbered(drafts))

    after = labelled(numbered([*drafts, machine]))

    assert hand_claims(after) <= hand_claims(before)


@given(DRAFTS, st.data())
def test_taking_evidence_away_never_improves_a_label(drafts, data):
    steps = numbered(drafts)
    shown = [(s, e) for s, step in enumerate(steps) for e, _ in enumerate(step["evidence"])]
    taken = deepcopy(steps)
    for step, item in sorted(data.draw(st.sets(st.sampled_from(shown))) if shown else [])[::-1]:
        del taken[step]["evidence"][item]

    before, after = labelled(steps), labelled(taken)

    assert hand_claims(after) <= hand_claims(before)
    assert GRADES.index(after.evidence_grade) <= GRADES.index(before.evidence_grade)
    assert after.design_phrase == before.design_phrase


@given(DRAFTS)
def test_handmade_is_said_exactly_where_nothing_refuses_it(drafts):
    derivation = labelled(numbered(drafts))

    refused = {refusal.claim for refusal in derivation.refusals}
    assert ("Handmade" in derivation.granted) is ("Handmade" not in refused)
    assert refused.isdisjoint(derivation.granted)


@given(DRAFTS)
def test_a_bought_in_part_is_never_swallowed(drafts):
    derivation = labelled(numbered(drafts))

    assert bool(derivation.bought_in) is ("bought-in parts" in derivation.label)


@given(DRAFTS)
def test_what_is_signed_agrees_with_itself(drafts):
    making = {"steps": numbered(drafts)}
    derivation = derive_subject({"making": making}, issued=ISSUED)

    signed = {"making": state_making(making, derivation)}

    assert recompute(signed, issued=ISSUED).agrees


@pytest.mark.parametrize("subject", [{}, {"making": None}, {"making": {"steps": []}}])
def test_without_a_record_there_is_one_label(subject):
    assert derive_subject(subject).label == LABEL_WITHOUT_RECORD


@pytest.mark.parametrize(
    ("member", "value"),
    [("label", "Handmade"), ("evidenceGrade", "E3"), ("refused", []), ("refused", None)],
)
def test_a_statement_that_does_not_follow_is_found(member, value):
    making = {"steps": [step("f1", "form.cast", "templated")]}
    signed = state_making(making, derive_subject({"making": making}))

    recomputed = recompute({"making": {**signed, member: value}})

    assert not recomputed.agrees
    assert recomputed.differences == (member,)


def test_refusals_in_another_order_say_the_same():
    making = {"steps": [step("m1", "model.wax_print", "additive"), step("f1", "form.cast", "hand")]}
    signed = state_making(making, derive_subject({"making": making}))
    rules = [{**each, "rules": each["rules"][::-1]} for each in signed["refused"]]

    assert recompute({"making": {**signed, "refused": rules[::-1]}}).agrees


def test_a_photograph_of_another_piece_is_marked_where_it_is_signed():
    making = {"steps": [step("f1", "form.fabricate", "hand", shown=True)]}
    digest = making["steps"][0]["evidence"][0]["sha256"]

    derivation = derive_subject({"making": making}, used_elsewhere={digest: "014"})
    signed = {"making": state_making(making, derivation)}

    assert derivation.ignored[0].why == "also used for piece 014"
    assert signed["making"]["steps"][0]["evidence"][0]["also_used_for"] == "014"
    assert recompute(signed).derivation.label.endswith("No making claim (no evidence)")


def test_an_ai_design_names_its_tool_and_refuses_the_makers_name_alone():
    design = step("d1", "design.ai", "ai_generated") | {"tools": ["mesh model"]}
    subject = {"maker": {"name": "Tidewell Bench"}, "making": {"steps": [design]}}

    refusal = derive_subject(subject).design_refusal

    assert refusal.claim == "Designed by Tidewell Bench"
    assert "mesh model" in refusal.reasons[0].says


def test_a_part_nobody_formed_is_told_beside_the_label():
    subject = {
        "parts": [{"id": "shank"}, {"id": "head"}],
        "making": {"steps": [step("f1", "form.fabricate", "hand", shown=True) | {"part": "shank"}]},
    }

    assert derive_subject(subject).unformed_parts == ("head",)


def test_a_step_written_down_days_later_is_recorded_afterwards():
    late = step("f1", "form.cast", "hand") | {"finished": "2026-11-02", "recorded": "2026-11-05"}
    prompt = late | {"id": "f2", "recorded": "2026-11-02T18:00:00Z"}

    record = read_record({"making": {"steps": [late, prompt]}}, bounds=Bounds(POLICY))

    assert [each.is_recorded_afterwards for each in record.steps] == [True, False]


def test_an_altered_piece_is_labelled_as_made_and_as_altered():
    made = read([step("f1", "form.fabricate", "hand", shown=True)])
    resize = Alteration(date(2027, 3, 12), read([step("j9", "join.laser_weld", "machine")]).steps)

    words = label_with_alterations(made, [resize], policy=POLICY, issued=None)

    assert words == (
        "as made Design origin not stated; Handmade; "
        "altered on 2027-03-12: Design origin not stated; Part machine-made"
    )


def test_the_steps_of_a_replaced_part_no_longer_count():
    made = read([step("f1", "form.cast", "templated") | {"part": "shank"}])
    shank = step("f9", "form.fabricate", "hand", shown=True) | {"part": "shank"}
    reshank = Alteration(date(2027, 3, 12), read([shank]).steps, frozenset({"shank"}))

    words = label_with_alterations(made, [reshank], policy=POLICY, issued=None)

    assert words.endswith("altered on 2027-03-12: Design origin not stated; Handmade")


def test_alterations_are_told_in_the_order_of_their_days():
    made = read([step("f1", "form.fabricate", "hand", shown=True)])
    later = Alteration(date(2028, 1, 2), read([step("x2", "form.cast", "templated")]).steps)
    sooner = Alteration(date(2027, 1, 2), read([step("x1", "finish.plate", "machine")]).steps)

    words = label_with_alterations(made, [later, sooner], policy=POLICY, issued=None)

    assert words.index("2027-01-02") < words.index("2028-01-02")


def test_an_unaltered_piece_has_its_label_alone():
    made = read([step("f1", "form.cast", "templated")])

    words = label_with_alterations(made, [], policy=POLICY, issued=None)

    assert words == derive(made, policy=POLICY).label


def test_every_rule_of_the_policy_has_words_and_a_source():
    assert all(rule.says and rule.source for rule in POLICY.rules.values())
    assert {each.rule for each in POLICY.operations} == {"H1", "H2", "H3", "H4", "H5"}


def step(ident, kind, control, *, shown=False):
    evidence = [{"type": "photo", "sha256": f"{ord(ident[-1]):064x}"}] if shown else []
    return {"id": ident, "kind": kind, "part": "piece", "control": control, "evidence": evidence}


def read(steps):
    return read_record({"making": {"steps": steps}}, bounds=Bounds(POLICY))
