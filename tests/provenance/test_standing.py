"""Withdrawn, suspended, superseded: only a list we can believe may say so (checks 7 and 8)."""

from datetime import timedelta

import pytest

from provenance import keys
from provenance.credentials import attach_proofs, create_proof
from provenance.trust import Trust, read_did_document
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tests.provenance.makings import (
    INDEX,
    ISSUED,
    LIST_URLS,
    MIRA,
    NOON,
    PLATFORM,
    PLATFORM_SIGNER,
    SANA_SIGNER,
    SITE,
    Hearing,
    changed,
    failed_numbers,
    make_lists,
    make_signer,
    make_status_list,
    open_numbers,
    outcomes,
    reason,
    signed_again,
)


def test_a_withdrawn_certificate_is_revoked():
    lists = make_lists(revocation=make_status_list("revocation", set_indexes=[INDEX]))

    verdict = Hearing(lists=lists).verdict()

    assert failed_numbers(verdict) == [7]
    assert verdict.answer is CertificateAnswer.REVOKED
    assert verdict.exit_code == 1


def test_a_suspended_certificate_is_paused():
    lists = make_lists(suspension=make_status_list("suspension", set_indexes=[INDEX]))

    verdict = Hearing(lists=lists).verdict()

    assert failed_numbers(verdict) == [8]
    assert verdict.answer is CertificateAnswer.PAUSED


def test_a_certificate_with_a_newer_one_is_superseded_and_still_good():
    lists = make_lists(refresh=make_status_list("refresh", set_indexes=[INDEX]))

    verdict = Hearing(lists=lists).verdict()

    assert outcomes(verdict)[7] is Outcome.PASSED
    assert "newer certificate" in reason(verdict, 7)
    assert verdict.answer is CertificateAnswer.SUPERSEDED
    assert verdict.exit_code == 0


def test_the_fate_of_a_neighbour_is_not_ours():
    lists = make_lists(
        revocation=make_status_list("revocation", set_indexes=[INDEX - 1, INDEX + 1])
    )

    assert Hearing(lists=lists).verdict().exit_code == 0


BAD_LISTS = [
    pytest.param({"issuer": MIRA}, id="of another issuer"),
    pytest.param({"purpose": "message"}, id="of another purpose"),
    pytest.param({"url": f"{SITE}/status/9"}, id="from another place"),
    pytest.param({"valid_until": NOON - timedelta(seconds=1)}, id="expired"),
    pytest.param({"valid_from": NOON + timedelta(seconds=301)}, id="from the future"),
    pytest.param({"signer": SANA_SIGNER}, id="signed by a stranger"),
    pytest.param({"signer": make_signer(seed=9)}, id="signed with an unknown key"),
]


@pytest.mark.parametrize("purpose", ["revocation", "suspension", "refresh"])
@pytest.mark.parametrize("changes", BAD_LISTS)
def test_a_list_that_cannot_be_believed_leaves_the_status_open(changes, purpose):
    lists = make_lists()
    lists[LIST_URLS[purpose]] = make_status_list(purpose, **changes)

    verdict = Hearing(lists=lists).verdict()

    assert open_numbers(verdict) == ([8] if purpose == "suspension" else [7])
    assert verdict.answer is CertificateAnswer.UNCONFIRMED
    assert verdict.exit_code == 3


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: s.pop("proof"), id="unsigned"),
        pytest.param(lambda s: s.update(proof=[]), id="an empty proof set"),
        pytest.param(lambda s: s.pop("validUntil"), id="without an end"),
        pytest.param(lambda s: s.update(type="VerifiableCredential"), id="not a list"),
        pytest.param(lambda s: s.update(credentialSubject=None), id="about nothing"),
        pytest.param(lambda s: s["credentialSubject"].update(type="X"), id="about something else"),
        pytest.param(lambda s: s["credentialSubject"].pop("encodedList"), id="without bits"),
        pytest.param(lambda s: s["credentialSubject"].update(encodedList="uAAAA"), id="changed"),
    ],
)
def test_a_list_changed_after_signing_leaves_the_status_open(change):
    lists = make_lists(revocation=changed(make_status_list("revocation"), change))

    assert open_numbers(Hearing(lists=lists).verdict()) == [7]


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param("uAAAA", id="not gzip"),
        pytest.param("", id="nothing"),
        pytest.param(7, id="a number"),
    ],
)
def test_a_list_signed_with_nonsense_in_it_leaves_the_status_open(encoded):
    body = make_status_list("revocation")
    body["credentialSubject"]["encodedList"] = encoded
    proof = create_proof(body, signer=PLATFORM_SIGNER, created=ISSUED)

    verdict = Hearing(lists=make_lists(revocation=attach_proofs(body, [proof]))).verdict()

    assert open_numbers(verdict) == [7]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b" " * 300_000])
def test_a_list_of_any_bytes_leaves_the_status_open(data):
    lists = make_lists()
    lists[LIST_URLS["suspension"]] = data

    assert open_numbers(Hearing(lists=lists).verdict()) == [8]


def test_a_missing_list_leaves_the_status_open():
    verdict = Hearing(lists={}).verdict()

    assert open_numbers(verdict) == [7, 8]
    assert verdict.answer is CertificateAnswer.UNCONFIRMED


def test_expired_lists_still_tell_how_old_the_news_is():
    verdict = Hearing(now=ISSUED + timedelta(days=3)).verdict()

    assert "only as of 2026-11-20 09:30 UTC" in reason(verdict, 8)
    assert verdict.status_as_of == ISSUED


def test_a_list_signed_with_the_files_own_key_cannot_answer_for_a_trusted_one():
    """The card's fingerprint is known; Sana adds a list and a document naming her key."""
    sana = make_signer(PLATFORM, seed=3)
    document = keys.did_document(PLATFORM, keys=[PLATFORM_SIGNER.public_key, sana.public_key])
    trust = Trust(
        fingerprints=frozenset({keys.fingerprint(PLATFORM_SIGNER.public_key)}),
        supplied=(read_did_document(document),),
    )
    lists = make_lists(revocation=make_status_list("revocation", signer=sana))

    assert open_numbers(Hearing(trust=trust, lists=lists).verdict()) == [7]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"statusListIndex": INDEX}, id="a number"),
        pytest.param({"statusListIndex": "-1"}, id="negative"),
        pytest.param({"statusListIndex": "007"}, id="padded"),
        pytest.param({"statusListIndex": "131072"}, id="outside the list"),
        pytest.param({"statusListIndex": "9" * 400}, id="endless"),
        pytest.param({"statusSize": 2}, id="two bits"),
        pytest.param({"statusListCredential": None}, id="nowhere"),
        pytest.param({"statusPurpose": "message"}, id="of another purpose"),
    ],
)
def test_a_place_that_is_not_one_leaves_the_status_open(change):
    certificate = signed_again(lambda b: b["credentialStatus"][0].update(change))

    assert 7 in open_numbers(Hearing(certificate).verdict())
