"""Cases as the module of the /verify page takes them, and what it must answer to each."""

import base64
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from provenance.__main__ import spoken_of
from provenance.verification import Check, Outcome, Verdict
from tests.golden.test_golden import content, told

FOLDER = Path(__file__).parent
_HOLDS = {Outcome.PASSED: True, Outcome.FAILED: False, Outcome.NOT_CHECKED: None}


def asked(case: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """A golden case; where a tag was read, with what the site says to that."""
    says = [_said(verdict.checks[10])] if "tag" in case else []
    return asked_of(content(case), **{**case, "siteSays": says})


def asked_of(file: bytes, /, **case: Any) -> dict[str, Any]:
    return {**case, "base64": base64.b64encode(file).decode()}


def _said(check: Check) -> dict[str, Any]:
    return {
        "number": check.number,
        "holds": _HOLDS[check.outcome],
        "reason": check.reason,
        "isNeeded": check.is_needed,
    }


def wanted(verdict: Verdict) -> dict[str, Any]:
    """What the script must answer, in the shape of tests/golden/judge.mjs."""
    since = verdict.unreliable_since
    spoken = spoken_of(verdict)
    return {
        **told(verdict),
        "unreliableSince": since.timestamp() * 1000 if since else None,
        "fingerprint": verdict.fingerprint,
        "reasons": [check.reason for check in verdict.checks],
        "headline": [spoken.title, spoken.line, spoken.ribbon, spoken.punch],
    }


def comparable(answer: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """What both must say alike.

    Why a file cannot be read depends on which limit it meets first; that it cannot does not. Of a
    log the page says that only the site could look into it.
    """
    silent = () if verdict.is_readable else ("reasons", "headline")
    told = {name: value for name, value in answer.items() if name not in silent}
    if verdict.checks[8].is_needed and "reasons" in told:
        told["reasons"] = [*told["reasons"][:8], *told["reasons"][9:]]
    return told


def in_node(cases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", str(FOLDER / "judge_all.mjs")],
        input=json.dumps([*cases]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
