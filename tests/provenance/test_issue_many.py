"""Issuing by the hundred: the very certificates of issuing one by one, all or none."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction

from provenance.canonical import parse_object
from provenance.credentials import proofs_of
from provenance.models.certificate import Certificate, CertificateFile, StatusBatch
from provenance.models.log import Event
from provenance.models.piece import Piece
from provenance.services import issue, issue_many, maker_keys
from provenance.services.facts import facts_of
from provenance.services.proofs import take_places
from provenance.statuslist import LENGTH
from tests.factories import make_certificate, make_draft, make_held_key, make_mira, make_own_key
from tests.provenance.bench import BY_HAND, with_steps

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def mira():
    return make_mira()


def sign(mira, pieces, **rest) -> list[Certificate]:
    drafts = [issue_many.Draft(piece, facts_of(piece)) for piece in pieces]
    return issue_many.issue_many(maker=mira, drafts=drafts, tags={}, by=mira.user, **rest)


def test_one_of_many_is_the_same_file_as_one_by_itself(mira, monkeypatch):
    key = make_held_key(mira)
    with time_machine.travel(MORNING, tick=False):
        piece = with_steps(make_draft(mira), *BY_HAND)
    monkeypatch.setattr(issue, "new_public_id", lambda: "4kWm8QpT2vXz6Ls9RbNdYc")
    monkeypatch.setattr(issue, "new_nonce", lambda: "AAECAwQFBgcICQoLDA0ODw")
    StatusBatch.objects.create(seed=bytes(32))

    with time_machine.travel(MORNING, tick=False):
        with transaction.atomic():
            alone = issue.issue_certificate(piece=piece, tags=(), by=mira.user, maker_signer=key)
            one_by_itself = bytes(alone.files.get().content)
            transaction.set_rollback(True)
        (certificate,) = sign(mira, [piece], maker_signer=key)

    assert bytes(certificate.files.get().content) == one_by_itself
    assert len(proofs_of(parse_object(one_by_itself))) == 2


def test_each_piece_gets_its_certificate_place_and_event(mira):
    pieces = [make_draft(mira, title=f"Ring {n}") for n in range(5)]

    signed = sign(mira, pieces)

    assert [certificate.piece for certificate in signed] == pieces
    assert len({certificate.status_index for certificate in signed}) == 5
    assert StatusBatch.objects.get().used == 5
    assert Event.objects.filter(kind="certificate.issued").count() == 5
    assert CertificateFile.objects.count() == 5


def test_one_piece_that_is_not_ready_holds_back_all_of_them(mira):
    pieces = [make_draft(mira), make_draft(mira, with_photographs=False)]

    with pytest.raises(issue_many.NotAllReadyError) as refused:
        sign(mira, pieces)

    assert refused.value.piece == pieces[1]
    assert not Certificate.objects.exists()
    assert Piece.objects.drafts().count() == 2


def test_a_piece_that_was_signed_meanwhile_holds_back_all_of_them(mira):
    pieces = [make_draft(mira), make_certificate(mira).piece]

    with pytest.raises(issue.AlreadyIssuedError):
        sign(mira, pieces)

    assert Certificate.objects.count() == 1


def test_the_piece_of_another_maker_is_not_signed(mira):
    strange = make_draft(make_mira("someone-else"))

    with pytest.raises(issue.AlreadyIssuedError):
        sign(mira, [strange])

    assert not Certificate.objects.exists()


def test_a_key_that_is_kept_here_must_be_opened(mira):
    make_held_key(mira)

    with pytest.raises(maker_keys.MakerKeyLockedError):
        sign(mira, [make_draft(mira)])


def test_who_signs_elsewhere_is_sent_there(mira):
    make_own_key(mira)

    with pytest.raises(maker_keys.MakerSignsElsewhereError):
        sign(mira, [make_draft(mira)])


def test_places_go_on_in_the_next_batch_when_one_is_full():
    StatusBatch.objects.create(used=LENGTH - 2)

    places = take_places(5)

    batches = [place.batch.pk for place in places]
    assert batches == [batches[0]] * 2 + [batches[0] + 1] * 3
    assert [batch.used for batch in StatusBatch.objects.order_by("pk")] == [LENGTH, 3]
