"""Keyboards, fingers and browsers without a script: every act has a way that works."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.chromium import Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
IN_ORDER = [
    "title",
    "photograph-front",
    "photograph-scale",
    "kind",
    "year",
    "parts-0-element",
    "parts-0-fineness",
    "mass",
    "act",
]
FOCUSED = "document.activeElement.name || ''"
MANY_TABS = 60


def test_the_skip_link_leads_past_the_head_of_the_page(stage: Stage) -> None:
    sana = stage.visit()
    sana.page.goto(stage.url("/verify"))

    sana.page.keyboard.press("Tab")
    expect(sana.page.locator(".skip")).to_be_focused()
    sana.page.keyboard.press("Enter")
    sana.page.keyboard.press("Tab")

    assert sana.page.evaluate("document.activeElement.closest('main') !== null")
    sana.context.close()


def test_a_piece_can_be_registered_by_keyboard_in_the_order_of_the_eye(stage: Stage) -> None:
    mira = stage.visit("mira")
    mira.page.goto(stage.url("/workshop/new"))

    reached = names_reached_by_tab(mira.page, until="act")

    assert [name for name in reached if name in IN_ORDER] == IN_ORDER
    mira.context.close()


def names_reached_by_tab(page: Page, *, until: str) -> list[str]:
    """The names of what has the focus, tab after tab, each once, until the dock's button."""
    reached: list[str] = []
    for _ in range(MANY_TABS):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
        if reached[-1] == until and page.evaluate("!!document.activeElement.closest('.dock')"):
            break
    return list(dict.fromkeys(name for name in reached if name != until)) + reached[-1:]


def test_the_montage_is_walked_with_arrow_keys_and_left_with_escape(stage: Stage) -> None:
    sana = stage.visit(size=(1280, 800))
    sana.page.goto(stage.url("/t/{braid_code}"))
    sana.page.goto(stage.url("/m/{braid}"))
    links = sana.page.locator("[data-viewer] figure a")
    told = sana.page.locator("dialog.viewer .says")

    links.first.focus()
    sana.page.keyboard.press("Enter")
    expect(told).to_have_text("The café where it rained all afternoon.")
    sana.page.keyboard.press("ArrowRight")
    expect(told).to_have_text("We never locked them.")
    sana.page.keyboard.press("Escape")

    expect(sana.page.locator("dialog.viewer")).to_be_hidden()
    expect(links.nth(1)).to_be_focused()
    sana.context.close()


def captions(page: Page) -> list[str]:
    return page.locator(".arrange .says").all_inner_texts()


def rows(visitor: Visitor) -> Locator:
    return visitor.page.locator(".arrange > li")


def test_memories_change_places_by_buttons_without_a_script(stage: Stage) -> None:
    otto = stage.visit("otto", has_script=False)
    otto.page.goto(stage.url("/keep/{braid}"))
    before = captions(otto.page)

    rows(otto).nth(0).get_by_role("button", name="Move down").click()

    assert captions(otto.page) == [before[1], before[0], *before[2:]]
    otto.context.close()


def test_memories_change_places_by_dragging(stage: Stage) -> None:
    otto = stage.visit("otto", size=(1280, 800))
    otto.page.goto(stage.url("/keep/{braid}"))
    before = captions(otto.page)

    with otto.page.expect_response(lambda answer: answer.url.endswith("/order")) as kept:
        rows(otto).nth(0).drag_to(rows(otto).nth(2))
    otto.page.reload()

    assert kept.value.ok
    assert captions(otto.page) == [before[1], before[2], before[0], *before[3:]]
    otto.context.close()
