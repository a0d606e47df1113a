"""Races about keys and proofs: the database lets one win, and nothing is signed twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import create_proof
from provenance.errors import ProvenanceError
from provenance.models.authorisation import Act, Authorisation
from provenance.models.certificate import Certificate, CertificateFile, CertificateProof
from provenance.models.keys import PendingCertificate, SigningKey
from provenance.models.log import Event
from provenance.services import authorise, key_life, reproof
from tags.services import issuing as tag_services
from tests.doors import Passkey
from tests.factories import (
    make_certificate,
    make_draft,
    make_held_certificate,
    make_held_key,
    make_mira,
    make_own_key,
)

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def at_once(act) -> list[str]:
    """Do the act in several threads; what each came to."""

    def tried(_: int) -> str:
        try:
            act()
        except ProvenanceError as problem:
            return problem.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(MANY) as pool:
        return sorted(pool.map(tried, range(MANY)))


def test_a_proof_brought_by_six_at_once_makes_one_certificate():
    mira = make_mira()
    signer, piece = make_own_key(mira), make_draft(mira)
    pending = tag_services.prepare_with_code(piece=piece, by=mira.user)
    body = parse_object(bytes(pending.body))
    proof = canonical_bytes(create_proof(body, signer=signer, created=timezone.now()))
    waiting = PendingCertificate.objects.select_related("key", "status_batch").get()

    ended = at_once(
        lambda: tag_services.complete_with_code(pending=waiting, proof=proof, by=mira.user)
    )

    assert ended.count("done") == 1
    assert set(ended) <= {"done", "preparation_gone", "already_issued"}
    assert Certificate.objects.count() == 1
    assert CertificateProof.objects.count() == 2


def test_a_workshop_that_makes_six_keys_at_once_has_one():
    mira = make_mira()

    ended = at_once(lambda: make_held_key(mira))

    assert ended.count("done") >= 1
    assert set(ended) <= {"done", "key_in_use", "key_locked"}
    assert SigningKey.objects.in_use().count() == 1


def test_six_who_sign_again_at_once_leave_every_certificate_believed():
    mira = make_mira()
    for number in range(4):
        make_certificate(mira, title=f"Ring {number}")
    key, at = SigningKey.objects.get(), timezone.now() + timedelta(seconds=1)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        key_life.report_platform_compromise(key=key, at=at, reason="Lost.")

    ended = at_once(lambda: list(reproof.reproof(batch=2)))

    assert set(ended) == {"done"}
    assert not reproof.waiting().exists()


def robbed(maker, many):
    """So many certificates by a key that was stolen later, and the key she has since."""
    signer = make_held_key(maker)
    for number in range(many):
        make_held_certificate(maker, signer, title=f"Ring {number}")
    key, at = SigningKey.objects.get(maker=maker), timezone.now() + timedelta(seconds=1)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        key_life.report_maker_compromise(key=key, at=at, reason="Lost.", by=maker.user)
    return make_held_key(maker)


def allowed_by(maker, passkey, shown):
    question = authorise.new_question(act=Act.SIGN_BATCH, digest=bytes.fromhex(shown))
    answer = passkey.answers(question.challenge)
    return authorise.authorise(by=maker.user, question=question, answer=answer)


def signing_on(maker, signer, shown):
    """Piece after piece, as the page does it."""
    while reproof.reproof_for_maker(
        maker=maker, signer=signer, shown=shown, by=maker.user, limit=2
    ):
        pass


def test_six_tabs_that_sign_again_at_once_sign_each_certificate_once_by_one_answer():
    mira, passkey = make_mira(), Passkey()
    signer = robbed(mira, 5)
    passkey.belongs_to(mira.user)
    shown = reproof.what_is_signed_again(mira)
    for _ in range(MANY):
        allowed_by(mira, passkey, shown)

    ended = at_once(lambda: signing_on(mira, signer, shown))

    assert set(ended) == {"done"}
    by_it = CertificateProof.objects.filter(verification_method=signer.verification_method)
    assert by_it.count() == by_it.values("certificate").distinct().count() == 5
    assert CertificateFile.objects.count() == 10
    assert Authorisation.objects.filter(spent_at__isnull=False).count() == 1


def test_a_theft_that_is_reported_while_a_list_is_signed_is_the_last_of_it():
    mira = make_mira()
    signer = robbed(mira, 6)
    key, shown = SigningKey.objects.in_use().get(maker=mira), reproof.what_is_signed_again(mira)
    turns = iter(range(MANY))

    def sign_or_report():
        if next(turns) == MANY // 2:
            at = timezone.now()
            key_life.report_maker_compromise(key=key, at=at, reason="Lost.", by=mira.user)
        else:
            signing_on(mira, signer, shown)

    ended = at_once(sign_or_report)

    assert set(ended) <= {"done", "maker_key_locked"}
    reported = Event.objects.filter(kind="key.compromised").latest("pk")
    assert not Event.objects.filter(kind="certificate.reproofed", pk__gt=reported.pk).exists()
    assert Event.objects.filter(kind="certificate.reproofed").count() % 2 == 0
