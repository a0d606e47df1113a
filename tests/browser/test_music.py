"""The music of a page is heard after a tap on its button and never before."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.chromium import PHONE, Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
A_WHILE = 60_000  # milliseconds of the page's own clock
QUIETEST = 0.005
PLAYS_ON = "begun => document.querySelector('[data-music] audio').currentTime > begun + 0.5"
LISTEN = """audio => {
    const ear = new AudioContext().createAnalyser();
    ear.context.createMediaStreamSource(audio.captureStream()).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    window.loudness = () => {
        ear.getFloatTimeDomainData(samples);
        return Math.max(...samples.map(Math.abs));
    };
}"""


def opened(
    stage: Stage, template: str, *, motion: str = "no-preference", saves_data: bool = False
) -> Visitor:
    """The page in this look, and its clock in our hands."""
    visitor = stage.visit("ada", size=PHONE)
    told = str(saves_data).lower()
    visitor.context.add_init_script(
        f"Object.defineProperty(navigator, 'connection', {{ value: {{ saveData: {told} }} }})"
    )
    visitor.page.emulate_media(reduced_motion=motion)
    visitor.page.clock.install()
    visitor.page.goto(stage.url("/keep/{filmed}/preview") + f"?template={template}&theme=dusk")
    return visitor


def music_of(page: Page) -> tuple[Locator, Locator]:
    return page.locator("[data-music] audio"), page.get_by_role("button", name="Music")


def is_silent(visitor: Visitor) -> bool:
    """Not playing, never begun, and not even fetched."""
    audio, _ = music_of(visitor.page)
    is_new: bool = audio.evaluate("audio => audio.paused && audio.currentTime === 0")
    return is_new and not any("sound.m4a" in address for address in visitor.requested)


def plays_on(page: Page) -> None:
    audio, _ = music_of(page)
    page.wait_for_function(PLAYS_ON, arg=audio.evaluate("audio => audio.currentTime"))


@pytest.mark.parametrize(
    ("template", "motion", "saves_data"),
    [
        ("collage", "no-preference", False),
        ("story", "no-preference", False),
        ("story", "reduce", False),
        ("story", "no-preference", True),
    ],
)
def test_music_is_heard_after_the_tap_and_not_before(
    page_with_music: Stage, template: str, motion: str, saves_data: bool
) -> None:
    visitor = opened(page_with_music, template, motion=motion, saves_data=saves_data)
    page = visitor.page
    audio, button = music_of(page)
    expect(button).to_have_attribute("aria-pressed", "false")
    page.clock.run_for(A_WHILE)
    page.mouse.click(300, 300)
    page.keyboard.press("Escape")
    assert is_silent(visitor)

    button.click()

    expect(button).to_have_attribute("aria-pressed", "true")
    plays_on(page)
    audio.evaluate(LISTEN)
    page.wait_for_function("quietest => window.loudness() > quietest", arg=QUIETEST)
    assert visitor.problems == []
    visitor.context.close()


@pytest.mark.parametrize("template", ["collage", "story"])
def test_music_is_stopped_by_the_same_button_which_is_always_in_sight(
    page_with_music: Stage, template: str
) -> None:
    visitor = opened(page_with_music, template)
    page = visitor.page
    audio, button = music_of(page)
    button.click()
    plays_on(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(button).to_be_in_viewport(ratio=1)
    visitor.screen(f"music-{template}")

    button.click()

    expect(button).to_have_attribute("aria-pressed", "false")
    stopped = audio.evaluate("audio => [audio.paused, audio.currentTime]")
    page.clock.run_for(A_WHILE)
    assert stopped[0]
    assert audio.evaluate("audio => [audio.paused, audio.currentTime]") == stopped
    visitor.context.close()


def test_music_makes_room_for_a_voice(page_with_music: Stage) -> None:
    visitor = opened(page_with_music, "collage")
    page = visitor.page
    audio, button = music_of(page)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")

    page.locator("[data-viewer] audio").evaluate("voice => voice.play()")

    expect(button).to_have_attribute("aria-pressed", "false")
    assert audio.evaluate("audio => audio.paused")
    visitor.context.close()


def test_without_a_script_the_browsers_own_player_is_there_and_waits(
    page_with_music: Stage,
) -> None:
    stranger = page_with_music.visit("sana", size=PHONE, has_script=False)
    page = stranger.page
    page.goto(page_with_music.url("/t/{filmed_code}"))

    page.goto(page_with_music.url("/m/{filmed}"))

    audio, _ = music_of(page)
    expect(audio).to_be_visible()
    expect(audio).to_have_attribute("controls", "")
    expect(audio).not_to_have_attribute("autoplay", re.compile(".*"))
    assert not any("sound.m4a" in address for address in stranger.requested)
    stranger.context.close()
