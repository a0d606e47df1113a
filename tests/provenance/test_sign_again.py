"""A maker's kept key signs again what a stolen one signed: allowed once, just what was shown."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from provenance.canonical import parse_object
from provenance.models.authorisation import Act, Authorisation
from provenance.models.certificate import CertificateProof
from provenance.models.keys import SigningKey
from provenance.models.log import Event
from provenance.services import authorise, key_life, maker_keys, reproof
from tests.doors import Passkey, enter_with_passkey
from tests.factories import MAKER_PASSPHRASE, make_held_certificate, make_held_key, make_mira

pytestmark = pytest.mark.django_db

AUGUST = datetime(2027, 8, 20, 9, 0, tzinfo=UTC)
SEPTEMBER = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
THEFT = datetime(2027, 10, 1, tzinfo=UTC)
NOVEMBER = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)
PAGE = "/workshop/keys/again"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AUGUST, tick=False) as clock:
        yield clock


@pytest.fixture
def mira(_now):
    """A band of August, by a key retired since; two rings of September, by one stolen in October.

    In November she has a new key.
    """
    maker = make_mira()
    make_held_certificate(maker, make_held_key(maker), title="Braid band")
    maker_keys.retire_key(maker=maker, by=maker.user)
    _now.move_to(SEPTEMBER)
    signer = make_held_key(maker)
    for title in ("Marlowe ring", "Harbour ring"):
        make_held_certificate(maker, signer, title=title)
    _now.move_to(NOVEMBER)
    report_theft(maker, SigningKey.objects.in_use().get(maker=maker))
    return maker


@pytest.fixture
def new_key(mira):
    return make_held_key(mira)


@pytest.fixture
def passkey(mira):
    device = Passkey()
    device.belongs_to(mira.user)
    return device


@pytest.fixture
def desk(client, mira, passkey, new_key):
    enter_with_passkey(client, mira.user, passkey)
    return client


def report_theft(maker, key):
    key_life.report_maker_compromise(key=key, at=THEFT, reason="Lost.", by=maker.user)


def report_the_older_one(maker):
    """Now the band of August waits as well."""
    report_theft(maker, SigningKey.objects.filter(maker=maker, retired_at__isnull=False).get())


def report_the_new_one(maker):
    key = SigningKey.objects.in_use().get(maker=maker)
    key_life.report_maker_compromise(key=key, at=NOVEMBER, reason="Lost.", by=maker.user)


def allow(maker, passkey, shown):
    question = authorise.new_question(act=Act.SIGN_BATCH, digest=bytes.fromhex(shown))
    answer = passkey.answers(question.challenge)
    return authorise.authorise(by=maker.user, question=question, answer=answer)


def sign(maker, signer, shown, *, limit=reproof.BATCH):
    return reproof.reproof_for_maker(
        maker=maker, signer=signer, shown=shown, by=maker.user, limit=limit
    )


def named_authorisations():
    told = Event.objects.filter(kind="certificate.reproofed").order_by("pk")
    return [parse_object(bytes(each.statement))["facts"].get("authorisation") for each in told]


def post(desk, maker, **typed):
    seen = {"passphrase": MAKER_PASSPHRASE, "shown": reproof.what_is_signed_again(maker)}
    return desk.post(PAGE, seen | typed)


# -- allowed by the passkey ---------------------------------------------------------------------


def test_the_page_lists_what_will_be_signed_and_asks_the_passkey_for_just_that(desk, mira):
    page = desk.get(PAGE).content.decode()

    shown = reproof.what_is_signed_again(mira)
    assert f'data-authorise="sign_batch" data-digest="{shown}"' in page
    assert f'name="shown" value="{shown}"' in page
    assert "Marlowe ring" in page
    assert "Harbour ring" in page
    assert "Braid band" not in page


def test_what_the_passkey_allowed_is_signed_and_each_event_names_it(desk, mira, passkey):
    given = allow(mira, passkey, reproof.what_is_signed_again(mira))

    answer = post(desk, mira)

    assert answer.status_code == 303
    assert named_authorisations() == [given.public_id] * 2
    assert Authorisation.objects.get().spent_at is not None
    assert "2 certificates signed again." in desk.get(answer.url).content.decode()


def test_a_passphrase_alone_signs_nothing_again_for_who_has_a_passkey(desk, mira):
    answer = post(desk, mira)

    assert answer.status_code == 403
    assert "Your passkey did not allow this." in answer.content.decode()
    assert reproof.waiting_for_maker(mira).count() == 2


def test_who_has_no_passkey_signs_again_with_the_passphrase(client, mira, new_key):
    client.force_login(mira.user)

    page = client.get(PAGE).content.decode()
    answer = post(client, mira)

    assert "data-authorise" not in page
    assert answer.status_code == 303
    assert named_authorisations() == [None, None]


def test_who_signed_again_stands_in_the_record(mira, new_key):
    sign(mira, new_key, reproof.what_is_signed_again(mira))

    actors = Event.objects.filter(kind="certificate.reproofed").values_list("actor", flat=True)

    assert set(actors) == {Event.objects.filter(kind="key.made").latest("pk").actor}


def test_where_nothing_waits_nothing_is_asked_and_nothing_is_spent(desk, mira, passkey, new_key):
    shown = reproof.what_is_signed_again(mira)
    allow(mira, passkey, shown)
    sign(mira, new_key, shown)
    again = allow(mira, passkey, shown)

    page = desk.get(PAGE).content.decode()
    answer = post(desk, mira)

    assert "Nothing waits for a signature" in page
    assert "data-authorise" not in page
    assert "Nothing was left to sign." in desk.get(answer.url).content.decode()
    again.refresh_from_db()
    assert again.spent_at is None


# -- what was shown -----------------------------------------------------------------------------


CHANGES: dict[str, Callable] = {
    "a longer list": report_the_older_one,
    "another key": lambda maker: (report_the_new_one(maker), make_held_key(maker)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_list_that_changed_since_it_was_shown_is_not_signed(desk, mira, passkey, change):
    shown = reproof.what_is_signed_again(mira)
    given = allow(mira, passkey, shown)
    change(mira)

    answer = post(desk, mira, shown=shown)

    assert answer.url == PAGE
    assert "changed meanwhile" in desk.get(PAGE).content.decode()
    assert named_authorisations() == []
    given.refresh_from_db()
    assert given.spent_at is None


@pytest.mark.parametrize("shown", ["", "5a" * 32, "nothing"])
def test_who_saw_no_list_signs_none(desk, mira, shown):
    answer = post(desk, mira, shown=shown)

    assert answer.url == PAGE
    assert reproof.waiting_for_maker(mira).count() == 2


# -- in pieces ----------------------------------------------------------------------------------


def test_a_list_that_broke_off_goes_on_with_the_passphrase_alone(desk, mira, passkey, new_key):
    shown = reproof.what_is_signed_again(mira)
    given = allow(mira, passkey, shown)
    sign(mira, new_key, shown, limit=1)

    page = desk.get(PAGE).content.decode()
    answer = post(desk, mira)

    assert "data-authorise" not in page
    assert "One certificate waits" in page
    assert answer.status_code == 303
    assert named_authorisations() == [given.public_id] * 2
    assert Authorisation.objects.count() == 1


def test_what_was_allowed_for_one_list_goes_on_with_no_longer_one(desk, mira, passkey, new_key):
    shown = reproof.what_is_signed_again(mira)
    allow(mira, passkey, shown)
    sign(mira, new_key, shown, limit=1)
    report_the_older_one(mira)

    page = desk.get(PAGE).content.decode()
    answer = post(desk, mira)

    assert "data-authorise" in page
    assert answer.status_code == 403
    assert len(named_authorisations()) == 1


def test_what_was_allowed_for_one_key_goes_on_with_no_other(mira, passkey, new_key):
    shown = reproof.what_is_signed_again(mira)
    allow(mira, passkey, shown)
    sign(mira, new_key, shown, limit=1)
    report_the_new_one(mira)
    newest = make_held_key(mira)

    with pytest.raises(authorise.NotAuthorisedError):
        sign(mira, newest, reproof.what_is_signed_again(mira))


def test_what_somebody_else_allowed_lets_nobody_sign(mira, passkey, new_key):
    shown = reproof.what_is_signed_again(mira)
    rhea, device = make_mira("rhea"), Passkey()
    device.belongs_to(rhea.user)
    allow(rhea, device, shown)

    with pytest.raises(authorise.NotAuthorisedError):
        sign(mira, new_key, shown)


def test_a_first_piece_that_fails_spends_nothing(mira, passkey, new_key, monkeypatch):
    shown = reproof.what_is_signed_again(mira)
    given = allow(mira, passkey, shown)
    with monkeypatch.context() as died, pytest.raises(OSError, match="the disk is full"):
        died.setattr(reproof.CertificateFile.objects, "bulk_create", full_disk)
        sign(mira, new_key, shown)

    assert not CertificateProof.objects.filter(
        verification_method=new_key.verification_method
    ).exists()
    given.refresh_from_db()
    assert given.spent_at is None
    assert sign(mira, new_key, shown) == 2


def full_disk(*_):
    raise OSError("the disk is full")


def test_a_key_that_is_stolen_between_two_pieces_signs_no_second_one(mira, passkey, new_key):
    shown = reproof.what_is_signed_again(mira)
    allow(mira, passkey, shown)
    sign(mira, new_key, shown, limit=1)
    report_the_new_one(mira)

    with pytest.raises(maker_keys.MakerKeyLockedError):
        sign(mira, new_key, shown, limit=1)

    assert len(named_authorisations()) == 1
