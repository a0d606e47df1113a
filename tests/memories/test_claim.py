"""Claiming: the card makes one keeper, once, and tells a stranger nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from provenance.models.keeping import ClaimCode, Custody
from provenance.models.log import Event
from provenance.models.piece import Piece
from provenance.services import keep
from provenance.services.keep import AlreadyClaimedError, WrongClaimCodeError
from tags.codes import claim_hash, new_claim_code, read_claim_code, show_claim_code
from tests.factories import make_certificate, make_claim_code, make_otto, make_user

pytestmark = pytest.mark.django_db

CLAIM = "/claim"
MANY = 200


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_card_makes_its_holder_the_first_keeper(django_capture_on_commit_callbacks):
    piece = make_certificate().piece
    otto = make_otto()
    client = signed_in(otto)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(CLAIM, {"code": make_claim_code(piece)}, follow=True)

    assert answer.redirect_chain == [(f"/keep/{piece.public_id}/kept", 303)]
    assert "The Marlowe ring is yours to keep." in answer.content.decode()
    assert Custody.objects.get(piece=piece).keeper.user == otto
    assert Event.objects.filter(kind="custody.claimed", piece=piece).count() == 1
    assert [letter.subject for letter in mail.outbox] == ["The Marlowe ring is yours to keep."]
    assert mail.outbox[0].to == [otto.email]


def test_a_letter_that_cannot_leave_does_not_undo_the_claim(
    settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    piece, otto = make_certificate().piece, make_otto()

    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(otto).post(CLAIM, {"code": make_claim_code(piece)})

    assert answer.status_code == 303
    assert Custody.objects.filter(piece=piece).exists()
    assert otto.email not in caplog.text


@pytest.mark.parametrize("dress", [str.lower, lambda code: code.replace("-", " "), "  {}  ".format])
def test_a_code_is_read_as_people_type_it(dress):
    piece = make_certificate().piece

    answer = signed_in(make_otto()).post(CLAIM, {"code": dress(make_claim_code(piece))})

    assert answer.status_code == 303


def test_who_is_not_signed_in_is_asked_to_first_and_may_come_back(client):
    piece = make_certificate().piece

    looked = client.get(CLAIM)
    tried = client.post(CLAIM, {"code": make_claim_code(piece)})

    assert b"/accounts/signup/?next=/claim" in looked.content
    assert tried.status_code == 200
    assert not Custody.objects.exists()


def test_a_code_no_card_carries_and_a_voided_one_get_the_same_answer():
    piece = make_certificate().piece
    voided = make_claim_code(piece)
    make_claim_code(piece)
    client = signed_in(make_otto())

    for_voided = client.post(CLAIM, {"code": voided})
    for_wrong = client.post(CLAIM, {"code": show_claim_code(new_claim_code())})

    assert (for_voided.status_code, for_wrong.status_code) == (400, 400)
    assert for_voided.context["form"].errors == for_wrong.context["form"].errors
    assert "letter by letter" in for_wrong.content.decode()


def test_a_used_code_says_so_to_sana_and_leads_otto_to_his_piece():
    piece = make_certificate().piece
    code, otto = make_claim_code(piece), make_otto()
    signed_in(otto).post(CLAIM, {"code": code})

    for_sana = signed_in(make_user("sana")).post(CLAIM, {"code": code})
    for_otto = signed_in(otto).post(CLAIM, {"code": code})

    assert for_sana.status_code == 400
    assert "was used before" in for_sana.content.decode()
    assert for_otto["Location"] == f"/keep/{piece.public_id}/kept"
    assert Custody.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "1234", "U" * 17, "X" * 500, "\x00", "0000-0000-0000-00001"])
def test_what_is_no_code_is_a_sentence_beside_the_field(typed):
    answer = signed_in(make_otto()).post(CLAIM, {"code": typed})

    assert answer.status_code == 400
    assert answer.context["form"].errors["code"]


def test_the_public_code_of_the_card_claims_nothing():
    piece = make_certificate().piece

    answer = signed_in(make_otto()).post(CLAIM, {"code": piece.tags.get().code})

    assert answer.status_code == 400
    assert not Custody.objects.exists()


def test_the_sixth_wrong_code_within_a_minute_waits():
    client = signed_in(make_otto())

    answers = [client.post(CLAIM, {"code": show_claim_code(new_claim_code())}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [400] * 5 + [429]


def test_an_account_that_guesses_from_many_networks_waits_too():
    otto = make_otto()

    answers = [
        signed_in(otto).post(
            CLAIM, {"code": show_claim_code(new_claim_code())}, REMOTE_ADDR=f"192.0.2.{number}"
        )
        for number in range(11)
    ]

    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_wrong_codes_of_sana_do_not_lock_the_piece_for_otto():
    piece = make_certificate().piece
    sana = signed_in(make_user("sana"))
    for _ in range(8):
        sana.post(CLAIM, {"code": show_claim_code(new_claim_code())}, REMOTE_ADDR="192.0.2.1")

    answer = signed_in(make_otto()).post(
        CLAIM, {"code": make_claim_code(piece)}, REMOTE_ADDR="192.0.2.2"
    )

    assert answer.status_code == 303


def test_a_code_never_stands_in_an_address():
    client = signed_in(make_otto())
    piece = make_certificate().piece
    code = make_claim_code(piece)

    answer = client.get(CLAIM, {"code": code})

    assert answer.status_code == 200
    assert code not in answer.content.decode()
    assert not Custody.objects.exists()


def test_a_card_printed_in_the_moment_of_the_claim_voids_the_code_of_the_older_one(monkeypatch):
    piece = make_certificate().piece
    older = claim_hash(read_claim_code(make_claim_code(piece)))
    otto = make_otto()
    monkeypatch.setattr(keep.Piece.objects, "select_for_update", lambda: _after_a_print(piece))

    with pytest.raises(WrongClaimCodeError):
        keep.claim_piece(code_hash=older, by=otto)

    assert not Custody.objects.exists()


def _after_a_print(piece):
    ClaimCode.objects.filter(piece=piece).update(voided_at=timezone.now())
    return Piece.objects.all()


def test_only_the_keeper_sees_the_page_after_a_claim():
    piece = make_certificate().piece
    signed_in(make_otto()).post(CLAIM, {"code": make_claim_code(piece)})
    address = f"/keep/{piece.public_id}/kept"

    answers = [signed_in(user).get(address) for user in (make_user("sana"), piece.maker.user)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Client().get(address).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_claims_at_once_exactly_one_wins():
    _one_of_many_wins()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_claims_at_once_exactly_one_wins_on_postgresql():
    _one_of_many_wins()


def _one_of_many_wins():
    piece = make_certificate().piece
    code = claim_hash(read_claim_code(make_claim_code(piece)))
    users = [make_user(f"hand-{number}") for number in range(20)]

    def claim(number: int) -> bool:
        try:
            keep.claim_piece(code_hash=code, by=users[number % len(users)])
        except AlreadyClaimedError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(claim, range(MANY)))

    assert won.count(True) == 1
    assert Custody.objects.filter(piece=piece).count() == 1
