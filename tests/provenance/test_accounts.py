"""Accounts: through the door, to the right desk, and how one becomes a maker."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from provenance.models.maker import Maker
from tests.factories import (
    PASSWORD,
    make_certificate,
    make_custody,
    make_mira,
    make_otto,
    make_user,
)

pytestmark = pytest.mark.django_db

WORKSHOP = {
    "name": "Tidewell Bench",
    "person": "Mira Tidewell",
    "town": "Bristol",
    "country": "GB",
    "sponsors_mark": "TWB",
}


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True)


def link_in_last_mail() -> str:
    return re.search(r"https://touchmark\.example(/\S+)", mail.outbox[-1].body)[1]


@pytest.fixture(autouse=True)
def _host(settings):
    settings.ALLOWED_HOSTS = ["touchmark.example"]


@pytest.fixture
def client(client):
    client.defaults["HTTP_HOST"] = "touchmark.example"
    client.defaults["wsgi.url_scheme"] = "https"
    return client


def test_mira_is_led_to_her_workshop(client):
    maker = make_mira()

    page = sign_in(client, maker.user)

    assert page.redirect_chain[-1][0] == "/workshop"


def test_otto_is_led_to_what_he_keeps(client):
    otto = make_otto()
    make_custody(make_certificate().piece, otto)
    client.force_login(otto)

    answer = client.get("/accounts/welcome")

    assert answer["Location"] == "/keep"


def test_sana_who_has_nothing_yet_is_asked_what_brings_her(client):
    page = sign_in(client, make_user("sana"))

    text = page.content.decode()
    assert "What brings you here?" in text
    assert "/claim" in text
    assert "/workshop/begin" in text


def test_an_account_is_made_confirmed_and_opens_a_workshop(client):
    client.post("/accounts/signup/", {"email": "mira@touchmark.example", "password1": PASSWORD})
    client.post(link_in_last_mail())

    answer = client.post("/workshop/begin", WORKSHOP)

    maker = Maker.objects.get()
    assert answer["Location"] == "/workshop"
    assert (maker.name, maker.identity_level, maker.slug) == (
        "Tidewell Bench",
        "I0",
        "tidewell-bench",
    )


def test_the_mail_that_confirms_speaks_our_voice_and_names_no_account(client):
    client.post("/accounts/signup/", {"email": "mira@touchmark.example", "password1": PASSWORD})

    user = EmailAddress.objects.get().user
    letter = mail.outbox[-1]
    assert letter.subject == "Confirm your e-mail"
    assert user.username not in letter.body
    assert "Hello from" not in letter.body


def test_without_a_confirmed_e_mail_no_workshop_opens(client):
    client.force_login(make_user("nora", is_confirmed=False))

    page = client.get("/workshop/begin")
    refused = client.post("/workshop/begin", WORKSHOP)

    assert "Confirm your e-mail first." in page.content.decode()
    assert refused.status_code == 403
    assert not Maker.objects.exists()


def test_the_mail_can_be_sent_again_from_there(client):
    client.force_login(make_user("nora", is_confirmed=False))

    client.post("/accounts/email/", {"email": "nora@touchmark.example", "action_send": ""})

    assert mail.outbox[-1].to == ["nora@touchmark.example"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("country", "XX"),
        ("country", "gb"),
        ("name", ""),
        ("name", "x" * 81),
        ("sponsors_mark", "TOOLONGMARK"),
        ("person", "Mira\u202e"),
    ],
)
def test_a_workshop_with_a_wrong_word_is_not_opened(client, field, typed):
    client.force_login(make_user("mira"))

    page = client.post("/workshop/begin", WORKSHOP | {field: typed})

    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert not Maker.objects.exists()


def test_a_second_workshop_is_not_opened(client):
    client.force_login(make_mira().user)

    answer = client.post("/workshop/begin", WORKSHOP)

    assert answer["Location"] == "/workshop"
    assert Maker.objects.count() == 1


def test_a_wrong_password_is_said_at_the_door(client):
    mira = make_mira()

    page = client.post("/accounts/login/", {"login": mira.user.email, "password": "wrong"})

    assert "This did not go through" in page.content.decode()


def test_a_forgotten_password_is_changed_by_mail(client):
    mira = make_mira()
    client.post("/accounts/password/reset/", {"email": mira.user.email})
    page = client.get(link_in_last_mail(), follow=True)

    client.post(
        page.request["PATH_INFO"],
        {"password1": "another long and quiet one", "password2": "another long and quiet one"},
    )

    mira.user.refresh_from_db()
    assert mira.user.check_password("another long and quiet one")


def test_asking_for_an_account_that_is_not_there_looks_the_same(client):
    known = client.post("/accounts/password/reset/", {"email": make_mira().user.email}, follow=True)
    unknown = client.post(
        "/accounts/password/reset/", {"email": "x@touchmark.example"}, follow=True
    )

    assert known.content == unknown.content


PAGES = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/logout/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-abc/",
    "/accounts/password/change/",
    "/accounts/password/set/",
    "/accounts/email/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/nothing/",
    "/accounts/inactive/",
    "/accounts/reauthenticate/",
]


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_the_door_is_in_our_design(client, address, is_known):
    if is_known:
        client.force_login(make_mira().user)

    page = client.get(address, follow=True)

    assert page.status_code == 200
    assert "css/site.css" in page.content.decode()
    assert "Menu:" not in page.content.decode()
