"""Pausing a certificate, with a reason that is told; and lifting the pause again."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.certificate import Actor, Certificate, StatusBatch, Suspension
from provenance.services.events import record

TAKEN_OVER = "The platform paused the certificate itself."


class AlreadySuspendedError(ProvenanceError):
    """The certificate is paused; the first reason stands."""

    code = "already_suspended"


class CannotSuspendError(ProvenanceError):
    """A certificate that was withdrawn, or that a newer one replaces, is not paused beside."""

    code = "cannot_suspend"


class NotSuspendedError(ProvenanceError):
    """There is no pause to lift."""

    code = "not_suspended"


class SuspendedByPlatformError(ProvenanceError):
    """The platform paused the certificate; only the platform lifts that."""

    code = "suspended_by_platform"


@transaction.atomic
def suspend_certificate(
    *, certificate: Certificate, reason: str, actor: Actor, by: User | None
) -> Suspension:
    """Pause a certificate until somebody lifts it; every check says so from now on.

    The platform takes over a pause of the maker's, so that only the platform lifts it; `by` is
    None where it pauses by itself, and not one of its staff.
    Raises CannotSuspendError, or AlreadySuspendedError and the first reason stands.
    """
    now = timezone.now().replace(microsecond=0)
    # The row of the certificate is the turnstile for pausing, withdrawing and replacing it.
    certificate = _locked(certificate)
    _check_can_pause(certificate)
    standing = suspension_of(certificate)
    if standing and not (actor == Actor.STAFF and standing.by == Actor.MAKER):
        raise AlreadySuspendedError("this certificate is paused already; the first reason stands")
    if standing:
        _lift(standing, reason=TAKEN_OVER, actor=actor, by=by, now=now)
    suspension: Suspension = Suspension.objects.create(
        certificate=certificate, by=actor, reason=reason, since=now
    )
    _change_list(certificate)
    record(
        "certificate.suspended",
        by=by,
        maker=certificate.maker,
        piece=certificate.piece,
        facts=_facts(certificate, actor, reason),
        at=now,
    )
    return suspension


@transaction.atomic
def lift_suspension(*, certificate: Certificate, reason: str, actor: Actor, by: User) -> Suspension:
    """End the pause of a certificate. What the platform paused, only the platform lifts.

    A certificate that was withdrawn meanwhile stays so, and the record says no more of it.
    Raises NotSuspendedError or SuspendedByPlatformError.
    """
    now = timezone.now().replace(microsecond=0)
    certificate = _locked(certificate)
    standing = suspension_of(certificate)
    if standing is None:
        raise NotSuspendedError("this certificate is not paused")
    if actor == Actor.MAKER and standing.by == Actor.STAFF:
        raise SuspendedByPlatformError("the platform paused this certificate; ask it to lift that")
    return _lift(standing, reason=reason, actor=actor, by=by, now=now)


def suspension_of(certificate: Certificate) -> Suspension | None:
    """The pause that stands, if one does."""
    found: Suspension | None = (
        Suspension.objects.open().select_related("certificate").filter(certificate=certificate)
    ).first()
    return found


def _locked(certificate: Certificate) -> Certificate:
    found: Certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("piece__maker", "maker")
        .get(pk=certificate.pk)
    )
    return found


def _check_can_pause(certificate: Certificate) -> None:
    if certificate.revoked_at:
        raise CannotSuspendError("this certificate was withdrawn; there is nothing left to pause")
    if Certificate.objects.filter(supersedes=certificate).exists():
        raise CannotSuspendError("a newer certificate took the place of this one; pause that one")


def _lift(
    suspension: Suspension, *, reason: str, actor: Actor, by: User | None, now: datetime
) -> Suspension:
    suspension.lifted_at, suspension.lifted_by, suspension.lift_reason = now, actor, reason
    suspension.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    certificate = suspension.certificate
    _change_list(certificate)
    told: dict[str, Any] = {
        "by": by,
        "maker": certificate.maker,
        "piece": certificate.piece,
        "facts": _facts(certificate, actor, reason),
        "at": now,
    }
    if certificate.revoked_at:
        record("certificate.pause_ended", **told)
    else:
        record("certificate.reinstated", **told)
    return suspension


def _change_list(certificate: Certificate) -> None:
    StatusBatch.objects.filter(pk=certificate.status_batch_id).update(changes=F("changes") + 1)


def _facts(certificate: Certificate, actor: Actor, reason: str) -> dict[str, str]:
    return {"certificate": certificate.public_id, "actor": str(actor), "reason": reason}
