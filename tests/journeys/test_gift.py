"""A gift: Gil fills a page before he gives the ring away, and seals it until a day; Rosa claims
the ring with the same code. With the real server, the real worker, real media and Chromium.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium import Visitor, chromium, needs_chromium
from tests.memories.clips import make_film, make_sound
from tests.memories.pictures import make_heic, make_jpeg
from tests.sites import Site, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
PASSWORD = "a quiet lamp by the harbour"
PHOTOGRAPHS, HEIC = 12, 2
MEMORIES = PHOTOGRAPHS + 2
PATIENCE = 240_000  # milliseconds, for a worker on a busy machine
GREETING = "Not before your birthday."

A_RING_NOBODY_CLAIMED = """
from provenance.models.piece import Piece
from tags.codes import show_claim_code
from tags.services.issuing import new_card_code
piece = Piece.objects.filter(kind="ring", issued_at__isnull=False, custodies__isnull=True).first()
print(piece.public_id, show_claim_code(new_card_code(piece=piece, by=piece.maker.user)))
"""
THE_DAY_COMES = """
from datetime import timedelta
from django.utils import timezone
from memories.models.montage import Montage
past = timezone.now() - timedelta(minutes=1)
assert Montage.objects.filter(seal="date").update(sealed_until=past) == 1
"""


@dataclass(frozen=True)
class House:
    site: Site
    browser: Browser
    piece: str
    code: str

    @property
    def desk(self) -> str:
        return f"{self.site.url}/keep/{self.piece}"

    def newcomer(self, email: str) -> Visitor:
        visitor = Visitor(self.browser)
        visitor.page.goto(f"{self.site.url}/accounts/signup/")
        visitor.page.fill("input[name=email]", email)
        visitor.page.fill("input[name=password1]", PASSWORD)
        visitor.page.click("main form button:visible")
        return visitor

    def shell(self, lines: str) -> str:
        return self.site.manage("shell", "--verbosity", "0", "--command", lines)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_site(tmp_path, is_demo=True) as site, chromium() as browser:
        told = site.manage("shell", "--verbosity", "0", "--command", A_RING_NOBODY_CLAIMED)
        piece, code = told.split()
        yield House(site, browser, piece, code)


def test_a_gift_is_filled_sealed_claimed_opened_and_one_memory_erased(house, tmp_path):
    gil = house.newcomer("gil@home.example")
    _he_begins_without_spending_the_code(gil, house)
    _he_brings_what_he_has(gil, tmp_path)
    seen = _addresses(gil)
    _he_seals_it_until_tomorrow(gil, house)
    rosa = house.newcomer("rosa@home.example")
    _she_claims_with_the_same_code(rosa, house)
    _before_the_day_there_is_a_cover_and_nothing_else(rosa, gil, house, seen)
    house.shell(THE_DAY_COMES)
    _she_opens_it(rosa, house)
    _gil_is_out(gil, house, seen)
    _she_erases_one_and_it_is_gone_everywhere(rosa, house)


def _he_begins_without_spending_the_code(gil: Visitor, house: House) -> None:
    gil.page.goto(f"{house.site.url}/gift")
    gil.page.fill("input[name=code]", house.code)
    gil.screen("gift-begin")
    gil.page.click("main form button:visible")
    expect(gil.page).to_have_url(house.desk)
    expect(gil.page.locator(".audience").first).to_contain_text("A gift you prepare.")


def _he_brings_what_he_has(gil: Visitor, folder: Path) -> None:
    files = []
    for number in range(PHOTOGRAPHS):
        is_heic = number < HEIC
        make, ending = (make_heic, "heic") if is_heic else (make_jpeg, "jpg")
        wide, high = (800, 600 + number) if number % 3 else (600, 800 + number)
        files.append(_file(folder, f"picture-{number}.{ending}", make(wide, high)))
    files.append(_file(folder, "dancing.mp4", make_film("upright.mp4", size="180x320")))
    files.append(_file(folder, "her-laugh.m4a", make_sound("note.m4a")))
    gil.page.set_input_files("input[name=photographs]", files)
    ready = gil.page.locator(".arrange li:not(:has-text('Being made ready'))")
    expect(ready).to_have_count(MEMORIES, timeout=PATIENCE)
    expect(gil.page.locator(".arrange .error")).to_have_count(0)
    gil.screen("gift-filled")


def _file(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def _addresses(visitor: Visitor) -> list[str]:
    """Every address of a photograph, film or voice note on the page he sees himself."""
    visitor.page.click("[data-see]")
    found = visitor.page.evaluate(
        """() => [...document.querySelectorAll("img, video, audio, source, a")]
            .flatMap(each => [each.src, each.href, each.poster,
                ...(each.srcset || "").split(",").map(part => part.trim().split(" ")[0])])
            .filter(Boolean).map(each => new URL(each, location.href).href)
            .filter(each => each.includes("/media/"))"""
    )
    addresses = sorted(set(found))
    assert {address.rpartition(".")[2] for address in addresses} >= {"webp", "mp4", "m4a"}
    assert all(visitor.page.request.get(address).status == 200 for address in addresses)
    return addresses


def _he_seals_it_until_tomorrow(gil: Visitor, house: House) -> None:
    gil.page.goto(f"{house.desk}/seal")
    gil.page.fill("input[name=sender]", "Gil")
    gil.page.fill("[name=greeting]", GREETING)
    gil.page.check("input[name=opens][value=date]")
    gil.page.fill("input[name=day]", f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}")
    gil.screen("gift-seal")
    gil.page.click("main form button:visible")
    expect(gil.page.locator(".audience").first).to_contain_text("Sealed until")


def _she_claims_with_the_same_code(rosa: Visitor, house: House) -> None:
    rosa.page.goto(f"{house.site.url}/claim")
    rosa.page.fill("input[name=code]", house.code)
    rosa.page.click("main form button:visible")
    expect(rosa.page.locator("h1")).to_contain_text("yours to keep")
    rosa.screen("gift-kept")


def _before_the_day_there_is_a_cover_and_nothing_else(
    rosa: Visitor, gil: Visitor, house: House, seen: list[str]
) -> None:
    rosa.page.goto(f"{house.desk}/gift")
    expect(rosa.page.locator(".tag")).to_contain_text(GREETING)
    expect(rosa.page.locator(".opens")).to_contain_text("It opens on")
    rosa.screen("gift-sealed")
    assert "/media/" not in rosa.page.content()
    for visitor in (rosa, gil, Visitor(house.browser)):
        assert _statuses(visitor, seen) == {404}


def _statuses(visitor: Visitor, addresses: list[str]) -> set[int]:
    """Asked for whole, in part, by HEAD, and whether it is new."""
    ask = visitor.page.request
    answers = {ask.get(address).status for address in addresses}
    answers |= {ask.head(address).status for address in addresses}
    answers |= {ask.get(each, headers={"Range": "bytes=0-9"}).status for each in addresses}
    return answers | {ask.get(each, headers={"If-None-Match": "*"}).status for each in addresses}


def _she_opens_it(rosa: Visitor, house: House) -> None:
    rosa.page.goto(f"{house.site.url}/m/{house.piece}")
    expect(rosa.page.locator("[data-viewer] figure picture img")).to_have_count(PHOTOGRAPHS)
    film, voice = rosa.page.locator("[data-viewer] video"), rosa.page.locator("[data-viewer] audio")
    expect(film).to_have_count(1)
    expect(voice).to_have_count(1)
    for each in (film, voice):
        each.evaluate(
            """one => new Promise((done, failed) => {
                one.oncanplay = done; one.onerror = failed; one.preload = "auto"; one.load();
            })"""
        )
    width, height = film.evaluate("one => [one.videoWidth, one.videoHeight]")
    assert height > width
    rosa.screen("gift-opened")
    assert rosa.axe_finds() == []


def _gil_is_out(gil: Visitor, house: House, seen: list[str]) -> None:
    assert _statuses(gil, seen) == {404}
    assert gil.page.request.get(house.desk).status == 404


def _she_erases_one_and_it_is_gone_everywhere(rosa: Visitor, house: House) -> None:
    rosa.page.goto(house.desk)
    first = rosa.page.locator(".arrange li[data-item]").first
    item = first.get_attribute("data-item")
    assert item is not None
    kept = rosa.page.request.get(f"{house.site.url}/media/{item}/480.webp")
    assert kept.status == 200
    assert _files_named(house, item)
    rosa.page.goto(f"{house.desk}/items/{item}/erase")
    rosa.page.click("main form button:visible")
    expect(rosa.page.locator(".arrange li[data-item]")).to_have_count(MEMORIES - 1)
    gone = [f"{house.site.url}/media/{item}/{name}" for name in ("480.webp", "1080.avif")]
    assert _statuses(rosa, gone) == {404}
    assert _files_named(house, item) == []
    assert rosa.problems == []


def _files_named(house: House, item: str) -> list[Path]:
    """Whatever lies anywhere in the site's folder under this name."""
    return [path for path in house.site.folder.rglob("*") if item in str(path) and path.is_file()]
