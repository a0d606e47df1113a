"""Walk-through 2: a season of 500 rows with 6 bad ones, from the table to codes that scan.

The dry run names row and column of each; they are left out; one confirmation; 494 are signed once
each, however often anything is done again; and every label of the sheets opens its own piece.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from provenance.season_file import read_season
from tests.chromium import Visitor, chromium, needs_chromium
from tests.factories import MAKER_PASSPHRASE, PASSWORD
from tests.journeys.test_passkeys import DEVICE
from tests.provenance.seasons import bands, table, two_photographs
from tests.sites import Site, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
ROWS = 500
# Row in the spreadsheet, column, what stands there, and what is told.
BAD = [
    (12, "kind", "rign", "“rign” is none of"),
    (77, "weight", "681", "Did you mean 6.81 g?"),
    (140, "part1_fineness", "1750", "999 at most"),
    (233, "title", "Handcrafted band", "cannot stand here"),
    (391, "photo_scale", "scael.jpg", "not in the ZIP"),
    (500, "year", "2199", "lies in the future"),
]
WORKED = {"timeout": 120_000}

MAKE_MIRA = """
from tests.factories import make_mira
print(make_mira().user.email)
"""
COUNT = """
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
serials = Piece.objects.issued().values("serial").distinct().count()
print(Certificate.objects.count(), Piece.objects.count(), serials)
"""
CODES = """
from tags.models.tag import Tag
print(*Tag.objects.values_list("code", flat=True))
"""
MAKE_KEY = """
from provenance.models.maker import Maker
from tests.factories import make_held_key
make_held_key(Maker.objects.get())
"""
CONFIRM_AND_DIE = """
from provenance.models.season import Season
from provenance.services import season as seasons
found = Season.objects.get()
shown = seasons.what_is_confirmed(found)
seasons.confirm_season(season=found, shown=shown, by=found.maker.user, holds_key=True)
Season.objects.update(leased_until="2000-01-01T00:00:00Z")
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path, is_demo=False, host="localhost") as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def mira(site: Site, browser: Browser) -> Visitor:
    visitor = Visitor(browser)
    page = visitor.page
    page.goto(f"{site.url}/accounts/login/")
    page.fill("input[name=login]", told(site, MAKE_MIRA))
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("h1")).to_have_text("Pieces")
    return visitor


def told(site: Site, question: str) -> str:
    return site.manage("shell", "--verbosity", "0", "-c", question).strip()


def bring(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("The table").set_input_files(
        {"name": "season.csv", "mimeType": "text/csv", "buffer": content}
    )
    photographs = {"name": "p.zip", "mimeType": "application/zip", "buffer": two_photographs()}
    page.get_by_label("The photographs").set_input_files(photographs)
    page.get_by_role("button", name="Look it through").click()
    page.wait_for_url("**/workshop/season/*")


def test_a_season_of_500_with_6_bad_rows(site, mira, tmp_path):
    page = mira.page
    page.goto(f"{site.url}/workshop")
    page.get_by_role("link", name="A season at once").click()
    mira.screen("season-bring")
    began = time.monotonic()
    bring(page, "Spring", _season_with_bad_rows())
    mira.screen("season-looking")
    here = page.url
    _the_dry_run_names_each(mira)
    _six_are_left_out_and_the_rest_confirmed(mira)
    _every_label_opens_its_piece(site, mira, began)
    _all_is_done_again(site, mira, here)
    assert mira.problems == []


def test_a_season_brought_without_its_photographs_gets_them_on_its_page(site, mira):
    page = mira.page
    page.goto(f"{site.url}/workshop/season")
    page.get_by_label("Name").fill("Spring")
    page.get_by_label("The table").set_input_files(
        {"name": "season.csv", "mimeType": "text/csv", "buffer": table(*bands(3))}
    )
    page.get_by_role("button", name="Look it through").click()
    expect(page.locator("main")).to_contain_text("front.jpg, scale.jpg", **WORKED)
    assert mira.axe_finds() == []
    mira.screen("season-missing")

    bring_missing(page, b"no zip")
    expect(page.get_by_role("alert")).to_contain_text("This is no ZIP file.")
    mira.screen("season-missing-refused")
    bring_missing(page, two_photographs())

    expect(page.locator("main")).to_contain_text("3 right.", **WORKED)
    mira.screen("season-missing-brought")
    assert [each for each in mira.problems if "400" not in each] == []


def bring_missing(page: Page, content: bytes) -> None:
    photographs = {"name": "p.zip", "mimeType": "application/zip", "buffer": content}
    page.get_by_label("A ZIP with these files").set_input_files(photographs)
    page.get_by_role("button", name="Bring them").click()


def _season_with_bad_rows() -> bytes:
    rows = bands(ROWS)
    for row, column, cell, _ in BAD:
        rows[row - 2][column] = cell
    return table(*rows)


def _the_dry_run_names_each(mira: Visitor) -> None:
    page = mira.page
    expect(page.locator("main")).to_contain_text("6 to fix, 494 right.", **WORKED)
    mira.screen("season-checked")
    for row, column, cell, sentence in BAD:
        shown = page.locator(f"#row-{row}")
        expect(shown.get_by_label(column)).to_have_value(cell)
        expect(shown).to_contain_text(sentence)
    page.locator("#row-233").scroll_into_view_if_needed()
    mira.screen("season-faults")


def _six_are_left_out_and_the_rest_confirmed(mira: Visitor) -> None:
    page = mira.page
    page.get_by_role("button", name="Leave out all 6").click()
    mira.screen("season-ready")
    page.get_by_role("link", name="Go on to confirm").click()
    expect(page.locator("h1")).to_have_text("Sign 494 pieces?")
    mira.screen("season-confirm")
    page.get_by_role("button", name="Sign 494 pieces").click()
    mira.screen("season-signing")
    expect(page.locator("main")).to_contain_text("494 pieces certified.", **WORKED)
    mira.screen("season-signed")


def _every_label_opens_its_piece(site: Site, mira: Visitor, began: float) -> None:
    sheets = page_bytes(mira.page, "Print the label sheets")
    print(f"{ROWS} rows from the upload to their labels: {time.monotonic() - began:.0f} s")
    scanned = [
        found.text
        for page in pypdfium2.PdfDocument(sheets)
        for found in zxingcpp.read_barcodes(page.render(scale=400 / 72).to_pil().convert("L"))
    ]
    codes = told(site, CODES).split()
    assert sorted(scanned) == sorted(f"{site.url}/t/{code}".upper() for code in codes)
    assert len(scanned) == ROWS - len(BAD)


def page_bytes(page: Page, link: str) -> bytes:
    """What a link of the page leads to, fetched by the same browser."""
    address = page.get_by_role("link", name=link).evaluate("link => link.href")
    content: bytes = page.request.get(address).body()
    return content


def _all_is_done_again(site: Site, mira: Visitor, here: str) -> None:
    """Confirmed again, worked again, and its own table brought again."""
    page = mira.page
    page.goto(f"{here}/confirm")
    assert page.url == here
    exported = page_bytes(page, "The table as it stands")
    assert len(read_season(exported).rows) == ROWS
    page.get_by_role("link", name="All seasons").click()
    mira.screen("season-all")
    bring(page, "Again", exported)
    expect(page.locator("main")).to_contain_text("This file is here already, as “Spring”.")
    assert page.url == here
    site.manage("run_worker", "--once")
    assert told(site, COUNT) == "494 494 494"


def test_a_season_waits_for_its_key_and_the_next_is_allowed_by_a_passkey(site, mira):
    told(site, MAKE_KEY)
    _a_season_whose_process_died_is_unlocked(site, mira)
    _add_a_passkey(site, mira)
    _a_cell_is_fixed_and_the_passkey_allows_the_rest(site, mira)
    assert told(site, COUNT) == "6 6 3"
    assert mira.problems == []


def _a_season_whose_process_died_is_unlocked(site: Site, mira: Visitor) -> None:
    page = mira.page
    page.goto(f"{site.url}/workshop/season")
    bring(page, "Autumn", table(*bands(3)))
    expect(page.locator("main")).to_contain_text("3 right.", **WORKED)
    told(site, CONFIRM_AND_DIE)
    page.reload()
    mira.screen("season-waiting")
    page.get_by_role("link", name="Unlock to continue").click()
    mira.screen("season-unlock")
    page.get_by_label("Passphrase of your key").fill(MAKER_PASSPHRASE)
    page.get_by_role("button", name="Unlock and sign the rest").click()
    expect(page.locator("main")).to_contain_text("3 pieces certified.", **WORKED)


def _add_a_passkey(site: Site, mira: Visitor) -> None:
    page = mira.page
    devices = mira.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{site.url}/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.fill("input[name=name]", "Phone on the bench")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)


def _a_cell_is_fixed_and_the_passkey_allows_the_rest(site: Site, mira: Visitor) -> None:
    page, rows = mira.page, bands(3, title="Estuary band")
    rows[1]["kind"] = "rign"
    page.goto(f"{site.url}/workshop/season")
    bring(page, "Winter", table(*rows))
    expect(page.locator("main")).to_contain_text("1 to fix, 2 right.", **WORKED)
    page.locator("#row-3").get_by_label("kind").fill("ring")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Row 3 is right now.")
    mira.screen("season-fixed")
    page.get_by_role("link", name="Go on to confirm").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Passphrase of your key").fill(MAKER_PASSPHRASE)
    mira.screen("season-confirm-with-key")
    page.get_by_role("button", name="Sign 3 pieces").click()
    expect(page.locator("main")).to_contain_text("3 pieces certified.", **WORKED)
