"""A maker signs in the browser with a key file of her own, which never leaves the page."""

import base64
import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from playwright.sync_api import FilePayload, Page, expect

from provenance import keys
from provenance.canonical import parse_object
from provenance.credentials import create_proof, read_time
from tests.browser.screens import WITHOUT_ED25519, Screen
from tests.browser.stage import Stage
from tests.browser.test_screens import all_that_is_wrong
from tests.browser.wire import Wire, listened
from tests.chromium import PHONE, Visitor, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]
PASSPHRASE = "under the third bench peg, à côté"
SEALED = BestAvailableEncryption(PASSPHRASE.encode())
SEED = 41
KEPT = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
})"""
# The form stays here instead, and tells what it would have sent and what the fields still hold.
HOLD_BACK = """() => {
  window.held = new Promise((resolve) => {
    document.querySelector("form[data-proof]").addEventListener("submit", async (event) => {
      event.preventDefault();
      const [file] = event.target.elements.file.files;
      const left = [document.querySelector("#own-passphrase").value,
                    document.querySelector("#own-key").files.length];
      const named = [...new FormData(event.target).keys()];
      resolve({ name: file.name, text: await file.text(), left, named });
    }, { capture: true });
  });
}"""


def private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def key_file(seed: int, seal: KeySerializationEncryption = SEALED) -> bytes:
    return private(seed).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, seal)


def made(stage: Stage, call: str) -> dict[str, str]:
    command = f"from tests.browser import own_key; own_key.{call}"
    told: dict[str, str] = json.loads(
        stage.site.manage("shell", "--verbosity", "0", "--command", command)
    )
    return told


def enter(stage: Stage, told: dict[str, str], *, at: str = "", **visit: Any) -> Visitor:
    """Mira at her desk, on a phone unless told otherwise; `at` is another way to the site."""
    mira = Visitor(stage.browser, **visit)
    mira.page.goto(told["door"].replace(stage.site.url, at or stage.site.url))
    return mira


def problems_of(mira: Visitor) -> list[str]:
    """What went wrong, but for photographs that are rows without files."""
    return [each for each in mira.problems if "/photos/" not in each]


def take(page: Page, key: bytes, passphrase: str = PASSPHRASE) -> None:
    page.set_input_files(
        "#own-key", FilePayload(name="my-key.pem", mimeType="application/x-pem-file", buffer=key)
    )
    page.get_by_label("Its passphrase").fill(passphrase)


def ready(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign here")).to_be_visible()


def secrets_of(seed: int) -> dict[str, bytes]:
    """Everything that must not leave the page, in every spelling that a form or a script has."""
    file = key_file(seed)
    pem = "".join(file.decode().splitlines()[1:-1])
    sealed = base64.b64decode(pem)
    open_key = private(seed).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    raw = {"seed": bytes([seed]) * 32, "key": open_key, "sealed": sealed}
    spelled = {f"{name} in hex": each.hex().encode() for name, each in raw.items()}
    spelled |= {f"{name} in base64": base64.b64encode(each)[:40] for name, each in raw.items()}
    spelled |= {
        f"{name} for addresses": base64.urlsafe_b64encode(each)[:40] for name, each in raw.items()
    }
    words = {
        "passphrase": PASSPHRASE,
        "passphrase quoted": quote(PASSPHRASE),
        "passphrase in a form": quote_plus(PASSPHRASE),
        "passphrase in JSON": json.dumps(PASSPHRASE)[1:-1],
        "passphrase in base64": base64.b64encode(PASSPHRASE.encode()).decode(),
        "a line of the file": file.decode().splitlines()[1],
        "the head of the file": "PRIVATE KEY",
        "its beginning": PASSPHRASE[:12],
    }
    return raw | spelled | {name: each.encode() for name, each in words.items()}


def leaked(wire: Wire, secrets: dict[str, bytes]) -> set[str]:
    heard = wire.heard
    return {name for name, each in secrets.items() if each in heard}


@pytest.fixture
def wire(stage: Stage) -> Iterator[Wire]:
    with listened(stage.site.url) as open_wire:
        yield open_wire


def test_a_key_is_registered_and_a_ring_signed_and_nothing_of_the_key_is_sent(
    stage: Stage, wire: Wire
) -> None:
    name, seed = "own-from-the-start", SEED
    told = made(stage, f"maker_without_a_key('{name}')")
    mira = enter(stage, told, at=wire.url)
    page = mira.page

    page.goto(f"{wire.url}/workshop/keys/own")
    page.get_by_label("Public key").fill(
        keys.multikey(private(seed).public_key().public_bytes_raw())
    )
    page.get_by_role("button", name="Go on").click()
    ready(page)
    expect(page.locator("[data-statement]")).to_contain_text(
        "You show that this key is yours, to did:web:"
    )
    wrong = all_that_is_wrong(mira, Screen("own-key-challenge", lambda *_: None))
    take(page, key_file(seed))
    page.get_by_role("button", name="Sign and register the key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your signing key")
    assert made(stage, f"tell_key('{name}')") == {"level": "own"}

    page.goto(f"{wire.url}/workshop/{told['piece']}/sign")
    page.get_by_role("button", name="Prepare it for your key").click()
    ready(page)
    statement = page.locator("[data-statement]").inner_text()
    take(page, key_file(seed))
    page.get_by_role("button", name="Sign and make the certificate").click()
    expect(page.locator("main")).to_contain_text("Certified, code on card")
    kept = page.evaluate(KEPT)

    address = re.fullmatch(r"You sign: Marlowe ring, (\S+), dated \S+Z\.", statement)
    assert address
    assert answer_of(stage, address[1].rpartition("/")[2]) == ("current", "passed")
    assert leaked(wire, secrets_of(seed)) == set()
    assert b"eddsa-jcs-2022" in wire.heard
    assert set(kept.values()) == {0}
    assert wrong == []
    assert problems_of(mira) == []
    mira.context.close()


def answer_of(stage: Stage, certificate: str) -> tuple[str, str]:
    """What the site says of it, and of its maker's proof."""
    with urllib.request.urlopen(stage.url(f"/api/v1/certificates/{certificate}")) as answer:
        verdict = json.load(answer)["verdict"]
    return verdict["answer"], verdict["checks"][4]["outcome"]


def test_what_is_handed_over_is_the_proof_of_the_program_and_the_fields_are_empty(
    stage: Stage,
) -> None:
    seed = SEED + 1
    told = made(stage, f"maker_with_a_prepared_ring('own-handing-over', {seed})")
    mira = enter(stage, told)
    page = mira.page
    page.goto(stage.url(f"/workshop/{told['piece']}/prepared"))
    ready(page)
    body = page.request.get(stage.url(f"/workshop/{told['piece']}/prepared/body.json")).body()
    page.evaluate(HOLD_BACK)

    take(page, key_file(seed))
    page.get_by_label("Its passphrase").press("Enter")
    held = page.evaluate("window.held")

    document, proof = parse_object(body), json.loads(held["text"])
    named: Any = document["credentialSubject"]
    signer = keys.MemorySigner(private(seed), lambda _: named["maker"]["key"])
    wanted = create_proof(document, signer=signer, created=read_time(proof["created"]))
    assert held["text"] == json.dumps(wanted, indent=2, ensure_ascii=False) + "\n"
    assert held["name"] == "proof.json"
    assert held["left"] == ["", 0]
    assert held["named"] == ["csrfmiddlewaretoken", "file", "text"]
    mira.context.close()


@pytest.mark.parametrize("many", [1, 5])
def test_earlier_certificates_are_signed_again_on_the_page(
    stage: Stage, wire: Wire, many: int
) -> None:
    seed = SEED + 10 * many
    told = made(stage, f"maker_who_was_robbed('own-robbed-{many}', {seed}, many={many})")
    mira = enter(stage, told, at=wire.url)
    page = mira.page
    page.goto(f"{wire.url}/workshop/keys/again")
    ready(page)
    listed = page.locator("[data-each] li")
    expect(listed).to_have_count(many if many > 1 else 0)
    expect(page.locator("[data-statement]")).to_contain_text(
        "You sign 5 certificates." if many > 1 else "You sign: Harbour ring 1, http"
    )
    page.locator("[data-each] details").evaluate("each => { each.open = true }")
    wrong = all_that_is_wrong(mira, Screen(f"own-key-again-{many}", lambda *_: None))

    take(page, key_file(seed))
    page.get_by_role("button", name="Sign again").click()

    signed = "1 certificate signed again." if many == 1 else f"{many} certificates signed again."
    expect(page.locator("body")).to_contain_text(signed)
    assert leaked(wire, secrets_of(seed)) == set()
    assert wrong == []
    assert problems_of(mira) == []
    mira.context.close()


REFUSED = {
    "nothing chosen": (None, PASSPHRASE, "own-key", "Choose the file with your key."),
    "nothing typed": (key_file(SEED + 2), "", "own-passphrase", "Type the passphrase"),
    "a wrong passphrase": (
        key_file(SEED + 2),
        "a guess",
        "own-passphrase",
        "does not open the key",
    ),
    "a photograph": (bytes(90_000), PASSPHRASE, "own-key", "This is not a key file"),
    "half a key file": (key_file(SEED + 2)[:150], PASSPHRASE, "own-key", "This is not a key file"),
    "an open key": (
        key_file(SEED + 2, NoEncryption()),
        PASSPHRASE,
        "own-key",
        "This key lies open in its file",
    ),
    "another key": (key_file(SEED + 3), PASSPHRASE, "own-key", "This is another key."),
}


@pytest.fixture(scope="module")
def prepared(stage: Stage) -> Iterator[tuple[Visitor, str]]:
    """Mira before a ring that waits, with the address of that page."""
    told = made(stage, f"maker_with_a_prepared_ring('own-at-the-bench', {SEED + 2})")
    mira = enter(stage, told)
    yield mira, stage.url(f"/workshop/{told['piece']}/prepared")
    mira.context.close()


@pytest.mark.parametrize(("key", "typed", "field", "words"), REFUSED.values(), ids=REFUSED)
def test_what_opens_no_key_is_told_beside_its_field_and_sends_nothing(
    prepared: tuple[Visitor, str], key: bytes | None, typed: str, field: str, words: str
) -> None:
    mira, address = prepared
    page = mira.page
    page.goto(address)
    ready(page)
    before = len(mira.requested)

    take(page, key or b"", typed)
    if key is None:
        page.set_input_files("#own-key", [])
    page.get_by_role("button", name="Sign and make the certificate").click()

    told = page.locator(f"#{field}_error")
    expect(told).to_contain_text(words)
    expect(page.locator(f"#{field}")).to_be_focused()
    assert page.locator(f"#{field}").get_attribute("aria-invalid") == "true"
    assert (
        page.locator(f"#{field}").get_attribute("aria-describedby")
        == f"{field}_helptext {field}_error"
    )
    assert page.get_by_label("Its passphrase").input_value() == ""
    assert mira.requested[before:] == []
    assert page.url == address


def test_after_a_wrong_passphrase_the_right_one_opens_the_same_file(
    prepared: tuple[Visitor, str],
) -> None:
    mira, address = prepared
    page = mira.page
    page.goto(address)
    ready(page)
    page.evaluate(HOLD_BACK)
    take(page, key_file(SEED + 2), "a guess")
    page.get_by_role("button", name="Sign and make the certificate").click()
    expect(page.locator(".error")).to_have_count(1)

    page.get_by_label("Its passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign and make the certificate").click()

    assert page.evaluate("window.held")["name"] == "proof.json"
    expect(page.locator(".error")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Signed. The signature is on its way.")


def test_the_page_is_open_to_everyone_at_every_size_and_in_both_lights(
    prepared: tuple[Visitor, str],
) -> None:
    mira, address = prepared
    page = mira.page
    page.goto(address)
    ready(page)

    found = all_that_is_wrong(mira, Screen("own-key-prepared", lambda *_: None))
    page.get_by_text("Sign it with the program").click()
    take(page, b"no key")
    page.get_by_role("button", name="Sign and make the certificate").click()
    expect(page.locator("#own-key_error")).to_be_visible()
    found += all_that_is_wrong(mira, Screen("own-key-refused", lambda *_: None))

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert found == []
    assert page.locator("h1").count() == 1
    assert problems_of(mira) == []


def test_a_proof_that_the_site_refuses_is_told_where_it_was_put(
    prepared: tuple[Visitor, str],
) -> None:
    mira, address = prepared
    page = mira.page
    page.goto(address)
    ready(page)
    expect(page.get_by_label("Choose the proof")).not_to_be_visible()
    page.get_by_text("Sign it with the program").click()

    page.get_by_label("Or paste its text").fill("{}")
    page.get_by_role("button", name="Make the certificate", exact=True).click()

    ready(page)
    expect(page.locator("[data-elsewhere] .error")).to_contain_text("This proof does not fit")
    mira.problems.clear()  # the answer was 400


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"type":["KeyPossession"]}', "This cannot be signed here: its maker is missing."),
        (b"<html>", "This cannot be signed here: it is not JSON."),
        (None, "What there is to sign could not be fetched. Open this page again."),
    ],
)
def test_what_cannot_be_read_is_not_signed_and_the_other_way_stays(
    prepared: tuple[Visitor, str], body: bytes | None, words: str
) -> None:
    mira, address = prepared
    page = mira.page
    page.route(
        "**/body.json",
        lambda route: route.fulfill(body=body) if body else route.abort(),
    )

    page.goto(address)

    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_label("Its passphrase")).not_to_be_visible()
    expect(page.get_by_label("Choose the proof")).to_be_visible()
    page.unroute("**/body.json")
    mira.problems.clear()


def test_a_browser_that_knows_no_such_key_says_so_and_keeps_the_other_way(
    prepared: tuple[Visitor, str],
) -> None:
    mira, address = prepared
    page = mira.context.new_page()
    page.add_init_script(WITHOUT_ED25519)

    page.goto(address)

    expect(page.get_by_text("This browser cannot sign here")).to_be_visible()
    expect(page.get_by_label("Its passphrase")).not_to_be_visible()
    expect(page.get_by_label("Choose the proof")).to_be_visible()
    page.close()


def test_without_scripts_the_page_is_what_it_was_and_says_why(stage: Stage) -> None:
    told = made(stage, f"maker_with_a_prepared_ring('own-without-scripts', {SEED + 4})")
    mira = enter(stage, told, has_script=False)

    answer = mira.page.goto(stage.url(f"/workshop/{told['piece']}/prepared"))

    # Chromium draws no <noscript> where only a test switched scripts off.
    assert answer
    assert '<noscript><p class="note">Signing on this page needs JavaScript' in answer.text()
    expect(mira.page.get_by_label("Its passphrase")).not_to_be_visible()
    expect(mira.page.get_by_label("Choose the proof")).to_be_visible()
    mira.screen("own-key-without-scripts")
    mira.context.close()
