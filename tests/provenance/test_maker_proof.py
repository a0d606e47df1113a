"""Check 5: the maker’s proof, by the key that the body names, or by one that followed it."""

from typing import Any

import pytest

from provenance import keys
from provenance.canonical import JSONObject
from provenance.keys import MemorySigner
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tests.provenance.makings import (
    ISSUED,
    MIRA,
    MIRA_SIGNER,
    PLATFORM_SIGNER,
    SANA_SIGNER,
    Hearing,
    believing,
    changed,
    failed_numbers,
    make_body,
    make_certificate,
    make_document,
    make_held_certificate,
    make_signer,
    outcomes,
    reason,
    signed_again,
)


@pytest.mark.parametrize("level", ["held", "own"])
def test_a_maker_who_holds_a_key_must_have_signed(level):
    body = make_body(maker={"keyLevel": level, "key": MIRA_SIGNER.verification_method})

    alone = Hearing(make_certificate(body)).verdict()
    both = Hearing(make_certificate(body, signers=[PLATFORM_SIGNER, MIRA_SIGNER])).verdict()

    assert failed_numbers(alone) == [5]
    assert outcomes(both)[5] is Outcome.PASSED
    assert both.exit_code == 0


def test_a_changed_text_breaks_the_makers_proof_too():
    certificate = changed(
        make_held_certificate(), lambda c: c["credentialSubject"].update(name="Marlow ring")
    )

    assert failed_numbers(Hearing(certificate).verdict()) == [4, 5]


def test_a_maker_cannot_sign_with_another_key_than_the_certificate_names():
    other = make_signer(MIRA, seed=8)
    certificate = make_held_certificate(signers=[PLATFORM_SIGNER, other])

    assert failed_numbers(Hearing(certificate).verdict()) == [5]


def test_swapped_proofs_fail():
    def swap(certificate: Any) -> None:
        one, two = certificate["proof"]
        one["proofValue"], two["proofValue"] = two["proofValue"], one["proofValue"]

    verdict = Hearing(changed(make_held_certificate(), swap)).verdict()

    assert failed_numbers(verdict) == [4, 5]


def test_a_makers_proof_counts_for_nothing_while_the_issuers_is_open():
    """Sana writes a text, names her own key as the maker's, and signs it."""
    body = make_body(
        maker={
            "id": "did:web:stranger.example",
            "keyLevel": "own",
            "key": SANA_SIGNER.verification_method,
        }
    )
    certificate = make_certificate(body, signers=[SANA_SIGNER])

    verdict = Hearing(certificate).verdict()

    assert outcomes(verdict)[4] is Outcome.FAILED
    assert outcomes(verdict)[5] is Outcome.NOT_CHECKED


@pytest.mark.parametrize("level", [None, "", "platform", 1])
def test_a_certificate_must_say_who_holds_the_makers_key(level):
    certificate = signed_again(lambda b: b["credentialSubject"]["maker"].update(keyLevel=level))

    assert failed_numbers(Hearing(certificate).verdict()) == [5]


def mira_document(*keys_of_hers: bytes, stolen_at: str = "") -> JSONObject:
    """Mira's own document; `stolen_at` is when the key was stolen that her certificate names."""
    if not stolen_at:
        return keys.did_document(MIRA, keys=[MIRA_SIGNER.public_key, *keys_of_hers])
    stolen = {MIRA_SIGNER.public_key: stolen_at}
    return keys.did_document(MIRA, keys=keys_of_hers, revoked=stolen)


def test_what_a_maker_signed_before_her_key_was_stolen_stays_good():
    mira = mira_document(stolen_at="2026-11-20T09:30:01Z")

    verdict = Hearing(make_held_certificate(), trust=believing(make_document(), mira)).verdict()

    assert verdict.exit_code == 0
    assert "before the key that it names was reported stolen" in reason(verdict, 5)


def test_what_is_signed_from_the_moment_of_the_theft_on_is_unreliable():
    mira = mira_document(stolen_at="2026-11-20T09:30:00Z")

    verdict = Hearing(make_held_certificate(), trust=believing(make_document(), mira)).verdict()

    assert failed_numbers(verdict) == [5]
    assert verdict.answer is CertificateAnswer.UNRELIABLE
    assert verdict.unreliable_since == ISSUED


def test_a_makers_new_key_may_stand_in_for_the_stolen_one_alone():
    new = make_signer(MIRA, seed=8)
    certificate = make_held_certificate(signers=[PLATFORM_SIGNER, new])
    retired, stolen = (
        mira_document(new.public_key, stolen_at=moment) for moment in ("", "2026-12-01T00:00:00Z")
    )

    before = Hearing(certificate, trust=believing(make_document(), retired)).verdict()
    after = Hearing(certificate, trust=believing(make_document(), stolen)).verdict()

    assert failed_numbers(before) == [5]
    assert after.exit_code == 0


def test_a_key_the_maker_never_published_cannot_stand_in_for_a_stolen_one():
    certificate = make_held_certificate(signers=[PLATFORM_SIGNER, make_signer(MIRA, seed=8)])
    mira = mira_document(stolen_at="2026-12-01T00:00:00Z")

    verdict = Hearing(certificate, trust=believing(make_document(), mira)).verdict()

    assert failed_numbers(verdict) == [5]


def test_the_certificate_alone_anchors_its_makers_key():
    """Her document is older than the key; the body that the platform signed names it."""
    mira = keys.did_document(MIRA, keys=[make_signer(MIRA, seed=8).public_key])

    verdict = Hearing(make_held_certificate(), trust=believing(make_document(), mira)).verdict()

    assert verdict.exit_code == 0


@pytest.mark.parametrize("named", [None, f"{MIRA}#key-1"], ids=["no key", "a nickname"])
def test_a_makers_key_must_be_named_by_itself(named):
    body = make_body(maker={"keyLevel": "held", "key": named})
    mira = MemorySigner.from_seed(bytes([2]) * 32, verification_method_of=lambda _: f"{MIRA}#key-1")

    verdict = Hearing(make_certificate(body, signers=[PLATFORM_SIGNER, mira])).verdict()

    assert outcomes(verdict)[5] is not Outcome.PASSED
