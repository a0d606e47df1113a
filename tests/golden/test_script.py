"""The module of the /verify page answers as the core does, reason by reason; here in Node."""

import copy
import json
import random
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from provenance.canonical import JSONObject, canonical_bytes
from provenance.credentials import read_time
from provenance.errors import ProvenanceError
from provenance.findings import failed
from provenance.keys import did_document
from provenance.services.check import read_file
from provenance.trust import Trust, read_did_document
from provenance.verification import verify
from tests.golden.scenery import CARD, HELD, PLATFORM_DID, RECORDED, bundled, lists, signed
from tests.golden.scripted import asked, asked_of, comparable, in_node, wanted
from tests.golden.test_golden import FILES, judged, read
from tests.provenance.makings import MIRA, MIRA_SIGNER, PLATFORM_SIGNER, changed, make_body

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
]


def test_every_golden_case_is_answered_as_the_core_answers_it():
    cases = [read(path) for path in FILES]
    verdicts = [judged(case) for case in cases]

    answers = in_node(map(asked, cases, verdicts))

    for case, verdict, answer in zip(cases, verdicts, answers, strict=True):
        assert comparable(answer, verdict) == comparable(wanted(verdict), verdict), case["name"]


# -- bent at random -----------------------------------------------------------------------------

AT = "2026-11-20T12:00:00Z"
MANY = 600
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 2**53 - 1, 2**53 + 1, 10**30, 1.5, 1.0, [], {}, [[]], [{}]),
    *("", "x", "z", "z1", "\ud800", "e\u0301", "é", "\u2028\u007f", "1" * 300, "recorded", "own"),
    *("2026-02-30T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T09:30:00.5+01:00"),
    *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"),
    *("did:web:localhost%3A8000", "did:web:10.0.0.1", "did:web:-", "did:web:touchmark.example#"),
    {"é": 1},
    {"__proto__": {"x": 1}, "constructor": 1, "1": 1, "0": 2},
)
DAMAGE = (b"", b"0", b"-", b",", b"\\", b'"', b"{", b"]", b"\xff", b"NaN", b"e9", b"\0", b" \n")


def test_whatever_is_bent_in_a_file_is_answered_in_the_words_of_the_server():
    dice = random.Random(1)
    mira = signed(did_document(MIRA, keys=[MIRA_SIGNER.public_key]), PLATFORM_SIGNER)
    whole = [HELD, RECORDED, bundled(HELD, PLATFORM_DID, mira), bundled(RECORDED, PLATFORM_DID)]
    files = [bent(whole[number % len(whole)], dice) for number in range(MANY)]
    believed = [
        dice.choice(({"documents": [PLATFORM_DID]}, {"fingerprints": [CARD]}, {})) for _ in files
    ]
    nothing = {"documents": [], "fingerprints": [], "supplied": []}

    answers = in_node(
        asked_of(file, trust=nothing | each, statusLists={}, at=AT)
        for file, each in zip(files, believed, strict=True)
    )

    for file, each, answer in zip(files, believed, answers, strict=True):
        assert answer["reasons"] == reasons(file, each), file


@pytest.mark.parametrize("making", [{"label": "handmade"}, {"steps": "abc"}, {"steps": [{}]}])
def test_a_label_that_only_the_site_can_work_out_is_never_passed_over(making):
    body = changed(make_body(), lambda b: b["credentialSubject"].update(making=making))
    file = json.dumps(signed(body, PLATFORM_SIGNER)).encode()
    held = {"documents": [PLATFORM_DID], "fingerprints": [], "supplied": []}

    (answer,) = in_node([asked_of(file, trust=held, statusLists=lists(), at=AT)])

    assert (answer["checks"]["10"], answer["exitCode"]) == ("not checked", 3)


@pytest.mark.parametrize("version", ["true", "1.0", '"1"', "2"])
def test_a_bundle_of_another_version_is_not_read(version):
    file = canonical_bytes(bundled(RECORDED, PLATFORM_DID))
    file = file.replace(b'"version":1', b'"version":' + version.encode())

    assert _refused_by_both(file) == "It is not a bundle of a version known here."


def test_a_certificate_is_no_larger_for_being_in_a_bundle():
    padded = changed(RECORDED, lambda c: c["credentialSubject"].update(name="x" * 256 * 1024))

    told = _refused_by_both(canonical_bytes(bundled(padded, PLATFORM_DID)))

    assert told == "A certificate has at most 256 KiB."


def _refused_by_both(file: bytes) -> str:
    """Why the page cannot read it, in the words of the server."""
    nothing = {"documents": [], "fingerprints": [], "supplied": []}
    (answer,) = in_node([asked_of(file, trust=nothing, statusLists={}, at=AT)])
    assert answer["exitCode"] == 2
    assert answer["reasons"] == reasons(file, {})
    return str(answer["reasons"][0])


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and item in a document, as what holds it and its name there."""
    if not isinstance(value, dict | list):
        return
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, name
        yield from places(inner)


def bent(document: JSONObject, dice: random.Random) -> bytes:
    """One member replaced or taken out, and sometimes a few bytes spoilt."""
    copied = copy.deepcopy(document)
    holder, name = dice.choice([*places(copied)])
    if dice.random() < 0.2:
        del holder[name]
    else:
        holder[name] = copy.deepcopy(dice.choice(ODD))
    text = json.dumps(copied).encode()
    return spoilt(text, dice) if dice.random() < 0.2 else text


def spoilt(text: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice(DAMAGE) + text[at + dice.randrange(3) :]


def reasons(file: bytes, believed: dict[str, Any]) -> list[str]:
    """What the server says to each question, with this believed; the form's word where none."""
    try:
        brought = read_file(file)
    except ProvenanceError as problem:
        return [failed(str(problem)).reason, *["The file could not be read."] * 10]
    trust = Trust(
        tuple(read_did_document(each) for each in believed.get("documents", ())),
        frozenset(believed.get("fingerprints", ())),
        brought.supplied,
    )
    lists = brought.lists or {}
    verdict = verify(brought.certificate, trust=trust, status_lists=lists, now=read_time(AT))
    return [check.reason for check in verdict.checks]
