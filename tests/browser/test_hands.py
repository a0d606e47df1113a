"""Keyboards, fingers and browsers without a script: every act has a way that works."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.chromium import Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
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
    """The memories of the line, and not the headings of its chapters."""
    return visitor.page.locator(".arrange > li:not(.heading)")


@pytest.mark.usefixtures("borrowed_line")
def test_memories_change_places_by_buttons_without_a_script(stage: Stage) -> None:
    otto = stage.visit("otto", has_script=False)
    otto.page.goto(stage.url("/keep/{braid}"))
    before = captions(otto.page)

    rows(otto).nth(0).get_by_role("button", name="Move down").click()

    assert captions(otto.page) == [before[1], before[0], *before[2:]]
    otto.context.close()


@pytest.mark.usefixtures("borrowed_line")
def test_memories_change_places_by_dragging(stage: Stage) -> None:
    otto = stage.visit("otto", size=(1280, 1600))
    otto.page.goto(stage.url("/keep/{braid}"))
    before = captions(otto.page)

    with otto.page.expect_response(lambda answer: answer.url.endswith("/order")) as kept:
        rows(otto).nth(0).drag_to(rows(otto).nth(2))
    otto.page.reload()

    assert kept.value.ok
    assert captions(otto.page) == [before[1], before[2], before[0], *before[3:]]
    otto.context.close()


def test_a_step_is_ticked_by_keyboard_and_the_label_follows(stage: Stage) -> None:
    mira = stage.visit("mira")
    mira.page.goto(stage.url("/workshop/{pearls}"))
    label = mira.page.locator("[data-label]")
    cast = mira.page.locator("[data-step=cast] > label input")
    expect(label).to_contain_text("Cast from a 3D-printed model")

    cast.focus()
    mira.page.keyboard.press("Space")
    expect(label).to_contain_text("No making claim")
    mira.page.keyboard.press("Space")
    expect(label).to_contain_text("Cast from a 3D-printed model")

    mira.context.close()


def test_steps_are_added_and_taken_out_without_a_script(stage: Stage) -> None:
    mira = stage.visit("mira", has_script=False)
    mira.page.goto(stage.url("/workshop/{pearls}"))
    steps = mira.page.locator("[data-step]")
    before = steps.count()

    mira.page.locator("summary", has_text="Add a step").click()
    mira.page.select_option("[name=new_kind]", "join.solder")
    mira.page.select_option("[name=new_control]", "hand")
    mira.page.get_by_role("button", name="Add it").click()
    expect(steps).to_have_count(before + 1)
    mira.page.locator("summary", has_text="Change the steps").click()
    mira.page.locator(".one summary", has_text="Soldered").click()
    mira.page.locator(".one[open]").get_by_role("button", name="Take this step out").click()

    expect(steps).to_have_count(before)
    mira.context.close()


def test_a_camera_that_does_not_open_leaves_the_picture_from_the_gallery(stage: Stage) -> None:
    mira = stage.visit("mira")
    mira.context.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('refused'))"
    )
    mira.page.goto(stage.url("/workshop/{pearls}"))

    mira.page.locator("[data-camera]:visible").first.click()
    expect(mira.page.locator("[data-camera-says]")).to_contain_text("but not when")
    mira.page.keyboard.press("Escape")

    expect(mira.page.locator("[data-camera-dialog]")).to_be_hidden()
    expect(mira.page.locator("[data-step] input[type=file]").first).to_be_attached()
    mira.context.close()
