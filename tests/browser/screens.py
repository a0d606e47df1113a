"""Every screen of the product: who opens it, how, and how it answers."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.stage import Stage

Opens = Callable[[Page, Stage], object]
MANY_TRIES = 40


@dataclass(frozen=True)
class Screen:
    name: str
    opens: Opens
    who: str = "sana"
    status: int = 200

    def __str__(self) -> str:
        return self.name


def at(path: str) -> Opens:
    """The page of this address itself, and not one that it sends on to."""

    def opens(page: Page, stage: Stage) -> None:
        page.goto(stage.url(path))
        expect(page).to_have_url(stage.url(path))

    return opens


def after_the_code(path: str) -> Opens:
    """What only a browser may see that opened the code of the three-strand ring."""

    def opens(page: Page, stage: Stage) -> None:
        page.goto(stage.url("/t/{braid_code}"))
        page.goto(stage.url(path))

    return opens


def checked(*, spoilt: bool) -> Opens:
    """The answer about a certificate's file, as signed or with one letter changed."""

    def opens(page: Page, stage: Stage) -> None:
        with urllib.request.urlopen(stage.url("/c/{certificate}.json")) as answer:
            signed = answer.read()
        content = signed.replace(b"Marlowe", b"Marlowa") if spoilt else signed
        page.goto(stage.url("/verify"))
        page.set_input_files(
            "input[name=file]",
            files=FilePayload(name="ring.json", mimeType="application/json", buffer=content),
        )
        page.get_by_role("button", name="Check it").click()
        expect(page.get_by_role("heading", name="What we checked")).to_be_visible()

    return opens


def signing_too_early(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/workshop/new"))
    page.get_by_role("button", name="Sign").click()
    expect(page.locator(".error").first).to_be_visible()


def claimed(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/claim"))
    page.fill("input[name=code]", stage.names["claim_code"])
    page.get_by_role("button", name="It is mine to keep").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("yours to keep")


def guessed_too_often(page: Page, stage: Stage) -> None:
    for _ in range(MANY_TRIES):
        try:
            urllib.request.urlopen(stage.url("/t/0000000000000"))
        except urllib.error.HTTPError as refused:
            if refused.code == 429:
                break
    page.goto(stage.url("/t/0000000000000"))


SCREENS = (
    Screen("home", at("/")),
    Screen("privacy", at("/privacy")),
    Screen("what-a-check-proves", at("/what-a-check-proves")),
    Screen("sign-in", at("/accounts/login/")),
    Screen("sign-up", at("/accounts/signup/")),
    Screen("password-forgotten", at("/accounts/password/reset/")),
    Screen("find", at("/find")),
    Screen("verify", at("/verify")),
    Screen("verify-passed", checked(spoilt=False)),
    Screen("verify-failed", checked(spoilt=True)),
    Screen("maker", at("/j/{maker}")),
    Screen("scan-identified", at("/t/{marlowe_code}")),
    Screen("scan-not-scanned", at("/p/{marlowe}")),
    Screen("scan-withdrawn", at("/p/{signet}")),
    Screen("scan-unknown", at("/t/0000000000000"), status=404),
    Screen("certificate", at("/c/{certificate}")),
    Screen("cover", at("/t/{braid_code}")),
    Screen("collage", after_the_code("/m/{braid}")),
    Screen("claim-door", at("/claim")),
    Screen("claim", at("/claim"), "otto"),
    Screen("claimed", claimed, "otto"),
    Screen("keep", at("/keep"), "otto"),
    Screen("desk", at("/keep/{braid}"), "otto"),
    Screen("desk-empty", at("/keep/{pendant}"), "otto"),
    Screen("memory", at("/keep/{braid}/items/{memory}"), "otto"),
    Screen("erase", at("/keep/{braid}/items/{memory}/erase"), "otto"),
    Screen("words", at("/keep/{braid}/words"), "otto"),
    Screen("tray", at("/workshop"), "mira"),
    Screen("register", at("/workshop/new"), "mira"),
    Screen("register-errors", signing_too_early, "mira", status=400),
    Screen("draft", at("/workshop/{pearls}"), "mira"),
    Screen("preview", at("/workshop/{pearls}/preview"), "mira"),
    Screen("sign", at("/workshop/{pearls}/sign"), "mira"),
    Screen("signed", at("/workshop/{marlowe}"), "mira"),
    Screen("signed-withdrawn", at("/workshop/{signet}"), "mira"),
    Screen("withdraw", at("/workshop/{marlowe}/withdraw"), "mira"),
    Screen("tokens", at("/workshop/tokens"), "mira"),
    Screen("sign-out", at("/accounts/logout/"), "mira"),
    Screen("not-here", at("/nothing-here"), status=404),
    Screen("too-often", guessed_too_often, status=429),
)
