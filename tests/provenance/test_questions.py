"""Dates, log, label and tag (6, 9 to 11); and whatever comes in, eleven answers go out."""

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.canonical import canonical_bytes
from provenance.case import TagRead
from provenance.credentials import attach_proofs, create_proof
from provenance.trust import LOG_SERVICE
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tests.provenance.makings import (
    INDEX,
    MIRA,
    NOON,
    PLATFORM_SIGNER,
    SITE,
    Hearing,
    believing,
    changed,
    failed_numbers,
    make_body,
    make_certificate,
    make_document,
    make_held_certificate,
    make_lists,
    make_status_list,
    open_numbers,
    outcomes,
    reason,
    signed_again,
)

COMPLETE_SUBJECT = Path(__file__).parents[1] / "interop" / "complete-subject.json"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda b: b.update(validFrom="2026-11-20T12:05:01Z"), id="not yet valid"),
        pytest.param(lambda b: b.update(validUntil="2026-11-20T11:54:59Z"), id="no longer valid"),
        pytest.param(lambda b: b.update(validUntil=None), id="an unreadable end"),
    ],
)
def test_a_certificate_outside_its_dates_fails(change):
    assert 6 in failed_numbers(Hearing(signed_again(change)).verdict())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda b: b.update(validFrom="2026-11-20T12:05:00Z"), id="a clock ahead"),
        pytest.param(lambda b: b.update(validUntil="2026-11-20T11:55:00Z"), id="a clock behind"),
    ],
)
def test_five_minutes_of_a_wrong_clock_are_forgiven(change):
    assert Hearing(signed_again(change)).verdict().exit_code == 0


def test_a_proof_made_in_the_future_fails():
    proof = create_proof(make_body(), signer=PLATFORM_SIGNER, created=NOON + timedelta(days=1))

    verdict = Hearing(attach_proofs(make_body(), [proof])).verdict()

    assert failed_numbers(verdict) == [6]


def test_an_expired_proof_fails():
    certificate = changed(
        make_certificate(), lambda c: c["proof"].update(expires="2026-11-20T10:00:00Z")
    )

    assert 6 in failed_numbers(Hearing(certificate).verdict())


def test_an_issuer_with_a_log_makes_the_ninth_check_needed():
    document = {
        **make_document(),
        "service": [{"type": LOG_SERVICE, "serviceEndpoint": f"{SITE}/log"}],
    }

    verdict = Hearing(trust=believing(document)).verdict()

    assert open_numbers(verdict) == [9]
    assert verdict.exit_code == 3


def with_making(**changes):
    """A certificate over the specification's whole example, its making record changed."""
    subject = json.loads(COMPLETE_SUBJECT.read_text(encoding="utf-8"))
    record = subject["making"] | changes
    facts = {name: subject[name] for name in ("parts", "stones", "mass")}
    return signed_again(lambda b: b["credentialSubject"].update(making=record, **facts))


def test_a_printed_label_that_follows_from_its_record_passes_the_tenth_check():
    verdict = Hearing(with_making()).verdict()

    assert reason(verdict, 10) == (
        "By policy strict-2026-11 the record gives the same label: Designed with AI help; "
        "Cast from a 3D-printed model; hand-set; hand-finished."
    )
    assert verdict.exit_code == 0


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"label": "Designed by a person; Handmade"}, id="a finer label"),
        pytest.param({"evidenceGrade": "E3"}, id="a higher grade"),
        pytest.param({"refused": []}, id="a refusal left out"),
        pytest.param({"steps": [{"id": "f1"}]}, id="a record that cannot be read"),
        pytest.param({"steps": []}, id="a label without any step"),
    ],
)
def test_a_printed_label_that_does_not_follow_fails_the_tenth_check(changes):
    verdict = Hearing(with_making(**changes)).verdict()

    assert failed_numbers(verdict) == [10]


GUILD = "did:web:guild.example"


def with_cosignature(*, grade, party=GUILD, verified=True):
    """The whole example, its setting co-signed, and a grade printed beside it."""
    subject = json.loads(COMPLETE_SUBJECT.read_text(encoding="utf-8"))
    steps = deepcopy(subject["making"]["steps"])
    steps[6]["evidence"].append(
        {"type": "cosign", "sha256": "c0" * 32, "party": party, "verified": verified}
    )
    return with_making(steps=steps, evidenceGrade=grade)


def test_a_co_signature_of_a_second_party_is_computed_anew_by_the_tenth_check():
    verdict = Hearing(with_cosignature(grade="E3")).verdict()

    assert outcomes(verdict)[10] is Outcome.PASSED
    assert verdict.exit_code == 0


@pytest.mark.parametrize(
    "cosigned",
    [
        pytest.param({"grade": "E3", "verified": False}, id="nobody verified the party"),
        pytest.param({"grade": "E3", "party": MIRA}, id="the maker is no second party"),
        pytest.param({"grade": "E3", "party": ""}, id="no party is named"),
        pytest.param({"grade": "E1"}, id="a lower grade than follows"),
    ],
)
def test_a_grade_that_no_co_signature_carries_fails_the_tenth_check(cosigned):
    verdict = Hearing(with_cosignature(**cosigned)).verdict()

    assert failed_numbers(verdict) == [10]
    assert "evidenceGrade" in reason(verdict, 10)


def test_a_policy_of_another_time_leaves_the_tenth_check_open():
    verdict = Hearing(with_making(policy="strict-2099-01")).verdict()

    assert open_numbers(verdict) == [10]
    assert verdict.exit_code == 3


def test_the_code_on_the_card_belongs_to_the_piece_and_can_be_copied():
    verdict = Hearing(tag=TagRead("qr", "Zr3wLq8uSg5nXf7PoBt6Kw")).verdict()

    assert outcomes(verdict)[11] is Outcome.PASSED
    assert "codes can be copied" in reason(verdict, 11)


@pytest.mark.parametrize(
    "tag", [TagRead("qr", "another"), TagRead("ntag424", "Zr3wLq8uSg5nXf7PoBt6Kw")]
)
def test_a_tag_of_another_piece_fails(tag):
    verdict = Hearing(tag=tag).verdict()

    assert failed_numbers(verdict) == [11]
    assert verdict.answer is CertificateAnswer.FAILED


def test_a_tag_bound_later_belongs_without_a_new_certificate():
    verdict = Hearing(tag=TagRead("ntag424", "bound-later", is_bound_since=True)).verdict()

    assert outcomes(verdict)[11] is Outcome.PASSED


# all


def test_it_never_stops_at_the_first_failure():
    certificate = changed(
        make_held_certificate(), lambda c: c.update(validFrom="2030-01-01T00:00:00Z")
    )
    lists = make_lists(
        revocation=make_status_list("revocation", set_indexes=[INDEX]),
        suspension=make_status_list("suspension", set_indexes=[INDEX]),
    )

    verdict = Hearing(certificate, lists=lists, tag=TagRead("qr", "another")).verdict()

    assert failed_numbers(verdict) == [4, 5, 6, 7, 8, 11]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
PLACES: list[tuple[str | int, ...]] = [
    ("@context",),
    ("id",),
    ("type",),
    ("issuer",),
    ("issuer", "id"),
    ("validFrom",),
    ("credentialStatus",),
    ("credentialStatus", 0),
    ("credentialStatus", 0, "statusListIndex"),
    ("credentialSubject",),
    ("credentialSubject", "maker"),
    ("credentialSubject", "maker", "id"),
    ("credentialSubject", "maker", "key"),
    ("credentialSubject", "tags"),
    ("credentialSubject", "making"),
    ("proof",),
    ("proof", 0),
    ("proof", 1, "verificationMethod"),
    ("proof", 0, "proofValue"),
    ("proof", 0, "created"),
    ("proof", 0, "@context"),
]


def put(document: Any, place: tuple[str | int, ...], value: object) -> None:
    for step in place[:-1]:
        document = document[step]
    document[place[-1]] = value


@given(st.sampled_from(PLACES), json_values)
def test_anything_anywhere_gets_eleven_answers_and_never_an_error(place, value):
    certificate = changed(make_held_certificate(), lambda c: put(c, place, value))

    verdict = Hearing(certificate, tag=TagRead("qr", "x")).verdict()

    assert len(verdict.checks) == 11
    assert all(check.reason.endswith(".") for check in verdict.checks)


@given(st.sampled_from([*PLACES[:9], ("credentialSubject",)]), json_values)
def test_anything_in_a_status_list_is_never_an_error(place, value):
    spoiled = changed(make_status_list("revocation"), lambda s: s.update({place[0]: value}))

    verdict = Hearing(lists=make_lists(revocation=spoiled)).verdict()

    assert open_numbers(verdict) == [7]


@given(st.integers(0, len(canonical_bytes(make_certificate())) - 1), st.integers(1, 255))
def test_one_changed_byte_is_always_noticed(position, difference):
    data = bytearray(canonical_bytes(make_certificate()))
    data[position] ^= difference

    verdict = Hearing(bytes(data)).verdict()

    assert verdict.exit_code in (1, 2)


@given(st.binary(max_size=300))
def test_any_bytes_get_eleven_answers(data):
    assert len(Hearing(data).verdict().checks) == 11
