"""The montage in a browser: three templates by keyboard, by finger, still, and without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.line import rows_of
from tests.browser.stage import Stage
from tests.chromium import Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
HERE = ".scene.here"
SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('.viewer img')).transform).a"


def preview(stage: Stage, template: str, theme: str = "dusk") -> str:
    return stage.url("/keep/{braid}/preview") + f"?template={template}&theme={theme}"


def opened(stage: Stage, template: str, *, has_script: bool = True) -> Visitor:
    visitor = stage.visit("otto", size=(390, 844), has_script=has_script)
    visitor.page.goto(preview(stage, template))
    return visitor


def number(page: Page) -> str:
    return page.locator("[data-place]").inner_text()


@pytest.mark.parametrize("template", ["collage", "timeline", "story"])
def test_without_a_script_every_memory_is_there_in_full_width(stage: Stage, template: str) -> None:
    visitor = opened(stage, template, has_script=False)
    page = visitor.page

    pictures = page.locator("main figure[id^=m] img")

    assert pictures.count() == 11
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("That summer", exact=True)).to_have_count(1)
    for each in pictures.all():
        each.scroll_into_view_if_needed()
        expect(each).to_be_visible()
        assert each.get_attribute("alt")
    assert page.locator("[data-bar]:visible").count() == 0
    visitor.context.close()


def test_a_story_that_may_not_move_waits_and_is_told_by_the_keyboard(stage: Stage) -> None:
    visitor = opened(stage, "story")
    page = visitor.page

    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert number(page) == "1 of 17"
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)

    assert number(page) == "3 of 17"
    expect(
        page.locator(HERE).get_by_text("The café where it rained all afternoon.")
    ).to_be_visible()
    assert page.locator("[data-story]").get_attribute("aria-live") == "polite"
    page.keyboard.press("End")
    assert number(page) == "17 of 17"
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.keyboard.press("Home")
    assert number(page) == "1 of 17"
    assert visitor.problems == []
    visitor.context.close()


def test_only_the_scene_that_is_shown_is_read_aloud(stage: Stage) -> None:
    visitor = opened(stage, "story")
    page = visitor.page

    page.keyboard.press("ArrowRight")

    assert page.locator(".scene:not([inert])").count() == 1
    assert page.locator("img:visible").count() <= 1
    visitor.context.close()


def test_a_story_goes_on_and_back_by_finger(stage: Stage) -> None:
    visitor = opened(stage, "story")
    page = visitor.page

    page.mouse.click(300, 400)
    page.mouse.click(300, 400)
    assert number(page) == "3 of 17"
    page.mouse.click(40, 400)
    assert number(page) == "2 of 17"
    page.mouse.move(300, 400)
    page.mouse.down()
    page.mouse.move(100, 400)
    page.mouse.up()

    assert number(page) == "3 of 17"
    visitor.context.close()


def test_a_story_plays_itself_until_it_is_paused(stage: Stage) -> None:
    visitor = stage.visit("otto", size=(390, 844))
    page = visitor.page
    page.emulate_media(reduced_motion="no-preference")
    page.clock.install()
    page.goto(preview(stage, "story"))
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert page.locator("[data-story]").get_attribute("aria-live") == "off"

    page.clock.run_for(16_000)
    expect(page.locator("[data-place]")).not_to_have_text("1 of 17")
    page.get_by_role("button", name="Pause").click()
    stopped = number(page)
    page.clock.run_for(60_000)

    assert number(page) == stopped
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    visitor.context.close()


@pytest.mark.parametrize("saves_data", [True, False])
def test_data_saver_drifts_nothing_and_fetches_nothing_ahead(
    stage: Stage, saves_data: bool
) -> None:
    visitor = stage.visit("otto", size=(390, 844))
    told = str(saves_data).lower()
    visitor.context.add_init_script(
        f"Object.defineProperty(navigator, 'connection', {{ value: {{ saveData: {told} }} }})"
    )
    page = visitor.page
    page.goto(preview(stage, "story"))
    expect(page.locator("[data-story] .scene.here")).to_have_count(1)

    ahead = 0
    for _ in range(5):
        ahead += page.locator(".scene.here ~ .scene img:not([loading=lazy])").count()
        page.keyboard.press("ArrowRight")

    assert (ahead == 0) is saves_data
    drifts_not = page.locator("[data-story].saver")
    expect(drifts_not).to_have_count(1 if saves_data else 0)
    visitor.context.close()


@pytest.mark.parametrize("template", ["collage", "timeline"])
def test_a_photograph_opens_large_and_is_left_by_the_keyboard(stage: Stage, template: str) -> None:
    visitor = opened(stage, template)
    page = visitor.page
    first = page.locator("main figure a").first

    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("The café where")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog").get_by_text("We never locked them.")).to_be_visible()
    assert visitor.axe_finds() == []
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('figure').id") == "m2"
    visitor.context.close()


def test_a_photograph_is_looked_at_more_closely_and_never_lost_from_sight(stage: Stage) -> None:
    visitor = opened(stage, "collage")
    page = visitor.page
    page.locator("main figure a").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()

    page.mouse.dblclick(200, 400)
    assert page.evaluate(SCALE) == 2.5
    page.mouse.move(200, 400)
    page.mouse.down()
    page.mouse.move(2000, 2000)
    page.mouse.up()
    box = page.locator(".viewer img").bounding_box()
    assert box is not None
    assert box["x"] <= 0
    assert box["x"] + box["width"] >= 390
    page.keyboard.press("0")
    assert page.evaluate(SCALE) == 1
    page.keyboard.press("+")
    assert page.evaluate(SCALE) == 1.5
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SCALE) == 1
    visitor.context.close()


def test_two_fingers_come_closer(stage: Stage) -> None:
    visitor = opened(stage, "collage")
    page = visitor.page
    page.locator("main figure a").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    fingers = visitor.context.new_cdp_session(page)

    def touch(kind: str, *places: int) -> None:
        points = [{"x": x, "y": 400, "id": place} for place, x in enumerate(places)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 180)
    touch("touchStart", 180, 220)
    touch("touchMove", 140, 260)
    touch("touchMove", 100, 300)
    touch("touchEnd")

    assert page.evaluate(SCALE) > 2
    visitor.context.close()


def test_the_preview_follows_the_choice_and_saves_nothing(stage: Stage) -> None:
    visitor = stage.visit("otto", size=(1280, 800))
    page = visitor.page
    page.goto(stage.url("/keep/{braid}/look"))
    frame = page.frame_locator("[data-preview]")
    expect(frame.locator("body.as-collage.in-dusk")).to_be_visible()

    page.get_by_label("Story").check(force=True)
    page.get_by_label("Garden").check(force=True)

    expect(frame.locator("body.as-story.in-garden")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Collage")).to_be_checked()
    assert visitor.problems == []
    visitor.context.close()


def test_a_tap_on_the_picture_says_what_must_stay_in_sight(stage: Stage) -> None:
    visitor = stage.visit("otto", size=(390, 844))
    page = visitor.page
    page.goto(stage.url("/keep/{braid}/items/{memory}"))
    picture = page.locator(".pictured img")
    box = picture.bounding_box()
    assert box is not None

    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.8})

    expect(page.get_by_label("From the left")).to_have_value("25")
    expect(page.get_by_label("From the top")).to_have_value("80")
    visitor.context.close()


@pytest.mark.usefixtures("borrowed_line")
def test_a_memory_is_dragged_past_a_heading_into_another_chapter_and_back_by_undo(
    stage: Stage,
) -> None:
    visitor = stage.visit("otto", size=(1280, 1400))
    page = visitor.page
    page.goto(stage.url("/keep/{braid}"))
    rows = page.locator("[data-item]")
    before = rows_of(page)
    grabbed = rows.nth(3).locator("img").bounding_box()
    over = rows.nth(5).bounding_box()
    assert grabbed is not None
    assert over is not None

    page.mouse.move(grabbed["x"] + 20, grabbed["y"] + 20)
    page.mouse.down()
    page.mouse.move(over["x"] + 100, over["y"] + 30, steps=12)
    page.mouse.move(over["x"] + 100, over["y"] + over["height"] - 5, steps=6)
    page.mouse.up()
    expect(page.locator("[data-said]")).to_have_text("Saved")
    page.reload()
    assert rows_of(page) != before
    page.get_by_role("button", name="Undo the last change").click()
    page.wait_for_load_state()

    assert rows_of(page) == before
    visitor.context.close()


def test_the_corners_of_a_cut_are_drawn_and_the_numbers_follow(stage: Stage) -> None:
    visitor = stage.visit("otto", size=(390, 844))
    page = visitor.page
    page.goto(stage.url("/keep/{braid}/items/{memory}/crop"))
    expect(page.locator(".corner.nw")).to_be_visible()
    box = page.locator("[data-cut] img").bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4, steps=5)
    page.mouse.up()

    expect(page.get_by_label("Left edge")).to_have_value("50")
    expect(page.get_by_label("Upper edge")).to_have_value("25")
    expect(page.get_by_label("Right edge")).to_have_value("100")
    visitor.context.close()


@pytest.mark.parametrize("template", ["collage", "timeline"])
def test_nothing_moves_while_pictures_arrive(stage: Stage, template: str) -> None:
    visitor = stage.visit("otto", size=(390, 844))
    page = visitor.page
    page.route("**/media/**", lambda route: route.abort())

    page.goto(preview(stage, template))

    heights = page.eval_on_selector_all(
        "main figure img", "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(heights) == 11
    assert min(heights) > 60
    visitor.context.close()
