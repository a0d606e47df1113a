"""Repeating: one key, one effect, one answer, whatever happens between two tries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.maker import IdempotencyRecord
from provenance.models.piece import Photograph, Piece
from provenance.services import repeat
from tests.factories import make_certificate, make_draft, make_mira
from tests.memories.pictures import make_jpeg, make_png
from tests.provenance.programs import RING, Program, ring

pytestmark = pytest.mark.django_db


def test_a_repeated_registration_has_one_effect_and_the_same_bytes():
    mira = Program(make_mira())

    first, second = (mira.post("pieces", RING, key="ring-3") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert Piece.objects.count() == 1
    assert Event.objects.filter(kind="piece.registered").count() == 1


def test_a_repeated_signing_gets_its_certificate_again_and_no_conflict():
    piece = make_draft()
    mira, body = Program(piece.maker), {"piece": piece.public_id}

    first, second = (mira.post("certificates", body, key="sign-3") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert Certificate.objects.count() == 1


def test_a_repeated_withdrawal_gets_its_answer_again():
    certificate = make_certificate()
    mira, path = Program(certificate.maker), f"certificates/{certificate.public_id}/revocation"

    first, second = (mira.post(path, {"reason": "Melted."}, key="melted") for _ in range(2))

    assert (first.status_code, second.content) == (201, first.content)


def test_a_repeated_photograph_is_one_though_the_form_draws_other_borders():
    piece = make_draft(with_photographs=False)
    mira, picture = Program(piece.maker), make_jpeg()

    first, second = (mira.photograph(piece.public_id, picture, key="front") for _ in range(2))

    assert (first.status_code, second.content) == (201, first.content)
    assert Photograph.objects.count() == 1


def test_a_key_used_for_another_body_is_refused_and_changes_nothing():
    piece = make_draft(with_photographs=False)
    mira = Program(piece.maker)
    mira.post("pieces", RING, key="ring-3")
    mira.photograph(piece.public_id, make_jpeg(), key="front")

    other_body = mira.post("pieces", ring(title="Another ring"), key="ring-3")
    other_call = mira.post("certificates", RING, key="ring-3")
    other_file = mira.photograph(piece.public_id, make_png(), key="front")

    for refused in (other_body, other_call, other_file):
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert Piece.objects.count() == 2
    assert Photograph.objects.count() == 1


@pytest.mark.parametrize("key", ["", "two words", "k" * 201, "schlüssel"])
def test_a_creating_call_without_a_usable_key_is_refused(key):
    refused = Program(make_mira()).post("pieces", RING, key=key)

    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_missing")
    assert not Piece.objects.exists()


def test_two_makers_may_use_the_same_key():
    first, second = Program(make_mira()), Program(make_mira("second"))

    statuses = [each.post("pieces", RING, key="ring-1").status_code for each in (first, second)]

    assert statuses == [201, 201]
    assert Piece.objects.count() == 2


def test_a_refused_request_leaves_its_key_free():
    mira = Program(make_mira())
    mira.post("pieces", ring(title=...), key="ring-3")

    answer = mira.post("pieces", RING, key="ring-3")

    assert answer.status_code == 201


def test_a_day_later_the_key_is_free_and_the_old_answer_gone():
    mira = Program(make_mira())
    mira.post("pieces", RING, key="ring-3")
    old = timezone.now() - repeat.KEPT - timedelta(seconds=1)
    IdempotencyRecord.objects.update(created_at=old)

    answer = mira.post("pieces", ring(title="Another ring"), key="ring-3")

    assert answer.status_code == 201
    assert IdempotencyRecord.objects.count() == 1


def test_an_act_cut_off_in_the_middle_leaves_nothing_and_may_be_repeated(monkeypatch):
    mira = Program(make_mira())
    whole = repeat.Answer

    def power_cut(status: int, body: bytes) -> repeat.Answer:
        raise SystemExit

    monkeypatch.setattr(repeat, "Answer", power_cut)
    with pytest.raises(SystemExit):
        mira.post("pieces", RING, key="ring-3")
    left_behind = Piece.objects.count() + IdempotencyRecord.objects.count()
    monkeypatch.setattr(repeat, "Answer", whole)

    again = mira.post("pieces", RING, key="ring-3")

    assert left_behind == 0
    assert again.status_code == 201
    assert Piece.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_under_one_key_have_one_effect_and_one_answer():
    _fifty_at_once_have_one_effect()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_under_one_key_have_one_effect_on_postgresql():
    _fifty_at_once_have_one_effect()


def _fifty_at_once_have_one_effect():
    mira = Program(make_mira())

    def ask(_: int) -> tuple[int, bytes]:
        try:
            answer = mira.post("pieces", RING, key="ring-3")
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(ask, range(50)))

    assert [status for status, _ in answers] == [201]
    assert Piece.objects.count() == 1
    assert Event.objects.filter(kind="piece.registered").count() == 1
