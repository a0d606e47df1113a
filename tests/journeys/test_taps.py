"""A buyer scans the card and taps the ring; a link is forwarded; a code is copied. With the real
server behind a proxy of its own, the real worker, a chip made of Python and Chromium.
"""

import json
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.chromium import Visitor, chromium, needs_chromium
from tests.sites import Site, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
LIVE = "The chip answered just now."
IDENTIFIED = "This code names the ring."
USED = "This link was opened before."
NO_TAG = "You opened the record."
OFTEN = "opened 40 times, from at least 12 networks."
PREVIEW = "WhatsApp/2.23.20.0"
PATIENCE = 20  # seconds: openings are counted aside and written within five
MINUTES_PASS = """
from datetime import timedelta
from django.db.models import F
from tags.models.tap import Tap
Tap.objects.update(at=F("at") - timedelta(minutes={}))
"""


@dataclass(frozen=True)
class Shop:
    """A demonstration with one browser for all who come: the card, the ring, Mira's way in."""

    site: Site
    browser: Browser
    doors: dict[str, str]

    def visit(self, network: int = 0) -> Visitor:
        """Somebody with a phone of their own, in one of the networks of documentation."""
        visitor = Visitor(self.browser)
        visitor.context.set_extra_http_headers({"X-Forwarded-For": address_in(network)})
        return visitor

    def tap(self) -> str:
        """Hold a phone to the ring once more: the address its chip completes."""
        chip = next((self.site.folder / "chips").glob("*.json")).stem
        return self.site.manage("tap_tag", chip).strip()

    def minutes_pass(self, many: int) -> None:
        """Every tap is so much older."""
        self.site.manage("shell", "--verbosity", "0", "--command", MINUTES_PASS.format(many))

    @property
    def piece(self) -> str:
        return self.doors["piece"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    with running_site(folder, is_demo=True, proxies=1) as site, chromium() as browser:
        yield Shop(site, browser, json.loads((folder / "demo.json").read_text(encoding="utf-8")))


def address_in(network: int) -> str:
    """An address of the network with this number; no two share a /24."""
    return f"198.18.{network}.{network + 7}"


def said(visitor: Visitor) -> str:
    return " ".join(visitor.page.locator("main").inner_text().split())


def look_until(visitor: Visitor, url: str, words: str) -> str:
    """The page, looked at until it says so."""
    until = time.monotonic() + PATIENCE
    visitor.page.goto(url)
    while words not in said(visitor) and time.monotonic() < until:
        visitor.page.reload()
    assert words in said(visitor)
    return said(visitor)


def fetch(url: str, *, method: str = "GET", **headers: str) -> str:
    """What a program gets there that is no browser."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(url, headers=sent, method=method)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        content: bytes = answer.read()
    return content.decode()


def test_the_card_names_the_ring_then_the_ring_answers(shop):
    bao = shop.visit()

    bao.page.goto(shop.doors["scan_qr"])
    scanned = bao.headline()
    bao.screen("walk-3-identified")
    bao.page.goto(shop.tap())
    tapped = bao.headline()
    bao.screen("walk-3-live")

    assert scanned == IDENTIFIED
    assert tapped == LIVE
    assert bao.page.url == shop.piece
    assert "The chip that answered is recorded for this piece." in said(bao)
    assert bao.problems == []


def test_the_address_of_a_tap_is_the_ordinary_page_elsewhere(shop):
    bao, sana = shop.visit(), shop.visit(1)
    bao.page.goto(shop.tap())

    sana.page.goto(bao.page.url)

    assert bao.headline() == LIVE
    assert NO_TAG in sana.headline()


def test_within_ten_minutes_it_is_the_same_tap_and_then_none(shop):
    bao = shop.visit()
    bao.page.goto(shop.tap())

    shop.minutes_pass(3)
    bao.page.reload()
    soon = bao.headline()
    bao.screen("same-tap")
    shop.minutes_pass(7)
    bao.page.reload()
    later = bao.headline()

    assert "Same tap, 3 minutes ago." in soon
    assert NO_TAG in later


def test_who_only_looks_at_a_link_leaves_it_as_it_was(shop):
    link = shop.tap()

    preview = fetch(link, User_Agent=PREVIEW)
    fetch(link, method="HEAD")
    fetch(link, Sec_Purpose="prefetch;prerender")
    bao = shop.visit()
    bao.page.goto(link)

    assert LIVE not in preview
    assert urlsplit(shop.piece).path not in preview
    assert bao.headline() == LIVE


def test_a_forwarded_link_is_a_used_link_and_never_live(shop):
    bao, friend = shop.visit(), shop.visit(1)
    link = shop.tap()
    bao.page.goto(link)

    friend.page.goto(link)
    first = friend.headline()
    friend.screen("walk-4-used-link")
    friend.page.goto(link)

    assert bao.headline() == LIVE
    assert first == USED
    assert friend.headline() == USED
    assert LIVE not in said(friend)


def test_a_copied_code_is_told_to_who_scans_it_and_to_its_maker(shop):
    for number in range(40):
        fetch(shop.doors["montage"], X_Forwarded_For=address_in(number % 12))

    mira = shop.visit()
    mira.page.goto(shop.doors["workshop_login"])
    desk = look_until(mira, f"{shop.site.url}/workshop/tags", f"Its code was {OFTEN}")
    mira.screen("walk-4-desk")
    shop.site.manage("run_worker", "--once")
    sana = shop.visit(1)
    sana.page.goto(shop.doors["montage"])
    sana.page.goto(f"{sana.page.url}?record")
    sana.screen("walk-4-opened-often")

    assert "Someone may have copied it, or it hangs in a window." in desk
    assert f"Its code was {OFTEN}" in shop.site.last_mail()
    assert f"This code was {OFTEN} It may have been copied." in said(sana)
