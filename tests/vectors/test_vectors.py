"""The standards' own answers are ours; and a wrong expectation is noticed."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.vectors.__main__ import main

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.json*"))
SUITE = ("vectors", "eddsa-jcs-2022")
STAGES = [
    "canonDocJCS.txt",
    "docHashJCS.txt",
    "proofCanonJCS.txt",
    "proofHashJCS.txt",
    "combinedHashJCS.txt",
    "sigHexJCS.txt",
    "sigBTC58JCS.txt",
]
CHANGES: list[tuple[str, tuple[str | int, ...], Any]] = [
    *(("vc-di-eddsa.json", (*SUITE, stage), "0" * 64) for stage in STAGES),
    ("vc-di-eddsa.json", (*SUITE, "proofConfigJCS.json", "created"), "2023-02-24T23:36:39Z"),
    ("vc-di-eddsa.json", (*SUITE, "signedJCS.json", "name"), "Another Credential"),
    ("vc-di-eddsa.json", (*SUITE, "signedJCS.json", "proof"), None),
    ("vc-di-eddsa.json", (*SUITE, "signedJCS.json", "proof", "proofValue"), "z2"),
    ("vc-di-eddsa.json", (*SUITE, "signedJCS.json", "proof", "created"), 7),
    ("vc-di-eddsa.json", ("vectors", "unsigned.json", "name"), "Another Credential"),
    ("vc-di-eddsa.json", ("vectors", "keyPair.json", "publicKeyMultibase"), "z6Mk"),
    ("vc-di-eddsa.json", ("vectors", "keyPair.json", "privateKeyMultibase"), "z3u2"),
    ("vc-di-eddsa.json", ("vectors", "keyPair.json"), None),
    ("vc-di-eddsa.json", SUITE, {}),
    ("rfc8785-jcs.json", ("cases", 0, "output"), "[]"),
    ("rfc8785-jcs.json", ("cases", 0, "output"), None),
    ("rfc8785-jcs.json", ("cases", 0, "outhex"), ["5b"]),
    ("rfc8785-jcs.json", ("cases", 0, "input"), "["),
    ("rfc8785-jcs.json", ("cases", 0), 1),
    ("rfc8785-jcs.json", ("numbers_rfc8785_appendix_B", 0, 1), "1"),
    ("rfc8785-jcs.json", ("numbers_rfc8785_appendix_B", 0, 1), None),
    ("rfc8785-jcs.json", ("numbers_rfc8785_appendix_B", 0, 0), "x"),
    ("rfc8785-jcs.json", ("numbers_rfc8785_appendix_B", 9, 1), "NaN"),
    ("bitstring-status-list.json", ("min_bits",), 1),
    ("bitstring-status-list.json", ("spec_examples", 0, "set_bits"), [1]),
    ("bitstring-status-list.json", ("spec_examples", 0, "bits"), 8),
    ("bitstring-status-list.json", ("digitalbazaar_expected", "set"), [94567]),
    ("bitstring-status-list.json", ("digitalbazaar_expected", "clear"), [94568]),
    ("bitstring-status-list.json", ("digitalbazaar_expected", "length"), 8),
]


def valid_list() -> str:
    data = json.loads((FOLDER / "bitstring-status-list.json").read_text())
    return str(data["spec_examples"][0]["encodedList"])


def spoil(data: Any, place: tuple[str | int, ...], value: Any) -> Any:
    copy = deepcopy(data)
    target = copy
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    return copy


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_standards_own_answers_are_ours(path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.vectors", str(path)],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert any(line.startswith("pass ") for line in lines)
    assert not any(line.startswith("fail ") for line in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_names_its_source(path):
    assert json.loads(path.read_text())["source"]


@pytest.mark.parametrize(("file", "place", "value"), CHANGES)
def test_a_wrong_expectation_fails(tmp_path, capsys, file, place, value):
    spoiled = spoil(json.loads((FOLDER / file).read_text()), place, value)
    (tmp_path / "any-name.json").write_text(json.dumps(spoiled))

    code = main([str(tmp_path / "any-name.json")])

    assert code == 1
    assert "fail " in capsys.readouterr().out


def test_a_list_that_should_be_refused_and_is_not_fails(tmp_path, capsys):
    (tmp_path / "x.json").write_text(
        json.dumps({"must_reject": [{"why": "it is fine", "encodedList": valid_list()}]})
    )

    assert main([str(tmp_path / "x.json")]) == 1
    assert "expected a refusal" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["{}", "[]", "", "7", "not json", '{"vectors": {}}', '{"a": 1}\n{"b": 2}\n']
)
def test_a_format_nobody_knows_is_told_with_code_2(tmp_path, content):
    (tmp_path / "x.json").write_text(content)

    assert main([str(tmp_path / "x.json")]) == 2


def test_a_file_that_is_not_there_is_told_with_code_2(tmp_path):
    assert main([str(tmp_path / "nowhere.json")]) == 2
    assert main([]) == 2


def test_a_file_without_rows_proves_nothing(tmp_path):
    (tmp_path / "x.json").write_text('{"must_reject": []}')

    assert main([str(tmp_path / "x.json")]) == 1
