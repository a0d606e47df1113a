"""Withdrawing a certificate: once, with a reason, for ever."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.certificate import Actor, Certificate, StatusBatch
from provenance.services.events import record


class AlreadyRevokedError(ProvenanceError):
    """The certificate was withdrawn before."""

    code = "already_revoked"


@transaction.atomic
def revoke_certificate(
    *, certificate: Certificate, reason: str, actor: Actor, by: User
) -> Certificate:
    """Withdraw a certificate. Raises AlreadyRevokedError; the first reason stands."""
    now = timezone.now().replace(microsecond=0)
    moved = Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by=actor, revocation_reason=reason
    )
    if not moved:
        raise AlreadyRevokedError("this certificate was withdrawn before")
    StatusBatch.objects.filter(pk=certificate.status_batch_id).update(changes=F("changes") + 1)
    record(
        "certificate.revoked",
        by=by,
        maker=certificate.maker,
        piece=certificate.piece,
        facts={"certificate": certificate.public_id, "actor": str(actor), "reason": reason},
        at=now,
    )
    certificate.refresh_from_db(fields=["revoked_at", "revoked_by", "revocation_reason"])
    return certificate
