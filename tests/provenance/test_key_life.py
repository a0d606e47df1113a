"""The life of keys: adopted, replaced, stolen; and what is signed again, exactly once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from provenance import keys
from provenance.canonical import parse_object
from provenance.credentials import proofs_of
from provenance.errors import BadKeyError
from provenance.models.certificate import Certificate, CertificateProof
from provenance.models.keys import SigningKey
from provenance.models.log import Event
from provenance.services import key_life, platform, reproof
from provenance.services.standing import file_of, standing_of
from provenance.verdict import CertificateAnswer
from tests.factories import (
    make_certificate,
    make_held_certificate,
    make_held_key,
    make_mira,
)

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
THEFT = datetime(2027, 10, 1, tzinfo=UTC)
OCTOBER = datetime(2027, 10, 4, 9, 0, tzinfo=UTC)
NOVEMBER = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def mira():
    with time_machine.travel(SEPTEMBER, tick=False):
        return make_mira()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    """Keys made here are nobody else's."""
    first = tmp_path / "platform.pem"
    keys.write_key_file(first, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode())
    settings.PLATFORM_KEY_PATH = first
    settings.MAKER_KEYS_DIR = tmp_path / "makers"


def certify(maker, at, title="Marlowe ring", signer=None):
    with time_machine.travel(at, tick=False):
        if signer:
            return make_held_certificate(maker, signer, title=title)
        return make_certificate(maker, title=title)


def verdict_of(certificate, at=NOVEMBER):
    known = Certificate.objects.select_related("piece", "status_batch")
    with time_machine.travel(at, tick=False):
        return standing_of(known.get(pk=certificate.pk), now=at).verdict


def report(at=THEFT, reason="A backup was stolen.", now=NOVEMBER):
    with time_machine.travel(now, tick=False):
        key = SigningKey.objects.of_platform().in_use().get()
        return key_life.report_platform_compromise(key=key, at=at, reason=reason)


def sign_again(batch=500, now=NOVEMBER):
    with time_machine.travel(now, tick=False):
        return list(reproof.reproof(batch=batch))


# -- adopting and replacing ---------------------------------------------------------------------


def test_the_key_file_of_an_older_site_goes_on_record_when_it_first_signs():
    before = platform.fingerprint()
    assert not SigningKey.objects.exists()

    make_certificate()

    key = SigningKey.objects.get()
    assert keys.fingerprint(bytes(key.public_key)) == before == platform.fingerprint()
    assert key.file == "platform.pem"


def test_a_replaced_key_stays_published_and_what_it_signed_stays_good(mira):
    certificate = certify(mira, SEPTEMBER)
    old = platform.signer().verification_method

    with time_machine.travel(OCTOBER, tick=False):
        key_life.rotate_platform_key()

    new = platform.signer().verification_method
    assert new != old
    assert platform.did_document()["assertionMethod"] == [new, old]
    assert verdict_of(certificate).answer is CertificateAnswer.CURRENT
    assert sign_again() == []


def test_the_document_is_signed_by_the_old_key_too_so_that_old_cards_lead_on(mira):
    certify(mira, SEPTEMBER)
    old = platform.signer().verification_method

    key_life.rotate_platform_key()

    signers = {proof["verificationMethod"] for proof in proofs_of(platform.did_document())}
    assert signers == {old, platform.signer().verification_method}


def test_a_key_whose_file_is_lost_is_published_and_replaced(mira, settings):
    certificate = certify(mira, SEPTEMBER)
    old = platform.signer().verification_method
    settings.PLATFORM_KEY_PATH.rename(settings.PLATFORM_KEY_PATH.with_name("moved.pem"))
    platform._load.cache_clear()

    key_life.rotate_platform_key()

    document = platform.did_document()
    assert old in document["assertionMethod"]
    assert len(proofs_of(document)) == 1
    assert verdict_of(certificate).answer is CertificateAnswer.CURRENT


def test_a_file_with_another_key_than_the_one_on_record_signs_nothing(mira, settings):
    certify(mira, SEPTEMBER)
    settings.PLATFORM_KEY_PATH.unlink()
    keys.write_key_file(
        settings.PLATFORM_KEY_PATH, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )
    platform._load.cache_clear()

    with pytest.raises(BadKeyError, match="does not hold the key on record"):
        platform.signer()


def test_a_site_that_has_signed_makes_no_second_first_key(mira):
    certify(mira, SEPTEMBER)

    with pytest.raises(CommandError, match="on record"):
        call_command("make_platform_key")


# -- stolen -------------------------------------------------------------------------------------


def test_after_a_theft_nothing_is_believed_until_it_is_signed_again(mira):
    early, late = certify(mira, SEPTEMBER), certify(mira, OCTOBER, "Late ring")

    report()

    for certificate in (early, late):
        verdict = verdict_of(certificate)
        assert verdict.answer is CertificateAnswer.UNRELIABLE
        assert verdict.unreliable_since == THEFT


def test_only_what_is_older_than_the_theft_is_signed_again(mira):
    early, late = certify(mira, SEPTEMBER), certify(mira, OCTOBER, "Late ring")
    report()

    assert sign_again() == [1]

    assert verdict_of(early).answer is CertificateAnswer.CURRENT
    assert verdict_of(late).answer is CertificateAnswer.UNRELIABLE


def test_what_was_signed_at_the_very_moment_of_the_theft_is_not(mira):
    certificate = certify(mira, THEFT)
    report()

    assert sign_again() == []
    assert verdict_of(certificate).answer is CertificateAnswer.UNRELIABLE


def test_signing_again_keeps_id_body_and_digest_and_tells_of_it(mira):
    certificate = certify(mira, SEPTEMBER)
    before = (certificate.public_id, bytes(certificate.body), bytes(certificate.digest))
    old_file = file_of(certificate)
    report()

    sign_again()

    after = Certificate.objects.get(pk=certificate.pk)
    assert (after.public_id, bytes(after.body), bytes(after.digest)) == before
    assert file_of(after) != old_file
    assert after.files.count() == after.proofs.count() == 2
    event = Event.objects.get(kind="certificate.reproofed")
    assert bytes(event.digest) == bytes(certificate.digest)
    assert event.piece_id == certificate.piece_id


def test_the_makers_own_proof_is_kept_as_it_was(mira):
    with time_machine.travel(SEPTEMBER, tick=False):
        signer = make_held_key(mira)
    certificate = certify(mira, SEPTEMBER, signer=signer)
    hers = proofs_of(parse_object(file_of(certificate)))[1]
    report()

    sign_again()

    ours, kept = proofs_of(parse_object(file_of(certificate)))
    assert kept == hers
    assert ours["verificationMethod"] == platform.signer().verification_method
    assert verdict_of(certificate).answer is CertificateAnswer.CURRENT


def test_signing_again_twice_changes_nothing(mira):
    certify(mira, SEPTEMBER)
    report()
    sign_again()
    many = CertificateProof.objects.count()

    assert sign_again() == []
    assert CertificateProof.objects.count() == many


def test_signing_again_goes_on_where_it_was_stopped(mira):
    for number in range(5):
        certify(mira, SEPTEMBER, f"Ring {number}")
    report()
    with time_machine.travel(NOVEMBER, tick=False):
        assert next(reproof.reproof(batch=2)) == 2

    assert sign_again(batch=2) == [2, 1]
    assert all(
        verdict_of(each).answer is CertificateAnswer.CURRENT for each in Certificate.objects.all()
    )


def test_a_second_theft_is_mended_too(mira):
    certificate = certify(mira, SEPTEMBER)
    report()
    sign_again()
    later = NOVEMBER + timedelta(days=30)
    report(at=NOVEMBER + timedelta(days=10), now=later)

    assert verdict_of(certificate, later).answer is CertificateAnswer.UNRELIABLE
    assert sign_again(now=later) == [1]
    assert verdict_of(certificate, later).answer is CertificateAnswer.CURRENT


def test_a_stolen_key_that_is_already_retired_needs_no_new_one(mira):
    certificate = certify(mira, SEPTEMBER)
    old = SigningKey.objects.get()
    with time_machine.travel(OCTOBER, tick=False):
        new = key_life.rotate_platform_key()
    old.refresh_from_db()

    with time_machine.travel(NOVEMBER, tick=False):
        in_use = key_life.report_platform_compromise(key=old, at=THEFT, reason="On a stick.")

    assert in_use == new
    assert sign_again() == [1]
    assert verdict_of(certificate).answer is CertificateAnswer.CURRENT


def test_a_theft_is_told_once_and_of_a_moment_that_has_passed(mira):
    certify(mira, SEPTEMBER)
    key = SigningKey.objects.get()
    with (
        time_machine.travel(SEPTEMBER, tick=False),
        pytest.raises(key_life.MomentToComeError),
    ):
        key_life.report_platform_compromise(key=key, at=THEFT, reason="A guess.")
    report()
    key.refresh_from_db()

    with (
        time_machine.travel(NOVEMBER, tick=False),
        pytest.raises(key_life.CompromiseRecordedError),
    ):
        key_life.report_platform_compromise(key=key, at=SEPTEMBER, reason="Earlier.")

    assert SigningKey.objects.get(pk=key.pk).compromised_at == THEFT


def test_the_stolen_key_leaves_those_who_may_assert_and_says_since_when(mira):
    certify(mira, SEPTEMBER)
    old = platform.signer().verification_method

    report()

    document = platform.did_document()
    told = {each["id"]: each.get("revoked") for each in document["verificationMethod"]}
    assert old not in document["assertionMethod"]
    assert told[old] == "2027-10-01T00:00:00Z"
    assert len(proofs_of(document)) == 1


def test_no_more_keys_sign_the_document_than_a_verifier_reads(mira, monkeypatch):
    monkeypatch.setattr(platform, "MOST_VOUCHERS", 3)
    make_certificate(mira)
    made = [key_life.rotate_platform_key() for _ in range(4)]
    platform.key_path(made[2].file).unlink()
    platform._load.cache_clear()

    document = platform.did_document()

    named = [proof["verificationMethod"] for proof in proofs_of(document)]
    at_hand = [made[3], made[1], made[0]]
    assert named == [
        keys.verification_method(platform.did(), bytes(key.public_key)) for key in at_hand
    ]
