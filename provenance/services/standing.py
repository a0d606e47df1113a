"""How a certificate of ours stands now: the real checks over its stored file, and their words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from provenance.case import TagRead
from provenance.models.certificate import (
    Actor,
    Certificate,
    CertificateFile,
    CertificateProof,
    ProofKind,
)
from provenance.services import keyring, platform
from provenance.services.causes import Cause, cause_of
from provenance.verdict import (
    CertificateAnswer,
    Facts,
    Headline,
    TagAnswer,
    headline,
    limit_words,
)
from provenance.verdict_facts import facts_of
from provenance.verdict_unreliable import LostKey
from provenance.verification import Verdict, verify


@dataclass(frozen=True)
class TagShown:
    """What brought the visitor: the tag that was read, what it proved, and since which day.

    A tap was made some time `ago` and is `of_one_visitor`: its page is made for nobody else.
    `notes` are sentences about how often the tag was read.
    """

    answer: TagAnswer = TagAnswer.NOT_SCANNED
    read: TagRead | None = None
    since: datetime | None = None
    ago: timedelta | None = None
    notes: tuple[str, ...] = ()
    is_of_one_visitor: bool = False


NO_TAG = TagShown()
_PROOF_BY = {LostKey.PLATFORM: ProofKind.PLATFORM, LostKey.MAKER: ProofKind.MAKER}


@dataclass(frozen=True)
class Checked:
    """The verdict with its headline; `limit` completes "What this check cannot tell you:"."""

    verdict: Verdict
    headline: Headline
    limit: str
    at: datetime
    cause: Cause | None = None


def standing_of(certificate: Certificate, *, tag: TagShown = NO_TAG, now: datetime) -> Checked:
    """Check a certificate of ours as a stranger would, against our own key and lists.

    One query, for the file, and few more where its cause has to be told; the status lists are
    cached until a bit of them changes.
    """
    verdict = verify(
        file_of(certificate),
        trust=platform.own_trust(),
        status_lists=platform.status_lists_of(certificate.status_batch, now=now),
        now=now,
        tag=tag.read,
    )
    cause = cause_of(certificate, verdict.answer)
    facts = facts_of_verdict(verdict, certificate, cause, tag)
    spoken = headline(tag.answer, verdict.answer, facts=facts)
    limit = limit_words(spoken.answer, facts)
    return Checked(verdict, spoken, limit, now, cause)


def headlines_of(certificates: Sequence[Certificate], *, now: datetime) -> dict[int, Headline]:
    """What is said first of each of many certificates of ours, by its row; one query for all.

    They come with their `status_batch`. Who acted, when and why is told where each stands alone.
    """
    trust, files = platform.own_trust(), _newest_files(certificates)
    lists = {
        batch: platform.status_lists_of(batch, now=now)
        for batch in {each.status_batch for each in certificates}
    }
    verdicts = {
        each.pk: verify(files[each.pk], trust=trust, status_lists=lists[each.status_batch], now=now)
        for each in certificates
    }
    return {
        row: headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts_of(verdict, Facts()))
        for row, verdict in verdicts.items()
    }


def _newest_files(certificates: Sequence[Certificate]) -> dict[int, bytes]:
    files = CertificateFile.objects.filter(certificate__in=certificates).order_by("pk")
    # The last of a certificate is its newest.
    return {row: bytes(content) for row, content in files.values_list("certificate", "content")}


def file_of(certificate: Certificate) -> bytes:
    """The newest file of a certificate: the exact bytes we serve."""
    content = certificate.files.values_list("content", flat=True)[:1].get()
    return bytes(content)


def facts_of_verdict(
    verdict: Verdict,
    certificate: Certificate | None,
    cause: Cause | None,
    tag: TagShown = NO_TAG,
) -> Facts:
    """What the headline may mention, from our row where the certificate is one of ours."""
    shown = Facts(
        kind=certificate.piece.noun if certificate else "piece",
        tag_on=timezone.localdate(tag.since) if tag.since else None,
        tapped_ago=tag.ago,
    )
    facts = facts_of(verdict, shown)
    if cause and cause.answer is verdict.answer:
        # The reason has more room below the headline.
        version = cause.newer.version if cause.newer else None
        return replace(facts, by=_who(cause), at=cause.at, version=version)
    if verdict.answer is CertificateAnswer.UNRELIABLE:
        return replace(facts, reason=_why_unreliable(verdict, facts, certificate) or None)
    return facts


def _why_unreliable(verdict: Verdict, facts: Facts, certificate: Certificate | None) -> str:
    """What was said of the stolen key, of those that its owner signed with; the newest first."""
    signed = CertificateProof.objects.filter(certificate=certificate).order_by("-pk")
    if facts.lost_key:
        signed = signed.filter(kind=_PROOF_BY[facts.lost_key])
    methods = signed.values_list("verification_method", flat=True)
    return keyring.keyring().reason_of(verdict.unreliable_since, methods)


def _who(cause: Cause) -> str:
    return "maker" if cause.by == Actor.MAKER else "issuer"
