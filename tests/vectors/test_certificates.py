"""What earlier versions signed verifies for ever: these files are never edited, only added to."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from provenance.__main__ import main
from provenance.bundle import read_bundle
from provenance.canonical import canonical_bytes, digest_of
from provenance.credentials import proofs_of, read_time
from provenance.trust import Trust, read_did_document
from provenance.verification import Outcome, Verdict, verify
from tests.vectors.freeze import sums

EXIT_CODES = {"current": 0, "superseded": 0, "revoked": 1}
FILES = sorted((Path(__file__).parent / "certificates").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def judged(vector: dict[str, Any], trust: Trust) -> Verdict:
    parts = read_bundle(vector["bundle"])
    return verify(
        canonical_bytes(vector["certificate"]),
        trust=trust,
        status_lists=parts.status_lists,
        now=read_time(vector["at"]),
    )


def test_no_frozen_file_is_edited_and_each_is_listed():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}

    assert found == sums()
    assert len(found) >= 9


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_earlier_certificate_still_verifies_under_its_issuers_document(path):
    vector = read(path)

    verdict = judged(vector, Trust(documents=(read_did_document(vector["did"]),)))

    assert verdict.answer == vector["answer"]
    assert not verdict.needed_not_checked
    assert verdict.fingerprint == vector["fingerprint"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_earlier_bundle_still_verifies_with_the_fingerprint_of_its_card(path):
    vector = read(path)
    documents = read_bundle(vector["bundle"]).did_documents
    supplied = tuple(read_did_document(each) for each in documents)

    verdict = judged(vector, Trust(fingerprints=frozenset([vector["fingerprint"]])))
    with_documents = judged(
        vector, Trust(fingerprints=frozenset([vector["fingerprint"]]), supplied=supplied)
    )

    assert verdict == with_documents
    assert verdict.answer == vector["answer"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_bytes_and_the_digest_of_an_earlier_certificate_are_what_they_were(path):
    vector = read(path)

    content = canonical_bytes(vector["certificate"])

    assert hashlib.sha256(content).hexdigest() == vector["sha256"]
    assert digest_of(vector["certificate"]).hex() == vector["digest"]
    assert vector["bundle"]["certificate"] == vector["certificate"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("by", ["--trust", "--trust-key"])
def test_an_earlier_bundle_still_verifies_on_a_laptop(path, by, tmp_path, capsys):
    vector = read(path)
    file, document = tmp_path / "bundle.json", tmp_path / "did.json"
    file.write_bytes(canonical_bytes(vector["bundle"]))
    document.write_bytes(canonical_bytes(vector["did"]))
    believed = str(document) if by == "--trust" else vector["fingerprint"]

    code = main(["verify", str(file), by, believed, "--at", vector["at"], "--json"])

    assert json.loads(capsys.readouterr().out)["answer"] == vector["answer"]
    assert code == EXIT_CODES[vector["answer"]]


@pytest.mark.parametrize(
    ("name", "proofs", "passes"),
    [
        ("signed-held", 2, [5]),
        ("signed-own", 2, [5]),
        ("signed-making", 1, [10]),
        ("signed-replaced", 2, [5]),
        ("signed-replacing", 2, [5]),
        ("signed-scripts", 2, [5]),
    ],
)
def test_what_stands_for_one_kind_of_certificate_is_of_that_kind(name, proofs, passes):
    vector = read(FILES[0].with_name(f"{name}.json"))

    verdict = judged(vector, Trust(documents=(read_did_document(vector["did"]),)))

    asked = {check.number: check.outcome for check in verdict.checks}
    assert [number for number in (5, 10) if asked[number] is Outcome.PASSED] == passes
    assert len(proofs_of(vector["certificate"])) == proofs


def test_the_replacing_certificate_names_the_one_it_replaces():
    old, new = (
        read(FILES[0].with_name(f"signed-{name}.json")) for name in ("replaced", "replacing")
    )

    stated = new["certificate"]["credentialSubject"]

    assert stated["supersedes"]["id"] == old["certificate"]["id"]
    assert stated["supersedes"]["digest"] == old["digest"]
    assert stated["id"] == old["certificate"]["credentialSubject"]["id"]
