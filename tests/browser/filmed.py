"""Ada's page, open to whoever has its code: she fills it in the browser, with music she made."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from config.demo.links import sign_in_link
from memories.models.montage import MontageLevel
from tests.browser.stage import Stage
from tests.chromium import PHONE
from tests.factories import make_mira, make_montage, make_user
from tests.memories.clips import make_sound
from tests.sites import ROOT

PATIENCE = 240_000  # milliseconds, for a worker on a busy machine
PICTURES = [
    ROOT / "config" / "demo" / "pictures" / f"{each}.jpg" for each in ("misty-lake", "snowy-bench")
]
MEMORIES = len(PICTURES) + 2


def set_up() -> dict[str, str]:
    """Make the page, still empty; its names as other tests use them."""
    ada = make_user("ada")
    montage = make_montage(
        user=ada,
        maker=make_mira("mira-of-the-films"),
        level=MontageLevel.CODE,
        published_at=timezone.now(),
    )
    return {
        "ada": sign_in_link(ada),
        "filmed": montage.piece.public_id,
        "filmed_code": montage.piece.tags.get(place="card").code,
    }


def fill(stage: Stage) -> None:
    """Ada brings two photographs, a voice note and the music; the worker makes them ready."""
    visitor = stage.visit("ada", size=PHONE)
    page = visitor.page
    page.goto(stage.url("/keep/{filmed}"))
    page.set_input_files("input[name=photographs]", PICTURES)
    expect(page.locator(".arrange li")).to_have_count(len(PICTURES), timeout=PATIENCE)
    voice = {"name": "laugh.m4a", "mimeType": "audio/mp4", "buffer": make_sound(seconds=6)}
    page.set_input_files("input[name=photographs]", files=voice)
    expect(page.locator(".arrange li")).to_have_count(len(PICTURES) + 1, timeout=PATIENCE)
    _bring_music(page)
    ready = page.locator(".arrange li:not(:has-text('Being made ready'))")
    expect(ready).to_have_count(MEMORIES, timeout=PATIENCE)
    assert visitor.problems == []
    visitor.context.close()


def _bring_music(page: Page) -> None:
    page.get_by_text("Music behind the page").click()
    sound = {"name": "ours.m4a", "mimeType": "audio/mp4", "buffer": make_sound(seconds=12)}
    page.set_input_files("input[name=music]", files=sound)
    page.get_by_label("I made this music").check()
    page.get_by_role("button", name="Add the music").click()
