"""What earlier versions signed verifies for ever: these files are never edited, only added to."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from provenance.bundle import read_bundle
from provenance.canonical import canonical_bytes, digest_of
from provenance.credentials import read_time
from provenance.trust import Trust, read_did_document
from provenance.verification import Verdict, verify

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


def test_there_are_certificates_of_an_earlier_version():
    assert len(FILES) >= 3


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
