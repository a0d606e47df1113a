"""Debian's Chromium, driven by Playwright: a phone of 390x844 unless a test asks for another."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
PHONE = (390, 844)
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="no Chromium: sudo apt-get install chromium"
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                # A camera that shows a moving test card, and a person who allows it.
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield browser
        browser.close()


class Visitor:
    """One person with one browser: what was requested, what went wrong, what is on the screen."""

    def __init__(
        self,
        browser: Browser,
        *,
        size: tuple[int, int] = PHONE,
        scheme: Literal["light", "dark"] = "light",
        has_script: bool = True,
        state: StorageState | None = None,
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=has_script,
            reduced_motion="reduce",
            storage_state=state,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.requested: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.problems.append(f"{said.text} {said.location.get('url', '')}")
                if said.type == "error"
                else None
            ),
        )
        self.page.on("request", lambda request: self.requested.append(request.url))

    def headline(self) -> str:
        return self.page.locator("h1").first.inner_text().replace("\n", " ")

    def screen(self, name: str) -> None:
        """Keep a picture of the screen where TEST_SCREENS says, for people to look at."""
        folder = os.environ.get("TEST_SCREENS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def axe_finds(self, *rules: str) -> list[str]:
        """The accessibility problems axe-core sees on this page (by these rules, or by all)."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        only = {"runOnly": list(rules)} if rules else {}
        found = self.page.evaluate(
            "options => axe.run(options)", {"resultTypes": ["violations"], **only}
        )
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]
