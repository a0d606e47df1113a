"""`python -m provenance verify | label FILE`: answers on a laptop, without site or database."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from provenance.bundle import is_bundle, read_bundle
from provenance.canonical import BUNDLE_LIMIT, JSONObject, parse_object
from provenance.credentials import read_time, write_time
from provenance.errors import BadKeyError, MalformedError, ProvenanceError
from provenance.keys import read_fingerprint
from provenance.label_command import print_label
from provenance.standing import StatusLists
from provenance.trust import DidDocument, Trust, read_did_document
from provenance.verdict import CertificateAnswer, Facts, Headline, TagAnswer, headline
from provenance.verification import Verdict, verify

UNREADABLE = 2


class UnreadableFileError(ProvenanceError):
    """A file on the command line that is not there, or not what it is meant to be."""

    code = "unreadable_file"


@dataclass(frozen=True)
class Evidence:
    """A file to judge, and what came along with it."""

    certificate: bytes | JSONObject
    supplied: tuple[DidDocument, ...]
    status_lists: StatusLists


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command and return its exit code; 2 when something is unreadable."""
    options = _parser().parse_args(arguments)
    if options.command == "label":
        return print_label(options.file, as_json=options.json, now=datetime.now(UTC))
    return _verify(options)


def _verify(options: argparse.Namespace) -> int:
    try:
        evidence = _read_evidence(options.file)
        verdict = verify(
            evidence.certificate,
            trust=_trust(options, evidence.supplied),
            status_lists=evidence.status_lists,
            now=options.at or datetime.now(UTC),
        )
    except UnreadableFileError as problem:
        print(f"provenance: {problem}", file=sys.stderr)
        return UNREADABLE
    print(_as_json(verdict) if options.json else _as_words(verdict))
    return verdict.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m provenance",
        description="Check a certificate without its site: eleven questions, each with its reason.",
        epilog="exit codes: 0 every needed check passed, 1 a check failed, 2 unreadable or wrong "
        "usage, 3 nothing failed but something needed could not be checked",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("verify", help="check a certificate or a bundle")
    asked.add_argument("file", type=Path, metavar="FILE", help="a certificate or a bundle")
    for option, told in (("--trust", "you believe"), ("--did", "that is merely at hand")):
        asked.add_argument(
            option,
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help=f"a DID document {told}",
        )
    asked.add_argument(
        "--trust-key",
        type=_fingerprint,
        action="append",
        default=[],
        metavar="FINGERPRINT",
        help="the fingerprint on the card: 8 groups of 4 hex digits",
    )
    asked.add_argument("--at", type=_moment, metavar="TIME", help="2026-11-20T09:30:00Z; else now")
    asked.add_argument("--json", action="store_true", help="the same answers for a program")
    made = commands.add_parser("label", help="derive the making label of a record")
    made.add_argument("file", type=Path, metavar="FILE", help="a subject, certificate or bundle")
    made.add_argument("--json", action="store_true", help="the same answers for a program")
    return parser


def _fingerprint(text: str) -> str:
    try:
        return read_fingerprint(text)
    except BadKeyError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _moment(text: str) -> datetime:
    try:
        return read_time(text)
    except MalformedError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _trust(options: argparse.Namespace, bundled: tuple[DidDocument, ...]) -> Trust:
    return Trust(
        documents=tuple(_read_document(path) for path in options.trust),
        fingerprints=frozenset(options.trust_key),
        supplied=(*(_read_document(path) for path in options.did), *bundled),
    )


def _read_evidence(path: Path) -> Evidence:
    data = _read_file(path)
    try:
        value = parse_object(data, limit=BUNDLE_LIMIT)
    except ProvenanceError:
        return Evidence(data, (), {})  # the first check says what is wrong with it
    if not is_bundle(value):
        return Evidence(data, (), {})
    try:
        bundle = read_bundle(value)
        supplied = tuple(read_did_document(document) for document in bundle.did_documents)
    except ProvenanceError as problem:
        raise UnreadableFileError(f"{path}: {problem}") from problem
    return Evidence(bundle.certificate, supplied, bundle.status_lists)


def _read_document(path: Path) -> DidDocument:
    try:
        return read_did_document(parse_object(_read_file(path)))
    except UnreadableFileError:
        raise
    except ProvenanceError as problem:
        raise UnreadableFileError(f"{path}: {problem}") from problem


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(BUNDLE_LIMIT + 1)
    except (OSError, ValueError) as problem:
        raise UnreadableFileError(f"{path}: it cannot be read") from problem


def _headline(verdict: Verdict) -> Headline:
    return headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=_facts(verdict))


def _facts(verdict: Verdict) -> Facts:
    if verdict.answer is CertificateAnswer.UNCONFIRMED:
        return Facts(at=verdict.status_as_of)
    if verdict.answer is CertificateAnswer.FAILED:
        return Facts(reason=verdict.failed[0].reason)
    return Facts()


def _as_words(verdict: Verdict) -> str:
    lines = [
        f"{check.number:2}. {check.name}: {check.outcome}\n    {check.reason}"
        for check in verdict.checks
    ]
    spoken = _headline(verdict)
    lines += ["", f"{spoken.title} {spoken.line}".rstrip()]
    if verdict.fingerprint:
        lines.append(f"Fingerprint of the issuer's key: {verdict.fingerprint}")
    return "\n".join(lines)


def _as_json(verdict: Verdict) -> str:
    spoken = _headline(verdict)
    told = {
        "answer": verdict.answer,
        "exitCode": verdict.exit_code,
        "headline": {"title": spoken.title, "line": spoken.line},
        "fingerprint": verdict.fingerprint,
        "statusAsOf": write_time(verdict.status_as_of) if verdict.status_as_of else None,
        "checks": [
            {
                "number": check.number,
                "name": check.name,
                "outcome": check.outcome,
                "reason": check.reason,
                "needed": check.is_needed,
            }
            for check in verdict.checks
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _run() -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows only ASCII shows a question mark, not a traceback.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader left early (`| head`); Python must not try to flush for it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREADABLE
    return code


if __name__ == "__main__":
    sys.exit(_run())
