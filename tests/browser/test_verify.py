"""Checking a certificate in the browser: it stays on the device, and the answer is the server's."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from provenance import keys
from provenance.bundle import build_bundle
from provenance.canonical import canonical_bytes
from provenance.credentials import attach_proofs, create_proof, read_time
from tests.browser.scenery import PAUSE, PLATED, REASON, THEFT
from tests.browser.screens import WITHOUT_ED25519
from tests.browser.stage import Stage
from tests.chromium import PHONE, needs_chromium
from tests.golden.scripted import asked, comparable, wanted
from tests.golden.test_golden import FILES, judged, read

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
JUDGE = (Path(__file__).parents[1] / "golden" / "judge.mjs").read_text(encoding="utf-8")
# In a real page of the site, under its own policy of what may run there.
JUDGE_ALL = f"""async (cases) => {{
  {JUDGE.replace("export ", "")}
  const from = (name) => import(`/static/js/verify/${{name}}.js`);
  const [verify, words, trust, refusal] =
    await Promise.all(["verify", "words", "trust", "refusal"].map(from));
  const answers = [];
  for (const each of cases) answers.push(await judge(each, {{ verify, words, trust, refusal }}));
  return answers;
}}"""
SENT = ("POST", "PUT", "PATCH")


def served(stage: Stage, path: str) -> bytes:
    with urllib.request.urlopen(stage.url(path)) as answer:
        content: bytes = answer.read()
    return content


def choose(page: Page, content: bytes) -> None:
    file = FilePayload(name="ring.json", mimeType="application/json", buffer=content)
    page.set_input_files("input[name=file]", files=file)


def opened(stage: Stage, **visit: Any) -> Any:
    """Sana on the page, which says that it can check here."""
    sana = stage.visit(**visit)
    sana.page.goto(stage.url("/verify"))
    expect(sana.page.get_by_text("The file is read on this device.")).to_be_visible()
    return sana


def cut_off(visitor: Any) -> None:
    """No network any more, and nothing in the cache either."""
    visitor.context.route("**/*", lambda route: route.abort())


def outcomes(page: Page) -> list[str]:
    return [each.strip() for each in page.locator(".checks .outcome").all_inner_texts()]


def reasons(page: Page) -> list[str]:
    return [
        each.removeprefix("The site says: ") for each in page.locator(".checks p").all_inner_texts()
    ]


def words(page: Page) -> dict[str, list[str]]:
    """What is said above the checks: line, limit, the reason with who gave it and when."""
    places = (".ribbon p", ".cannot", ".note.quote", ".note.quote + .after")
    return {place: page.locator(place).all_inner_texts() for place in places}


def test_every_golden_case_is_answered_in_the_browser_as_by_the_core(stage: Stage) -> None:
    sana = opened(stage)
    cases = [read(path) for path in FILES]
    verdicts = [judged(case) for case in cases]

    answers = sana.page.evaluate(JUDGE_ALL, [*map(asked, cases, verdicts)])

    for case, verdict, answer in zip(cases, verdicts, answers, strict=True):
        assert comparable(answer, verdict) == comparable(wanted(verdict), verdict), case["name"]
    sana.context.close()


def test_a_chosen_file_is_answered_at_once_and_nothing_of_it_is_sent(stage: Stage) -> None:
    sana = opened(stage)
    sent: list[Request] = []
    sana.page.on("request", lambda request: sent.append(request))

    choose(sana.page, served(stage, "/c/{certificate}.json"))

    expect(sana.page.get_by_role("heading", level=1)).to_have_text("You opened the record.")
    expect(sana.page.locator("[data-asked=answered]")).to_be_visible()
    assert outcomes(sana.page)[:4] == ["passed"] * 4
    assert outcomes(sana.page)[5:8] == ["passed"] * 3
    assert [each.url for each in sent if each.method in SENT or each.post_data] == []
    number = stage.names["certificate"]
    about = {each.url.removeprefix(stage.site.url) for each in sent if number in each.url}
    assert about == {f"/api/v1/certificates/{number}"}
    assert sana.problems == []
    sana.context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/c/{certificate}.json",
        "/c/{certificate}/bundle.json",
        "/c/{withdrawn}.json",
        "/c/{paused}.json",
        "/c/{superseded}.json",
        "/c/{signed_before_the_theft}.json",
        "/c/{signed_after_the_theft}.json",
    ],
)
@pytest.mark.parametrize("spoilt", [False, True], ids=["whole", "spoilt"])
def test_browser_and_server_say_the_same_of_the_same_file(
    stage: Stage, path: str, spoilt: bool
) -> None:
    content = served(stage, path)
    content = content.replace(b"Tidewell", b"Tidewall") if spoilt else content
    here, there = opened(stage), stage.visit(has_script=False)

    choose(here.page, content)
    there.page.goto(stage.url("/verify"))
    choose(there.page, content)
    there.page.get_by_role("button", name="Check it").click()

    expect(here.page.locator(".ribbon")).to_be_visible()
    expect(there.page.get_by_text("The file was sent to us.")).to_be_visible()
    assert here.headline() == there.headline()
    assert words(here.page) == words(there.page)
    # Of a file the site does not know, the page cannot ask whether the label follows.
    same = 8 if spoilt else 11
    assert outcomes(here.page)[:same] == outcomes(there.page)[:same]
    assert reasons(here.page)[:same] == reasons(there.page)[:same]
    for visitor in (here, there):
        visitor.context.close()


def test_a_makers_stolen_key_is_learnt_from_the_makers_own_document(stage: Stage) -> None:
    """The file says nothing of the theft, and the platform vouches for the document that does."""
    sana = opened(stage)

    choose(sana.page, served(stage, "/c/{signed_before_the_theft}.json"))

    expect(sana.page.get_by_role("heading", level=1)).to_have_text("You opened the record.")
    assert "before the key that it names was reported stolen" in reasons(sana.page)[4]
    sana.context.close()


def test_the_site_gives_no_word_for_a_text_that_it_did_not_sign(stage: Stage) -> None:
    """A number alone is no proof: what the site knows of the true certificate is not this one's."""
    sana = opened(stage)
    spoilt = served(stage, "/c/{certificate}.json").replace(b"Marlowe", b"Marlowa")

    choose(sana.page, spoilt)

    expect(sana.page.locator("[data-asked=silent]")).to_be_visible()
    assert "The site says" not in sana.page.locator(".checks").inner_text()
    assert sana.page.get_by_role("link", name="Open its record").count() == 0
    sana.context.close()


TOLD_BY_SITE = [
    (
        "withdrawn",
        "Certificate withdrawn.",
        "By its maker, ",
        REASON,
        "Ask for the new certificate",
    ),
    ("paused", "Paused.", "By its maker, ", PAUSE, "Wait before you buy"),
    ("superseded", "There is a newer certificate.", "Version 2, ", PLATED, "Read the newer"),
]


@pytest.mark.parametrize(("name", "title", "line", "reason", "advice"), TOLD_BY_SITE)
def test_what_does_not_simply_stand_is_told_with_who_when_and_why(
    stage: Stage, name: str, title: str, line: str, reason: str, advice: str
) -> None:
    sana = opened(stage, size=PHONE)

    choose(sana.page, served(stage, f"/c/{{{name}}}/bundle.json"))

    expect(sana.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(sana.page.locator(".ribbon p")).to_contain_text(line)
    expect(sana.page.locator(".note.quote")).to_have_text(f"“{reason}”")
    expect(sana.page.get_by_text("The site says:", exact=True)).to_be_visible()
    expect(sana.page.get_by_text("So is what stands above of who, when and why.")).to_be_visible()
    shown = sana.page.locator("[data-advice]:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(advice)
    sana.screen(f"checked-{name}")
    assert sana.axe_finds() == []
    assert sana.problems == []
    sana.context.close()


def test_a_newer_certificate_is_one_press_away(stage: Stage) -> None:
    sana = opened(stage)
    choose(sana.page, served(stage, "/c/{superseded}.json"))

    sana.page.get_by_role("link", name="Read the newer certificate").click()

    expect(sana.page).to_have_url(stage.url("/c/{newer}"))
    sana.context.close()


def test_why_a_key_is_not_believed_is_told_by_the_site(stage: Stage) -> None:
    sana = opened(stage, size=PHONE)

    choose(sana.page, served(stage, "/c/{signed_after_the_theft}.json"))

    expect(sana.page.locator(".ribbon p")).to_contain_text(THEFT)
    sana.screen("checked-unreliable")
    sana.context.close()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("withdrawn", "This cannot be undone."),
        ("paused", "The reason stands on the site."),
        ("superseded", "Read it."),
    ],
)
def test_a_site_that_does_not_answer_leaves_the_browser_its_own_words(
    stage: Stage, name: str, line: str
) -> None:
    sana = opened(stage)
    sana.context.route("**/api/v1/certificates/*", lambda route: route.abort())

    choose(sana.page, served(stage, f"/c/{{{name}}}.json"))

    expect(sana.page.locator("[data-asked=silent]")).to_be_visible()
    expect(sana.page.locator(".ribbon p")).to_have_text(line)
    expect(sana.page.locator(".note.quote")).to_have_count(0)
    sana.context.close()


def test_a_site_that_contradicts_its_own_lists_is_not_repeated(stage: Stage) -> None:
    """The lists it signed say withdrawn; whatever its answer says, that stands."""
    sana = opened(stage)
    about = served(stage, "/api/v1/certificates/{withdrawn}")
    told = json.loads(about)
    told["verdict"] |= {"answer": "current", "headline": "All is well.", "line": "Buy it."}
    sana.context.route("**/api/v1/certificates/*", lambda route: route.fulfill(json=told))

    choose(sana.page, served(stage, "/c/{withdrawn}.json"))

    expect(sana.page.get_by_role("heading", level=1)).to_have_text("Certificate withdrawn.")
    expect(sana.page.locator(".ribbon p")).to_have_text("This cannot be undone.")
    expect(sana.page.locator(".note.quote")).to_have_count(0)
    expect(sana.page.get_by_text("who, when and why")).to_be_hidden()
    sana.context.close()


def forged_whole(content: bytes, did: str) -> bytes:
    """Sana's own bundle under our name: her key, her DID document, her lists, all fitting."""
    bundle = json.loads(content)
    sana = keys.MemorySigner.from_seed(
        b"s" * 32, verification_method_of=lambda key: keys.verification_method(did, key)
    )

    def signed(document: Any) -> Any:
        proof = create_proof(document, signer=sana, created=read_time(bundle["asOf"]))
        return attach_proofs(document, [proof])

    forged = build_bundle(
        certificate=signed(bundle["certificate"]),
        did_documents=[signed(keys.did_document(did, keys=[sana.public_key]))],
        status_lists=[signed(each) for each in bundle["statusLists"]],
        as_of=read_time(bundle["asOf"]),
    )
    return canonical_bytes(forged)


@pytest.mark.parametrize("is_online", [True, False], ids=["online", "offline"])
def test_a_forged_bundle_that_brings_its_own_keys_is_never_green(
    stage: Stage, is_online: bool
) -> None:
    content = served(stage, "/c/{certificate}/bundle.json")
    forged = forged_whole(content, keys.did_web(stage.site.url))
    sana = opened(stage)
    if not is_online:
        cut_off(sana)

    choose(sana.page, forged)

    expect(sana.page.locator(".ribbon")).to_be_visible()
    said = "This certificate does not hold." if is_online else "Who signed this is not known."
    assert sana.headline() == said
    assert outcomes(sana.page)[2] != "passed" or outcomes(sana.page)[3] == "failed"
    sana.context.close()


def test_without_network_the_fingerprint_of_the_card_makes_the_key_known(stage: Stage) -> None:
    """Its label waits for somebody who can work it out, so the answer stays open, never green."""
    bundle = served(stage, "/c/{certificate}/bundle.json")
    sana = opened(stage, size=PHONE)
    card = sana.page.locator(".fingerprint").inner_text()
    sana.page.get_by_text("I hold a card of another site").click()
    sana.page.fill("input[name=fingerprint]", card.upper().replace(" ", "-"))
    cut_off(sana)

    choose(sana.page, bundle)

    expect(sana.page.get_by_role("heading", level=1)).to_have_text(
        "Signature good, label not checked."
    )
    expect(sana.page.locator("[data-asked=alone]")).to_be_visible()
    assert set(outcomes(sana.page)[:4]) == {"passed"}
    assert outcomes(sana.page)[9] == "not checked"
    sana.screen("checked-label-open")
    sana.context.close()


def test_offline_and_without_a_fingerprint_nothing_unknown_is_called_false(stage: Stage) -> None:
    bundle = served(stage, "/c/{certificate}/bundle.json")
    sana = opened(stage, size=PHONE)
    cut_off(sana)

    choose(sana.page, bundle)

    expect(sana.page.get_by_role("heading", level=1)).to_have_text("Who signed this is not known.")
    assert outcomes(sana.page)[2] == "not checked"
    sana.screen("checked-signer-unknown")
    assert "failed" not in outcomes(sana.page)
    sana.context.close()


def test_a_browser_without_ed25519_says_first_that_the_file_is_sent(stage: Stage) -> None:
    sana = stage.visit()
    sana.page.add_init_script(WITHOUT_ED25519)
    sana.page.goto(stage.url("/verify"))
    expect(sana.page.get_by_text("Your browser cannot check signatures itself")).to_be_visible()

    choose(sana.page, served(stage, "/c/{certificate}.json"))
    expect(sana.page.get_by_role("heading", level=1)).to_have_text("Check a certificate")
    sana.page.get_by_role("button", name="Check it").click()

    expect(sana.page.get_by_text("The file was sent to us.")).to_be_visible()
    assert sana.headline() == "You opened the record."
    sana.context.close()


def test_a_pdf_is_offered_to_the_site_and_sent_only_when_asked(stage: Stage) -> None:
    sana, sent = opened(stage), []
    sana.page.on("request", lambda request: sent.append(request.method))
    paper = served(stage, "/c/{certificate}.pdf")

    file = FilePayload(name="ring.pdf", mimeType="application/pdf", buffer=paper)
    sana.page.set_input_files("input[name=file]", files=file)
    expect(sana.page.locator(".error")).to_contain_text("A PDF is read by the site")
    assert "POST" not in sent
    sana.page.get_by_role("button", name="Check it").click()

    expect(sana.page.get_by_text("We checked the file inside the PDF.")).to_be_visible()
    assert sana.headline() == "You opened the record."
    sana.context.close()


def test_after_a_pdf_the_next_file_stays_on_the_device_again(stage: Stage) -> None:
    sana = opened(stage)
    pdf = FilePayload(name="scan.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 nothing")
    sana.page.set_input_files("input[name=file]", files=pdf)
    expect(sana.page.locator(".error")).to_contain_text("A PDF is read by the site")

    choose(sana.page, served(stage, "/c/{certificate}.json"))

    expect(sana.page.locator("[data-asked=answered]")).to_be_visible()
    sana.context.close()


WRONG: list[tuple[str, Callable[[Page], None], str]] = [
    ("nothing", lambda page: None, "Choose a file, or paste the text of a certificate."),
    ("hello", lambda page: page.fill("textarea", "hello"), "it is not JSON. Take the file exactly"),
    ("twice", lambda page: page.fill("textarea", '{"a":1,"a":2}'), "a key stands twice"),
]


@pytest.mark.parametrize(("name", "fill", "said"), WRONG, ids=[each[0] for each in WRONG])
@pytest.mark.parametrize("has_script", [True, False], ids=["here", "server"])
def test_what_cannot_be_read_is_explained_beside_the_field(
    stage: Stage, name: str, fill: Callable[[Page], None], said: str, has_script: bool
) -> None:
    sana = opened(stage) if has_script else stage.visit(has_script=False)
    sana.page.goto(stage.url("/verify"))
    if has_script:
        expect(sana.page.get_by_text("The file is read on this device.")).to_be_visible()

    fill(sana.page)
    sana.page.get_by_role("button", name="Check it").click()

    expect(sana.page.locator(".error")).to_contain_text(said)
    field = "textarea" if name != "nothing" else "input[name=file]"
    expect(sana.page.locator(field)).to_have_attribute("aria-invalid", "true")
    sana.context.close()


def test_back_leads_to_the_form_and_another_file_can_be_checked(stage: Stage) -> None:
    sana = opened(stage)
    whole = served(stage, "/c/{certificate}.json")
    choose(sana.page, whole)
    expect(sana.page.locator(".ribbon")).to_be_visible()

    sana.page.get_by_role("button", name="Check another").click()
    expect(sana.page.locator("input[name=file]")).to_be_focused()
    choose(sana.page, whole.replace(b"Marlowe", b"Marlowa"))
    expect(sana.page.locator(".ribbon h1")).to_have_text("This certificate does not hold.")
    sana.page.go_back()

    expect(sana.page.get_by_role("heading", level=1)).to_have_text("Check a certificate")
    sana.context.close()


def test_the_verdict_is_read_aloud_and_reached_by_keyboard(stage: Stage) -> None:
    sana = opened(stage)
    sana.page.fill("textarea", served(stage, "/c/{certificate}.json").decode())
    sana.page.get_by_role("button", name="Check it").focus()

    sana.page.keyboard.press("Enter")

    spoken = sana.page.locator("[aria-live=polite] h1")
    expect(spoken).to_have_text("You opened the record.")
    assert sana.page.evaluate("document.activeElement.matches('main')")
    sana.page.keyboard.press("Tab")
    assert sana.page.evaluate("document.activeElement.closest('main') !== null")
    assert sana.page.evaluate("document.getAnimations().length") == 0
    sana.context.close()


def test_a_dropped_file_is_checked_like_a_chosen_one(stage: Stage) -> None:
    sana = opened(stage)
    text = served(stage, "/c/{certificate}.json").decode()
    dropped = sana.page.evaluate_handle(
        """text => { const data = new DataTransfer();
        data.items.add(new File([text], "ring.json")); return data; }""",
        text,
    )

    sana.page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})

    expect(sana.page.get_by_role("heading", level=1)).to_have_text("You opened the record.")
    sana.context.close()
