"""One demonstration and one browser for all tests of screens."""

from collections.abc import Iterator

import pytest

from tests.browser import filmed
from tests.browser.line import line_of, put_back
from tests.browser.stage import Stage, set_up
from tests.chromium import chromium
from tests.sites import running_site


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("site")
    with running_site(folder, is_demo=True) as site, chromium() as browser:
        yield set_up(site, browser)


@pytest.fixture(scope="package")
def page_with_music(stage: Stage) -> Stage:
    """The demonstration with Ada's page filled."""
    filmed.fill(stage)
    return stage


@pytest.fixture
def borrowed_line(stage: Stage) -> Iterator[None]:
    """Memories may change places: afterwards all hang as they did, whatever became of the test."""
    before = line_of(stage)
    yield
    put_back(stage, before)


@pytest.fixture(scope="module", autouse=True)
def _the_line_hangs_as_it_was_found(stage: Stage) -> Iterator[None]:
    """No module may lean on what another one left: the stage is theirs together."""
    before = line_of(stage)
    yield
    assert line_of(stage) == before
