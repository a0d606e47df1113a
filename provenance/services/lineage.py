"""Which certificate follows which: the line of a piece's certificates, and who may continue it."""

from typing import Any

from django.conf import settings

from provenance.canonical import JSONObject
from provenance.credentials import certificate_url
from provenance.errors import ProvenanceError
from provenance.models.certificate import Actor, Certificate, Suspension
from provenance.models.piece import Piece


class CertificateSuspendedError(ProvenanceError):
    """A certificate that is paused is not replaced: the pause would be gone with it."""

    code = "certificate_suspended"


class WithdrawnByPlatformError(ProvenanceError):
    """What the platform withdrew, its maker does not certify anew."""

    code = "withdrawn_by_platform"


def newest_of(piece: Piece) -> Certificate:
    """The certificate of a signed piece that none replaces."""
    found: Certificate = Certificate.objects.current().get(piece=piece)
    return found


def check_may_follow(piece: Piece) -> None:
    """Raise the error that keeps a signed piece from a newer certificate.

    Locks the piece and its newest certificate, so that no pause, withdrawal or other newer one
    comes between this and the end of the transaction.
    """
    Piece.objects.select_for_update().get(pk=piece.pk)
    newest = Certificate.objects.select_for_update().get(pk=newest_of(piece).pk)
    if newest.revoked_by == Actor.STAFF:
        raise WithdrawnByPlatformError("the platform withdrew this certificate; ask it first")
    if Suspension.objects.open().filter(certificate=newest).exists():
        raise CertificateSuspendedError("this certificate is paused; lift the pause first")


def lineage_of(draft: Piece) -> dict[str, Any]:
    """Whose certificate this draft makes, and where in the line: columns of its row."""
    if draft.revises is None:
        return {"piece": draft}
    newest = newest_of(draft.revises)
    return {"piece": draft.revises, "version": newest.version + 1, "supersedes": newest}


def stated_lineage(draft: Piece) -> JSONObject:
    """What the signed subject says of the certificate whose place it takes; empty for a first."""
    if draft.revises is None:
        return {}
    newest = newest_of(draft.revises)
    return {
        "supersedes": {
            "id": certificate_url(settings.SITE_URL, newest.public_id),
            "digest": bytes(newest.digest).hex(),
            "version": newest.version,
            "reason": draft.revision_reason,
        }
    }
