"""The golden cases: the pure core and the command line answer each as its file says."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from provenance.__main__ import main
from provenance.bundle import documents_in, is_bundle, read_bundle
from provenance.canonical import JSONObject, canonical_bytes
from provenance.case import TagRead
from provenance.credentials import read_time, write_time
from provenance.trust import DidDocument, Trust, read_did_document
from provenance.verification import Verdict, verify
from tests.golden import make

FILES = sorted(make.FOLDER.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def content(case: dict[str, Any]) -> bytes:
    file = case["file"]
    if "document" in file:
        return canonical_bytes(file["document"])
    return base64.b64decode(file["base64"]) * int(file.get("repeat", 1))


def documents(case: dict[str, Any], name: str) -> tuple[DidDocument, ...]:
    return tuple(read_did_document(each) for each in case["trust"][name])


def judged(case: dict[str, Any]) -> Verdict:
    certificate: bytes | JSONObject = content(case)
    supplied, lists = documents(case, "supplied"), dict(case["statusLists"])
    document = case["file"].get("document", {})
    if is_bundle(document):
        parts = read_bundle(document)
        certificate = parts.certificate
        supplied += documents_in(parts)
        lists |= parts.status_lists
    return verify(
        certificate,
        trust=Trust(
            documents(case, "documents"), frozenset(case["trust"]["fingerprints"]), supplied
        ),
        status_lists=lists,
        now=read_time(case["at"]),
        tag=TagRead(**case["tag"]) if "tag" in case else None,
    )


def told(verdict: Verdict) -> dict[str, Any]:
    checks = {str(check.number): str(check.outcome) for check in verdict.checks}
    answer = {"answer": str(verdict.answer), "exitCode": verdict.exit_code, "checks": checks}
    since = verdict.unreliable_since
    return answer | ({"unreliableSince": write_time(since)} if since else {})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_pure_core_answers_as_the_golden_case_says(path):
    case = read(path)

    verdict = judged(case)

    assert told(verdict) == case["expected"]
    assert all(check.reason for check in verdict.checks)


def is_askable(case: dict[str, Any]) -> bool:
    """The command line is given no tag, and takes its status lists from a bundle alone."""
    needs_lists = {case["expected"]["checks"][number] for number in ("7", "8")} != {"not checked"}
    is_alone = not is_bundle(case["file"].get("document", {}))
    return "tag" not in case and not (is_alone and needs_lists)


@pytest.mark.parametrize(
    "path", [path for path in FILES if is_askable(read(path))], ids=lambda path: path.stem
)
def test_the_command_line_answers_as_the_golden_case_says(path, tmp_path, capsys):
    case = read(path)
    (tmp_path / "file").write_bytes(content(case))
    asked = ["verify", str(tmp_path / "file"), "--at", case["at"], "--json"]
    asked += [f"--trust-key={each}" for each in case["trust"]["fingerprints"]]
    for option, name in (("--trust", "documents"), ("--did", "supplied")):
        for number, document in enumerate(case["trust"][name]):
            file = tmp_path / f"{name}-{number}.json"
            file.write_bytes(canonical_bytes(document))
            asked += [option, str(file)]

    code = main(asked)

    answer = json.loads(capsys.readouterr().out)
    checks = {str(check["number"]): check["outcome"] for check in answer["checks"]}
    assert code == answer["exitCode"] == case["expected"]["exitCode"]
    assert (answer["answer"], checks) == (case["expected"]["answer"], case["expected"]["checks"])


def test_there_are_enough_of_them_and_each_has_its_own_name():
    assert len(FILES) >= 40
    assert [read(path)["name"] for path in FILES] == [path.stem for path in FILES]


def test_the_golden_cases_are_as_their_script_makes_them():
    assert make.differences() == []
