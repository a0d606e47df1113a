"""Whom a verifier believes: what a trusted key has signed, and nothing a stranger hands over."""

from datetime import UTC, datetime

import pytest

from provenance import keys
from provenance.canonical import JSONObject
from provenance.credentials import attach_proofs, create_proofs
from provenance.errors import MalformedError
from provenance.trust import MOST_KEYS, MOST_VOUCHERS, Trust, read_did_document
from tests.provenance.makings import (
    ISSUED,
    MIRA,
    MIRA_SIGNER,
    PLATFORM,
    PLATFORM_SIGNER,
    believing,
    changed,
    make_document,
    make_signer,
)

NEW = make_signer(seed=7)
STOLEN_AT = "2027-10-01T00:00:00Z"
CARD = frozenset({keys.fingerprint(PLATFORM_SIGNER.public_key)})


def signed(document: JSONObject, *signers: keys.Signer) -> JSONObject:
    return attach_proofs(document, create_proofs(document, signers=[*signers], created=ISSUED))


def after_rotation() -> JSONObject:
    return keys.did_document(PLATFORM, keys=[NEW.public_key, PLATFORM_SIGNER.public_key])


def handed(*documents: JSONObject, trust: Trust | None = None) -> Trust:
    """What a verifier believes who was handed these documents."""
    supplied = tuple(read_did_document(each) for each in documents)
    held = trust or Trust(fingerprints=CARD)
    return Trust(held.documents, held.fingerprints, supplied).vouched_by(PLATFORM, now=ISSUED)


def is_trusted(trust: Trust, method: str) -> bool:
    key = trust.key_of(method)
    return key is not None and key.is_trusted


def test_the_key_of_an_old_card_leads_to_the_key_that_followed_it():
    trust = handed(signed(after_rotation(), NEW, PLATFORM_SIGNER))

    assert is_trusted(trust, NEW.verification_method)


def test_a_document_leads_on_to_the_next_in_whatever_order_they_come():
    newest = make_signer(seed=9)
    third = keys.did_document(PLATFORM, keys=[newest.public_key, NEW.public_key])

    trust = handed(signed(third, newest, NEW), signed(after_rotation(), NEW, PLATFORM_SIGNER))

    assert is_trusted(trust, newest.verification_method)


def test_a_document_that_a_stranger_signed_is_not_believed():
    sana = make_signer(PLATFORM, seed=3)
    document = keys.did_document(PLATFORM, keys=[sana.public_key, PLATFORM_SIGNER.public_key])

    assert not is_trusted(handed(signed(document, sana)), sana.verification_method)
    assert not is_trusted(handed(document), sana.verification_method)


def test_a_changed_document_is_not_believed():
    sana = make_signer(PLATFORM, seed=3)
    document = signed(make_document(), PLATFORM_SIGNER)

    added = changed(document, lambda d: d["assertionMethod"].append(sana.verification_method))
    trust = handed(added)

    assert trust.document_of(PLATFORM) is None


def test_a_stolen_key_vouches_for_nothing():
    known = keys.did_document(
        PLATFORM, keys=[NEW.public_key], revoked={PLATFORM_SIGNER.public_key: STOLEN_AT}
    )
    sana = make_signer(PLATFORM, seed=3)
    forged = keys.did_document(PLATFORM, keys=[sana.public_key, PLATFORM_SIGNER.public_key])

    trust = handed(signed(forged, PLATFORM_SIGNER), trust=believing(known))

    assert trust.key_of(sana.verification_method) is None


def test_the_platform_vouches_for_the_makers_beneath_its_name_alone():
    mira = make_document(did=MIRA, key=MIRA_SIGNER.public_key)
    elsewhere = "did:web:stranger.example"
    stranger = make_document(did=elsewhere, key=MIRA_SIGNER.public_key)

    trust = handed(signed(mira, PLATFORM_SIGNER), signed(stranger, PLATFORM_SIGNER))

    assert trust.document_of(MIRA)
    assert trust.document_of(elsewhere) is None


def test_a_maker_does_not_vouch_for_herself():
    mira = make_document(did=MIRA, key=MIRA_SIGNER.public_key)

    assert handed(signed(mira, MIRA_SIGNER)).document_of(MIRA) is None


def test_the_worst_that_a_believed_document_says_of_a_key_counts():
    old = make_document()
    new = keys.did_document(
        PLATFORM, keys=[NEW.public_key], revoked={PLATFORM_SIGNER.public_key: STOLEN_AT}
    )

    for trust in (believing(old, new), believing(new, old)):
        key = trust.key_of(PLATFORM_SIGNER.verification_method)
        assert key
        assert not key.is_current
        assert key.revoked == datetime(2027, 10, 1, tzinfo=UTC)


def test_a_revoked_key_may_not_assert_although_its_document_says_so():
    document = changed(
        make_document(), lambda d: d["verificationMethod"][0].update(revoked=STOLEN_AT)
    )

    assert read_did_document(document).current == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d["verificationMethod"][0].update(revoked="lately"), id="no moment"),
        pytest.param(
            lambda d: d.update(verificationMethod=d["verificationMethod"] * (MOST_KEYS + 1)),
            id="a flood of keys",
        ),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(change):
    with pytest.raises(MalformedError):
        read_did_document(changed(make_document(), change))


@pytest.mark.parametrize(("vouchers", "is_believed"), [(MOST_VOUCHERS, True), (33, False)])
def test_a_document_is_signed_by_as_many_keys_as_a_site_may_outlive(vouchers, is_believed):
    retired = [make_signer(seed=seed) for seed in range(20, 20 + vouchers - 2)]
    signers = [NEW, *retired, PLATFORM_SIGNER]
    document = keys.did_document(PLATFORM, keys=[each.public_key for each in signers])

    trust = handed(signed(document, *signers))

    assert is_trusted(trust, NEW.verification_method) is is_believed
