"""What a question asked of a certificate can find, and how each finding is said."""

from dataclasses import dataclass
from datetime import datetime

from provenance.errors import ProvenanceError
from provenance.phrases import say, sentence, term
from provenance.trust import KnownKey
from provenance.verdict import CertificateAnswer


@dataclass(frozen=True)
class Finding:
    """What a question found: whether it holds, None when it could not be asked, and why.

    `since` is the moment from which a stolen key proves nothing, when that is the answer.
    """

    holds: bool | None
    reason: str
    is_needed: bool = True
    answer: CertificateAnswer | None = None
    since: datetime | None = None


def passed(reason: str) -> Finding:
    """It holds."""
    return Finding(True, reason)


def failed(reason: str, answer: CertificateAnswer = CertificateAnswer.FAILED) -> Finding:
    """It does not hold, and so the certificate as a whole gets this answer."""
    return Finding(False, sentence(reason), answer=answer)


def unreliable(reason: str, since: datetime) -> Finding:
    """It says nothing any more: from this moment on the key proves nothing."""
    answer = CertificateAnswer.UNRELIABLE
    return Finding(False, sentence(reason), answer=answer, since=since)


def not_checked(reason: str, *, is_needed: bool = True) -> Finding:
    """It could not be asked."""
    return Finding(None, sentence(reason), is_needed)


def reason_of(problem: ProvenanceError) -> str:
    """What one of our errors says, as a page in any tongue may say it."""
    return term(str(problem), "error")


def withdrawn(key: KnownKey) -> Finding:
    """What a key that is good no longer makes of the proofs under it."""
    if key.revoked is None:
        return failed(say("its key was withdrawn since"), CertificateAnswer.UNRELIABLE)
    stolen = say("its key was reported stolen as of %(moment)s", moment=minute_of(key.revoked))
    return unreliable(stolen, key.revoked)


def minute_of(moment: datetime | None) -> str:
    """A moment as a finding tells it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else say("an unknown moment")
