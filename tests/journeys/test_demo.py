"""The demonstration: its doors open, and strangers' software verifies its certificate."""

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.demo_answers import KEYS, answers, opens
from tests.sites import ROOT, Site, running_site

pytestmark = [pytest.mark.slow]
NODE = shutil.which("node")
LIBRARY = ROOT / "node_modules" / "@digitalbazaar" / "vc"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("demo"), is_demo=True) as running:
        yield running


@pytest.fixture(scope="module")
def doors(site):
    found: dict[str, str] = json.loads((site.folder / "demo.json").read_text(encoding="utf-8"))
    return found


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        content: bytes = answer.read()
    return content


def test_every_door_of_the_demonstration_opens(doors):
    assert set(doors) == KEYS
    assert [name for name in doors if not answers(name, doors[name])] == []


def test_filling_it_again_changes_nothing_but_the_links_that_work_once(site, doors):
    site.manage("fill_demo")

    again = json.loads((site.folder / "demo.json").read_text(encoding="utf-8"))

    links = {"workshop_login", "keeper_login", "tap_live", "tap_forged"}
    assert {name: again[name] for name in KEYS - links} == {
        name: doors[name] for name in KEYS - links
    }


def test_a_sign_in_link_works_once(site):
    site.manage("fill_demo")
    link = json.loads((site.folder / "demo.json").read_text(encoding="utf-8"))["keeper_login"]

    assert opens(link)
    assert not opens(link)


def test_a_tap_is_live_once_and_a_forged_one_never(site):
    site.manage("fill_demo")
    doors = json.loads((site.folder / "demo.json").read_text(encoding="utf-8"))

    live, again, forged = (said(doors[name]) for name in ("tap_live", "tap_live", "tap_forged"))

    assert "The chip answered just now." in live
    assert "This link was opened before." in again
    assert "No valid chip signature." in forged


def test_one_more_tap_is_played_by_command(site, doors):
    chip = next((site.folder / "chips").glob("*.json")).stem
    tap = site.manage("tap_tag", f"{chip[:4]}-{chip[4:8]}-{chip[8:]}".lower()).strip()
    forged = site.manage("tap_tag", chip, "--forged").strip()

    assert tap.startswith(f"{site.url}/s/ring?e=")
    assert "The chip answered just now." in said(tap)
    assert "No valid chip signature." in said(forged)


def test_the_keys_of_its_chips_are_its_own_and_in_no_page(site, doors):
    keys = [file.read_text() for file in (site.folder / "tag-keys").iterdir()]

    assert len(set(keys)) == 3
    assert all(len(bytes.fromhex(key)) == 16 for key in keys)
    kept = [file.read_text() for file in (site.folder / "chips").iterdir()]
    assert not [key for key in keys for text in kept if key.lower() in text.lower()]


def said(url: str) -> str:
    """What a browser of its own shows there, wherever it is led."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with browser.open(url, timeout=10) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as refused:
        content = refused.read()
    return content.decode()


def test_the_certificate_says_that_it_is_a_demonstration_with_computer_images(doors):
    subject = json.loads(fetch(doors["certificate_json"]))["credentialSubject"]

    assert subject["demonstration"] is True
    assert {photo["digitalSourceType"] for photo in subject["photos"]} == {"digitalCreation"}
    page = fetch(doors["piece"]).decode()
    assert "demonstration" in page
    assert "computer image" in page


def test_its_bundle_verifies_offline_with_the_sites_own_key(site, doors, tmp_path):
    bundle, document = tmp_path / "bundle.json", tmp_path / "did.json"
    bundle.write_bytes(fetch(f"{doors['certificate']}/bundle.json"))
    document.write_bytes(fetch(f"{site.url}/.well-known/did.json"))

    command = [sys.executable, "-m", "provenance", "verify", str(bundle)]
    trusting = subprocess.run([*command, "--trust", str(document)], cwd=ROOT, check=False)
    alone = subprocess.run(command, cwd=ROOT, check=False)

    assert trusting.returncode == 0
    assert alone.returncode == 3


@pytest.mark.node
@pytest.mark.skipif(NODE is None, reason="no Node: sudo apt-get install nodejs npm")
@pytest.mark.skipif(not LIBRARY.exists(), reason="no npm libraries: npm ci --ignore-scripts")
def test_digital_bazaars_library_verifies_the_demonstrations_certificate(site, doors):
    certificate = json.loads(fetch(doors["certificate_json"]))

    told = _ask_digital_bazaar(site, certificate)
    certificate["credentialSubject"]["name"] = "Another ring"
    told_of_changed = _ask_digital_bazaar(site, certificate)

    assert told == {"verified": True, "errors": []}
    assert told_of_changed["verified"] is False


def _ask_digital_bazaar(site: Site, credential: dict[str, Any]) -> dict[str, Any]:
    """Their verifier, with what this site publishes as the only documents it can load."""
    published = json.loads(fetch(f"{site.url}/.well-known/did.json"))
    context = json.loads(fetch(f"{site.url}/contexts/jewelry/v1"))
    asked = {
        "documents": {published["id"]: published, f"{site.url}/contexts/jewelry/v1": context},
        "now": credential["validFrom"],
        "credential": credential,
    }
    done = subprocess.run(
        [str(NODE), str(ROOT / "tests" / "interop" / "verify.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
