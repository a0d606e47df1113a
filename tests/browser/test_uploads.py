"""Many files at once from the desk, over a line that breaks: each of them arrives exactly once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.stage import Stage
from tests.chromium import Visitor, needs_chromium
from tests.memories import pictures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
AN_EMPTY_PAGE = "from tests.browser.guarded import begin_page; begin_page()"
RECEIVED = "from tests.browser.guarded import tell_received; tell_received({!r})"
UNDER_WAY = re.compile(r"/uploads/\w+$")
PIECE = 8 * 1024 * 1024
PATIENCE = 60_000  # milliseconds, on a busy machine
# The waits before each further try, without the waiting.
IMPATIENT = "const wait = setTimeout; window.setTimeout = (act, ms) => wait(act, ms / 20);"


@pytest.fixture
def piece(stage: Stage) -> str:
    """A ring of Nele's with no memories yet, for this test alone."""
    return stage.site.manage("shell", "--verbosity", "0", "--command", AN_EMPTY_PAGE).strip()


@pytest.fixture
def nele(stage: Stage, piece: str) -> Iterator[Visitor]:
    visitor = stage.visit("nele", size=(390, 844))
    visitor.page.goto(stage.url(f"/keep/{piece}"))
    yield visitor
    visitor.context.close()


def photograph(folder: Path, name: str, *, size: int = 0) -> Path:
    """As a telephone makes it; a large one has a long tail, as those with a film in them have."""
    content = pictures.make_jpeg()
    file = folder / name
    file.write_bytes(content + bytes(max(0, size - len(content))))
    return file


def choose(page: Page, *files: Path) -> None:
    page.set_input_files("input[name=photographs]", files=files)


def on_patches(page: Page, act: Callable[[Route], object]) -> None:
    """What becomes of a request that carries bytes; those that only ask come through."""
    page.route(
        UNDER_WAY,
        lambda route: act(route) if route.request.method == "PATCH" else route.continue_(),
    )


def carries(request: Request, offset: int) -> bool:
    return request.method == "PATCH" and request.headers["upload-offset"] == str(offset)


def tells(page: Page, words: str) -> None:
    """What the page says of all files together, as soon as it has come to that."""
    expect(page.locator("[data-told]")).to_have_text(words, timeout=PATIENCE)


def memories(page: Page, count: int) -> None:
    expect(page.locator("[data-item] img")).to_have_count(count, timeout=PATIENCE)


def received(stage: Stage, piece: str) -> list[str]:
    """The names of the files that became a memory, as the site has them."""
    shell = ("shell", "--verbosity", "0", "--command", RECEIVED.format(piece))
    return stage.site.manage(*shell).splitlines()


def test_many_files_arrive_one_after_the_other_and_say_how_far_they_came(
    stage: Stage, piece: str, nele: Visitor, tmp_path: Path
) -> None:
    page, held, names = nele.page, [], [f"snow-{number}.jpg" for number in range(6)]

    def hold_the_third(route: Route) -> None:
        held.append(route)
        if len(held) != 3:
            route.continue_()

    def is_third(request: Request) -> bool:
        return request.method == "PATCH" and len(held) == 2

    on_patches(page, hold_the_third)
    with page.expect_request(is_third, timeout=PATIENCE):
        choose(page, *(photograph(tmp_path, name) for name in names))

    tells(page, "2 of 6 arrived.")
    expect(page.locator("[data-share]")).to_have_text("33 %")
    assert page.get_by_role("progressbar", name="Upload").evaluate("each => each.value") == 33
    nele.screen("upload-under-way")
    held[2].continue_()
    tells(page, "6 of 6 arrived.")
    expect(page.locator("[data-share]")).to_have_text("100 %")
    memories(page, 6)
    assert received(stage, piece) == names
    assert nele.problems == []


def test_a_request_that_breaks_is_made_again_from_where_the_file_came_to(
    stage: Stage, piece: str, nele: Visitor, tmp_path: Path
) -> None:
    page, offsets = nele.page, []

    def break_the_second(route: Route) -> None:
        offsets.append(int(route.request.headers["upload-offset"]))
        route.abort() if len(offsets) == 2 else route.continue_()

    on_patches(page, break_the_second)
    choose(page, photograph(tmp_path, "sea.jpg", size=PIECE + 5), photograph(tmp_path, "sky.jpg"))

    tells(page, "2 of 2 arrived.")
    assert offsets == [0, PIECE, PIECE, 0]
    expect(page.locator("[data-refused] li")).to_have_count(0)
    memories(page, 2)
    assert received(stage, piece) == ["sea.jpg", "sky.jpg"]


def test_a_file_whose_last_answer_is_lost_is_not_kept_twice(
    stage: Stage, piece: str, nele: Visitor, tmp_path: Path
) -> None:
    page, lost = nele.page, []
    line = nele.context.new_cdp_session(page)

    def lose_the_first(paused: dict[str, str]) -> None:
        request = {"requestId": paused["requestId"]}
        if lost:
            line.send("Fetch.continueRequest", request)
            return
        lost.append(paused)
        line.send("Fetch.failRequest", {**request, "errorReason": "ConnectionReset"})

    line.on("Fetch.requestPaused", lose_the_first)
    answers = {"urlPattern": "*/uploads/*", "requestStage": "Response"}
    line.send("Fetch.enable", {"patterns": [answers]})
    choose(page, photograph(tmp_path, "sea.jpg"))

    tells(page, "1 of 1 arrived.")
    assert len(lost) == 1
    memories(page, 1)
    assert received(stage, piece) == ["sea.jpg"]


def test_a_line_that_stays_broken_is_said_and_the_button_sends_that_file_again(
    stage: Stage, piece: str, nele: Visitor, tmp_path: Path
) -> None:
    page, names = nele.page, ["ice.jpg", "sea.jpg", "sky.jpg"]
    nele.context.add_init_script(IMPATIENT)
    page.reload()
    broken: list[str] = []

    def break_one_of_them(route: Route) -> None:
        broken.append(route.request.url)
        route.abort() if route.request.url == broken[0] else route.continue_()

    on_patches(page, break_one_of_them)
    choose(page, *(photograph(tmp_path, name) for name in names))

    refused = page.locator("[data-refused] li")
    sentence = re.compile(r"^ice.jpg: That did not reach us. Nothing was lost")
    expect(refused).to_have_text(sentence, timeout=PATIENCE)
    tells(page, "2 of 3 arrived. 1 did not.")
    nele.screen("upload-broken")
    assert nele.axe_finds() == []
    page.unroute(UNDER_WAY)
    refused.get_by_role("button", name="Try again").click()

    tells(page, "3 of 3 arrived.")
    expect(refused).to_have_count(0)
    memories(page, 3)
    assert sorted(received(stage, piece)) == names


def test_a_page_that_was_closed_goes_on_with_the_same_file(
    stage: Stage, piece: str, nele: Visitor, tmp_path: Path
) -> None:
    page, offsets = nele.page, []
    large = photograph(tmp_path, "sea.jpg", size=PIECE + 5)

    def hold_the_second(route: Route) -> None:
        offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) != 2:
            route.continue_()

    on_patches(page, hold_the_second)
    page.on("dialog", lambda asked: asked.accept())
    with page.expect_request(lambda request: carries(request, PIECE), timeout=PATIENCE):
        choose(page, large)
    page.reload()
    choose(page, large)

    tells(page, "1 of 1 arrived.")
    assert offsets == [0, PIECE, PIECE]
    memories(page, 1)
    assert received(stage, piece) == ["sea.jpg"]


def test_a_refused_file_is_told_why_and_stops_no_other(
    stage: Stage, piece: str, nele: Visitor, tmp_path: Path
) -> None:
    page = nele.page
    words, empty = tmp_path / "words.jpg", tmp_path / "empty.jpg"
    words.write_text("These are words, whatever their name says.", encoding="utf-8")
    empty.write_bytes(b"")

    choose(page, empty, words, photograph(tmp_path, "sea.jpg"))

    expect(page.locator("[data-refused] .error")).to_have_text(
        "empty.jpg: This file is empty. Please choose it again.", timeout=PATIENCE
    )
    tells(page, "2 of 3 arrived. 1 did not.")
    row = page.locator("[data-item]").filter(has_text="words.jpg")
    expect(row.locator(".error")).to_contain_text(
        "Please upload a photograph (JPEG, HEIC, PNG, WebP, AVIF, GIF)", timeout=PATIENCE
    )
    memories(page, 1)
    nele.screen("upload-refused")
    assert nele.axe_finds() == []
    row.get_by_role("link", name="Take it off the list").click()
    page.get_by_role("button", name="Erase it").click()
    expect(page.locator("[data-item]")).to_have_count(1)
    assert received(stage, piece) == ["sea.jpg"]
