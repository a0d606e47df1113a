"""Signing again while somebody else signs again: no file is made of what was true before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection, transaction

from provenance.canonical import parse_object
from provenance.credentials import proofs_of
from provenance.models.certificate import Certificate, CertificateProof, ProofKind
from provenance.models.keys import SigningKey
from provenance.services import key_life, platform, reproof
from provenance.services.proofs import file_row
from provenance.services.standing import file_of, standing_of
from provenance.verdict import CertificateAnswer
from tests.factories import make_held_certificate, make_held_key, make_mira

SEPTEMBER = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
THEFT = datetime(2027, 10, 1, tzinfo=UTC)
NOVEMBER = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)
LOOKS = 100_000

pytestmark = pytest.mark.django_db(transaction=True)


class Robbed:
    """Mira and the platform lost their keys in October; both have new ones."""

    def __init__(self, many: int) -> None:
        self.mira = make_mira()
        signer = make_held_key(self.mira)
        for number in range(many):
            make_held_certificate(self.mira, signer, title=f"Ring {number}")

    def report(self) -> None:
        ours, hers = SigningKey.objects.of_platform().get(), self._key()
        key_life.report_maker_compromise(key=hers, at=THEFT, reason="Lost.", by=None)
        key_life.report_platform_compromise(key=ours, at=THEFT, reason="Lost.")
        self.signer = make_held_key(self.mira)
        self.shown = reproof.what_is_signed_again(self.mira)

    def _key(self) -> SigningKey:
        found: SigningKey = SigningKey.objects.in_use().get(maker=self.mira)
        return found

    def signs(self) -> int:
        return reproof.reproof_for_maker(
            maker=self.mira, signer=self.signer, shown=self.shown, by=self.mira.user
        )


@pytest.fixture
def robbed():
    with time_machine.travel(SEPTEMBER, tick=False) as clock:
        found = Robbed(many=3)
        clock.move_to(NOVEMBER)
        found.report()
        yield found


def beside(pool, act):
    """Do an act in another thread, and go on once it waits for a lock or is done."""
    running = pool.submit(_alone, act)
    for _ in range(LOOKS):
        if _somebody_waits() or running.done():
            return running
    raise AssertionError("it neither waits nor ends")


def _alone(act):
    try:
        return act()
    finally:
        connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def platform_signs() -> int:
    return sum(reproof.reproof())


def methods_served(certificate) -> list[str]:
    return [str(each["verificationMethod"]) for each in proofs_of(_served(certificate))]


def _served(certificate):
    return parse_object(file_of(certificate))


def assert_all_stand(robbed) -> None:
    wanted = [platform.signer().verification_method, robbed.signer.verification_method]
    known = Certificate.objects.select_related("piece", "status_batch")
    assert [methods_served(each) for each in known] == [wanted] * 3
    answers = {standing_of(each, now=NOVEMBER).verdict.answer for each in known}
    assert answers == {CertificateAnswer.CURRENT}
    assert not reproof.waiting().exists()
    assert not reproof.waiting_for_maker(robbed.mira).exists()


@pytest.mark.postgres
def test_the_platform_waits_for_a_maker_who_signs_again_and_keeps_her_new_proof(robbed):
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        robbed.signs()
        running = beside(pool, platform_signs)

    assert running.result() == 3
    assert_all_stand(robbed)


@pytest.mark.postgres
def test_a_maker_who_signs_again_waits_for_the_platform_and_keeps_its_new_proof(robbed):
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        platform_signs()
        running = beside(pool, robbed.signs)

    assert running.result() == 3
    assert_all_stand(robbed)


@pytest.mark.postgres
def test_two_runs_at_once_sign_each_certificate_once(robbed):
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        platform_signs()
        running = beside(pool, platform_signs)

    assert running.result() == 0
    by_it = CertificateProof.objects.filter(
        verification_method=platform.signer().verification_method
    )
    assert by_it.count() == 3


def spoil(certificate, kind: ProofKind) -> None:
    """A newest file with the oldest proof of this kind, as a race once left it."""
    document = parse_object(bytes(certificate.body))
    oldest = certificate.proofs.filter(kind=kind).earliest("pk")
    newest = certificate.proofs.exclude(kind=kind).latest("pk")
    ours, hers = (oldest, newest) if kind == ProofKind.PLATFORM else (newest, oldest)
    proofs = [parse_object(bytes(each.proof)) for each in (ours, hers)]
    file_row(certificate, document, proofs, NOVEMBER).save()


def test_a_file_that_was_left_with_the_stolen_proof_of_the_platform_is_mended(robbed):
    platform_signs(), robbed.signs()
    spoil(Certificate.objects.first(), ProofKind.PLATFORM)
    left = reproof.waiting().count()

    mended = platform_signs()

    assert (left, mended) == (1, 1)
    assert_all_stand(robbed)


def test_a_file_that_was_left_with_the_stolen_proof_of_the_maker_is_mended(robbed):
    platform_signs(), robbed.signs()
    spoil(Certificate.objects.first(), ProofKind.MAKER)
    left = reproof.waiting_for_maker(robbed.mira).count()

    mended = robbed.signs()

    assert (left, mended) == (1, 1)
    assert_all_stand(robbed)
