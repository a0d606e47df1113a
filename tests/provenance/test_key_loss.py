"""A maker's lost key, and the commands by which an operator replaces and reports keys."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from provenance import keys
from provenance.canonical import parse_object
from provenance.credentials import proofs_of
from provenance.models.certificate import Certificate
from provenance.models.keys import SigningKey
from provenance.services import key_life, keyring, maker_keys, platform, reproof
from provenance.services.standing import file_of, standing_of
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tests.factories import (
    MAKER_PASSPHRASE,
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


# -- a maker's ----------------------------------------------------------------------------------


def lose_makers_key(maker, at=THEFT):
    with time_machine.travel(NOVEMBER, tick=False):
        key = SigningKey.objects.get(maker=maker, compromised_at__isnull=True)
        return key_life.report_maker_compromise(
            key=key, at=at, reason="Her laptop was stolen.", by=maker.user
        )


def test_what_a_maker_signed_before_her_loss_stays_good_with_a_note(mira):
    signer = make_held_key(mira)
    early, late = (certify(mira, at, f"Ring {at.month}", signer) for at in (SEPTEMBER, OCTOBER))

    lose_makers_key(mira)

    noted = verdict_of(early)
    assert noted.answer is CertificateAnswer.CURRENT
    assert "was reported stolen as of 2027-10-01 00:00 UTC" in noted.checks[4].reason
    lost = verdict_of(late)
    assert lost.answer is CertificateAnswer.UNRELIABLE
    assert lost.checks[4].outcome is Outcome.FAILED


def test_her_new_key_signs_the_earlier_ones_again(mira):
    signer = make_held_key(mira)
    early = certify(mira, SEPTEMBER, signer=signer)
    certify(mira, OCTOBER, "Late ring", signer)
    lose_makers_key(mira)
    new = make_held_key(mira)

    assert reproof.waiting_for_maker(mira).count() == 1
    shown = reproof.what_is_signed_again(mira)
    signed = [
        reproof.reproof_for_maker(maker=mira, signer=new, shown=shown, by=mira.user) for _ in "12"
    ]

    assert signed == [1, 0]

    methods = [proof["verificationMethod"] for proof in proofs_of(parse_object(file_of(early)))]
    assert methods == [platform.signer().verification_method, new.verification_method]
    assert verdict_of(early).answer is CertificateAnswer.CURRENT


def test_nothing_is_signed_again_with_a_key_that_was_not_opened(mira):
    signer = make_held_key(mira)
    certify(mira, SEPTEMBER, signer=signer)
    lose_makers_key(mira)
    make_held_key(mira)
    shown = reproof.what_is_signed_again(mira)

    with pytest.raises(maker_keys.MakerKeyLockedError):
        reproof.reproof_for_maker(maker=mira, signer=signer, shown=shown, by=mira.user)


def test_a_lost_key_of_hers_is_destroyed_and_opens_no_more(
    mira, settings, django_capture_on_commit_callbacks
):
    make_held_key(mira)
    file = settings.MAKER_KEYS_DIR / SigningKey.objects.get(maker=mira).file

    with django_capture_on_commit_callbacks(execute=True):
        lose_makers_key(mira)

    assert not file.exists()
    with pytest.raises(maker_keys.NoKeyInUseError):
        maker_keys.unlock(maker=mira, passphrase=MAKER_PASSPHRASE)


def headlines(*certificates):
    known = Certificate.objects.select_related("piece", "status_batch")
    return [standing_of(known.get(pk=each.pk), now=NOVEMBER).headline.line for each in certificates]


def test_of_two_keys_stolen_at_one_moment_each_certificate_tells_of_its_own(mira):
    rhea = make_mira("rhea")
    workshops = {mira: "Her laptop was taken.", rhea: "A stick was left on a train."}
    signers = {maker: make_held_key(maker) for maker in workshops}
    late = [certify(maker, OCTOBER, signer=signer) for maker, signer in signers.items()]
    with time_machine.travel(NOVEMBER, tick=False):
        for maker, reason in workshops.items():
            key = SigningKey.objects.get(maker=maker)
            key_life.report_maker_compromise(key=key, at=THEFT, reason=reason, by=None)

        told = headlines(*late)

    assert [reason in line for reason, line in zip(workshops.values(), told, strict=True)] == [
        True,
        True,
    ]


# -- commands -----------------------------------------------------------------------------------


def test_the_commands_replace_report_and_sign_again(mira, capsys):
    certificate = certify(mira, SEPTEMBER)
    with time_machine.travel(NOVEMBER, tick=False):
        call_command("rotate_key")
        rotated = platform.fingerprint()
        assert rotated in capsys.readouterr().out
        old = SigningKey.objects.get(retired_at__isnull=False)
        named = keys.fingerprint(bytes(old.public_key))

        call_command(
            "report_compromise", "--at=2027-10-01T00:00:00Z", "--reason=Lost.", f"--key={named}"
        )
        assert "to sign again   1" in capsys.readouterr().out

        call_command("reproof")
        assert "signed again 1; none is left" in capsys.readouterr().out

    assert platform.fingerprint() == rotated
    assert verdict_of(certificate).answer is CertificateAnswer.CURRENT


def test_without_a_name_the_key_in_use_is_the_stolen_one(mira, capsys):
    certify(mira, SEPTEMBER)
    before = platform.fingerprint()

    with time_machine.travel(NOVEMBER, tick=False):
        call_command("report_compromise", "--at=2027-10-01T00:00:00Z", "--reason=Stolen.")

    assert platform.fingerprint() != before
    assert platform.fingerprint() in capsys.readouterr().out


def test_a_makers_key_can_be_reported_by_the_staff(mira, capsys):
    signer = make_held_key(mira)

    with time_machine.travel(NOVEMBER, tick=False):
        call_command(
            "report_compromise",
            "--at=2027-10-01T00:00:00Z",
            "--reason=She telephoned.",
            f"--key={keys.multikey(signer.public_key)}",
        )

    assert SigningKey.objects.get(maker=mira).compromised_at == THEFT


@pytest.mark.parametrize(
    "words",
    [
        ["--at=yesterday", "--reason=x"],
        ["--at=2027-10-01T00:00:00Z", "--reason=x", "--key=z6Mk"],
        ["--at=2027-10-01T00:00:00Z", "--reason=x", "--key=" + "0" * 32],
        ["--at=2999-10-01T00:00:00Z", "--reason=x"],
        ["--at=2026-10-01T00:00:00Z", "--reason="],
        ["--at=2026-10-01T00:00:00Z", "--reason= \n"],
        ["--at=2026-10-01T00:00:00Z", "--reason=" + "x" * 301],
    ],
    ids=["no moment", "no key", "unknown key", "to come", "no reason", "blank", "too much said"],
)
def test_a_report_that_makes_no_sense_is_refused_and_leaves_no_key_behind(mira, tmp_path, words):
    certify(mira, SEPTEMBER)

    with time_machine.travel(NOVEMBER, tick=False), pytest.raises(CommandError):
        call_command("report_compromise", *words)

    assert not SigningKey.objects.filter(compromised_at__isnull=False).exists()
    assert [each.name for each in tmp_path.glob("*.pem")] == ["platform.pem"]


def test_a_second_report_of_a_key_leaves_no_key_file_behind(mira, tmp_path):
    certify(mira, SEPTEMBER)
    known_before = SigningKey.objects.of_platform().in_use().get()
    report()
    files = set(tmp_path.glob("*.pem"))

    with time_machine.travel(NOVEMBER), pytest.raises(key_life.CompromiseRecordedError):
        key_life.report_platform_compromise(key=known_before, at=THEFT, reason="Once more.")

    assert set(tmp_path.glob("*.pem")) == files


def test_a_rotation_that_is_refused_leaves_no_key_file_behind(settings, tmp_path):
    settings.PLATFORM_KEY_PATH = tmp_path / "nowhere.pem"
    files = set(tmp_path.glob("*.pem"))

    with pytest.raises(CommandError):
        call_command("rotate_key")

    assert set(tmp_path.glob("*.pem")) == files


def test_a_reason_of_three_hundred_characters_is_kept_whole(mira):
    certify(mira, SEPTEMBER)

    report(reason=" " + "x" * 300 + "\n")

    assert SigningKey.objects.get(compromised_at=THEFT).compromise_reason == "x" * 300


def test_a_makers_report_without_a_reason_is_refused(mira):
    make_held_key(mira)
    key = SigningKey.objects.get(maker=mira)

    with pytest.raises(key_life.UnfitReasonError):
        key_life.report_maker_compromise(key=key, at=SEPTEMBER, reason=" ", by=mira.user)

    key.refresh_from_db()
    assert key.is_in_use


def test_a_key_whose_file_is_gone_is_reported_and_replaced(mira, tmp_path, capsys):
    certify(mira, SEPTEMBER)
    (tmp_path / "platform.pem").unlink()

    with time_machine.travel(NOVEMBER, tick=False):
        call_command("report_compromise", "--at=2027-10-01T00:00:00Z", "--reason=The disk is gone.")

    assert SigningKey.objects.get(compromised_at=THEFT).file == "platform.pem"
    assert platform.fingerprint() in capsys.readouterr().out


def test_without_any_key_the_report_says_what_to_do(settings, tmp_path):
    settings.PLATFORM_KEY_PATH = tmp_path / "nowhere.pem"

    with pytest.raises(CommandError, match="put the file back from a backup"):
        call_command("report_compromise", "--at=2026-10-01T00:00:00Z", "--reason=Lost.")


def test_the_ring_is_read_once_and_forgotten_when_it_changes(mira, django_assert_num_queries):
    certify(mira, SEPTEMBER)
    keyring.keyring()

    with django_assert_num_queries(0):
        keyring.keyring()
    key_life.rotate_platform_key()

    assert len(keyring.keyring().platform) == 2
