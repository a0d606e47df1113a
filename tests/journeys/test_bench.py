"""Walk-through 1: a piece is recorded at the bench, on a phone, with wet fingers.

Mira registers a first ring from a starter recipe, then one like it. Each takes ticks instead of
typing; a title that says "Handcrafted" is refused with its reason, and an offered one taken with
one tap; the label she signs is the one the record carries.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chromium import Visitor, chromium, needs_chromium
from tests.memories.pictures import make_jpeg
from tests.sites import Site, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a quiet lamp by the harbour"
MOST_INTERACTIONS = 25
CAST_AND_SET = "Designed in CAD by a person; Cast from a 3D-printed model; hand-set; hand-finished"
SAVED = {"timeout": 30_000}


@dataclass
class Hands:
    """Two hands that count: each tap, each text, each choice and each picture is one."""

    page: Page
    pictures: list[str]
    used: int = 0

    def tap(self, what: str | Locator) -> None:
        self.used += 1
        (self.page.locator(what) if isinstance(what, str) else what).click()

    def write(self, name: str, text: str) -> None:
        self.used += 1
        self.page.fill(f"[name={name}]", text)
        self.page.keyboard.press("Tab")

    def choose(self, name: str, value: str) -> None:
        self.used += 1
        self.page.select_option(f"select[name={name}]", value)

    def show(self, name: str) -> None:
        """A picture nobody used before."""
        self.used += 1
        self.page.set_input_files(f"input[name={name}]", self.pictures.pop())

    def tick(self, step: str) -> None:
        self.tap(self.page.locator(f"[data-step={step}] > label input"))


@needs_chromium
def test_a_cast_ring_set_by_hand_is_recorded_with_ticks_and_signed(tmp_path):
    pictures = [_picture(tmp_path, n) for n in range(12)]
    with running_site(tmp_path, is_demo=False) as site, chromium() as browser:
        mira = _mira_opens_her_workshop(browser, site)
        hands = Hands(mira.page, pictures)
        _the_first_ring_from_a_starter_recipe(mira, hands)
        hands.used = 0
        _another_like_it(mira, site, hands)
        assert mira.problems == []


def _picture(folder: Path, number: int) -> str:
    path = folder / f"picture-{number}.jpg"
    path.write_bytes(make_jpeg(1200 + number, 1600))
    return str(path)


def _mira_opens_her_workshop(browser: Browser, site: Site) -> Visitor:
    mira = Visitor(browser)
    page = mira.page
    page.goto(f"{site.url}/accounts/signup/")
    page.fill("input[name=email]", "mira@bench.example")
    page.fill("input[name=password1]", PASSWORD)
    page.click("main form button:visible")
    page.goto(site.link_in_last_mail())
    page.click("main form button:visible")
    page.goto(f"{site.url}/workshop/begin")
    for name, text in [("name", "Tidewell Bench"), ("person", "Mira"), ("town", "Bristol")]:
        page.fill(f"input[name={name}]", text)
    page.select_option("select[name=country]", "GB")
    page.click("main form button:visible")
    return mira


def _the_first_ring_from_a_starter_recipe(mira: Visitor, hands: Hands) -> None:
    page = hands.page
    hands.tap(page.get_by_role("link", name="Register a piece"))
    hands.write("title", "Marlowe ring")
    hands.show("photograph-front")
    hands.show("photograph-scale")
    hands.choose("parts-0-element", "gold")
    hands.write("parts-0-fineness", "750")
    hands.write("mass", "6.81")
    hands.choose("recipe", "starter-0")
    hands.tap(page.locator("summary", has_text="Stones"))
    hands.write("stones-0-species", "sapphire")
    hands.choose("stones-0-origin", "natural")
    hands.choose("stones-0-treatment", "heat")
    hands.tap(page.locator("summary", has_text="Where it is sold"))
    hands.tap("input[name=sold_in_uk]")
    hands.tap(page.get_by_role("button", name="Save the draft"))
    expect(page.locator("[data-step]")).to_have_count(7)
    hands.tap(page.get_by_role("button", name="All of these were done"))
    expect(page.locator("[data-step] > label input:checked")).to_have_count(7, **SAVED)
    for step in ("file", "set", "polish"):
        hands.show(f"evidence-{step}")
        expect(page.locator(f"[data-proof={step}] [data-items] li")).to_have_count(1, **SAVED)
    expect(page.locator("[data-label]")).to_have_text(CAST_AND_SET, **SAVED)
    mira.screen("bench-recorded")
    _sign(mira, hands, label=CAST_AND_SET)
    assert hands.used <= MOST_INTERACTIONS


def _another_like_it(mira: Visitor, site: Site, hands: Hands) -> None:
    page = hands.page
    page.goto(f"{site.url}/workshop")
    hands.tap(page.get_by_role("button", name="Like the last one"))
    expect(page.locator("[data-step] > label input:checked")).to_have_count(0)
    hands.show("photograph-front")
    hands.show("photograph-scale")
    hands.write("mass", "6.84")
    _set_while_the_camera_looks(mira, hands)
    for step in ("cad", "print", "cast", "file", "polish", "mark"):
        hands.tick(step)
    for step in ("file", "polish"):
        hands.show(f"evidence-{step}")
    expect(page.locator("[data-label]")).to_have_text(CAST_AND_SET, **SAVED)
    _refused_title(mira, hands)
    _sign(mira, hands, label=CAST_AND_SET)
    assert hands.used <= MOST_INTERACTIONS


def _set_while_the_camera_looks(mira: Visitor, hands: Hands) -> None:
    """Start, a picture taken in the page, and the tick that ends it."""
    page = hands.page
    row = page.locator("[data-step=set]")
    hands.tap(row.get_by_role("button", name="Start"))
    expect(row.locator("[data-says]")).to_contain_text("started")
    hands.tap(row.locator("[data-camera]"))
    expect(page.locator("[data-take]")).to_be_enabled(**SAVED)
    mira.screen("bench-camera")
    hands.tap("[data-take]")
    expect(row.locator("[data-items]")).to_contain_text("Photograph taken", **SAVED)
    expect(page.locator("[data-camera-dialog]")).to_be_hidden()
    hands.tick("set")


def _refused_title(mira: Visitor, hands: Hands) -> None:
    page = hands.page
    hands.write("title", "Handcrafted Marlowe ring")
    told = page.locator("#words-title")
    expect(told).to_contain_text(
        "“Handcrafted” cannot stand here. It is read as hand-made.", **SAVED
    )
    expect(told).to_contain_text("cast parts (M3)")
    expect(told).to_contain_text("a 3D-printed model (M4)")
    expect(page.locator("#left")).to_have_text("One thing left: the title.")
    mira.screen("bench-refused")
    hands.tap(told.get_by_role("button", name="Marlowe ring, hand-set, hand-finished"))
    expect(told).to_be_empty(**SAVED)
    expect(page.locator("#left")).to_have_text("Nothing is left. Sign when you are sure.")


def _sign(mira: Visitor, hands: Hands, *, label: str) -> None:
    page = hands.page
    hands.tap(".dock button[value=sign]")
    expect(page.locator("main")).to_contain_text(label)
    mira.screen("bench-sign")
    hands.tap("main form button:visible")
    expect(page.get_by_role("heading", name="The code")).to_be_visible()
    expect(page.locator(".code-words")).not_to_be_empty()
