"""Makers' keys: made here or registered, used for one act, retired; and never shown to anybody."""

import logging
import traceback

import pytest
from django.utils import timezone
from django.views.debug import ExceptionReporter

from provenance import keys
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import create_proof, maker_of, proofs_of, verify_proof
from provenance.errors import BadKeyError, BadProofError, KeyLockedError, MalformedError
from provenance.models.certificate import Certificate, CertificateProof, ProofKind
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.log import Event
from provenance.models.piece import Piece
from provenance.services import maker_keys, platform
from provenance.services.standing import standing_of
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tags.services import issuing as tag_services
from tests.doors import enter_with_app
from tests.factories import (
    MAKER_PASSPHRASE,
    make_certificate,
    make_draft,
    make_held_certificate,
    make_held_key,
    make_mira,
    make_own_key,
    make_staff,
)
from tests.provenance.test_keys import NON_CANONICAL_HEX, SMALL_ORDER_HEX

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira()


def checks_of(certificate: Certificate):
    found = Certificate.objects.select_related("piece", "status_batch").get(pk=certificate.pk)
    return standing_of(found, now=timezone.now()).verdict


# -- kept here ----------------------------------------------------------------------------------


def test_a_held_key_lies_encrypted_in_a_folder_of_its_own(mira, settings):
    make_held_key(mira)

    key = SigningKey.objects.get(maker=mira)
    file = settings.MAKER_KEYS_DIR / key.file
    assert key.level == KeyLevel.HELD
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings.MAKER_KEYS_DIR.stat().st_mode & 0o777 == 0o700
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in file.read_bytes()


def test_a_certificate_of_a_held_key_carries_two_proofs_over_one_body(mira):
    signer = make_held_key(mira)

    certificate = make_held_certificate(mira, signer)

    document = parse_object(bytes(certificate.files.get().content))
    ours, hers = proofs_of(document)
    assert maker_of(document)["keyLevel"] == "held"
    assert maker_of(document)["key"] == signer.verification_method
    verify_proof(document, ours, public_key=platform.signer().public_key)
    verify_proof(document, hers, public_key=signer.public_key)
    kinds = list(CertificateProof.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [ProofKind.PLATFORM, ProofKind.MAKER]
    assert checks_of(certificate).checks[4].outcome is Outcome.PASSED


def test_a_held_key_that_was_not_opened_signs_nothing(mira):
    make_held_key(mira)
    piece = make_draft(mira)

    with pytest.raises(maker_keys.MakerKeyLockedError):
        tag_services.issue_with_code(piece=piece, by=mira.user)

    assert not Certificate.objects.exists()
    assert Piece.objects.drafts().filter(pk=piece.pk).exists()


def test_another_makers_opened_key_does_not_help(mira):
    make_held_key(mira)
    other = make_mira("nell")
    stranger = make_held_key(other)

    with pytest.raises(maker_keys.MakerKeyLockedError):
        make_held_certificate(mira, stranger)


def test_a_workshop_without_a_key_is_recorded_by_the_platform(mira):
    certificate = make_certificate(mira)

    maker = maker_of(parse_object(bytes(certificate.body)))
    assert maker["keyLevel"] == "recorded"
    assert "key" not in maker


def test_a_short_passphrase_makes_no_key(mira, settings):
    with pytest.raises(maker_keys.WeakPassphraseError):
        maker_keys.make_held_key(maker=mira, passphrase="fourteen chars", by=mira.user)

    assert not SigningKey.objects.exists()


def test_a_second_key_is_refused_while_one_is_in_use(mira, settings):
    make_held_key(mira)
    before = sorted(settings.MAKER_KEYS_DIR.iterdir())

    with pytest.raises(maker_keys.KeyInUseError):
        maker_keys.make_held_key(maker=mira, passphrase=MAKER_PASSPHRASE, by=mira.user)

    assert sorted(settings.MAKER_KEYS_DIR.iterdir()) == before


def test_a_retired_key_stays_published_and_what_it_signed_stays_good(
    mira, settings, django_capture_on_commit_callbacks
):
    signer = make_held_key(mira)
    certificate = make_held_certificate(mira, signer)
    file = settings.MAKER_KEYS_DIR / SigningKey.objects.get(maker=mira).file

    with django_capture_on_commit_callbacks(execute=True):
        maker_keys.retire_key(maker=mira, by=mira.user)

    assert not file.exists()
    assert platform.maker_document(mira)["assertionMethod"] == [signer.verification_method]
    assert checks_of(certificate).answer is CertificateAnswer.CURRENT
    assert [event.kind for event in Event.objects.filter(kind__startswith="key.")] == [
        "key.made",
        "key.retired",
    ]


def test_there_is_nothing_to_retire_or_open_without_a_key(mira):
    with pytest.raises(maker_keys.NoKeyInUseError):
        maker_keys.retire_key(maker=mira, by=mira.user)
    with pytest.raises(maker_keys.NoKeyInUseError):
        maker_keys.unlock(maker=mira, passphrase=MAKER_PASSPHRASE)


# -- of her own ---------------------------------------------------------------------------------


def test_a_key_of_her_own_is_registered_once_she_shows_that_she_has_it(mira):
    signer = make_own_key(mira)

    key = SigningKey.objects.get(maker=mira)
    assert (key.level, key.file) == (KeyLevel.OWN, "")
    assert bytes(key.public_key) == signer.public_key


def test_a_certificate_of_her_own_key_waits_for_her_proof(mira):
    make_own_key(mira)

    with pytest.raises(maker_keys.MakerSignsElsewhereError):
        tag_services.issue_with_code(piece=make_draft(mira), by=mira.user)

    assert not Certificate.objects.exists()


def own_signer(maker, seed=5):
    return keys.MemorySigner.from_seed(
        bytes([seed]) * 32, verification_method_of=lambda key: maker_keys.method_named(maker, key)
    )


def proof_by(signer, document, **changes):
    proof = create_proof(document, signer=signer, created=timezone.now()) | changes
    return canonical_bytes(proof)


def test_somebody_elses_public_key_cannot_be_registered(mira):
    victim, thief = own_signer(mira), own_signer(mira, seed=6)
    asked = maker_keys.challenge(mira, victim.public_key)

    for proof in (
        proof_by(thief, asked),
        proof_by(thief, asked, verificationMethod=victim.verification_method),
    ):
        with pytest.raises(BadProofError):
            maker_keys.register_own_key(maker=mira, asked=asked, proof=proof, by=mira.user)

    assert not SigningKey.objects.exists()


def test_a_challenge_of_another_workshop_registers_nothing(mira):
    signer, nell = own_signer(mira), make_mira("nell")
    asked = maker_keys.challenge(mira, signer.public_key)

    with pytest.raises(BadProofError):
        maker_keys.register_own_key(
            maker=nell, asked=asked, proof=proof_by(signer, asked), by=nell.user
        )


def test_a_proof_with_something_hidden_in_it_is_refused(mira):
    signer = own_signer(mira)
    asked = maker_keys.challenge(mira, signer.public_key)

    with pytest.raises(BadProofError):
        maker_keys.register_own_key(
            maker=mira, asked=asked, proof=proof_by(signer, asked, note="x"), by=mira.user
        )
    with pytest.raises(MalformedError):
        maker_keys.register_own_key(maker=mira, asked=asked, proof=b"{", by=mira.user)


@pytest.mark.parametrize("encoded", SMALL_ORDER_HEX + NON_CANONICAL_HEX)
def test_a_weak_key_is_never_registered(mira, encoded):
    name = "z" + keys.base58_encode(b"\xed\x01" + bytes.fromhex(encoded))
    asked = maker_keys.challenge(mira, own_signer(mira).public_key)
    asked["key"] = f"{asked['maker']}#{name}"

    with pytest.raises(BadKeyError):
        maker_keys.register_own_key(maker=mira, asked=asked, proof=b"{}", by=mira.user)


def test_a_key_that_is_on_record_is_nobody_elses(mira):
    nell = make_mira("nell")
    make_own_key(mira)

    with pytest.raises(maker_keys.KeyKnownError):
        make_own_key(nell)


# -- never shown --------------------------------------------------------------------------------


def test_a_wrong_passphrase_stands_in_no_traceback_and_no_log(mira, caplog):
    make_held_key(mira)
    guess = "a guess that nobody may read"

    with caplog.at_level(logging.DEBUG), pytest.raises(KeyLockedError) as refused:
        maker_keys.unlock(maker=mira, passphrase=guess)

    told = "".join(traceback.format_exception(refused.value))
    assert guess not in told + caplog.text
    assert guess not in repr(refused.value)


@pytest.mark.parametrize("holder", ["maker", "platform"])
def test_no_error_report_shows_a_passphrase(mira, settings, tmp_path, holder):
    make_held_key(mira)
    guess = "a guess that nobody may read"
    settings.PLATFORM_KEY_PASSPHRASE = guess
    acts = {
        "maker": lambda: maker_keys.unlock(maker=mira, passphrase=guess),
        "platform": lambda: platform.open_file(settings.PLATFORM_KEY_PATH.name),
    }

    with pytest.raises(KeyLockedError) as refused:
        acts[holder]()

    frames = refused.tb
    while frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    report = ExceptionReporter(None, refused.type, refused.value, frames).get_traceback_html()
    assert "load_signer" in report
    assert guess not in report


def test_no_private_key_stands_in_the_database_or_in_the_admin(mira, settings, client):
    signer = make_held_key(mira)
    make_held_certificate(mira, signer)
    enter_with_app(client, make_staff())
    key = SigningKey.objects.get(maker=mira)
    sealed = (settings.MAKER_KEYS_DIR / key.file).read_text().splitlines()[1]

    page = client.get(f"/staff/admin/provenance/signingkey/{key.pk}/change/").content.decode()

    assert "View signing key" in page
    assert sealed not in page
    assert key.file not in page
    assert {f.name for f in SigningKey._meta.fields if "private" in f.name} == set()


def test_an_opened_key_shows_itself_to_nobody(mira):
    signer = make_held_key(mira)

    assert repr(signer) == f"<MemorySigner {signer.verification_method}>"
    assert str(signer) == repr(signer)
