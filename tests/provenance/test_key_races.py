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
from provenance.models.certificate import Certificate, CertificateProof
from provenance.models.keys import PendingCertificate, SigningKey
from provenance.services import key_life, reproof
from tags.services import issuing as tag_services
from tests.factories import make_certificate, make_draft, make_held_key, make_mira, make_own_key

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
