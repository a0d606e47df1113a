"""A tap from the chip to the page: what is live, once, and to whom."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from provenance.models.certificate import Actor
from provenance.models.log import Event
from provenance.services.revoke import revoke_certificate
from tags import capabilities, presence
from tags.models.tag import Tag
from tags.models.tap import Tap
from tags.services import binding
from tests.factories import make_certificate, make_chip, make_draft, make_open_montage
from tests.tags.chips import Chip, make_answering_chip

pytestmark = pytest.mark.django_db

LIVE = "The chip answered just now."
USED = "This link was opened before."
NO_TAG = "You opened the record."


def open_link(client: Client, link: str) -> str:
    """Open a link as a phone does, and follow where it leads."""
    answer = client.get(link, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def look(client: Client, chip: Chip) -> str:
    return client.get(chip.page).content.decode()


@pytest.mark.parametrize("profile", ["ring", "plain", "lrp", "seal"])
@pytest.mark.parametrize("version", [1, 2])
def test_a_tap_is_live(client, profile, version):
    chip = make_answering_chip(profile=profile, version=version)

    page = open_link(client, chip.tap())

    assert LIVE in page
    assert "The chip that answered is recorded for this piece." in page


def test_a_tap_leads_to_the_public_address_and_is_kept_by_no_cache(client):
    chip = make_answering_chip()

    answer = client.get(chip.tap())

    assert answer.status_code == 303
    assert answer["Location"] == chip.page
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_cookie_of_a_tap_is_for_this_browser_and_ten_minutes(client):
    chip = make_answering_chip()

    cookie = client.get(chip.tap()).cookies[presence.COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["secure"]
    assert cookie["max-age"] == 600
    assert cookie.value.encode() not in bytes(Tap.objects.get().session)


def test_a_fresh_answer_is_live_for_a_minute_then_the_same_tap_then_nothing(client):
    chip = make_answering_chip()
    link, now = chip.tap(), timezone.now()
    with time_machine.travel(now, tick=False):
        client.get(link)

    told = []
    for seconds in (0, 59, 60, 299, 599):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            told.append(look(client, chip))
    # The browser's own clock ends the cookie; the site's ends what it stands for.
    client.cookies[presence.COOKIE]["expires"] = ""
    with time_machine.travel(now + timedelta(seconds=600), tick=False):
        over = look(client, chip)

    assert [LIVE in page for page in told] == [True, True, False, False, False]
    assert "Same tap, 1 minute ago." in told[2]
    assert "Same tap, 4 minutes ago." in told[3]
    assert NO_TAG in over


def test_the_public_address_proves_nothing_in_another_browser(client):
    chip = make_answering_chip()
    open_link(client, chip.tap())

    page = look(Client(), chip)

    assert NO_TAG in page
    assert LIVE not in page


def test_nobody_is_shown_the_page_that_was_made_for_another_tap(client):
    chip = make_answering_chip()
    before = look(Client(), chip)
    live = open_link(client, chip.tap())

    after = look(Client(), chip)

    assert LIVE in live
    assert NO_TAG in before
    assert NO_TAG in after


def test_a_forwarded_link_was_used(client):
    chip = make_answering_chip()
    link = chip.tap()
    open_link(client, link)

    page = open_link(Client(), link)

    assert USED in page
    assert LIVE not in page


def test_a_link_reloaded_in_the_same_browser_is_the_same_tap(client):
    chip = make_answering_chip()
    link = chip.tap()
    open_link(client, link)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        page = open_link(client, link)

    assert "Same tap, 3 minutes ago." in page
    assert Tap.objects.count() == 1


def test_a_link_that_was_kept_is_used_even_where_it_was_live(client):
    chip = make_answering_chip()
    link = chip.tap()
    open_link(client, link)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        page = open_link(client, link)

    assert USED in page


def test_an_older_reading_is_used_once_a_newer_one_was_told(client):
    chip = make_answering_chip()
    older, newer = chip.tap(), chip.tap()
    open_link(client, newer)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        page = open_link(Client(), older)

    assert USED in page
    assert not Tap.objects.filter(is_conflict=True).exists()


def test_a_jump_of_the_counter_is_spent_and_told(client):
    chip = make_answering_chip()
    open_link(client, chip.tap())
    for _ in range(36):
        chip.virtual.tap()

    page = open_link(Client(), chip.tap())

    assert LIVE in page
    assert "The chip was read 37 times since the last recorded tap." in page
    assert Tag.objects.get(pk=chip.tag.pk).last_counter == 38


def test_the_first_tap_of_all_tells_of_no_gap(client):
    chip = make_answering_chip()
    chip.virtual.counter = 900

    page = open_link(client, chip.tap())

    assert "was read" not in page


def test_two_rising_answers_in_one_browser_are_told(client):
    chip = make_answering_chip()
    open_link(client, chip.tap())

    page = open_link(client, chip.tap())

    assert LIVE in page
    assert "The chip answered twice, each time with a new number." in page


def test_two_answers_far_apart_are_two_taps(client):
    chip = make_answering_chip()
    open_link(client, chip.tap())

    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        page = open_link(client, chip.tap())

    assert "answered twice" not in page


def test_answers_that_contradict_each_other_are_both_marked(client):
    chip = make_answering_chip()
    kept_back, live = chip.tap(), chip.tap()
    open_link(client, live)

    theirs = open_link(Client(), kept_back)
    ours = look(client, chip)

    assert USED in theirs
    assert "in the wrong order" in theirs
    assert "in the wrong order" in ours
    assert list(Tap.objects.values_list("is_conflict", flat=True)) == [True, True]


def test_a_copied_link_that_was_spent_before_is_no_contradiction(client):
    chip = make_answering_chip()
    spent = chip.tap()
    open_link(Client(), spent)
    open_link(client, chip.tap())

    open_link(Client(), spent)

    assert not Tap.objects.filter(is_conflict=True).exists()


def test_a_contradicted_tap_proves_no_presence(client):
    chip = make_answering_chip()
    kept_back = chip.tap()
    answer = client.get(chip.tap(), follow=True)
    before = presence.is_present(answer.wsgi_request, chip.tag.piece)

    open_link(Client(), kept_back)

    assert before is True
    assert presence.is_present(answer.wsgi_request, chip.tag.piece) is False


def test_presence_is_of_the_piece_that_was_tapped_and_no_other(client):
    chip = make_answering_chip()
    other = make_certificate(chip.tag.piece.maker, title="Another ring").piece
    request = client.get(chip.tap(), follow=True).wsgi_request

    assert presence.is_present(request, chip.tag.piece)
    assert not presence.is_present(request, other)


def test_presence_ends_after_ten_minutes(client):
    chip = make_answering_chip()
    request = client.get(chip.tap(), follow=True).wsgi_request

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert not presence.is_present(request, chip.tag.piece)


def test_a_used_link_proves_no_presence(client):
    chip = make_answering_chip()
    link = chip.tap()
    open_link(Client(), link)

    request = client.get(link, follow=True).wsgi_request

    assert not presence.is_present(request, chip.tag.piece)


def test_a_session_that_somebody_planted_is_not_taken_on(client):
    chip = make_answering_chip()
    client.cookies[presence.COOKIE] = "planted"

    answer = client.get(chip.tap())

    assert answer.cookies[presence.COOKIE].value != "planted"


def test_a_live_tap_is_remembered_as_the_code_would_be(client):
    chip = make_answering_chip()

    client.get(chip.tap(), follow=True)

    later = client.get("/verify").wsgi_request
    assert capabilities.holds_code(later, chip.tag.piece)


def test_a_used_link_gives_no_capability(client):
    chip = make_answering_chip()
    link = chip.tap()
    open_link(Client(), link)

    client.get(link, follow=True)

    later = client.get("/verify").wsgi_request
    assert not capabilities.holds_code(later, chip.tag.piece)


def test_a_tap_opens_with_the_cover_where_the_keeper_chose_so(client):
    montage = make_open_montage()
    chip = make_answering_chip(montage.piece)

    page = open_link(client, chip.tap())
    record = client.get(f"{chip.page}?record").content.decode()

    assert "Memories are kept with this piece" in page
    assert LIVE in page
    assert LIVE in record


def test_a_withdrawn_certificate_is_told_before_the_chip(client):
    chip = make_answering_chip()
    certificate = chip.tag.piece.certificates.get()
    by = certificate.maker.user
    revoke_certificate(certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=by)

    page = open_link(client, chip.tap())

    assert "Certificate withdrawn." in page
    assert LIVE not in page


# -- states -------------------------------------------------------------------------------------


def counter_of(chip: Chip) -> int:
    return Tag.objects.get(pk=chip.tag.pk).last_counter


def test_a_paused_tag_says_so_and_spends_nothing(client):
    chip = make_answering_chip()
    binding.suspend_tag(tag=chip.tag, reason="Lost.", by=chip.tag.piece.maker.user)

    page = open_link(client, chip.tap())

    assert "This tag was paused." in page
    assert counter_of(chip) == -1


def test_a_tag_that_was_paused_after_the_tap_says_so_at_once(client):
    chip = make_answering_chip()
    open_link(client, chip.tap())

    binding.suspend_tag(tag=chip.tag, reason="Lost.", by=chip.tag.piece.maker.user)

    assert "This tag was paused." in look(client, chip)


def test_an_old_chip_says_for_ever_that_it_was_replaced(client):
    chip = make_answering_chip()
    new = make_chip(chip.tag.piece.maker, state="verified")
    with time_machine.travel("2027-05-03T10:00:00Z"):
        binding.replace_tag(tag=chip.tag, by_tag=new, reason="Worn.", by=new.maker.user)

    with time_machine.travel("2031-01-01T10:00:00Z"):
        page = open_link(client, chip.tap())

    assert "This tag was replaced." in page
    assert "On 3 May 2027." in page
    assert counter_of(chip) == -1


def test_a_retired_tag_says_so(client):
    chip = make_answering_chip()
    binding.retire_tag(tag=chip.tag, reason="Broken.", by=chip.tag.piece.maker.user)

    assert "This tag was retired." in open_link(client, chip.tap())


def test_a_chip_of_stolen_keys_says_that_the_check_is_withdrawn(client):
    chip = make_answering_chip()
    binding.compromise_batch(profile="ring", key_version=2, reason="Stolen.", by=None)

    page = open_link(client, chip.tap())

    assert "Chip check withdrawn." in page
    assert counter_of(chip) == -1


def test_an_opened_seal_is_latched_by_the_tap_that_tells_it(client):
    chip = make_answering_chip(profile="seal")
    whole = open_link(client, chip.tap())
    chip.virtual.open_seal()
    with time_machine.travel("2027-05-03T10:00:00Z"):
        opened = open_link(Client(), chip.tap())
    chip.virtual.close_seal()
    with time_machine.travel("2027-06-03T10:00:00Z"):
        mended = open_link(Client(), chip.tap())

    assert LIVE in whole
    assert "The seal was opened." in opened
    assert "The seal was opened." in mended
    assert "On or before 3 May 2027." in mended
    assert Event.objects.filter(kind="tag.tampered").count() == 1


def test_a_chip_on_a_draft_is_not_attached_yet_and_is_told_here(client):
    piece = make_draft()
    chip = make_answering_chip(piece, state="bound")

    answer = client.get(chip.tap())

    assert answer.status_code == 200
    assert "Not attached to a piece yet." in answer.content.decode()
    assert counter_of(chip) == 1


def test_a_chip_in_the_drawer_is_not_attached_and_spends_nothing(client):
    chip = make_answering_chip(on_a_piece=False)

    answer = client.get(chip.tap())

    assert answer.status_code == 200
    assert "Not attached to a piece yet." in answer.content.decode()
    assert counter_of(chip) == -1


# -- nobody came yet ----------------------------------------------------------------------------


LOOKERS = [
    pytest.param({"HTTP_SEC_PURPOSE": "prefetch"}, id="fetched in advance"),
    pytest.param({"HTTP_SEC_PURPOSE": "prefetch;prerender"}, id="drawn in advance"),
    pytest.param({"HTTP_PURPOSE": "prefetch"}, id="an older word for it"),
    pytest.param({"HTTP_X_PURPOSE": "preview"}, id="Safari's top sites"),
    pytest.param({"HTTP_USER_AGENT": "WhatsApp/2.23.20.0 A"}, id="WhatsApp"),
    pytest.param(
        {"HTTP_USER_AGENT": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"}, id="iMessage"
    ),
    pytest.param({"HTTP_USER_AGENT": "TelegramBot (like TwitterBot)"}, id="Telegram"),
    pytest.param({"HTTP_USER_AGENT": "Slackbot-LinkExpanding 1.0"}, id="Slack"),
    pytest.param({"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, id="a searcher"),
]


@pytest.mark.parametrize("headers", LOOKERS)
def test_who_only_looks_spends_nothing_and_learns_nothing(client, headers):
    chip = make_answering_chip()

    good = client.get(chip.tap(), **headers)
    bad = client.get("/s/ring?e=00&c=11", **headers)

    assert good.status_code == bad.status_code == 200
    assert good.content == bad.content
    assert "Show the answer" in good.content.decode()
    assert counter_of(chip) == -1
    assert not good.cookies


def test_head_spends_nothing(client):
    chip = make_answering_chip()

    answer = client.head(chip.tap())

    assert (answer.status_code, answer.content) == (200, b"")
    assert counter_of(chip) == -1


def test_the_button_spends_the_counter(client):
    chip = make_answering_chip()

    answer = client.post(chip.tap(), follow=True, HTTP_USER_AGENT="WhatsApp/2.23.20.0 A")

    assert LIVE in answer.content.decode()


def test_the_button_needs_no_cookie_of_a_form():
    chip = make_answering_chip()

    answer = Client(enforce_csrf_checks=True).post(chip.tap())

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 9; CUBOT X18 Plus) AppleWebKit/537.36 Chrome/119 Mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
    ],
)
def test_a_phone_is_no_robot(client, agent):
    chip = make_answering_chip()

    assert client.get(chip.tap(), HTTP_USER_AGENT=agent).status_code == 303


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_no_other_verb_is_known(client, method):
    chip = make_answering_chip()

    assert getattr(client, method)(chip.tap()).status_code == 405
    assert counter_of(chip) == -1
