"""Levels on the site: PIN, tap, public; and that every tightening counts at once."""

import ast
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from memories.errors import NoChipError, NoPinError
from memories.models.montage import MontageLevel
from memories.services import arrange, levels, sharing
from tests.factories import (
    make_chip,
    make_memory,
    make_mira,
    make_montage,
    make_open_montage,
    make_user,
)
from tests.memories.doors import (
    CLOSED,
    OPEN,
    PIN,
    choose,
    knows_the_pin,
    make_guarded,
    sees,
)
from tests.memories.test_access import holder_of_the_code, look, media, page, signed_in
from tests.tags.chips import make_answering_chip

pytestmark = pytest.mark.django_db

ASKED_FOR_PIN = (303, 404)
ASKED_FOR_TAP = (403, 404)


def door(montage) -> str:
    return f"{page(montage)}/pin"


def who(montage) -> str:
    return f"/keep/{montage.piece.public_id}/who"


def test_whoever_has_the_code_is_asked_for_the_pin_and_sees_nothing_before():
    montage = make_guarded()
    client = holder_of_the_code(montage)

    before = sees(client, montage)
    asked = client.get(door(montage))
    knows_the_pin(montage, client)

    assert before == ASKED_FOR_PIN
    assert "These memories open with a PIN." in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    assert sees(client, montage) == OPEN


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_without_the_code_there_is_no_door(method):
    montage = make_guarded()

    answer = getattr(Client(), method)(door(montage), {"pin": PIN})

    assert answer.status_code == 404


def test_a_scan_leads_to_the_cover_of_a_page_behind_a_pin_and_shows_nothing_personal():
    montage = make_guarded(title="CANARY")

    scan = holder_of_the_code(montage).get(f"/t/{montage.piece.tags.get().code}")

    assert "Tap to open our memories" in scan.content.decode()
    assert "CANARY" not in scan.content.decode()


def test_the_pin_never_travels_in_an_address_or_back_in_a_page():
    montage = make_guarded()
    client = holder_of_the_code(montage)

    by_get = client.get(door(montage), {"pin": PIN})
    wrong = client.post(door(montage), {"pin": "100200"})

    assert PIN not in by_get.content.decode()
    assert sees(client, montage) == ASKED_FOR_PIN
    assert wrong.status_code == 400
    assert "That is not the PIN." in wrong.content.decode()


def test_a_pin_is_kept_as_a_slow_hash_and_nowhere_as_digits():
    montage = make_guarded()

    assert PIN not in montage.pin_hash
    assert sharing.is_pin(montage, PIN)
    # The tests hash fast; the site takes the first of its own list.
    assert "Argon2PasswordHasher" in SITE_HASHERS[0]


def _site_hashers() -> list[str]:
    tree = ast.parse((settings.BASE_DIR / "config" / "settings.py").read_text())
    values = (node for node in tree.body if isinstance(node, ast.Assign))
    return next(
        ast.literal_eval(each.value)
        for each in values
        if getattr(each.targets[0], "id", "") == "PASSWORD_HASHERS"
    )


SITE_HASHERS = _site_hashers()


@pytest.mark.parametrize("typed", [PIN, f" {PIN} ", f"{PIN[:3]} {PIN[3:]}", f"{PIN[:3]}-{PIN[3:]}"])
def test_a_pin_is_read_as_people_write_it_down(typed):
    montage = make_guarded()

    answer = holder_of_the_code(montage).post(door(montage), {"pin": typed})

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "\x00", "１２３４５６", "9" * 500]
)
def test_what_is_no_pin_is_said_beside_the_field(typed):
    montage = make_guarded()

    answer = holder_of_the_code(montage).post(door(montage), {"pin": typed})

    assert answer.status_code == 400
    assert answer.context["form"].errors["pin"]


def test_one_network_may_try_ten_times_a_minute():
    montage = make_guarded()
    client = holder_of_the_code(montage)

    answers = [client.post(door(montage), {"pin": f"10020{n % 10}"}) for n in range(11)]

    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_attack_many_networks_together_have_a_hundred_wrong_tries_a_day():
    montage = make_guarded()
    client = holder_of_the_code(montage)

    answers = [
        client.post(door(montage), {"pin": "100200"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(101)
    ]

    assert answers == [400] * 100 + [429]


def test_guesses_at_one_page_do_not_close_another():
    montage = make_guarded()
    client = holder_of_the_code(montage)
    for n in range(101):
        client.post(door(montage), {"pin": "100200"}, REMOTE_ADDR=f"192.0.2.{n}")
    other = make_open_montage_of_another_maker()

    assert sees(knows_the_pin(other), other) == OPEN


def make_open_montage_of_another_maker():
    montage = make_montage(
        user=make_user("nele"),
        maker=make_mira("mira-two"),
        level=MontageLevel.CODE,
        published_at=timezone.now(),
    )
    make_memory(montage)
    return choose(montage, MontageLevel.PIN, pin=PIN)


def test_a_new_pin_ends_what_the_old_one_opened_at_once_even_for_a_held_etag():
    montage = make_guarded()
    client = knows_the_pin(montage)
    item = montage.items.get()
    etag = look(client, media(item))["ETag"]

    choose(montage, MontageLevel.PIN, pin="820461")

    assert sees(client, montage) == CLOSED
    for headers in ({"If-None-Match": etag}, {"Range": "bytes=0-2"}, {"If-None-Match": "*"}):
        assert look(client, media(item), **headers).status_code == 404
    assert client.head(media(item)).status_code == 404
    assert client.get(f"/media/{item.public_id}/480.avif").status_code == 404


def test_the_old_pin_opens_no_longer():
    montage = make_guarded()
    choose(montage, MontageLevel.PIN, pin="820461")

    answer = holder_of_the_code(montage).post(door(montage), {"pin": PIN})

    assert answer.status_code == 400


def test_a_pin_is_asked_for_again_after_a_week():
    montage = make_guarded()
    client = knows_the_pin(montage)

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert sees(client, montage) == ASKED_FOR_PIN


def test_the_pin_of_one_page_opens_no_other_of_the_same_epoch():
    montage, other = make_guarded(), make_open_montage_of_another_maker()
    client = knows_the_pin(montage)
    holder_of_the_code(other, client)

    assert montage.access_epoch == other.access_epoch
    assert sees(client, other) == ASKED_FOR_PIN


@pytest.mark.parametrize("forged", ["", "x", "x:y:z", "eA:1wx:AAAA"])
def test_a_forged_ticket_opens_nothing(forged):
    montage = make_guarded()
    client = holder_of_the_code(montage)
    client.cookies["tm_pin"] = forged

    assert sees(client, montage) == ASKED_FOR_PIN


@pytest.mark.parametrize("tighter", [MontageLevel.PIN, MontageLevel.INVITED, MontageLevel.ONLY_ME])
def test_a_tighter_level_counts_at_once_and_ends_every_access(tighter):
    montage = make_guarded(MontageLevel.CODE)
    client = holder_of_the_code(montage)
    epoch = montage.access_epoch
    assert sees(client, montage) == OPEN

    choose(montage, tighter)

    assert sees(client, montage) == CLOSED
    assert montage.access_epoch == epoch + 1
    assert (montage.published_at is None) is (tighter == MontageLevel.ONLY_ME)


def test_a_wider_level_takes_nothing_from_those_who_were_let_in():
    montage = make_guarded()
    client = knows_the_pin(montage)

    choose(montage, MontageLevel.CODE)
    wider = sees(client, montage)

    assert wider == OPEN


def test_anyone_sees_a_public_page_and_the_record_leads_to_it(client):
    montage = make_guarded(MontageLevel.PUBLIC)

    assert sees(client, montage) == OPEN
    assert page(montage) in client.get(f"/p/{montage.piece.public_id}").content.decode()


def test_only_a_live_tap_opens_a_page_for_whoever_holds_the_piece(client):
    chip = make_answering_chip(piece=make_open_montage().piece)
    montage = choose(chip.tag.piece.montages.get(), MontageLevel.TAP)
    holder_of_the_code(montage, client)
    before = sees(client, montage)

    client.get(chip.tap(), follow=True)

    assert before == ASKED_FOR_TAP
    assert sees(client, montage) == OPEN
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert sees(client, montage) == ASKED_FOR_TAP


def test_a_page_that_wants_a_tap_says_how(client):
    chip = make_answering_chip(piece=make_open_montage().piece)
    montage = choose(chip.tag.piece.montages.get(), MontageLevel.TAP)
    holder_of_the_code(montage, client)

    said = client.get(page(montage)).content.decode()

    assert "These memories open with the piece itself." in said
    assert "Four hours" not in said


def test_a_replayed_tap_opens_nothing(client):
    chip = make_answering_chip(piece=make_open_montage().piece)
    montage = choose(chip.tag.piece.montages.get(), MontageLevel.TAP)
    link = chip.tap()
    Client().get(link)

    client.get(link, follow=True)

    assert sees(client, montage) in {CLOSED, ASKED_FOR_TAP}


def test_a_tap_is_no_choice_for_a_piece_without_a_chip():
    montage = make_open_montage()
    otto = signed_in(montage.keeper.user)

    shown = otto.get(who(montage)).content.decode()
    chosen = otto.post(who(montage), {"level": "tap", "revision": 1})

    assert 'value="tap"' not in shown
    assert chosen.status_code == 400
    with pytest.raises(NoChipError):
        choose(montage, MontageLevel.TAP)


def test_a_tap_is_offered_where_a_chip_can_answer_it():
    montage = make_montage()
    make_chip(piece=montage.piece)

    shown = signed_in(montage.keeper.user).get(who(montage)).content.decode()

    assert 'value="tap"' in shown
    assert levels.has_chip(montage.piece)


def test_the_keeper_reads_what_each_level_really_means():
    montage = make_montage()

    shown = signed_in(montage.keeper.user).get(who(montage)).content.decode()

    for words in ("Anyone who ever saw the code", "only saw a photograph of it", "Only me"):
        assert words in shown


def test_otto_chooses_a_level_with_its_pin_in_one_go():
    montage = make_montage()
    otto = signed_in(montage.keeper.user)

    answer = otto.post(who(montage), {"level": "pin", "pin": "739 205", "revision": 1})

    montage.refresh_from_db()
    assert answer.status_code == 303
    assert montage.level == MontageLevel.PIN
    assert sharing.is_pin(montage, "739205")


def test_a_level_with_a_pin_needs_one():
    montage = make_montage()
    otto = signed_in(montage.keeper.user)

    answer = otto.post(who(montage), {"level": "pin", "revision": 1})

    assert answer.status_code == 400
    assert "Choose a PIN of six digits first" in answer.content.decode()
    with pytest.raises(NoPinError):
        choose(montage, MontageLevel.PIN)


@pytest.mark.parametrize("bad", ["123456", "777777", "12345", "12345a"])
def test_a_pin_that_is_guessed_first_or_is_none_is_not_taken(bad):
    montage = make_montage()

    answer = signed_in(montage.keeper.user).post(
        who(montage), {"level": "pin", "pin": bad, "revision": 1}
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors["pin"]


def test_the_second_phone_chooses_nothing_over_the_first():
    montage = make_montage()
    otto = signed_in(montage.keeper.user)
    otto.post(who(montage), {"level": "code", "revision": 1})

    late = otto.post(who(montage), {"level": "public", "revision": 1})

    montage.refresh_from_db()
    assert late.status_code == 409
    assert montage.level == MontageLevel.CODE


@pytest.mark.parametrize("fields", [{"level": MontageLevel.PIN}, {"has_child": True}])
def test_one_memory_can_be_behind_the_pin_of_an_open_page(fields):
    montage = make_guarded(MontageLevel.CODE)
    child = make_memory(montage, caption="A first tooth", **fields)
    client = holder_of_the_code(montage)

    before = client.get(page(montage)).content.decode()
    bytes_before = look(client, media(child)).status_code
    knows_the_pin(montage, client)

    assert "A first tooth" not in before
    assert "More is here for whoever knows the PIN." in before
    assert bytes_before == 404
    assert "A first tooth" in client.get(page(montage)).content.decode()
    assert look(client, media(child)).status_code == 200


def test_an_open_page_with_nothing_behind_its_pin_has_no_door():
    montage = make_guarded(MontageLevel.CODE)

    assert holder_of_the_code(montage).get(door(montage)).status_code == 404


def test_otto_says_that_a_child_is_in_a_photograph():
    montage = make_open_montage()
    item = montage.items.get()
    client = holder_of_the_code(montage)

    signed_in(montage.keeper.user).post(
        f"/keep/{montage.piece.public_id}/items/{item.public_id}",
        {"level": "page", "has_child": "on", "revision": 1},
    )

    assert look(client, media(item)).status_code == 404


@pytest.mark.parametrize(("level", "said"), [("pin", "Choose a PIN"), ("tap", "has no chip")])
def test_a_memory_takes_no_level_that_would_let_nobody_in(level, said):
    montage = make_open_montage()
    item = montage.items.get()

    answer = signed_in(montage.keeper.user).post(
        f"/keep/{montage.piece.public_id}/items/{item.public_id}", {"level": level, "revision": 1}
    )

    item.refresh_from_db()
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert item.level == ""


def test_a_piece_that_is_missing_or_under_report_shows_nothing_to_anybody_else():
    for field in ("missing_since", "reported_at"):
        cache.clear()
        montage = (
            make_guarded() if field == "missing_since" else make_open_montage_of_another_maker()
        )
        client = knows_the_pin(montage)

        type(montage).objects.filter(pk=montage.pk).update(**{field: timezone.now()})

        assert sees(client, montage) == CLOSED
        assert sees(signed_in(montage.keeper.user), montage) == OPEN


def test_sealed_until_a_date_the_page_opens_by_itself():
    montage = make_open_montage(seal="date", sealed_until=timezone.now() + timedelta(days=2))
    client = holder_of_the_code(montage)

    before = sees(client, montage)

    assert before == CLOSED
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert sees(client, montage) == OPEN


def test_closing_the_page_ends_the_pin_tickets_as_well():
    montage = make_guarded()
    client = knows_the_pin(montage)
    arrange.unpublish(montage=montage)
    montage.refresh_from_db()
    arrange.publish(montage=montage, revision=montage.revision)
    holder_of_the_code(montage, client)

    assert sees(client, montage) == ASKED_FOR_PIN
