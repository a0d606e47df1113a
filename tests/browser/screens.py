"""Every screen of the product: who opens it, how, and how it answers."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.stage import Stage

Opens = Callable[[Page, Stage], object]
MANY_TRIES = 40
WITHOUT_ED25519 = """
const { importKey } = SubtleCrypto.prototype;
SubtleCrypto.prototype.importKey = function (form, data, algorithm, ...rest) {
  if (algorithm === "Ed25519") return Promise.reject(new DOMException("no", "NotSupportedError"));
  return importKey.call(this, form, data, algorithm, ...rest);
};
"""


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


def unfolded(path: str) -> Opens:
    """The page with all its folds open."""

    def opens(page: Page, stage: Stage) -> None:
        at(path)(page, stage)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

    return opens


def after_the_code(path: str) -> Opens:
    """What only a browser may see that opened the code of the three-strand ring."""

    def opens(page: Page, stage: Stage) -> None:
        page.goto(stage.url("/t/{braid_code}"))
        page.goto(stage.url(path))

    return opens


def behind(code: str, path: str, *, lands_on: str = "") -> Opens:
    """What a browser gets at the door of memories, after it opened this piece's code."""

    def opens(page: Page, stage: Stage) -> None:
        page.goto(stage.url(code))
        page.goto(stage.url(path))
        expect(page).to_have_url(stage.url(lands_on or path))

    return opens


def wrong_pin(page: Page, stage: Stage) -> None:
    behind("/t/{guarded_code}", "/m/{guarded}/pin")(page, stage)
    page.get_by_label("The PIN").fill("100200")
    page.get_by_role("button", name="Open").click()
    expect(page.locator(".error").first).to_be_visible()


def redeemed(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/i/{invitation}"))
    page.get_by_role("button", name="Open the invitation").click()
    expect(page).to_have_url(stage.url("/m/{guarded}/guest"))


def redeemed_in_vain(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/i/" + "0" * 32))
    page.get_by_role("button", name="Open the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("does not open anything")


def invited_by_link(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/keep/{guarded}/invitations"))
    page.get_by_label("Who is it for?").fill("The cousins")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="A link for The cousins")).to_be_visible()


def pin_to_choose(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/keep/{braid}/who"))
    page.get_by_label("Whoever has the code and the PIN").check()
    expect(page.get_by_label("New PIN")).to_be_visible()


def day_to_choose(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/keep/{given}/seal"))
    page.get_by_label("On a day").check()
    expect(page.get_by_label("The day")).to_be_visible()


def reported_just_now(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/m/{about_to_be_reported}/report"))
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you.")


def cutting(page: Page, stage: Stage) -> None:
    """With its corners, which only a script draws."""
    at("/keep/{braid}/items/{memory}/crop")(page, stage)
    expect(page.locator(".corner.nw")).to_be_visible()


def cut_to_nothing(page: Page, stage: Stage) -> None:
    cutting(page, stage)
    page.get_by_label("Left edge").fill("90")
    page.get_by_label("Right edge").fill("10")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error").first).to_be_visible()


def checked(*, spoilt: bool, sent: bool = False) -> Opens:
    """The answer about a certificate's file, as signed or with one letter changed."""

    def opens(page: Page, stage: Stage) -> None:
        with urllib.request.urlopen(stage.url("/c/{certificate}.json")) as answer:
            signed = answer.read()
        content = signed.replace(b"Marlowe", b"Marlowa") if spoilt else signed
        if sent:
            page.add_init_script(WITHOUT_ED25519)
        page.goto(stage.url("/verify"))
        told = "sends the file to us" if sent else "It is not sent to us."
        expect(page.get_by_text(told)).to_be_visible()
        page.set_input_files(
            "input[name=file]",
            files=FilePayload(name="ring.json", mimeType="application/json", buffer=content),
        )
        if sent:
            page.get_by_role("button", name="Check it").click()
        expect(page.get_by_role("heading", name="What we checked")).to_be_visible()

    return opens


def asked_about_nothing(page: Page, stage: Stage) -> None:
    """Pressed too early, and answered on the device."""
    page.goto(stage.url("/verify"))
    expect(page.get_by_text("It is not sent to us.")).to_be_visible()
    page.get_by_role("button", name="Check it").click()
    expect(page.locator(".error")).to_be_visible()


def signing_too_early(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/workshop/new"))
    page.get_by_role("button", name="Sign").click()
    expect(page.locator(".error").first).to_be_visible()


def claimed(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/claim"))
    page.fill("input[name=code]", stage.names["claim_code"])
    page.get_by_role("button", name="It is mine to keep").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("yours to keep")


def fetched_in_advance(path: str) -> Opens:
    """What a browser gets that fetches a link before anybody pressed it."""

    def opens(page: Page, stage: Stage) -> None:
        page.set_extra_http_headers({"Sec-Purpose": "prefetch"})
        page.goto(stage.url(path))

    return opens


def guessed_too_often(page: Page, stage: Stage) -> None:
    for _ in range(MANY_TRIES):
        try:
            urllib.request.urlopen(stage.url("/t/0000000000000"))
        except urllib.error.HTTPError as refused:
            if refused.code == 429:
                break
    page.goto(stage.url("/t/0000000000000"))


def set_aside(page: Page, stage: Stage) -> None:
    page.goto(stage.url("/workshop/tags/write"))
    page.get_by_label("Plain NFC tag").check()
    page.get_by_role("button", name="Set them aside").click()
    page.get_by_role("link", name="With this phone").click()
    expect(page.locator("[data-hint]")).to_contain_text("Chrome on an Android phone can")


def looked_at_results(page: Page, stage: Stage) -> None:
    """A table with a row that holds and one that does not."""
    set_aside(page, stage)
    code = page.locator("[data-what]").inner_text()
    table = f"code,uid,status\n{code},04AAAAAAAAAAAA,ok\n{code},04BBBBBBBBBBBB,perhaps\n"
    page.goto(stage.url("/workshop/tags/results"))
    page.set_input_files(
        "input[name=table]",
        files=FilePayload(name="result.csv", mimeType="text/csv", buffer=table.encode()),
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="What this table comes to")).to_be_visible()


def story_goes_on(page: Page, stage: Stage) -> None:
    """Past the plates, to the first photograph."""
    page.goto(stage.url("/keep/{braid}/preview?template=story&theme=garden"))
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("figure.here img")).to_be_visible()


SCREENS = (
    Screen("home", at("/")),
    Screen("privacy", at("/privacy")),
    Screen("what-a-check-proves", at("/what-a-check-proves")),
    Screen("policy", at("/policies/strict-2026-11")),
    Screen("sign-in", at("/accounts/login/")),
    Screen("sign-up", at("/accounts/signup/")),
    Screen("password-forgotten", at("/accounts/password/reset/")),
    Screen("find", at("/find")),
    Screen("verify", at("/verify")),
    Screen("verify-passed", checked(spoilt=False)),
    Screen("verify-failed", checked(spoilt=True)),
    Screen("verify-error", asked_about_nothing),
    Screen("verify-sent", checked(spoilt=False, sent=True)),
    Screen("maker", at("/j/{maker}")),
    Screen("scan-identified", at("/t/{marlowe_code}")),
    Screen("scan-not-scanned", at("/p/{marlowe}")),
    Screen("scan-withdrawn", at("/p/{signet}")),
    Screen("scan-paused", at("/p/{cuff}")),
    Screen("scan-corrected", at("/p/{pendant}")),
    Screen("scan-unknown", at("/t/0000000000000"), status=404),
    Screen("tap-invalid", at("/s/ring?e=0&c=0"), status=400),
    Screen("tap-press", fetched_in_advance("/s/ring?e=0&c=0")),
    Screen("workshop-tags", at("/workshop/tags"), who="mira"),
    Screen("certificate", at("/c/{certificate}")),
    Screen("certificate-superseded", at("/c/{superseded}")),
    Screen("certificate-newer", at("/c/{newer}")),
    Screen("cover", at("/t/{braid_code}")),
    Screen("collage", after_the_code("/m/{braid}")),
    Screen("timeline", at("/keep/{braid}/preview?template=timeline&theme=paper"), "otto"),
    Screen("timeline-garden", at("/keep/{braid}/preview?template=timeline&theme=garden"), "otto"),
    Screen("story", at("/keep/{braid}/preview?template=story&theme=dusk"), "otto"),
    Screen("story-picture", story_goes_on, "otto"),
    Screen("collage-garden", at("/keep/{braid}/preview?template=collage&theme=garden"), "otto"),
    Screen("claim-door", at("/claim")),
    Screen("who", at("/keep/{tapped}/who"), "nele"),
    Screen("who-pin", pin_to_choose, "otto"),
    Screen("pin", behind("/t/{guarded_code}", "/m/{guarded}", lands_on="/m/{guarded}/pin")),
    Screen("pin-wrong", wrong_pin, status=400),
    Screen("tap-first", behind("/t/{tapped_code}", "/m/{tapped}"), status=403),
    Screen("invitations", at("/keep/{guarded}/invitations"), "nele"),
    Screen("invitations-link", invited_by_link, "nele"),
    Screen("invited", at("/i/{invitation}")),
    Screen("invited-in-vain", redeemed_in_vain, status=404),
    Screen("guest", redeemed),
    Screen("report", at("/m/{public}/report")),
    Screen("reported", reported_just_now),
    Screen("reports", at("/keep/{reported}/reports"), "nele"),
    Screen("gift-door", at("/gift")),
    Screen("gift", at("/gift"), "nele"),
    Screen("gift-draft", at("/keep/{given}"), "nele"),
    Screen("seal", day_to_choose, "nele"),
    Screen("sealed", at("/keep/{sealed}/gift"), "nele"),
    Screen("gift-unopened", at("/keep/{unopened}/gift"), "nele"),
    Screen("gift-kept", at("/keep/{unopened}/kept"), "nele"),
    Screen("claim", at("/claim"), "otto"),
    Screen("claimed", claimed, "otto"),
    Screen("keep", at("/keep"), "otto"),
    Screen("desk", at("/keep/{braid}"), "otto"),
    Screen("desk-empty", at("/keep/{pendant}"), "otto"),
    Screen("desk-music", unfolded("/keep/{pendant}"), "otto"),
    Screen("memory", at("/keep/{braid}/items/{memory}"), "otto"),
    Screen("crop", cutting, "otto"),
    Screen("crop-refused", cut_to_nothing, "otto", status=400),
    Screen("erase", at("/keep/{braid}/items/{memory}/erase"), "otto"),
    Screen("films", at("/keep/{braid}/films"), "otto"),
    Screen("films-in-all-states", at("/keep/{films}/films"), "nele"),
    Screen("films-of-fewer-people", at("/keep/{guarded}/films"), "nele"),
    Screen("take-along", at("/keep/{braid}/leave"), "otto"),
    Screen("take-along-nothing", at("/keep/{pendant}/leave"), "otto"),
    Screen("erase-page", at("/keep/{braid}/leave/erase"), "otto"),
    Screen("look", at("/keep/{braid}/look"), "otto"),
    Screen("chapter-new", at("/keep/{braid}/chapters"), "otto"),
    Screen("chapter", at("/keep/{braid}/chapters/{chapter}"), "otto"),
    Screen("versions", at("/keep/{braid}/versions"), "otto"),
    Screen("words", at("/keep/{braid}/words"), "otto"),
    Screen("tray", at("/workshop"), "mira"),
    Screen("register", at("/workshop/new"), "mira"),
    Screen("register-errors", signing_too_early, "mira", status=400),
    Screen("draft", at("/workshop/{pearls}"), "mira"),
    Screen("draft-unfolded", unfolded("/workshop/{pearls}"), "mira"),
    Screen("preview", at("/workshop/{pearls}/preview"), "mira"),
    Screen("sign", at("/workshop/{pearls}/sign"), "mira"),
    Screen("signed", at("/workshop/{marlowe}"), "mira"),
    Screen("signed-withdrawn", at("/workshop/{signet}"), "mira"),
    Screen("signed-paused", at("/workshop/{cuff}"), "mira"),
    Screen("signed-corrected", at("/workshop/{pendant}"), "mira"),
    Screen("engrave", at("/workshop/{marlowe}/engrave"), "mira"),
    Screen("engrave-light", at("/workshop/{marlowe}/engrave?side=7&mark=light"), "mira"),
    Screen(
        "engrave-refused", at("/workshop/{marlowe}/engrave?side=4&mark=dark"), "mira", status=400
    ),
    Screen("tag", at("/workshop/tags/{marlowe_chip}"), "mira"),
    Screen("tag-pause", at("/workshop/tags/{marlowe_chip}/pause"), "mira"),
    Screen("tag-paused", at("/workshop/tags/{cuff_tag}"), "mira"),
    Screen("tag-lift", at("/workshop/tags/{cuff_tag}/lift"), "mira"),
    Screen("tag-replace", at("/workshop/tags/{marlowe_chip}/replace"), "mira"),
    Screen("code-replace", at("/workshop/tags/{marlowe_tag}/replace"), "mira"),
    Screen("tag-retire", at("/workshop/tags/{marlowe_chip}/retire"), "mira"),
    Screen("bind", at("/workshop/{marlowe}/tag"), "mira"),
    Screen("write-tags", at("/workshop/tags/write"), "mira"),
    Screen("phone", set_aside, "mira"),
    Screen("try-tags", at("/workshop/tags/try"), "mira"),
    Screen("results", at("/workshop/tags/results"), "mira"),
    Screen("results-told", looked_at_results, "mira"),
    Screen("pause", at("/workshop/{marlowe}/pause"), "mira"),
    Screen("lift", at("/workshop/{cuff}/lift"), "mira"),
    Screen("correct", at("/workshop/{marlowe}/correct"), "mira"),
    Screen("correction", at("/workshop/{correction}"), "mira"),
    Screen("correction-give-up", at("/workshop/{correction}/give-up"), "mira"),
    Screen("correction-sign", at("/workshop/{correction}/sign"), "mira"),
    Screen("withdraw", at("/workshop/{marlowe}/withdraw"), "mira"),
    Screen("appraisals", at("/workshop/{marlowe}/appraisal"), "mira"),
    Screen("recipes", at("/workshop/recipes"), "mira"),
    Screen("alterations", at("/workshop/{marlowe}/alterations"), "mira"),
    Screen("tokens", at("/workshop/tokens"), "mira"),
    Screen("identity", at("/workshop/identity"), "mira"),
    Screen("signing-in", at("/accounts/2fa/"), "mira"),
    Screen("app", at("/accounts/2fa/totp/activate/"), "mira"),
    Screen("sign-out", at("/accounts/logout/"), "mira"),
    Screen("not-here", at("/nothing-here"), status=404),
    Screen("too-often", guessed_too_often, status=429),
)
