"""Correcting what is signed: a draft of the next certificate, which takes the last one's place."""

from copy import copy
from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Model

from provenance.errors import ProvenanceError
from provenance.identifiers import new_public_id
from provenance.models.certificate import Certificate, StatusBatch
from provenance.models.details import Mark, Part, Sourcing, Stone
from provenance.models.making import MakingStep, StepEvidence
from provenance.models.piece import Photograph, Piece
from provenance.services.alterations import NotSignedYetError
from provenance.services.details import columns_of, write_details
from provenance.services.events import record
from provenance.services.facts import facts_of
from provenance.services.lineage import check_may_follow
from provenance.services.register import SignedPieceError

Row = TypeVar("Row", Photograph, MakingStep, StepEvidence)


class NotARevisionError(ProvenanceError):
    """A draft of a new piece corrects nothing, so there is no correction to give up."""

    code = "not_a_revision"


@transaction.atomic
def open_revision(*, piece: Piece, reason: str, by: User) -> Piece:
    """Begin the draft of a signed piece's next certificate: all that the last one says, to correct.

    The signed certificate stands as it is until the draft is signed. One draft is open at most:
    asked again, it is that one, and its first reason stands. Raises NotSignedYetError,
    CertificateSuspendedError or WithdrawnByPlatformError.
    """
    if not piece.is_issued:
        raise NotSignedYetError("this piece is a draft; change it instead")
    check_may_follow(piece)
    if standing := revision_of(piece):
        return standing
    draft = _copied_draft(piece, reason)
    record("piece.revision_opened", by=by, maker=piece.maker, piece=piece, facts={"reason": reason})
    return draft


@transaction.atomic
def discard_revision(*, draft: Piece, by: User) -> Piece:
    """Give a correction up; the certificate never changed. Returns the piece.

    Raises NotARevisionError, or SignedPieceError for a correction that is signed.
    """
    if draft.revises is None:
        raise NotARevisionError("this draft corrects no certificate")
    locked = Piece.objects.select_for_update().get(pk=draft.pk)
    if locked.is_issued:
        raise SignedPieceError("this correction is signed; it can no longer be given up")
    locked.delete()
    record("piece.revision_discarded", by=by, maker=draft.maker, piece=draft.revises)
    return draft.revises


def revision_of(piece: Piece) -> Piece | None:
    """The correction of a signed piece that is open, if one is."""
    found: Piece | None = piece.revisions.drafts().select_related("maker", "revises").first()
    return found


def settle(draft: Piece, certificate: Certificate, *, by: User, now: datetime) -> None:
    """After a draft is signed: where it corrects a piece, the piece has these facts from now on.

    Call it in the transaction that signed. What the certificate before names stays on file.
    """
    piece, before = draft.revises, certificate.supersedes
    if piece is None or before is None:
        return
    columns = columns_of(facts_of(draft))
    Piece.objects.filter(pk=piece.pk).update(revision=F("revision") + 1, changed_at=now, **columns)
    for details in (Part, Stone, Mark, Sourcing):
        details.objects.filter(piece=piece).delete()
        details.objects.filter(piece=draft).update(piece=piece)
    _settle_photographs(draft, piece, now)
    _settle_steps(draft, piece)
    piece.alterations.filter(certificate__isnull=True).update(certificate=certificate)
    StatusBatch.objects.filter(pk=before.status_batch_id).update(changes=F("changes") + 1)
    facts = {
        "certificate": before.public_id,
        "successor": certificate.public_id,
        "reason": draft.revision_reason,
    }
    record("certificate.superseded", by=by, maker=piece.maker, piece=piece, facts=facts, at=now)


# -- from the piece to its draft ----------------------------------------------------------------


def _copied_draft(piece: Piece, reason: str) -> Piece:
    facts = facts_of(piece)
    draft: Piece = Piece.objects.create(
        maker=piece.maker, revises=piece, revision_reason=reason, **columns_of(facts)
    )
    write_details([(draft, facts)])
    Photograph.objects.bulk_create(_copy(each, piece=draft) for each in piece.photographs.all())
    for step in piece.steps.prefetch_related("evidence"):
        copied = _copy(step, piece=draft)
        copied.save()
        StepEvidence.objects.bulk_create(
            _copy(item, piece=draft, step=copied) for item in step.evidence.all()
        )
    return draft


def _copy(row: Row, **owners: Model) -> Row:
    """The same row for other owners, not yet saved; a step alone has no address of its own."""
    copied = copy(row)
    copied.pk, copied._state.adding = None, True
    if not isinstance(copied, MakingStep):
        copied.public_id = new_public_id()
    for name, owner in owners.items():
        setattr(copied, name, owner)
    return copied


# -- from the draft to the piece ----------------------------------------------------------------


def _settle_photographs(draft: Piece, piece: Piece, now: datetime) -> None:
    """Those named anew keep their address; those not named any more are replaced, not gone."""
    kept = {(each.role, each.sha256): each for each in piece.photographs.all()}
    drafted = list(draft.photographs.all())
    again = [kept.pop((each.role, each.sha256), None) for each in drafted]
    Photograph.objects.filter(pk__in=[each.pk for each in kept.values()]).update(replaced_at=now)
    for each, before in zip(drafted, again, strict=True):
        _take_place(each, before)
        each.piece = piece
        each.save(update_fields=["piece", "public_id"])


def _settle_steps(draft: Piece, piece: Piece) -> None:
    kept = {item.sha256: item for item in StepEvidence.objects.filter(piece=piece)}
    StepEvidence.objects.filter(piece=piece).update(step=None)
    MakingStep.objects.filter(piece=piece).delete()
    MakingStep.objects.filter(piece=draft).update(piece=piece)
    for item in StepEvidence.objects.filter(piece=draft):
        _take_place(item, kept.get(item.sha256))
        item.piece = piece
        item.save(update_fields=["piece", "public_id"])


def _take_place(row: Photograph | StepEvidence, before: Photograph | StepEvidence | None) -> None:
    """The same file answers under the same address as before."""
    if before:
        row.public_id = before.public_id
        before.delete()
