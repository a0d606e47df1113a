"""`python -m provenance label FILE`: the label a making record carries, and what it does not."""

import json
import sys
from datetime import datetime
from pathlib import Path

from provenance.bundle import is_bundle, read_bundle
from provenance.canonical import BUNDLE_LIMIT, JSONObject, parse_json
from provenance.credentials import read_time
from provenance.deriving import derive_stated
from provenance.errors import MalformedError, ProvenanceError
from provenance.making import Derivation
from provenance.making_record import Fault, InvalidRecordError
from provenance.making_rules import Refusal
from provenance.policy import Policy, UnknownPolicyError, policy_named

DONE, INVALID, UNREADABLE = 0, 1, 2


def print_label(path: Path, *, as_json: bool, now: datetime) -> int:
    """Print label, grade and refusals of a subject, certificate or bundle; return the exit code.

    0 derived, 1 the record is invalid (its path is told), 2 the file cannot be read.
    """
    try:
        document = _read(path)
    except (OSError, ValueError, ProvenanceError) as problem:
        reason = problem if isinstance(problem, ProvenanceError) else "it cannot be read"
        _print_unread(f"{path}: {reason}", as_json=as_json)
        return UNREADABLE
    try:
        derivation = _derive(document, now)
    except InvalidRecordError as problem:
        _print_fault(problem, as_json=as_json)
        return INVALID
    except UnknownPolicyError as problem:
        error = InvalidRecordError("making.policy", Fault.UNKNOWN_POLICY, str(problem))
        _print_fault(error, as_json=as_json)
        return INVALID
    policy = policy_named(derivation.policy)
    print(_as_json(derivation, policy) if as_json else _as_words(derivation, policy))
    return DONE


def _read(path: Path) -> object:
    with path.open("rb") as file:
        value = parse_json(file.read(BUNDLE_LIMIT + 1), limit=BUNDLE_LIMIT)
    return read_bundle(value).certificate if isinstance(value, dict) and is_bundle(value) else value


def _derive(document: object, now: datetime) -> Derivation:
    if not isinstance(document, dict):
        raise InvalidRecordError("(top)", Fault.WRONG_TYPE, "it is not an object")
    subject = document.get("credentialSubject", document)
    if not isinstance(subject, dict):
        raise InvalidRecordError("credentialSubject", Fault.WRONG_TYPE, "it is not an object")
    return derive_stated(subject, issued=_issued(document), now=now)


def _issued(document: JSONObject) -> datetime | None:
    if (stated := document.get("validFrom")) is None:
        return None
    try:
        return read_time(stated)
    except MalformedError as problem:
        raise InvalidRecordError("validFrom", Fault.NOT_A_TIME, str(problem)) from problem


def _print_unread(problem: str, *, as_json: bool) -> None:
    if as_json:
        told = {"exitCode": UNREADABLE, "problem": problem}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    print(f"provenance: {problem}", file=sys.stderr)


def _print_fault(problem: InvalidRecordError, *, as_json: bool) -> None:
    if as_json:
        told = {"error": str(problem.fault), "path": problem.path, "detail": str(problem)}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    print(f"provenance: {problem} ({problem.fault})", file=sys.stderr)


def _as_words(derivation: Derivation, policy: Policy) -> str:
    lines = [
        derivation.label,
        f"Evidence grade: {derivation.evidence_grade}",
        f"Policy: {derivation.policy}",
    ]
    for refusal in _refusals(derivation):
        lines.append(f"Refused: {refusal.claim}")
        lines += [f"  {each.rule}  {each.says}" for each in refusal.reasons]
        sources = {policy.rules[rule].source: None for rule in refusal.rules}
        lines += [f"      ({source})" for source in sources]
    lines += [f"Ignored: {i.sha256} of {i.step}: {i.rule} {i.why}" for i in derivation.ignored]
    lines += [f"No forming step recorded for {part}" for part in derivation.unformed_parts]
    return "\n".join(lines)


def _refusals(derivation: Derivation) -> tuple[Refusal, ...]:
    design = derivation.design_refusal
    return (*derivation.refusals, *((design,) if design else ()))


def _as_json(derivation: Derivation, policy: Policy) -> str:
    design = derivation.design_refusal
    told = {
        "policy": derivation.policy,
        "label": derivation.label,
        "designPhrase": derivation.design_phrase,
        "basePhrase": derivation.base_phrase,
        "operations": list(derivation.operations),
        "evidenceGrade": derivation.evidence_grade,
        "refused": [_refusal(each, policy) for each in derivation.refusals],
        "designRefused": _refusal(design, policy) if design else None,
        "designTools": list(derivation.design.tools),
        "designEditors": list(derivation.design.editors),
        "boughtIn": list(derivation.bought_in),
        "ignoredEvidence": [
            {"step": i.step, "sha256": i.sha256, "rule": i.rule, "why": i.why}
            for i in derivation.ignored
        ],
        "unformedParts": list(derivation.unformed_parts),
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _refusal(refusal: Refusal, policy: Policy) -> dict[str, object]:
    return {
        "claim": refusal.claim,
        "rules": list(refusal.rules),
        "reasons": [
            {"rule": each.rule, "says": each.says, "step": each.step, "part": each.part}
            for each in refusal.reasons
        ],
        "sources": {rule: policy.rules[rule].source for rule in refusal.rules},
        "allowed": refusal.allowed,
    }
