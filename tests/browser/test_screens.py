"""Every screen at three sizes, by day and by night: open to all, still, and of this site alone."""

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.screens import SCREENS, Screen
from tests.browser.stage import Stage
from tests.chromium import Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
SIZES = ((360, 640), (390, 844), (1280, 800))
NARROWEST = (320, 640)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Night changes colours alone, so it is asked about colours alone.
LIGHTS: dict[Literal["light", "dark"], tuple[str, ...]] = {
    "light": (),
    "dark": ("color-contrast", "link-in-text-block"),
}


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def all_that_is_wrong(visitor: Visitor, screen: Screen) -> list[str]:
    """At every size and in both lights, without loading the page again."""
    found = []
    for size in SIZES:
        resize(visitor.page, size)
        found += scrolls_sideways(visitor.page, screen)
        for light, rules in LIGHTS.items():
            visitor.page.emulate_media(color_scheme=light)
            shown = f"{screen}-{size[0]}x{size[1]}-{light}"
            visitor.screen(shown)
            found += [f"{shown}: {problem}" for problem in visitor.axe_finds(*rules)]
    resize(visitor.page, NARROWEST)
    return found + scrolls_sideways(visitor.page, screen)


def scrolls_sideways(page: Page, screen: Screen) -> list[str]:
    too_wide = page.evaluate(OVERFLOW)
    return [f"{screen}: {too_wide} px too wide"] if too_wide > 0 else []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_is_open_to_everyone_and_of_this_site_alone(stage: Stage, screen: Screen) -> None:
    visitor = stage.visit(screen.who)

    screen.opens(visitor.page, stage)

    expected = [] if screen.status == 200 else [f"status of {screen.status}"]
    assert all_that_is_wrong(visitor, screen) == []
    assert visitor.page.locator("h1").count() == 1
    assert {url for url in visitor.requested if not stage.is_ours(url)} == set()
    assert [
        problem for problem in visitor.problems if not any(e in problem for e in expected)
    ] == []
    visitor.context.close()
