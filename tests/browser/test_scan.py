"""The scan page in the hand: all that matters above the fold, still, and ticks that stay here."""

import pytest
from playwright.sync_api import Page, expect

from provenance.policy import policy_named
from tests.browser.stage import Stage
from tests.chromium import needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
FOLD = 640
FIRST_SCREEN = {
    "headline": ".ribbon h1",
    "photograph": ".window img",
    "label": ".first .ticket .made",
    "maker": ".first .maker",
    "limit": ".first .cannot",
}
SCANS = ("/t/{marlowe_code}", "/p/{marlowe}", "/p/{signet}")
MOVING = "document.getAnimations().length"


def lower_edge(page: Page, selector: str) -> float:
    """Where it ends, in CSS pixels from the top of the screen; it must be there at all."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    assert box["height"] > 0, selector
    return box["y"] + box["height"]


@pytest.mark.parametrize("has_script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("path", SCANS)
def test_what_matters_ends_above_the_fold_of_a_small_phone(
    stage: Stage, path: str, has_script: bool
) -> None:
    bao = stage.visit(size=(360, FOLD), has_script=has_script)

    bao.page.goto(stage.url(path))

    edges = {name: lower_edge(bao.page, where) for name, where in FIRST_SCREEN.items()}
    assert {name: edge for name, edge in edges.items() if edge > FOLD} == {}
    bao.context.close()


def longest_label() -> str:
    """The longest that the rules can derive: every phrase at its longest, every hand operation."""
    policy = policy_named()
    claims = [each.claim for each in policy.operations if each.said_by == ""]
    bases = [*policy.base_phrases.values()]
    words = [max(policy.design_phrases.values(), key=len), max(bases, key=len)]
    return "; ".join([*words, policy.beside_base, *claims])


@pytest.mark.parametrize("path", SCANS)
def test_the_longest_label_takes_from_the_photograph_and_not_from_the_limit(
    stage: Stage, path: str
) -> None:
    bao = stage.visit(size=(360, FOLD))
    bao.page.goto(stage.url(path))

    bao.page.locator(".first .made").evaluate("(e, text) => e.textContent = text", longest_label())
    bao.page.locator(".window").evaluate("e => e.classList.add('long-label')")

    edges = {name: lower_edge(bao.page, where) for name, where in FIRST_SCREEN.items()}
    assert {name: edge for name, edge in edges.items() if edge > FOLD} == {}
    bao.context.close()


def test_nothing_moves_on_a_scan_page_even_where_motion_is_welcome(stage: Stage) -> None:
    bao = stage.visit()
    bao.page.emulate_media(reduced_motion="no-preference")

    bao.page.goto(stage.url("/t/{marlowe_code}"))

    assert bao.page.evaluate(MOVING) == 0
    bao.context.close()


def test_the_ticket_of_the_cover_hangs_still_for_who_asks_for_less_motion(stage: Stage) -> None:
    bao = stage.visit()

    bao.page.goto(stage.url("/t/{braid_code}"))
    still = bao.page.evaluate(MOVING)
    bao.page.emulate_media(reduced_motion="no-preference")

    assert still == 0
    assert bao.page.evaluate(MOVING) > 0
    bao.context.close()


def test_ticks_survive_a_reload_and_never_leave_the_device(stage: Stage) -> None:
    bao, rhea = stage.visit(), stage.visit()
    bao.page.goto(stage.url("/p/{marlowe}"))
    bao.page.wait_for_load_state("networkidle")
    already = len(bao.requested)

    bao.page.get_by_role("checkbox", name="Weight").check()
    sent = bao.requested[already:]
    bao.page.reload()
    rhea.page.goto(stage.url("/p/{marlowe}"))

    expect(bao.page.get_by_role("checkbox", name="Weight")).to_be_checked()
    expect(rhea.page.get_by_role("checkbox", name="Weight")).not_to_be_checked()
    assert sent == []
    bao.context.close()
    rhea.context.close()
