"""A gift from the code on the card to the moment it opens, on phones, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from memories.media_plan import FIRST
from tests.browser.stage import Stage
from tests.chromium import Visitor, needs_chromium
from tests.memories import pictures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
HAS_A_FILE = FIRST[0].name


def claims(visitor: Visitor, stage: Stage, code: str) -> None:
    visitor.page.goto(stage.url("/claim"))
    visitor.page.fill("input[name=code]", code)
    visitor.page.get_by_role("button", name="It is mine to keep").click()


def bring_a_photograph(page: Page) -> None:
    page.set_input_files(
        "input[name=photographs]",
        files={
            "name": "snow.jpg",
            "mimeType": "image/jpeg",
            "buffer": pictures.make_jpeg(),
        },
    )


def shows_its_picture(page: Page) -> bool:
    """Whether the photograph really came through, and not only its frame."""
    picture = page.locator(f"img[src*='{HAS_A_FILE}']").first
    expect(picture).to_be_visible(timeout=60_000)
    loaded: bool = picture.evaluate("each => each.decode().then(() => each.naturalWidth > 0)")
    return loaded


@pytest.mark.parametrize("has_script", [True, False])
def test_a_gift_is_prepared_sealed_claimed_and_opened(stage: Stage, has_script: bool) -> None:
    code = stage.names["gift_code" if has_script else "second_gift_code"]
    giver = stage.visit("nele", has_script=has_script)
    page = giver.page

    page.goto(stage.url("/gift"))
    page.fill("input[name=code]", code)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("A gift you prepare.")).to_be_visible()
    draft = page.url
    bring_a_photograph(page)
    if not has_script:
        page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Seal it").click()
    page.get_by_label("From").fill("Nele")
    page.get_by_label("A line for the cover").fill("For the winter we met.")
    page.get_by_role("button", name="Seal it").click()
    expect(page.get_by_text("Sealed until they open it")).to_be_visible()
    assert shows_its_picture_after_waiting(page, draft)

    recipient = stage.visit("ruth", has_script=has_script)
    claims(recipient, stage, code)
    recipient.page.get_by_role("link", name="Somebody left something for you").click()
    expect(recipient.page.get_by_text("For the winter we met.")).to_be_visible()
    assert recipient.page.locator("img[src*='/media/']").count() == 0
    recipient.page.get_by_role("button", name="Open it").click()

    expect(recipient.page).to_have_url(re.compile(r"/m/\w+$"))
    assert shows_its_picture(recipient.page)
    assert page.goto(draft).status == 404
    assert giver.problems[:-1] == []
    assert recipient.problems == []
    giver.context.close()
    recipient.context.close()


def shows_its_picture_after_waiting(page: Page, draft: str) -> bool:
    """The worker needs a moment; without a script the page asks again by itself."""
    page.goto(draft)
    return shows_its_picture(page)
