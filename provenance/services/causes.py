"""Why a certificate of ours does not simply stand: since when, by whom, and in whose words."""

from dataclasses import dataclass
from datetime import datetime

from provenance.canonical import parse_object
from provenance.credentials import subject_of
from provenance.models.certificate import Actor, Certificate
from provenance.services.lineage import newest_of
from provenance.services.suspend import suspension_of
from provenance.verdict import CertificateAnswer


@dataclass(frozen=True)
class Cause:
    """What stands behind an answer: an act of the maker or of the staff.

    `newer` is the newest certificate of the piece, where this one is not it.
    """

    answer: CertificateAnswer
    at: datetime
    by: Actor
    reason: str
    newer: Certificate | None = None


def cause_of(certificate: Certificate, answer: CertificateAnswer) -> Cause | None:
    """The cause of an answer, as far as this site has acted; None where it has not."""
    if certificate.revoked_at:
        return _withdrawn(certificate, certificate.revoked_at)
    if answer is CertificateAnswer.PAUSED:
        return _paused(certificate)
    if answer is CertificateAnswer.SUPERSEDED:
        return _superseded(certificate)
    return None


def reason_of(certificate: Certificate) -> str:
    """Why this certificate took the place of another, as it was signed; "" for a first."""
    stated = subject_of(parse_object(bytes(certificate.body))).get("supersedes")
    return str(stated.get("reason", "")) if isinstance(stated, dict) else ""


def _withdrawn(certificate: Certificate, at: datetime) -> Cause:
    answer, by = CertificateAnswer.REVOKED, Actor(certificate.revoked_by)
    return Cause(answer, at, by, certificate.revocation_reason, _newer(certificate))


def _paused(certificate: Certificate) -> Cause | None:
    pause = suspension_of(certificate)
    if pause is None:
        return None
    return Cause(CertificateAnswer.PAUSED, pause.since, Actor(pause.by), pause.reason)


def _superseded(certificate: Certificate) -> Cause | None:
    newer = _newer(certificate)
    if newer is None:
        return None
    reason = reason_of(newer)
    return Cause(CertificateAnswer.SUPERSEDED, newer.valid_from, Actor.MAKER, reason, newer)


def _newer(certificate: Certificate) -> Certificate | None:
    newest = newest_of(certificate.piece)
    return None if newest.pk == certificate.pk else newest
