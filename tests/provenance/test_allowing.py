"""What a maker's key may sign: signed in today, and where there is a passkey, allowed by it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from provenance.canonical import parse_object
from provenance.models.authorisation import Act, Authorisation
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.services import authorise, drafting
from tests.doors import Passkey, at_the_door, enter_by_password, enter_with_passkey
from tests.factories import MAKER_PASSPHRASE, make_draft, make_held_key, make_mira, make_own_key

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
KEY_PAGES = ["held", "own", "own/proof", "retire", "stolen", "again"]


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def passkey(mira):
    device = Passkey()
    device.belongs_to(mira.user)
    return device


@pytest.fixture
def bench(client, mira, passkey):
    """A browser in which Mira came in by her passkey."""
    enter_with_passkey(client, mira.user, passkey)
    return client


def allow(mira, passkey, piece):
    digest = bytes.fromhex(drafting.shown_digest(piece))
    question = authorise.new_question(act=Act.SIGN_PIECE, digest=digest)
    return authorise.authorise(
        by=mira.user, question=question, answer=passkey.answers(question.challenge)
    )


def sign(client, piece, **typed):
    seen = {"shown": drafting.shown_digest(piece), "passphrase": MAKER_PASSPHRASE}
    return client.post(f"/workshop/{piece.public_id}/sign", seen | typed)


def test_a_kept_key_signs_what_the_passkey_allowed_and_the_record_says_so(bench, mira, passkey):
    make_held_key(mira)
    piece = make_draft(mira)
    given = allow(mira, passkey, piece)

    signed = sign(bench, piece)

    assert signed.status_code == 303
    issued = Event.objects.get(kind="certificate.issued")
    facts = parse_object(bytes(issued.statement))["facts"]
    assert facts["authorisation"] == given.public_id
    assert Authorisation.objects.get().spent_at is not None


def test_a_passphrase_alone_signs_nothing_for_who_has_a_passkey(bench, mira):
    make_held_key(mira)
    piece = make_draft(mira)

    page = sign(bench, piece)

    assert page.status_code == 403
    assert "Your passkey did not allow this." in page.content.decode()
    assert not Certificate.objects.exists()


def test_what_was_allowed_for_one_piece_signs_no_other(bench, mira, passkey):
    make_held_key(mira)
    allow(mira, passkey, make_draft(mira))

    page = sign(bench, make_draft(mira, title="Another band"))

    assert page.status_code == 403
    assert not Certificate.objects.exists()


def test_an_authorisation_is_not_spent_by_a_signing_that_fails(bench, mira, passkey):
    make_held_key(mira)
    piece = make_draft(mira)
    allow(mira, passkey, piece)

    sign(bench, piece, passphrase="something else entirely")

    assert Authorisation.objects.get().spent_at is None


@pytest.mark.parametrize("key", [None, make_own_key], ids=["recorded", "own"])
def test_no_passkey_is_asked_where_no_key_is_kept_here(bench, mira, key):
    if key:
        key(mira)
    piece = make_draft(mira)

    page = bench.get(f"/workshop/{piece.public_id}/sign")

    assert "data-authorise" not in page.content.decode()
    assert sign(bench, piece).status_code == 303


def test_the_page_before_signing_asks_the_passkey_for_exactly_what_it_shows(bench, mira):
    make_held_key(mira)
    piece = make_draft(mira)

    page = bench.get(f"/workshop/{piece.public_id}/sign").content.decode()

    asked = f'data-authorise="sign_piece" data-digest="{drafting.shown_digest(piece)}"'
    assert asked in page


# -- lately enough ------------------------------------------------------------------------------


def test_who_signed_in_yesterday_proves_it_again_before_signing(client, mira):
    piece = make_draft(mira)
    with time_machine.travel(MORNING, tick=False) as clock:
        enter_by_password(at_the_door(client), mira.user)
        clock.shift(timedelta(hours=13))

        asked = sign(client, piece)

        assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
        assert not Certificate.objects.exists()


@pytest.mark.parametrize("page", KEY_PAGES)
def test_a_key_is_touched_only_by_who_proved_it_in_the_last_ten_minutes(client, mira, page):
    with time_machine.travel(MORNING, tick=False) as clock:
        enter_by_password(at_the_door(client), mira.user)
        clock.shift(timedelta(minutes=11))

        asked = client.get(f"/workshop/keys/{page}")

        assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
