"""Rule C1: what is said of a piece once it was altered, and which work may be put on record."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.alterations import (
    AlterationError,
    check_alteration,
    label_with_alterations,
)
from provenance.making_reading import read_record
from provenance.making_record import Alteration, Bounds
from provenance.policy import policy_named
from tests.making_cases.freeze import cases
from tests.provenance.test_making_laws import DRAFTS, MACHINE, a_step, hand_claims, numbered

POLICY = policy_named()
PARTS = ("shank", "head", "clasp")
ISSUED = datetime(2026, 11, 20, tzinfo=UTC)
FROZEN = [pytest.param(case, id=case["desc"]) for case in cases()["alterations"]]


def record_of(subject):
    return read_record(subject, bounds=Bounds(POLICY))


def made(drafts):
    return record_of(
        {"parts": [{"id": part} for part in PARTS], "making": {"steps": numbered(drafts)}}
    )


def altered(on, steps, replaced=()):
    read = record_of({"making": {"steps": steps}}).steps
    return Alteration(date.fromisoformat(on), read, frozenset(replaced))


def labelled(record, *alterations):
    return label_with_alterations(record, alterations, policy=POLICY, issued=ISSUED)


@pytest.mark.parametrize("case", FROZEN)
def test_a_frozen_alteration_has_the_label_it_always_had(case):
    record, issued = record_of(case["given"]), datetime.fromisoformat(case["issued"])
    works = [
        altered(each["on"], each["steps"], each.get("replaced", ())) for each in case["alterations"]
    ]

    assert told(record, works, issued, date.fromisoformat(case["today"])) == case["expect"]


def told(record, works, issued, today):
    try:
        for work in works:
            check_alteration(work, parts=record.parts, signed=issued.date(), today=today)
    except AlterationError as problem:
        return {"refused": problem.code}
    label = label_with_alterations(record, works, policy=POLICY, issued=issued)
    after = [[work.on.isoformat(), derivation.label] for work, derivation in label.after]
    return {"as_made": label.as_made.label, "after": after, "text": label.text}


def test_what_may_be_said_today_is_what_the_last_work_left():
    record = made([])
    plated = altered("2027-01-02", [step("a", "finish.plate", "machine")])

    assert labelled(record).now == labelled(record).as_made
    assert labelled(record, plated).now == labelled(record, plated).after[0][1]


def test_an_alteration_says_which_member_is_wrong():
    plated = altered("2027-01-02", [step("a", "finish.plate", "machine")], ["crown"])

    with pytest.raises(AlterationError, match="no part “crown”") as caught:
        check_alteration(plated, parts=PARTS, signed=ISSUED.date(), today=date(2028, 1, 1))

    assert (caught.value.code, caught.value.path) == ("alteration_parts", "replaced")


def test_a_part_without_a_word_on_the_new_one_still_counts_as_it_was():
    record = record_of({"making": {"steps": [step("c1", "form.cast", "templated", "shank")]}})
    silent = altered("2027-01-02", [step("p1", "finish.polish", "hand")], ["shank"])

    assert "Cast" in labelled(record, silent).now.label


def test_the_grade_of_the_making_does_not_rise_with_later_work():
    """An item that came on record after issue does not make the making contemporaneous."""
    item = {
        "type": "photo",
        "sha256": "ab" * 32,
        "in_app": True,
        "captured_at": "2026-11-02T10:00:00Z",
        "recorded_at": "2026-12-01T10:00:00Z",
    }
    forged = step("f1", "form.forge", "hand") | {
        "started": "2026-11-02",
        "finished": "2026-11-02",
        "evidence": [item],
    }
    plated = altered("2027-01-02", [step("m1", "mark.hallmark", "machine")])

    label = labelled(record_of({"making": {"steps": [forged]}}), plated)

    assert label.as_made.evidence_grade == label.now.evidence_grade == "E1"


# -- laws ---------------------------------------------------------------------------------------

JUDGED_MACHINE = a_step(MACHINE).filter(
    lambda step: step["kind"].partition(".")[0] in POLICY.judged
)
WORK = st.lists(a_step(["hand", "hand_guided", "machine", "bought_in"]), min_size=1, max_size=3)
GONE = st.sets(st.sampled_from(PARTS), max_size=2)
DAYS = st.dates(date(2026, 11, 20), date(2028, 1, 1))


def works_of(drafts, on, replaced=()):
    """Later work under the ids of the making; some of its photographs are the making's too."""
    steps = [{**each, "started": "2027-01-01", "finished": "2027-01-02"} for each in drafts]
    shown = [{**each, "evidence": later(each["evidence"])} for each in numbered(steps)]
    return altered(on.isoformat(), shown, replaced)


def later(evidence):
    return [
        item
        if item["captured_at"] == "2026-11-01"
        else item | {"sha256": f"a{item['sha256'][1:]}", "captured_at": "2027-01-02"}
        for item in evidence
    ]


@given(DRAFTS, WORK, JUDGED_MACHINE, GONE, DAYS)
def test_work_by_a_machine_never_adds_handmade(drafts, work, machine, gone, on):
    label = labelled(made(drafts), works_of([*work, machine], on, gone))

    assert "Handmade" not in label.now.granted
    assert "Handmade" not in label.now.label


@given(DRAFTS, st.lists(WORK, max_size=3), DAYS)
def test_work_that_replaces_nothing_never_adds_a_base_of_the_hand(drafts, works, on):
    label = labelled(made(drafts), *(works_of(work, on) for work in works))

    assert bases(label.now) <= bases(label.as_made)


@given(DRAFTS, st.lists(st.tuples(WORK, GONE, DAYS), min_size=1, max_size=3))
def test_no_disclosure_is_lost_of_a_part_that_was_not_replaced(drafts, works):
    gone = {part for _, replaced, _ in works for part in replaced}

    label = labelled(made(drafts), *(works_of(work, on, parts) for work, parts, on in works))

    assert disclosures(label.as_made, gone) <= disclosures(label.now, gone)
    assert not is_by_ai(label.as_made) or is_by_ai(label.now)


@given(DRAFTS, st.lists(st.tuples(WORK, DAYS), min_size=1, max_size=3))
def test_what_did_not_count_as_made_never_counts_later(drafts, works):
    label = labelled(made(drafts), *(works_of(work, on) for work, on in works))

    ignored = {(each.step, each.sha256) for each in label.as_made.ignored}
    assert ignored <= {(each.step, each.sha256) for each in label.now.ignored}


@given(DRAFTS, st.lists(st.tuples(WORK, GONE, DAYS), max_size=4), st.randoms())
def test_days_make_the_order_and_nothing_else(drafts, works, random):
    given_works = [works_of(work, on, gone) for work, gone, on in works]
    days = {work.on: work for work in given_works}
    shuffled = random.sample([*days.values()], len(days))

    assert labelled(made(drafts), *shuffled).text == labelled(made(drafts), *days.values()).text


@given(DRAFTS, WORK, DAYS)
def test_the_label_as_made_stays_what_was_signed(drafts, work, on):
    label = labelled(made(drafts), works_of(work, on))

    assert label.as_made == labelled(made(drafts)).as_made
    assert label.text.startswith(f"as made {label.as_made.label}; altered on {on}: ")


def bases(derivation):
    return hand_claims(derivation) & set(POLICY.base_phrases.values())


def disclosures(derivation, gone):
    reasons = [reason for refusal in derivation.refusals for reason in refusal.reasons]
    return {
        (each.rule, each.step, each.says)
        for each in reasons
        if each.rule in {"M1", "M2", "M3", "M4", "M5"}
        and each.part not in gone
        and not ("shank" in gone and "shank" in each.says)
    }


def is_by_ai(derivation):
    return derivation.design_phrase == POLICY.design_phrases["ai_generated"]


def step(ident, kind, control, part="piece"):
    return {"id": ident, "kind": kind, "part": part, "control": control}
