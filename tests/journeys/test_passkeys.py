"""Passkeys in a real browser: Chromium's own virtual device makes them, signs and forgets."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.chromium import Visitor, chromium, needs_chromium
from tests.sites import Site, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
SIGN_IN_MIRA = """
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from config.demo.links import sign_in_link
user = User.objects.get(username="mira")
user.set_password("a quiet lamp by the harbour")
user.save()
Authenticator.objects.filter(user=user).delete()
print(sign_in_link(user))
"""
PASSWORD = "a quiet lamp by the harbour"
PASSPHRASE = "under the third bench peg"
# A key of the maker's that lies here, and a draft that it will sign.
HOLD_KEY = f"""
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import maker_keys
mira = Maker.objects.get(user__username="mira")
maker_keys.make_held_key(maker=mira, passphrase="{PASSPHRASE}", by=mira.user)
print(Piece.objects.made_by(mira).drafts().get().public_id)
"""
# One certificate of hers by a key that was stolen since, and the key she has now.
ROB = f"""
from datetime import timedelta
import time_machine
from django.utils import timezone
from provenance.models.maker import Maker
from provenance.services import key_life, maker_keys
from tests.factories import make_draft, make_held_certificate
mira = Maker.objects.get(user__username="mira")
held = dict(maker=mira, passphrase="{PASSPHRASE}")
now = timezone.now()
with time_machine.travel(now - timedelta(hours=2)):
    if not maker_keys.key_in_use(mira):
        maker_keys.make_held_key(**held, by=mira.user)
    make_held_certificate(mira, maker_keys.unlock(**held), title="Robbery ring")
lost, at = maker_keys.key_in_use(mira), now - timedelta(hours=1)
key_life.report_maker_compromise(key=lost, at=at, reason="Lost.", by=mira.user)
maker_keys.make_held_key(**held, by=mira.user)
"""
WHO_LET_IT = """
from provenance.canonical import parse_object
from provenance.models.authorisation import Authorisation
from provenance.models.log import Event
told = Event.objects.filter(kind="certificate.reproofed").latest("pk")
named = parse_object(bytes(told.statement))["facts"]["authorisation"]
print(Authorisation.objects.get(public_id=named, spent_at__isnull=False).act)
"""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Person:
    """Mira with a browser, and in it a device that can hold passkeys."""

    visitor: Visitor
    devices: CDPSession
    device: str

    def passkeys(self) -> int:
        told = self.devices.send("WebAuthn.getCredentials", {"authenticatorId": self.device})
        return len(told["credentials"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), is_demo=True, host="localhost") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def mira(site: Site, browser: Browser) -> Iterator[Person]:
    visitor = Visitor(browser)
    devices = visitor.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    told = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    door = site.manage("shell", "--verbosity", "0", "--command", SIGN_IN_MIRA).strip()
    visitor.page.goto(door)
    yield Person(visitor, devices, told["authenticatorId"])
    visitor.context.close()


ASK = """
async ([digest, token]) => {
  const { authorise } = await import("/static/js/authorise.js");
  const asked = { act: "sign_batch", digest, token };
  const there = { begin: "/workshop/authorise/begin", finish: "/workshop/authorise/finish" };
  return authorise({ ...asked, ...there }).catch((problem) => ({ refused: problem.message }));
}
"""
SPEND = """
from django.contrib.auth.models import User
from django.utils import timezone
from provenance.models.authorisation import Act
from provenance.services.authorise import spend_authorisation
mira = User.objects.get(username="mira")
digest = bytes.fromhex("{digest}")
spent = spend_authorisation(by=mira, act=Act.SIGN_BATCH, digest=digest, now=timezone.now())
print(spent.public_id)
"""


def add_passkey(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.fill("input[name=name]", "Phone on the bench")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)


def test_a_passkey_is_added_signs_in_and_is_taken_away(site: Site, mira: Person) -> None:
    page = mira.visitor.page

    add_passkey(site, page)
    assert mira.passkeys() == 1

    page.goto(f"{site.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("h1")).to_have_text("Pieces")

    page.goto(f"{site.url}/accounts/2fa/")
    page.get_by_role("link", name="Take away Phone on the bench").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Take it away").click()
    expect(page.locator("main")).to_contain_text("The passkey is taken away.")
    assert mira.visitor.problems == []


def test_a_batch_is_authorised_by_a_passkey_and_the_assertion_is_spent(
    site: Site, mira: Person
) -> None:
    page, digest = mira.visitor.page, "5a" * 32
    page.goto(f"{site.url}/workshop/identity")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    refused = page.evaluate(ASK, [digest, token])
    add_passkey(site, page)
    page.goto(f"{site.url}/workshop/identity")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()

    given = page.evaluate(ASK, [digest, token])

    assert refused["refused"].startswith("Add a passkey first")
    spend = SPEND.format(digest=digest)
    spent = site.manage("shell", "--verbosity", "0", "--command", spend).strip()
    assert (given["act"], given["digest"], given["authorisation"]) == ("sign_batch", digest, spent)


def test_a_piece_is_signed_with_a_kept_key_once_the_passkey_allowed_it(
    site: Site, mira: Person
) -> None:
    page = mira.visitor.page
    add_passkey(site, page)
    draft = site.manage("shell", "--verbosity", "0", "--command", HOLD_KEY).strip()
    page.goto(f"{site.url}/workshop/{draft}/sign")
    page.get_by_role("button", name="Use a passkey").click()
    mira.visitor.screen("sign-with-passkey")

    page.fill("input[name=passphrase]", PASSPHRASE)
    page.get_by_role("button", name="Sign and make the certificate").click()

    expect(page.locator("main")).to_contain_text("Certified, code on card")
    assert page.url == f"{site.url}/workshop/{draft}"
    assert mira.visitor.problems == []


def test_a_new_key_signs_again_once_the_passkey_allowed_the_list(site: Site, mira: Person) -> None:
    page = mira.visitor.page
    site.manage("shell", "--verbosity", "0", "--command", ROB)
    add_passkey(site, page)
    page.goto(f"{site.url}/workshop/keys")
    mira.visitor.screen("keys-after-a-theft")
    page.get_by_role("link", name="Sign it again").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("main")).to_contain_text("Robbery ring")
    mira.visitor.screen("sign-again-with-passkey")
    found = mira.visitor.axe_finds()

    page.fill("input[name=passphrase]", PASSPHRASE)
    page.get_by_role("button", name="Sign again").click()

    expect(page.locator("body")).to_contain_text("1 certificate signed again.")
    mira.visitor.screen("signed-again")
    allowed = site.manage("shell", "--verbosity", "0", "--command", WHO_LET_IT).strip()
    assert allowed == "sign_batch"
    assert found == []
    assert mira.visitor.problems == []


def test_a_device_that_says_no_leaves_the_door_open_for_another_try(
    site: Site, mira: Person
) -> None:
    page = mira.visitor.page
    page.goto(f"{site.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    asks = {"authenticatorId": mira.device, "isUserVerified": False}
    mira.devices.send("WebAuthn.setUserVerified", asks)
    page.goto(f"{site.url}/accounts/login/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.locator("[data-told]")).to_contain_text("Try again")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
