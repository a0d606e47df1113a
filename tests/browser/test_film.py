"""A page is filmed and the film watched: the real worker, ffmpeg, server and Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from memories import ffmpeg, media_streams
from tests.browser.filmed import PATIENCE
from tests.browser.stage import Stage
from tests.chromium import PHONE, Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
SECONDS, SIZE = 30, (1080, 1350)
LONG_ENOUGH_TO_STOP = 60
PLAYS = """film => new Promise((done, failed) => {
    const begun = film.currentTime;
    film.onerror = () => failed(film.error);
    film.ontimeupdate = () => { if (film.currentTime > begun + 0.5) done(film.currentTime); };
    film.play().catch(failed);
})"""
# The brightest point of what is on the screen: a film that cannot be decoded stays black.
BRIGHTEST = """film => {
    const drawn = Object.assign(document.createElement("canvas"), { width: 54, height: 67 });
    const pen = drawn.getContext("2d");
    pen.drawImage(film, 0, 0, drawn.width, drawn.height);
    return Math.max(...pen.getImageData(0, 0, drawn.width, drawn.height).data.filter(
        (_, place) => place % 4 < 3));
}"""


def asks_for_a_film(visitor: Visitor, stage: Stage, seconds: int) -> None:
    visitor.page.goto(stage.url("/keep/{filmed}/films"))
    visitor.page.get_by_label(f"{seconds} seconds").check()
    visitor.page.get_by_label("Four by five").check()
    visitor.page.get_by_label("With the music").check()
    visitor.page.get_by_role("button", name="Make the film").click()


def sees_it_come(visitor: Visitor) -> None:
    """The page tells by itself how far it is, once the worker is at it."""
    told = visitor.page.get_by_role("status").filter(has_text="Being made")
    expect(told).to_have_text(re.compile(r"[1-9]\d? %"), timeout=PATIENCE)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_film_that_is_being_made_tells_how_far_it_is_and_can_be_stopped(
    page_with_music: Stage, has_script: bool
) -> None:
    visitor = page_with_music.visit("ada", size=PHONE, has_script=has_script)
    asks_for_a_film(visitor, page_with_music, LONG_ENOUGH_TO_STOP)
    sees_it_come(visitor)

    visitor.screen(f"film-being-made-{has_script}")
    visitor.page.get_by_role("button", name="Stop").click()

    expect(visitor.page.locator(".films li")).to_have_count(0)
    expect(visitor.page.get_by_role("heading", name="Make one")).to_be_visible()
    assert visitor.problems == []
    visitor.context.close()


def test_a_film_is_made_watched_downloaded_and_gone_when_a_memory_changes(
    page_with_music: Stage, tmp_path: Path
) -> None:
    stage, ada = page_with_music, page_with_music.visit("ada", size=PHONE)
    page = ada.page
    asks_for_a_film(ada, stage, SECONDS)
    sees_it_come(ada)
    film = page.locator(".films video")
    expect(film).to_be_visible(timeout=PATIENCE)
    _it_plays(film)
    ada.screen("film-ready")
    _what_is_downloaded_is_the_same_film(ada, tmp_path)
    address = film.get_attribute("src") or ""
    assert len(_on_disk(stage, address)) == 1
    _a_caption_is_changed(ada, stage)

    page.goto(stage.url("/keep/{filmed}/films"))

    expect(page.locator(".films")).to_contain_text("The page changed since")
    expect(film).to_have_count(0)
    ada.screen("film-outdated")
    assert page.request.get(f"{stage.site.url}{address}").status == 404
    assert _on_disk(stage, address) == []
    assert ada.problems == []
    ada.context.close()


def _it_plays(film: Locator) -> None:
    film.evaluate(PLAYS)

    assert film.evaluate("film => film.duration") == pytest.approx(SECONDS, abs=0.1)
    assert film.evaluate("film => [film.videoWidth, film.videoHeight]") == list(SIZE)
    assert film.evaluate("film => film.readyState") >= 2
    assert film.evaluate(BRIGHTEST) > 40
    film.evaluate("film => film.pause()")


def _what_is_downloaded_is_the_same_film(visitor: Visitor, folder: Path) -> None:
    with visitor.page.expect_download() as awaited:
        visitor.page.get_by_role("link", name="Download").click()
    assert awaited.value.suggested_filename.endswith("-30s-post.mp4")
    awaited.value.save_as(folder / "film.mp4")
    source = ffmpeg.read_from(folder / "film.mp4", "mov")
    told = media_streams.read_streams(ffmpeg.describe(ffmpeg.find(), source, bench=folder))
    assert (told.width, told.height) == SIZE
    assert told.seconds == pytest.approx(SECONDS, abs=0.1)
    assert told.has_sound


def _a_caption_is_changed(visitor: Visitor, stage: Stage) -> None:
    visitor.page.goto(stage.url("/keep/{filmed}"))
    visitor.page.locator(".arrange li a").first.click()
    visitor.page.get_by_label("Caption").fill("Six in the morning.")
    visitor.page.get_by_role("button", name="Save").click()
    expect(visitor.page).to_have_url(stage.url("/keep/{filmed}"))


def _on_disk(stage: Stage, address: str) -> list[Path]:
    """What lies anywhere in the site's folder of the film with this address."""
    found = stage.site.folder.rglob(f"{address.removeprefix('/')}/**/*")
    return [path for path in found if path.is_file()]
