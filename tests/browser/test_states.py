"""Every answer on a small phone, in every language: what matters first, and nothing overflows."""

import pytest
from playwright.sync_api import Page

from tests.browser.given import LANGUAGES, STATES, Given, pages_of
from tests.browser.stage import Stage
from tests.browser.test_scan import FIRST_SCREEN, FOLD, lower_edge
from tests.browser.test_screens import NARROWEST, OVERFLOW, resize
from tests.chromium import Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
SIZES = ((360, FOLD), (390, 844))


@pytest.fixture(scope="module")
def given(stage: Stage) -> Given:
    return pages_of(stage)


def below_the_fold(page: Page) -> dict[str, float]:
    edges = {name: lower_edge(page, where) for name, where in FIRST_SCREEN.items()}
    return {name: edge for name, edge in edges.items() if edge > FOLD}


def all_that_is_wrong(visitor: Visitor, shown: str) -> list[str]:
    found = []
    for size in SIZES:
        resize(visitor.page, size)
        name = f"state-{shown}-{size[0]}x{size[1]}"
        visitor.screen(name)
        found += [f"{name}: {problem}" for problem in visitor.axe_finds()]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_what_matters_ends_above_the_fold_in_every_state_and_language(
    stage: Stage, given: Given, state: str, language: str
) -> None:
    bao = stage.visit(size=(360, FOLD), has_script=False)

    given.open(bao.page, language, state)

    assert below_the_fold(bao.page) == {}
    resize(bao.page, NARROWEST)
    assert bao.page.evaluate(OVERFLOW) == 0
    assert bao.page.locator("html").get_attribute("lang") == language
    assert bao.page.locator("h1").count() == 1
    bao.context.close()


# What axe looks for hangs on the state; of each other language one page shows that it hangs on it.
@pytest.mark.parametrize(
    ("state", "language"),
    [(state, "en") for state in STATES]
    + [(STATES[0], language) for language in LANGUAGES if language != "en"],
)
def test_every_state_is_open_to_everyone(
    stage: Stage, given: Given, state: str, language: str
) -> None:
    bao = stage.visit()

    given.open(bao.page, language, state)

    assert all_that_is_wrong(bao, f"{state}-{language}") == []
    bao.context.close()
