"""`python -m provenance verify | label | make-key | sign | sign-again`: without a site."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.bundle import documents_in, is_bundle, read_bundle
from provenance.canonical import BUNDLE_LIMIT, CERTIFICATE_LIMIT, JSONObject, parse_object
from provenance.credentials import read_time, text_of, write_time
from provenance.enclosed import PDF_LIMIT, bundle_in, is_pdf
from provenance.errors import BadKeyError, MalformedError, ProvenanceError
from provenance.keys import read_fingerprint
from provenance.label_command import print_label
from provenance.letters import seen
from provenance.sign_command import make_key, sign, sign_again
from provenance.standing import StatusLists
from provenance.trust import DidDocument, Trust, read_did_document
from provenance.verdict import CertificateAnswer, Facts, Headline, TagAnswer, headline
from provenance.verdict_facts import facts_of
from provenance.verification import Verdict, unread, verify

if TYPE_CHECKING:
    from provenance.online import Asked

UNREADABLE = 2
OF_THE_FILE_INSIDE = (
    "Checked was the file inside the PDF. What its pages show was not compared with it."
)
TOLD_ON_SITE = {
    CertificateAnswer.REVOKED: "Why stands at",
    CertificateAnswer.PAUSED: "Why stands at",
    CertificateAnswer.SUPERSEDED: "It leads to the newer one",
}


class UnreadableFileError(ProvenanceError):
    """A file on the command line that is not there, or not what it is meant to be."""

    code = "unreadable_file"


@dataclass(frozen=True)
class Evidence:
    """A file to judge, and what came along with it; `problem` says why it cannot be read."""

    certificate: bytes | JSONObject
    supplied: tuple[DidDocument, ...] = ()
    status_lists: StatusLists = field(default_factory=dict)
    is_from_pdf: bool = False
    problem: ProvenanceError | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command and return its exit code; 2 when something is unreadable."""
    options = _parser().parse_args(arguments)
    if options.command == "label":
        return print_label(options.file, as_json=options.json, now=datetime.now(UTC))
    if options.command == "make-key":
        return make_key(options.file, options.passphrase_file)
    if options.command == "sign":
        now = datetime.now(UTC)
        return sign(options.file, options.key, options.passphrase_file, options.out, now=now)
    if options.command == "sign-again":
        now = datetime.now(UTC)
        return sign_again(options.file, options.key, options.passphrase_file, options.out, now=now)
    return _verify(options)


def _verify(options: argparse.Namespace) -> int:
    try:
        evidence = _read_evidence(options.file)
        verdict, asked = _judge(options, evidence)
    except UnreadableFileError as problem:
        print(f"provenance: {problem}", file=sys.stderr)
        if options.json:
            told = {"exitCode": UNREADABLE, "problem": str(problem)}
            print(json.dumps(told, indent=2, ensure_ascii=False))
        return UNREADABLE
    for each in asked:
        if each.problem:
            print(f"provenance: {seen(each.url)}: {each.problem}", file=sys.stderr)
    told = _as_facts(verdict, evidence)
    if options.online:
        told["online"] = [{"url": each.url, "problem": each.problem} for each in asked]
    words = json.dumps(told, indent=2, ensure_ascii=False)
    print(words if options.json else _as_words(verdict, evidence, asked))
    return verdict.exit_code


def _judge(options: argparse.Namespace, evidence: Evidence) -> tuple[Verdict, Sequence["Asked"]]:
    """The verdict, and which addresses were asked for it."""
    trust, now = _trust(options, evidence.supplied), options.at or datetime.now(UTC)
    lists = evidence.status_lists
    if evidence.problem:
        return unread(evidence.problem), ()
    if not options.online or not isinstance(evidence.certificate, dict):
        return verify(evidence.certificate, trust=trust, status_lists=lists, now=now), ()
    # Without --online no line is loaded that could reach a network.
    from provenance.online import verify_online

    return verify_online(evidence.certificate, trust=trust, status_lists=lists, now=now)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m provenance",
        description="Check a certificate without its site: eleven questions, each with its reason.",
        epilog="exit codes: 0 every needed check passed, 1 a check failed, 2 unreadable or wrong "
        "usage, 3 nothing failed but something needed could not be checked",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("verify", help="check a certificate, a bundle or a PDF")
    asked.add_argument("file", type=Path, metavar="FILE", help="one of these, as downloaded")
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
    asked.add_argument(
        "--online",
        action="store_true",
        help="ask the issuer's own site, believe its keys, and how the certificate stands now",
    )
    asked.add_argument("--json", action="store_true", help="the same answers for a program")
    _add_keys(commands)
    made = commands.add_parser("label", help="derive the making label of a record")
    made.add_argument("file", type=Path, metavar="FILE", help="a subject, certificate or bundle")
    made.add_argument("--json", action="store_true", help="the same answers for a program")
    return parser


def _add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    made = commands.add_parser("make-key", help="make a maker's own key in an encrypted file")
    made.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")
    asked = commands.add_parser("sign", help="sign what a site prepared; prints the proof")
    asked.add_argument("file", type=Path, metavar="BODY", help="what to sign, as downloaded")
    again = commands.add_parser("sign-again", help="sign earlier certificates with a new key")
    again.add_argument("file", type=Path, metavar="SHEET", help="one to a line, as downloaded")
    for each in (asked, again):
        each.add_argument("--key", type=Path, metavar="FILE", required=True, help="the key file")
        each.add_argument("--out", type=Path, metavar="FILE", help="where the proofs go")
    for each in (made, asked, again):
        each.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="else it is asked for"
        )


def _fingerprint(text: str) -> str:
    try:
        return read_fingerprint(text)
    except BadKeyError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _moment(text: str) -> datetime:
    try:
        moment = read_time(text)
    except MalformedError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem
    # A calendar ends, and days are counted to both sides of the moment.
    if not 1 < moment.year < 9999:
        raise argparse.ArgumentTypeError("no certificate is of that year")
    return moment


def _trust(options: argparse.Namespace, bundled: tuple[DidDocument, ...]) -> Trust:
    return Trust(
        documents=tuple(_read_document(path) for path in options.trust),
        fingerprints=frozenset(options.trust_key),
        supplied=(*(_read_document(path) for path in options.did), *bundled),
    )


def _read_evidence(path: Path) -> Evidence:
    data = _read_file(path)
    if not is_pdf(data):
        return _evidence_in(data, path)
    try:
        return replace(_evidence_in(bundle_in(data), path), is_from_pdf=True)
    except UnreadableFileError:
        raise
    except ProvenanceError as problem:
        raise UnreadableFileError(f"{path}: {problem}") from problem


def _evidence_in(data: bytes, path: Path) -> Evidence:
    try:
        value = parse_object(data, limit=BUNDLE_LIMIT)
    except ProvenanceError as problem:
        return Evidence(data, problem=problem)  # the first check says what is wrong with it
    if not is_bundle(value):
        return Evidence(value if len(data) <= CERTIFICATE_LIMIT else data)
    try:
        bundle = read_bundle(value)
        supplied = documents_in(bundle)
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
            return file.read(PDF_LIMIT + 1)
    except (OSError, ValueError) as problem:
        raise UnreadableFileError(f"{path}: it cannot be read") from problem


def spoken_of(verdict: Verdict) -> Headline:
    """The headline of a verdict on a file, from nothing but the verdict."""
    return headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts_of(verdict, Facts()))


def _place_of(certificate: bytes | JSONObject) -> str:
    """Where its site tells of a certificate; only a verdict says whether that can be believed."""
    try:
        document = parse_object(certificate) if isinstance(certificate, bytes) else certificate
        return text_of(document, "id")
    except ProvenanceError:
        return ""


def _as_words(verdict: Verdict, evidence: Evidence, asked: Sequence["Asked"]) -> str:
    lines = [
        f"{check.number:2}. {check.name}: {check.outcome}\n    {check.reason}"
        for check in verdict.checks
    ]
    spoken, place = spoken_of(verdict), _place_of(evidence.certificate)
    lines += ["", f"{spoken.title} {spoken.line}".rstrip()]
    # Where the key is not believed, neither is the address.
    if place and verdict.answer in TOLD_ON_SITE and not verdict.needed_not_checked:
        lines.append(f"{TOLD_ON_SITE[verdict.answer]}: {place}")
    if verdict.fingerprint:
        lines.append(f"Fingerprint of the issuer's key: {verdict.fingerprint}")
    if asked:
        # The file says which site that is, so only its reader can tell whether it is the right one.
        site = "/".join(asked[0].url.split("/")[:3])
        lines.append(f"Asked was the site that the file names: {site}. Is it the one on the card?")
    if evidence.is_from_pdf:
        lines.append(OF_THE_FILE_INSIDE)
    return "\n".join(lines)


def _as_facts(verdict: Verdict, evidence: Evidence) -> dict[str, object]:
    spoken = spoken_of(verdict)
    return {
        "answer": verdict.answer,
        "exitCode": verdict.exit_code,
        "headline": {"title": spoken.title, "line": spoken.line},
        "fingerprint": verdict.fingerprint,
        "statusAsOf": _written(verdict.status_as_of),
        "unreliableSince": _written(verdict.unreliable_since),
        "fromPdf": evidence.is_from_pdf,
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


def _written(moment: datetime | None) -> str | None:
    return write_time(moment) if moment else None


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
