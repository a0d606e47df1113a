"""Same input, same policy: same label for ever; what is frozen stays what it was."""

import json

import pytest

from tests.making_cases import freeze
from tests.making_cases.freeze import cases, changed, found, frozen


def test_nothing_that_was_frozen_has_changed():
    assert changed(frozen(), found()) == []


def test_everything_is_frozen():
    missing = found().keys() - frozen().keys()

    assert not missing, "run: python -m tests.making_cases.freeze"


def test_every_case_has_a_name_of_its_own():
    names = [(file, case["desc"]) for file, listed in cases().items() for case in listed]

    assert len(names) == len(set(names)) >= 68


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A folder of one case, with nothing frozen yet."""
    monkeypatch.setattr(freeze, "HERE", tmp_path)
    monkeypatch.setattr(freeze, "LIST", tmp_path / "FROZEN.json")
    write(tmp_path, {"desc": "a band", "expect": "Handmade"})
    return tmp_path


def write(folder, *listed):
    (folder / "m1.json").write_text(json.dumps(listed))


def test_a_new_case_is_added(small):
    freeze.main()
    write(small, {"desc": "a band", "expect": "Handmade"}, {"desc": "a cast", "expect": "Cast"})

    assert freeze.main() == 0

    assert {"m1: a band", "m1: a cast"} <= freeze.frozen().keys()


@pytest.mark.parametrize(
    "listed", [[{"desc": "a band", "expect": "Cast"}], []], ids=["another label", "gone"]
)
def test_an_old_case_is_never_frozen_anew(small, capsys, listed):
    freeze.main()
    before = freeze.LIST.read_bytes()
    write(small, *listed)

    assert freeze.main() == 1

    assert freeze.LIST.read_bytes() == before
    assert "m1: a band" in capsys.readouterr().err


def test_an_edit_of_a_rule_is_found(small, tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    rules = tmp_path / "rules" / "strict-2026-11.json"
    monkeypatch.setattr(freeze, "POLICIES", rules.parent)
    rules.write_text(json.dumps({"judged": ["form", "set"]}))
    freeze.main()

    rules.write_text(json.dumps({"judged": ["form"]}))

    assert changed(frozen(), found()) == ["policy strict-2026-11: judged"]
