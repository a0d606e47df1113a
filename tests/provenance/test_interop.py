"""What we sign, other people's software verifies; and what it signs, we do."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from provenance.canonical import JSONObject, without_proof
from provenance.credentials import verify_proof, write_time
from provenance.verification import Outcome
from tests.factories import make_held_certificate as make_held_of_the_site
from tests.factories import make_held_key, make_mira
from tests.provenance.makings import (
    INDEX,
    MIRA,
    MIRA_SIGNER,
    NOON,
    PLATFORM,
    PLATFORM_SIGNER,
    SANA_SIGNER,
    SITE,
    Hearing,
    changed,
    failed_numbers,
    make_body,
    make_certificate,
    make_document,
    make_held_certificate,
    make_status_list,
    outcomes,
)
from tests.provenance.test_trust import signed

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests" / "interop"
CONTEXT = ROOT / "provenance" / "contexts" / "jewelry-v1.jsonld"
NODE = shutil.which("node")
SEEDS = {PLATFORM: (bytes([1]) * 32).hex(), MIRA: (bytes([2]) * 32).hex()}
pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(NODE is None, reason="Node is not installed"),
    pytest.mark.skipif(
        not (ROOT / "node_modules" / "@digitalbazaar" / "vc").exists(),
        reason="the npm libraries are missing: run npm ci",
    ),
]


def ask(script: str, **asked: Any) -> Any:
    """What a script answers; `more` are documents beside those of the tests."""
    documents = {
        # Served with a proof of their own, which disturbs nobody.
        PLATFORM: signed(make_document(), PLATFORM_SIGNER),
        MIRA: make_document(did=MIRA, key=MIRA_SIGNER.public_key),
        f"{SITE}/contexts/jewelry/v1": json.loads(CONTEXT.read_text()),
    }
    done = subprocess.run(
        [str(NODE), str(SCRIPTS / script)],
        input=json.dumps({"documents": documents, "now": "2026-11-20T12:00:00Z", **asked}),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(make_certificate(), id="a certificate"),
        pytest.param(make_held_certificate(), id="a certificate with the maker's proof"),
        pytest.param(make_status_list("revocation", set_indexes=[INDEX]), id="a status list"),
    ],
)
def test_digital_bazaars_library_verifies_what_we_sign(credential):
    assert ask("verify.mjs", credential=credential) == {"verified": True, "errors": []}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c["credentialSubject"].update(name="Marlow ring"), id="the name"),
        pytest.param(lambda c: c["proof"].update(created="2026-11-20T09:30:01Z"), id="the moment"),
    ],
)
def test_digital_bazaars_library_refuses_what_was_changed(change):
    certificate = changed(make_certificate(), change)

    assert ask("verify.mjs", credential=certificate)["verified"] is False


def test_we_verify_what_digital_bazaars_library_signs():
    issued = ask("issue.mjs", credential=make_body(), seed=SEEDS[PLATFORM], controller=PLATFORM)

    verify_proof(issued, issued["proof"], public_key=PLATFORM_SIGNER.public_key)
    assert without_proof(issued) == make_body()
    assert Hearing(issued, now=NOON).verdict().exit_code == 0


def test_we_verify_a_proof_set_that_digital_bazaars_library_made():
    body = make_body(maker={"keyLevel": "own", "key": MIRA_SIGNER.verification_method})
    first = ask("issue.mjs", credential=body, seed=SEEDS[PLATFORM], controller=PLATFORM)

    both = ask("issue.mjs", credential=first, seed=SEEDS[MIRA], controller=MIRA)

    assert [each["verificationMethod"].partition("#")[0] for each in both["proof"]] == [
        PLATFORM,
        MIRA,
    ]
    verdict = Hearing(both, now=NOON).verdict()
    assert outcomes(verdict)[5] is Outcome.PASSED
    assert verdict.exit_code == 0


@pytest.mark.django_db
def test_digital_bazaars_library_verifies_both_proofs_from_what_we_serve(client):
    """Everything it loads is what this site publishes: certificate, both DID documents, words."""
    mira = make_mira()
    certificate = make_held_of_the_site(mira, make_held_key(mira))
    credential = json.loads(client.get(f"/c/{certificate.public_id}.json").content)
    paths = {
        PLATFORM: "/.well-known/did.json",
        MIRA: "/j/tidewell-bench/did.json",
        f"{SITE}/contexts/jewelry/v1": "/contexts/jewelry/v1",
    }
    documents = {name: json.loads(client.get(path).content) for name, path in paths.items()}
    now = write_time(timezone.now())

    told = ask("verify.mjs", credential=credential, documents=documents, now=now)

    assert len(credential["proof"]) == 2
    assert told == {"verified": True, "errors": []}
    without_hers = {**documents, MIRA: make_document(did=MIRA, key=SANA_SIGNER.public_key)}
    told = ask("verify.mjs", credential=credential, documents=without_hers, now=now)
    assert told["verified"] is False


APPENDED = "https://stranger.example/contexts/v1"


def test_a_context_appended_after_signing_is_accepted_there_and_refused_here():
    certificate = changed(make_certificate(), lambda c: c["@context"].append(APPENDED))
    words = {"@context": {"sparkle": "https://stranger.example/words#sparkle"}}

    there = ask("verify.mjs", credential=certificate, more={APPENDED: words})
    here = Hearing(certificate, now=NOON).verdict()

    assert there == {"verified": True, "errors": []}
    assert failed_numbers(here) == [2, 4]


def complete_subject() -> JSONObject:
    """A subject with every field of the specification's example."""
    subject: JSONObject = json.loads((SCRIPTS / "complete-subject.json").read_text())
    return subject


@pytest.mark.parametrize("subject", [None, complete_subject()], ids=["today", "complete"])
def test_every_word_of_a_certificate_is_defined_by_its_contexts(subject):
    told = ask("expand.mjs", credential=make_body(subject))

    assert "error" not in told, told
    assert any("urn:touchmark:jewelry:v1#nonce" in line for line in told["statements"])


def test_a_word_that_nobody_defined_is_noticed():
    body = changed(make_body(), lambda b: b["credentialSubject"].update(sparkle="much"))

    assert "error" in ask("expand.mjs", credential=body)
