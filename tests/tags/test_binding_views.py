"""A tried tag goes on a piece, at a place, by its maker's hand alone."""

import pytest
from django.utils import timezone

from tags.models.tag import Tag
from tests.factories import make_certificate, make_chip, make_draft, make_mira, make_otto

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def ready(maker) -> Tag:
    return make_chip(maker, state="verified", verified_at=timezone.now())


def put(client, piece, chip, **fields):
    sent = {"tag": chip.public_id, "place": "inside the band"} | fields
    return client.post(f"/workshop/{piece.public_id}/tag", sent)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_on_a_signed_piece_it_speaks_at_once(desk, mira):
    piece, tag = make_certificate(mira).piece, ready(mira)

    answer = put(desk, piece, tag)

    tag.refresh_from_db()
    assert answer["Location"] == f"/workshop/{piece.public_id}"
    assert (tag.piece, tag.place, tag.state) == (piece, "inside the band", "active")


def test_on_a_draft_it_waits_for_the_signature(desk, mira):
    piece, tag = make_draft(mira), ready(mira)
    photograph = piece.photographs.get(role="front")

    put(desk, piece, tag, photograph=photograph.public_id)

    tag.refresh_from_db()
    assert (tag.state, tag.photograph) == ("bound", photograph)


def test_a_place_is_taken_once(desk, mira):
    piece, first, second = make_draft(mira), ready(mira), ready(mira)
    put(desk, piece, first)

    answer = put(desk, piece, second)

    assert answer.status_code == 400
    assert "A tag sits there already." in text(answer)
    assert Tag.objects.get(pk=second.pk).state == "verified"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"place": ""}, "Say where it sits on the piece."),
        ({"tag": ""}, "Choose the tag."),
        ({"tag": "0000"}, "This tag is not ready."),
        ({"photograph": "0000"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_asked_for(desk, mira, fields, words):
    piece, tag = make_draft(mira), ready(mira)

    answer = put(desk, piece, tag, **fields)

    assert answer.status_code == 400
    assert words in text(answer)
    assert Tag.objects.get(pk=tag.pk).state == "verified"


def test_only_what_was_tried_is_a_choice(desk, mira):
    piece, blank = make_draft(mira), make_chip(mira)

    answer = put(desk, piece, blank)

    assert "This tag is not ready." in text(answer)


def test_with_none_ready_the_page_leads_to_writing(desk, mira):
    piece = make_draft(mira)

    page = text(desk.get(f"/workshop/{piece.public_id}/tag"))

    assert "No tag is ready." in page


def test_a_tag_and_a_photograph_of_another_workshop_are_no_choice(desk, mira):
    other = make_mira("another")
    piece, theirs = make_draft(mira), ready(other)
    photograph = make_draft(other).photographs.first()

    by_tag = put(desk, piece, theirs)
    by_photograph = put(desk, piece, ready(mira), photograph=photograph.public_id)

    assert by_tag.status_code == by_photograph.status_code == 400
    assert Tag.objects.get(pk=theirs.pk).piece is None


@pytest.mark.parametrize("visitor", ["otto", "another maker", None])
def test_nobody_else_puts_a_tag_on_it(client, mira, visitor):
    piece = make_draft(mira)
    if visitor == "otto":
        client.force_login(make_otto())
    elif visitor:
        client.force_login(make_mira("another").user)

    answer = client.get(f"/workshop/{piece.public_id}/tag")

    assert answer.status_code == (404 if visitor == "another maker" else 302)
