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
    ("ntag424-sdm.jsonl", (0, "mac"), "94EED9EE65337087"),
    ("ntag424-sdm.jsonl", (0, "mac_input"), "&c="),
    ("ntag424-sdm.jsonl", (0, "crypto"), "LRP"),
    ("ntag424-sdm.jsonl", (0, "crypto"), "DES"),
    ("ntag424-sdm.jsonl", (0, "picc"), None),
    ("ntag424-sdm.jsonl", (0, "picc"), "EF963FF7828658A599F3041510671E89"),
    ("ntag424-sdm.jsonl", (0, "sdm_meta_read_key"), "00" * 15 + "01"),
    ("ntag424-sdm.jsonl", (0, "sdm_file_read_key"), "00" * 15 + "01"),
    ("ntag424-sdm.jsonl", (0, "expect", "ok"), False),
    ("ntag424-sdm.jsonl", (0, "expect", "uid"), "04de5f1eacc041"),
    ("ntag424-sdm.jsonl", (0, "expect", "ctr"), 62),
    ("ntag424-sdm.jsonl", (1, "expect", "file_data"), "78" * 15 + "79"),
    ("ntag424-sdm.jsonl", (1, "mac_input"), ""),
    ("ntag424-sdm.jsonl", (3, "plain_ctr"), "000007"),
    ("ntag424-sdm.jsonl", (3, "plain_uid"), None),
    ("ntag424-sdm.jsonl", (4, "crypto"), "AES"),
    ("ntag424-sdm.jsonl", (10, "expect", "ctr"), 0),
    ("ntag424-sdm.jsonl", (14, "expect", "uid"), "049d98f20b1091"),
    ("ntag424-sdm.jsonl", (14, "expect", "ok"), True),
    ("ntag424-sdm.jsonl", (14, "mac"), "71FD0299F6A6F742"),
    ("an10922.jsonl", (0, "input"), "04782E21801D803042F54E585020416276"),
    ("an10922.jsonl", (0, "output"), "A8DD63A3B89D54B37CA802473FDA9176"),
    ("an10922.jsonl", (0, "input"), ""),
    ("an10922.jsonl", (1, "key"), "00"),
    ("an12304.jsonl", (0, "output"), "00"),
    ("an12304.jsonl", (2, "final"), True),
]
# The links of v001 and of v024, differently wrong; none of them may hold.
REFUSED_TAPS = [
    {"mac": "94EED9EE65337087"},
    {"mac": "94EED9EE653370"},
    {"mac": ""},
    {"mac": "94EED9EE6533708Z"},
    {"picc": "EF963FF7828658A599F3041510671E"},
    {"picc": "EF963FF7828658A599F3041510671E88" + "00" * 8},
    {"crypto": "LRP"},
    {"mode": "plain-mirror", "picc": None, "plain_uid": None, "plain_ctr": "000003"},
    {"mode": "plain-mirror", "picc": None, "plain_uid": "04DE5F1EACC040", "plain_ctr": "00003D0"},
    {
        "mode": "plain-mirror",
        "picc": None,
        "plain_uid": None,
        "plain_ctr": "000003",
        "mac": "C288EB1DF43C6A78",
    },
]


def valid_list() -> str:
    data = json.loads((FOLDER / "bitstring-status-list.json").read_text())
    return str(data["spec_examples"][0]["encodedList"])


def load(file: str) -> Any:
    """A file as JSON, or its lines as a list."""
    text = (FOLDER / file).read_text()
    if file.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text)


def run(folder: Path, *rows: Any) -> int:
    """What the runner says of a file with these rows, one to a line."""
    (folder / "x.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return main([str(folder / "x.jsonl")])


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
    data = load(path.name)

    assert all(each["source"] for each in (data if isinstance(data, list) else [data]))


@pytest.mark.parametrize(("file", "place", "value"), CHANGES)
def test_a_wrong_expectation_fails(tmp_path, capsys, file, place, value):
    spoiled = spoil(load(file), place, value)
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


@pytest.mark.parametrize("change", REFUSED_TAPS, ids=lambda change: "-".join(change))
def test_a_tap_that_must_be_refused_is_refused(tmp_path, capsys, change):
    first = load("ntag424-sdm.jsonl")[0]

    code = run(tmp_path, {**first, **change, "expect": {"ok": False}})

    assert code == 0, capsys.readouterr().out


def test_a_link_without_a_counter_holds_by_the_standard_and_is_refused_by_the_site(tmp_path):
    by_id = {row["id"]: row for row in load("ntag424-sdm.jsonl")}

    answers = [
        run(tmp_path, {**by_id[name], "expect": {**by_id[name]["expect"], "ok": ok}})
        for name in ("v023", "v024", "v026")
        for ok in (True, False)
    ]

    assert answers == [0] * 6


def test_a_file_of_one_row_or_with_its_source_above_is_read_too(tmp_path):
    first = load("ntag424-sdm.jsonl")[0]
    (tmp_path / "rows.json").write_text(json.dumps({"source": "NXP", "rows": [first, first]}))

    assert run(tmp_path, first) == 0
    assert main([str(tmp_path / "rows.json")]) == 0


def test_keys_that_a_row_only_describes_are_derived(tmp_path, capsys):
    first = load("ntag424-sdm.jsonl")[0]
    master = "00112233445566778899AABBCCDDEEFF"
    derived = {"name": "AN10922", "master": master, "system_id": "746D", "key_no": 1}

    code = run(
        tmp_path,
        {**first, "sdm_file_read_key": None, "kdf": derived, "expect": {"ok": False}},
        {**first, "sdm_file_read_key": None, "kdf": None},
        {**first, "sdm_file_read_key": None, "kdf": "by hand"},
        {**first, "kdf": "none", "unknown": "key"},
    )

    told = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in told] == ["pass", "skip", "skip", "pass"]


def test_a_derivation_of_another_chip_is_skipped_with_its_reason(tmp_path, capsys):
    row = {"id": "k", "kind": "an10922-des", "key": "00", "output": "00"}

    code = run(tmp_path, row)

    assert code == 0
    assert capsys.readouterr().out == "skip k no chip of ours needs an10922-des\n"
