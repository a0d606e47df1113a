"""The phone at the bench writes the next tag, and stays calm when it cannot."""

import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import change, hold, script_reader
from tests.browser.stage import Stage
from tests.chromium import PHONE, Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
Visits = Callable[..., Visitor]


@pytest.fixture
def mira(stage: Stage) -> Iterator[Visits]:
    """Mira with a phone of hers, whose reader does what the test says."""
    opened = []

    def visit(*, has_reader: bool = True, has_script: bool = True, **plan: object) -> Visitor:
        visitor = stage.visit("mira", size=PHONE, has_script=has_script)
        opened.append(visitor)
        if has_reader:
            serial = ":".join(["04", *(secrets.token_hex(1) for _ in range(6))])
            script_reader(visitor.page, **({"serial": serial} | plan))
        return visitor

    yield visit
    for visitor in opened:
        visitor.context.close()


def set_aside(stage: Stage, page: Page, count: int) -> None:
    page.goto(stage.url("/workshop/tags/write"))
    page.get_by_label("Plain NFC tag").check()
    page.get_by_label("How many").fill(str(count))
    page.get_by_role("button", name="Set them aside").click()
    expect(page.get_by_text(f"{count} set aside.")).to_be_visible()
    page.get_by_role("link", name="With this phone").click()


def at_the_phone(stage: Stage, page: Page, count: int = 1) -> str:
    """Open the page with so many more to write; the code of the next."""
    set_aside(stage, page, count)
    return page.locator("[data-what]").inner_text()


def press(page: Page, name: str = "Write this tag") -> None:
    page.get_by_role("button", name=name).click()


def left(page: Page) -> int:
    return int(page.locator("[data-left]").inner_text())


def written(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.evaluate("window.nfc.written")
    return found


def test_tags_are_written_one_after_the_other(stage: Stage, mira: Visits) -> None:
    phone = mira()
    page = phone.page
    first = at_the_phone(stage, page, 2)
    many = left(page)
    phone.screen("encode-ready")

    press(page)
    expect(page.get_by_role("status")).to_have_text("Written. Take the next tag.")
    expect(page.locator("[data-written]")).to_have_text(f"{first} written")
    second = page.locator("[data-what]").inner_text()
    phone.screen("encode-written")
    change(page, serial="04:11:22:33:44:55:66")
    press(page)
    expect(page.locator("[data-written] li")).to_have_count(2)

    assert second != first
    assert [record["recordType"] for record in written(page)] == ["url", "url"]
    assert written(page)[0]["data"] == f"{stage.site.url}/t/{first.replace('-', '')}"
    assert left(page) == many - 2
    assert phone.problems == []


def test_a_tag_that_was_taken_away_is_held_there_once_more(stage: Stage, mira: Visits) -> None:
    phone = mira(isAway=True)
    page = phone.page
    code = at_the_phone(stage, page)

    press(page)
    expect(page.get_by_role("status")).to_have_text("Written. Keep it there: it is read back.")
    phone.screen("encode-read-back")
    hold(page, f"{stage.site.url}/t/{code.replace('-', '')}")

    expect(page.locator("[data-written]")).to_have_text(f"{code} written")


@pytest.mark.parametrize(
    ("plan", "words", "is_spoilt"),
    [
        ({"scan": "NotAllowedError"}, "The browser may not use NFC here.", False),
        ({"scan": "NotReadableError"}, "NFC is switched off.", False),
        ({"scan": "NotSupportedError"}, "This phone has no NFC reader", False),
        ({"write": "NotAllowedError"}, "The browser may not use NFC here.", False),
        (
            {"write": "NotSupportedError"},
            "This tag is too small, locked, or of another kind.",
            True,
        ),
        ({"write": "NetworkError"}, "The tag was taken away too early, or it is too small.", True),
        ({"holds": "https://elsewhere.example/"}, "The tag answers with another address.", True),
        ({"holds": ""}, "The tag answers with another address.", True),
        ({"unreadable": True}, "This tag could not be read.", True),
        ({"serial": "nonsense"}, "This is no serial number of a tag.", False),
    ],
    ids=str,
)
def test_what_goes_wrong_is_said_calmly_and_the_same_tag_is_next(
    stage: Stage, mira: Visits, plan: dict[str, object], words: str, is_spoilt: bool
) -> None:
    phone = mira(**plan)
    page = phone.page
    code = at_the_phone(stage, page)
    many = left(page)

    press(page)
    expect(page.locator("[data-problem]")).to_contain_text(words)
    phone.screen(f"encode-{'-'.join(map(str, plan.values()))[:30].replace('/', '_')}")
    expect(page.get_by_role("status")).to_have_text("Not written.")
    is_put_back = stage.url("/workshop/tags/phone/failed") in phone.requested
    page.reload()

    assert page.locator("[data-what]").inner_text() == code
    assert left(page) == many
    # Only where the tag may hold half an address now.
    assert is_put_back == is_spoilt


def test_after_a_failure_the_same_tag_is_written_with_one_more_press(
    stage: Stage, mira: Visits
) -> None:
    phone = mira(write="NetworkError")
    page = phone.page
    code = at_the_phone(stage, page)
    press(page)
    expect(page.get_by_role("status")).to_have_text("Not written.")

    change(page, write=None)
    press(page)

    expect(page.locator("[data-written]")).to_have_text(f"{code} written")
    expect(page.locator("[data-problem]")).to_be_empty()


def test_what_was_written_and_not_sent_is_kept_and_sent_again(stage: Stage, mira: Visits) -> None:
    phone = mira()
    page = phone.page
    code = at_the_phone(stage, page)
    page.route("**/workshop/tags/phone", lambda route: route.abort())

    press(page)
    expect(page.locator("[data-problem]")).to_contain_text("That did not reach us.")
    expect(page.get_by_role("status")).to_have_text("Written, and not on record yet.")
    phone.screen("encode-not-sent")
    page.unroute("**/workshop/tags/phone")
    press(page, "Send it again")

    expect(page.locator("[data-written]")).to_have_text(f"{code} written")
    assert len(written(page)) == 1


def test_a_page_that_was_closed_goes_on_with_the_same_tag(stage: Stage, mira: Visits) -> None:
    phone = mira(isAway=True)
    page = phone.page
    code = at_the_phone(stage, page)
    press(page)
    expect(page.get_by_role("status")).to_have_text("Written. Keep it there: it is read back.")

    page.reload()
    change(page, isAway=False)
    press(page)

    expect(page.locator("[data-written]")).to_have_text(f"{code} written")


def test_the_same_tag_twice_is_told(stage: Stage, mira: Visits) -> None:
    phone = mira()
    page = phone.page
    at_the_phone(stage, page, 2)
    press(page)
    expect(page.get_by_role("status")).to_have_text("Written. Take the next tag.")

    press(page)

    expect(page.locator("[data-problem]")).to_contain_text("This tag is in use already.")


def test_elsewhere_the_page_says_so_and_unfolds_the_other_way(stage: Stage, mira: Visits) -> None:
    phone = mira(has_reader=False)
    page = phone.page
    code = at_the_phone(stage, page)

    expect(page.locator("[data-hint]")).to_contain_text("Chrome on an Android phone can")
    expect(page.get_by_role("button", name="Write this tag")).to_be_hidden()
    phone.screen("encode-elsewhere")
    page.get_by_label("The address on the tag").fill(
        page.locator("[data-shown-address]").inner_text()
    )
    page.get_by_role("button", name="Put it on record").click()

    expect(page.locator(".notice")).to_have_text("Written and on record. Take the next tag.")
    assert code
    assert phone.axe_finds() == []


def test_without_a_script_it_is_put_on_record_by_hand(stage: Stage, mira: Visits) -> None:
    phone = mira(has_reader=False, has_script=False)
    page = phone.page
    at_the_phone(stage, page)

    page.get_by_text("Write it with another app").click()
    page.get_by_label("The address on the tag").fill("https://elsewhere.example/")
    page.get_by_role("button", name="Put it on record").click()

    expect(page.locator(".error")).to_contain_text("The tag answers with another address.")


def test_a_written_chip_is_tried_by_holding_it_there(stage: Stage, mira: Visits) -> None:
    code = stage.site.manage("shell", "--verbosity", "0", "--command", WRITTEN_CHIP).strip()
    phone = mira()
    page = phone.page
    page.goto(stage.url("/workshop/tags/try"))

    press(page, "Begin")
    expect(page.get_by_role("status")).to_have_text("Hold a tag to the back of the phone.")
    phone.screen("try-listening")
    hold(page, stage.site.manage("tap_tag", code, "--forged").strip(), uid_of(stage, code))
    expect(page.locator("[data-problem]")).to_contain_text("did not answer as one of yours")
    expect(page.get_by_role("button", name="Write it anew")).to_be_visible()
    phone.screen("try-failed")
    hold(page, stage.site.manage("tap_tag", code).strip())

    expect(page.locator("[data-written]")).to_contain_text("answered")
    expect(page.get_by_role("button", name="Write it anew")).to_be_hidden()
    expect(page.locator("[data-problem]")).to_be_empty()
    phone.screen("try-answered")
    assert phone.axe_finds() == []


WRITTEN_CHIP = """
from provenance.models.maker import Maker
from tags.services import bench, playing, stocking
maker = Maker.objects.get(user__username="mira")
(tag,) = stocking.set_aside(maker=maker, count=1, profile="ring", by=maker.user)
bench.mark_encoded(tag=tag, uid=playing.make_chip_for(tag).uid, by=maker.user)
print(tag.code)
"""


def uid_of(stage: Stage, code: str) -> str:
    found = re.search(r'"uid": "(\w+)"', (stage.site.folder / "chips" / f"{code}.json").read_text())
    assert found
    return found[1]
