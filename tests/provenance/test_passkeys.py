"""Passkeys: added, named, used at the door, taken away; and what stands behind them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from tests.doors import (
    App,
    Passkey,
    as_json,
    at_the_door,
    challenge_in,
    enter_by_password,
    enter_with_app,
)
from tests.factories import make_mira, make_otto, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    return at_the_door(client)


@pytest.fixture
def mira(client):
    """Mira, who has just come in by her password."""
    user = make_mira().user
    enter_by_password(client, user)
    return user


def prove_again(client, user) -> None:
    client.post("/accounts/reauthenticate/", {"password": "a long and quiet password"})


def add_passkey(client, passkey, name="Phone on the bench"):
    client.get("/accounts/2fa/webauthn/add/")
    made = passkey.made(challenge_in(client.session))
    return client.post("/accounts/2fa/webauthn/add/", {"name": name} | as_json(made), follow=True)


def enter_by_passkey(client, passkey, user):
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = passkey.answers(challenge_in(client.session), user=user)
    return client.post("/accounts/2fa/webauthn/login/", as_json(answer))


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_mira_adds_a_passkey_and_gets_recovery_codes_once(client, mira):
    prove_again(client, mira)

    page = add_passkey(client, Passkey())

    assert Authenticator.objects.get(type="webauthn").wrap().name == "Phone on the bench"
    assert len(re.findall(r"<li><code>\d{8}</code>", page.content.decode())) == 10
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not re.search(r"<code>\d{8}</code>", again)
    assert mail.outbox[-1].subject == "A passkey was added"


def test_adding_one_asks_for_the_password_again_first(client, mira):
    page = client.get("/accounts/2fa/webauthn/add/")

    assert page["Location"].startswith("/accounts/reauthenticate/")


def test_mira_signs_in_with_it_and_types_nothing(client):
    mira, passkey = make_mira().user, Passkey()
    passkey.belongs_to(mira)

    answer = enter_by_passkey(client, passkey, mira)

    assert answer["Location"] == "/accounts/welcome"
    assert is_in(client)


def test_it_leads_where_one_wanted_to_go(client):
    mira, passkey = make_mira().user, Passkey()
    passkey.belongs_to(mira)
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = passkey.answers(challenge_in(client.session), user=mira)

    page = client.post("/accounts/2fa/webauthn/login/", as_json(answer) | {"next": "/workshop/new"})

    assert page["Location"] == "/workshop/new"


@pytest.mark.parametrize(
    "attack",
    ["of another origin", "without a person", "unverified", "for another account", "replayed"],
)
def test_a_passkey_answer_that_does_not_hold_opens_nothing(client, attack):
    mira, passkey = make_mira().user, Passkey()
    passkey.belongs_to(mira)
    named = make_otto() if attack == "for another account" else mira
    passkey.origin = "https://evil.example" if attack == "of another origin" else passkey.origin
    flags = {"without a person": 0x04, "unverified": 0x01}.get(attack, 0x05)
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = passkey.answers(challenge_in(client.session), user=named, flags=flags)
    if attack == "replayed":
        client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    client.post("/accounts/2fa/webauthn/login/", as_json(answer))

    assert not is_in(client)


def test_after_that_the_password_alone_no_longer_opens(client):
    mira = make_mira().user
    Passkey().belongs_to(mira)

    enter_by_password(client, mira)

    assert not is_in(client)
    assert "One step more." in client.get("/accounts/2fa/authenticate/").content.decode()


def test_a_recovery_code_lets_in_once_when_the_phone_is_lost(client, mira):
    prove_again(client, mira)
    codes = re.findall(r"<code>(\d{8})</code>", add_passkey(client, Passkey()).content.decode())
    client.logout()
    enter_by_password(client, mira)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert is_in(client)
    client.logout()
    enter_by_password(client, mira)

    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert not is_in(client)


def test_mira_renames_and_takes_away_her_passkey(client):
    mira, passkey = make_mira().user, Passkey()
    kept = passkey.belongs_to(mira)
    enter_by_passkey(client, passkey, mira)
    client.get("/accounts/2fa/webauthn/reauthenticate/")
    answer = passkey.answers(challenge_in(client.session), user=mira)
    client.post("/accounts/2fa/webauthn/reauthenticate/", as_json(answer))

    client.post(f"/accounts/2fa/webauthn/keys/{kept.pk}/edit/", {"name": "Old phone"})
    named = client.get("/accounts/2fa/").content.decode()
    client.post(f"/accounts/2fa/webauthn/keys/{kept.pk}/remove/")

    assert "Old phone" in named
    assert not Authenticator.objects.filter(user=mira).exists()


def test_who_has_a_passkey_is_not_asked_for_the_password_instead(client):
    mira, passkey = make_mira().user, Passkey()
    kept = passkey.belongs_to(mira)
    enter_by_passkey(client, passkey, mira)

    page = client.get(f"/accounts/2fa/webauthn/keys/{kept.pk}/remove/")
    weaker = client.get("/accounts/reauthenticate/")

    assert page["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")
    assert weaker["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")


def test_sana_cannot_take_away_the_passkey_of_mira(client):
    kept = Passkey().belongs_to(make_mira().user)
    sana = make_user("sana")
    enter_by_password(client, sana)
    prove_again(client, sana)

    page = client.post(f"/accounts/2fa/webauthn/keys/{kept.pk}/remove/")

    assert page.status_code == 404
    assert Authenticator.objects.filter(pk=kept.pk).exists()


def test_without_a_confirmed_e_mail_no_passkey_is_added(client):
    nora = make_user("nora", is_confirmed=False)
    enter_by_password(client, nora)

    page = client.get("/accounts/2fa/webauthn/add/", follow=True)

    assert "Confirm your e-mail first" in page.content.decode()


def test_secrets_of_an_app_are_not_kept_in_the_clear(client):
    app = App(make_mira().user)

    kept = str(Authenticator.objects.get().data)

    assert app.secret not in kept


def test_a_site_whose_secret_was_changed_lets_no_code_in(client, settings):
    mira = make_mira().user
    app = App(mira)
    settings.SECRET_KEY = "another key, as long as the one before it, of which nobody knows"
    enter_by_password(client, mira)

    page = client.post("/accounts/2fa/authenticate/", {"code": app.code()})

    assert "This did not match" in page.content.decode()
    assert not is_in(client)


def test_where_no_passkey_can_be_made_the_pages_say_so(client, settings):
    settings.SITE_URL = "http://192.168.1.5:8000"
    door = client.get("/accounts/login/").content.decode()
    enter_by_password(client, make_mira().user)

    page = client.get("/accounts/2fa/").content.decode()

    assert "Sign in with a passkey" not in door
    assert "This site is reached at http://192.168.1.5:8000." in page
    assert "Add a passkey" not in page


PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/reauthenticate/",
    "/accounts/2fa/webauthn/keys/{key}/edit/",
    "/accounts/2fa/webauthn/keys/{key}/remove/",
]


@pytest.mark.parametrize("who", ["mira", "sana", "nobody"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_about_signing_in_is_in_our_design_and_only_for_its_owner(client, address, who):
    mira = make_mira().user
    kept = Passkey().belongs_to(mira)
    if who == "mira":
        app = enter_with_app(client, mira)
        client.post("/accounts/2fa/reauthenticate/", {"code": app.code()})
        client.post("/accounts/2fa/recovery-codes/generate/")
    elif who == "sana":
        sana = make_user("sana")
        enter_by_password(client, sana)
        prove_again(client, sana)

    page = client.get(address.format(key=kept.pk), follow=True)

    text = page.content.decode()
    assert "css/site.css" in text
    assert "Menu:" not in text
    assert page.status_code == (404 if who == "sana" and _is_miras(address) else 200)
    assert who == "mira" or "Phone" not in text
    assert who != "nobody" or "Sign in" in text


def _is_miras(address: str) -> bool:
    return "{key}" in address or address.endswith(("/deactivate/", "/recovery-codes/"))
