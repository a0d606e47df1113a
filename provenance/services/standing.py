"""How a certificate of ours stands now: the real checks over its stored file, and their words."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from provenance import keys
from provenance.models.certificate import Actor, Certificate
from provenance.questions import TagRead
from provenance.services import platform
from provenance.trust import Trust, read_did_document
from provenance.verdict import (
    CertificateAnswer,
    Facts,
    Headline,
    TagAnswer,
    headline,
    limit_words,
)
from provenance.verification import Verdict, verify


@dataclass(frozen=True)
class TagShown:
    """What brought the visitor: the tag that was read, what it proved, and since which day."""

    answer: TagAnswer = TagAnswer.NOT_SCANNED
    read: TagRead | None = None
    since: datetime | None = None


NO_TAG = TagShown()


@dataclass(frozen=True)
class Checked:
    """The verdict with its headline; `limit` completes "What this check cannot tell you:"."""

    verdict: Verdict
    headline: Headline
    limit: str
    at: datetime


def standing_of(certificate: Certificate, *, tag: TagShown = NO_TAG, now: datetime) -> Checked:
    """Check a certificate of ours as a stranger would, against our own key and lists.

    One query, for the file; the status lists are cached until a bit of them changes.
    """
    verdict = verify(
        file_of(certificate),
        trust=own_trust(),
        status_lists=platform.status_lists_of(certificate.status_batch, now=now),
        now=now,
        tag=tag.read,
    )
    facts = facts_of_verdict(verdict, certificate, tag)
    spoken = headline(tag.answer, verdict.answer, facts=facts)
    limit = limit_words(spoken.answer, certificate.piece.noun)
    return Checked(verdict, spoken, limit, now)


def file_of(certificate: Certificate) -> bytes:
    """The newest file of a certificate: the exact bytes we serve."""
    content = certificate.files.values_list("content", flat=True)[:1].get()
    return bytes(content)


def own_trust() -> Trust:
    """This site believes its own key, and no other."""
    return _trust_in(platform.did(), platform.signer().public_key)


@lru_cache(maxsize=4)
def _trust_in(did: str, public_key: bytes) -> Trust:
    return Trust(documents=(read_did_document(keys.did_document(did, keys=[public_key])),))


def facts_of_verdict(
    verdict: Verdict, certificate: Certificate | None, tag: TagShown = NO_TAG
) -> Facts:
    """What the headline may mention, from our row where the certificate is one of ours."""
    facts = Facts(
        kind=certificate.piece.noun if certificate else "piece",
        tag_on=timezone.localdate(tag.since) if tag.since else None,
    )
    if verdict.answer is CertificateAnswer.REVOKED and certificate:
        return replace(facts, by=_who(certificate), at=certificate.revoked_at)
    if verdict.answer is CertificateAnswer.FAILED:
        return replace(facts, reason=verdict.failed[0].reason)
    return facts


def _who(certificate: Certificate) -> str:
    return "maker" if certificate.revoked_by == Actor.MAKER else "issuer"
