"""Keeping: the claim code of a card, and the claim that spends it."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.keeping import ClaimCode, Custody, Keeper
from provenance.models.piece import Piece
from provenance.services.events import record


class AlreadyClaimedError(ProvenanceError):
    """The piece has a keeper; a card cannot make another."""

    code = "already_claimed"


class WrongClaimCodeError(ProvenanceError):
    """No card carries this code, or a later card replaced it, or it was used."""

    code = "wrong_claim_code"


@transaction.atomic
def put_claim_code(*, piece: Piece, code_hash: bytes, by: User) -> ClaimCode:
    """Let a freshly printed code (32-byte hash) stand, and void the unclaimed one before it."""
    now = timezone.now()
    # Locks the piece's row, so that two prints at once leave one valid code.
    Piece.objects.select_for_update().get(pk=piece.pk)
    if piece.custodies.exists():
        raise AlreadyClaimedError("this piece has a keeper already")
    ClaimCode.objects.filter(piece=piece, voided_at__isnull=True, claimed_at__isnull=True).update(
        voided_at=now
    )
    code = ClaimCode.objects.create(piece=piece, code_hash=code_hash, created_at=now)
    record("claim_code.printed", by=by, maker=piece.maker, piece=piece, at=now)
    return code


@transaction.atomic
def claim_piece(*, code_hash: bytes, by: User) -> Custody:
    """Make this account the first keeper. 200 claims at once: exactly one wins."""
    now = timezone.now()
    code = (
        ClaimCode.objects.select_related("piece__maker")
        .filter(code_hash=code_hash, voided_at__isnull=True)
        .first()
    )
    if code is None:
        raise WrongClaimCodeError("no card carries this code")
    # Locks what a card being printed locks: that card is of a piece without a keeper, or not made.
    Piece.objects.select_for_update().get(pk=code.piece_id)
    moved = ClaimCode.objects.filter(
        pk=code.pk, claimed_at__isnull=True, voided_at__isnull=True
    ).update(claimed_at=now)
    if not moved:
        raise _why_not_claimed(code)
    custody = _begin_custody(code.piece, by=by)
    record(
        "custody.claimed",
        by=by,
        maker=code.piece.maker,
        piece=code.piece,
        facts={"number": custody.number},
        at=now,
    )
    return custody


def _why_not_claimed(code: ClaimCode) -> ProvenanceError:
    if ClaimCode.objects.filter(pk=code.pk, voided_at__isnull=False).exists():
        return WrongClaimCodeError("a newer card took the place of this one")
    return AlreadyClaimedError("this code was used before; the piece has a keeper")


def _begin_custody(piece: Piece, *, by: User) -> Custody:
    try:
        return Custody.objects.create(
            piece=piece, keeper=keeper_of(by), number=1, since=timezone.now()
        )
    except IntegrityError as problem:
        raise AlreadyClaimedError("this piece has a keeper already") from problem


def keeper_of(user: User) -> Keeper:
    keeper, _ = Keeper.objects.get_or_create(user=user)
    return keeper
