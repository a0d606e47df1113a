"""`python -m provenance label` on a laptop: a label, or the path of what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.__main__ import main
from provenance.canonical import canonical_bytes
from tests.provenance.makings import make_bundle, make_certificate

ROOT = Path(__file__).parents[2]
COMPLETE = ROOT / "tests" / "interop" / "complete-subject.json"


@pytest.fixture
def subject():
    return json.loads(COMPLETE.read_text())


def run(tmp_path, document, *options):
    path = tmp_path / "piece.json"
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return main(["label", str(path), *options])


def test_a_subject_gets_its_label_grade_and_refusals(tmp_path, subject, capsys):
    code = run(tmp_path, subject)

    told = capsys.readouterr().out
    assert code == 0
    assert told.startswith(
        "Designed with AI help; Cast from a 3D-printed model; hand-set; hand-finished\n"
        "Evidence grade: E1\n"
    )
    assert "Refused: Handmade\n  M4  m1: wax printing of the whole piece is machine work" in told
    assert "M3  f1: cast parts are not shaped by hand from raw stock (shank)" in told


def test_a_program_gets_the_same(tmp_path, subject, capsys):
    code = run(tmp_path, subject, "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["label"] == subject["making"]["label"]
    assert told["evidenceGrade"] == "E1"
    assert [(r["claim"], r["rules"]) for r in told["refused"]] == [("Handmade", ["M3", "M4"])]


@pytest.mark.parametrize(("verified", "grade"), [(True, "E3"), (False, "E1")])
def test_a_co_signature_counts_once_its_party_is_verified(
    tmp_path, subject, verified, grade, capsys
):
    cosigned = {"type": "cosign", "sha256": "c0" * 32, "party": "did:web:guild.example"}
    subject["making"]["steps"][6]["evidence"].append(cosigned | {"verified": verified})

    run(tmp_path, subject)

    assert f"\nEvidence grade: {grade}\n" in capsys.readouterr().out


@pytest.mark.parametrize("make", [make_certificate, make_bundle])
def test_a_whole_certificate_and_a_bundle_are_read_too(tmp_path, make, capsys):
    document = make()
    data = document if isinstance(document, bytes) else canonical_bytes(document)

    code = run(tmp_path, data)

    assert code == 0
    assert capsys.readouterr().out.startswith("Design origin not stated; No making claim\n")


def test_an_invalid_record_ends_with_its_path(tmp_path, subject, capsys):
    subject["making"]["steps"][3]["kind"] = "form.melt"

    code = run(tmp_path, subject)

    streams = capsys.readouterr()
    assert code == 1
    assert streams.out == ""
    assert "making.steps.3.kind: 'form.melt' is no kind of step (unknown_kind)" in streams.err


def test_a_program_gets_the_path_as_a_member(tmp_path, subject, capsys):
    subject["mass"]["value"] = "681"

    code = run(tmp_path, subject, "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (told["path"], told["error"]) == ("mass", "mass_implausible")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"making": {"policy": "lenient-2099-01"}}, "making.policy"),
        ({"making": {"policy": 7}}, "making.policy"),
        ({"making": []}, "making"),
        ({"making": {"steps": {}}}, "making.steps"),
        ({"maker": {"born": "2026-11-19"}}, "making.steps.3.started"),
        ({"maker": {"born": "soon"}}, "maker.born"),
        ({"parts": "shank"}, "parts"),
    ],
)
def test_each_bad_member_is_told_by_its_path(tmp_path, subject, change, path, capsys):
    subject["making"]["steps"][3]["started"] = "1999-01-01"

    code = run(tmp_path, {**subject, **change})

    assert code == 1
    assert f" {path}: " in capsys.readouterr().err


@pytest.mark.parametrize("document", [[], 7, {"credentialSubject": []}])
def test_json_of_another_shape_is_an_invalid_record(tmp_path, document):
    assert run(tmp_path, document) == 1


def test_a_bad_date_of_issue_is_an_invalid_record(tmp_path, subject, capsys):
    code = run(tmp_path, {"credentialSubject": subject, "validFrom": "today"})

    assert code == 1
    assert "validFrom" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"a": 1, "a": 2}'])
def test_what_is_not_json_is_unreadable(tmp_path, data, capsys):
    assert run(tmp_path, data) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_file_is_unreadable(tmp_path):
    assert main(["label", str(tmp_path / "nowhere.json")]) == 2


def test_a_program_is_told_in_json_what_cannot_be_read(tmp_path, capsys):
    nowhere = tmp_path / "nowhere.json"

    code = main(["label", str(nowhere), "--json"])

    assert code == 2
    assert json.loads(capsys.readouterr().out) == {
        "exitCode": 2,
        "problem": f"{nowhere}: it cannot be read",
    }


def test_wrong_usage_is_two():
    with pytest.raises(SystemExit) as stopped:
        main(["label"])

    assert stopped.value.code == 2


def test_it_runs_from_a_shell_without_the_web():
    done = subprocess.run(
        [sys.executable, "-m", "provenance", "label", str(COMPLETE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONIOENCODING": "ascii"},
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Designed with AI help")
