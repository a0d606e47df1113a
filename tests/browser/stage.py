"""The demonstration on stage: where everything stands in it, and who is signed in."""

import json
from dataclasses import dataclass, field

from playwright.sync_api import Browser, StorageState

from tests.chromium import Visitor
from tests.sites import Site

SET_THE_SCENERY = "from tests.browser.scenery import main; main()"


@dataclass
class Stage:
    """A running demonstration and one browser for all who look at it."""

    site: Site
    browser: Browser
    names: dict[str, str]
    _signed_in: dict[str, StorageState] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """An address of the site; `{marlowe}` and its like become public ids."""
        return self.site.url + path.format(**self.names)

    def is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.site.url}/", "data:", "blob:"))

    def visit(
        self, who: str = "sana", *, size: tuple[int, int] = (360, 640), has_script: bool = True
    ) -> Visitor:
        """A fresh browser of this person: Mira and Otto are signed in, Sana is nobody."""
        state = None if who == "sana" else self._state_of(who)
        return Visitor(self.browser, size=size, has_script=has_script, state=state)

    def _state_of(self, who: str) -> StorageState:
        # The link works once; what it leaves behind serves all later browsers.
        if who not in self._signed_in:
            first = Visitor(self.browser)
            first.page.goto(self.names[who])
            self._signed_in[who] = first.context.storage_state()
            first.context.close()
        return self._signed_in[who]


def set_up(site: Site, browser: Browser) -> Stage:
    told = site.manage("shell", "--verbosity", "0", "--command", SET_THE_SCENERY)
    return Stage(site, browser, json.loads(told))
