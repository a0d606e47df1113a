"""The verdict on a certificate: eleven checks in their order, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from provenance.canonical import JSONObject, parse_object
from provenance.case import Case, TagRead, ask
from provenance.credentials import CLOCK_SKEW
from provenance.errors import MalformedError, ProvenanceError, TooLargeError
from provenance.findings import Finding, failed, not_checked, reason_of
from provenance.phrases import say, sentence
from provenance.questions import QUESTIONS
from provenance.standing import StatusLists
from provenance.trust import Trust
from provenance.verdict import ORDER, CertificateAnswer

_ALWAYS_NEEDED = frozenset({1, 2, 3, 4, 6, 7, 8})


class Outcome(StrEnum):
    """How a check ended; "not checked" is never "passed"."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Check:
    """One check of the eleven; `is_needed` tells whether an open one leaves the verdict open."""

    number: int
    name: str
    outcome: Outcome
    reason: str
    is_needed: bool = True


@dataclass(frozen=True)
class Verdict:
    """All eleven checks and the answer they make; `fingerprint` is of the issuer's key.

    `unreliable_since` is the moment from which a stolen key proves nothing, where one did.
    """

    checks: tuple[Check, ...]
    answer: CertificateAnswer
    fingerprint: str | None = None
    status_as_of: datetime | None = None
    is_readable: bool = True
    unreliable_since: datetime | None = None

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.outcome is Outcome.FAILED)

    @property
    def needed_not_checked(self) -> tuple[Check, ...]:
        """The checks that this certificate needs and that could not be made."""
        return tuple(
            check
            for check in self.checks
            if check.is_needed and check.outcome is Outcome.NOT_CHECKED
        )

    @property
    def exit_code(self) -> int:
        """0 all needed checks passed, 1 one failed, 2 unreadable, 3 one needed is open."""
        if not self.is_readable:
            return 2
        if self.failed:
            return 1
        return 3 if self.needed_not_checked else 0


def verify(
    certificate: bytes | JSONObject,
    *,
    trust: Trust,
    status_lists: StatusLists,
    now: datetime,
    tag: TagRead | None = None,
) -> Verdict:
    """Check a certificate at an aware moment, and say every reason; never stops, never raises.

    1. It is well formed and within the subset.   7. It is not withdrawn (nor superseded).
    2. Its contexts are exactly ours.             8. It is not suspended.
    3. We know the issuer.                        9. It is in the public log.
    4. The platform's proof holds.               10. Its making label follows from its record.
    5. The maker's proof holds.                  11. The tag that was read belongs to it.
    6. Its dates make sense.

    `status_lists` are status list credentials by their URL. A key that merely came with the
    file proves nothing: check 3 stays open, and the answer is `unconfirmed`.
    """
    try:
        document = parse_object(certificate) if isinstance(certificate, bytes) else certificate
    except ProvenanceError as problem:
        return unread(problem)
    case = Case(document, trust, status_lists, now, tag)
    findings = [ask(question, case) for _, question in QUESTIONS]
    return Verdict(
        checks=_numbered(findings),
        answer=_answer(findings),
        fingerprint=_fingerprint(case),
        status_as_of=_oldest(case),
        unreliable_since=min((each.since for each in findings if each.since), default=None),
    )


_OUTCOMES = {True: Outcome.PASSED, False: Outcome.FAILED, None: Outcome.NOT_CHECKED}


def _numbered(findings: list[Finding]) -> tuple[Check, ...]:
    return tuple(
        Check(number, name, _OUTCOMES[finding.holds], finding.reason, finding.is_needed)
        for number, ((name, _), finding) in enumerate(zip(QUESTIONS, findings, strict=True), 1)
    )


def _answer(findings: list[Finding]) -> CertificateAnswer:
    answers = {finding.answer for finding in findings if finding.answer}
    if any(each.is_needed and each.holds is None for each in findings):
        answers.add(CertificateAnswer.UNCONFIRMED)
    return min(answers, key=ORDER.index, default=CertificateAnswer.CURRENT)


def left_open(verdict: Verdict, reasons: Mapping[int, str]) -> Verdict:
    """The verdict where some checks, by number, could not be made in full, each with its reason.

    What failed has failed all the same; what passed on old knowledge alone is "not checked".
    """
    checks = tuple(
        replace(check, outcome=Outcome.NOT_CHECKED, reason=sentence(reasons[check.number]))
        if check.number in reasons and check.outcome is not Outcome.FAILED
        else check
        for check in verdict.checks
    )
    left = replace(verdict, checks=checks)
    if not left.needed_not_checked:
        return left
    answers = {left.answer, CertificateAnswer.UNCONFIRMED} - {CertificateAnswer.CURRENT}
    return replace(left, answer=min(answers, key=ORDER.index))


def unread(problem: ProvenanceError) -> Verdict:
    """The verdict on a file that could not even be read, for the reason that reading it gave."""
    later = say("the file could not be read")
    findings = [failed(reason_of(problem))]
    findings += [not_checked(later, is_needed=n in _ALWAYS_NEEDED) for n in range(2, 12)]
    is_readable = not isinstance(problem, MalformedError | TooLargeError)
    return Verdict(_numbered(findings), CertificateAnswer.FAILED, is_readable=is_readable)


def _fingerprint(case: Case) -> str | None:
    try:
        return case.issuer_key.fingerprint if case.issuer_key else None
    except ProvenanceError:
        return None


def _oldest(case: Case) -> datetime | None:
    """Since when the whole status is known; None where one of the lists has no say in it."""
    try:
        moments = [standing.as_of for standing in case.standings.values()]
    except ProvenanceError:
        return None
    known = [moment for moment in moments if moment and moment <= case.now + CLOCK_SKEW]
    return min(known) if len(known) == len(moments) else None
