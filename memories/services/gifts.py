"""Gifts: a page prepared before the piece changes hands, sealed, and claimed with the piece."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from memories.errors import GiftBegunError
from memories.models.gift import Gift
from memories.models.montage import Montage, MontageLevel, SealKind
from memories.services import arrange, epochs, invitations, letters
from provenance.models.keeping import ClaimCode, Custody
from provenance.services import keep
from provenance.services.keep import AlreadyClaimedError, WrongClaimCodeError

BEGUN = "Somebody else prepares a gift with this code already. Ask whoever gave you the card."


@dataclass(frozen=True)
class Wrapping:
    """What the recipient reads before it is open, and when that is (UTC; None: when they like)."""

    sender: str
    greeting: str
    opens_at: datetime | None


@transaction.atomic
def begin(*, code_hash: bytes, by: User) -> Gift:
    """Let whoever shows the code of the card prepare a page; the code stays unspent.

    Shown again by the same account it leads to the same draft. Raises WrongClaimCodeError,
    AlreadyClaimedError, GiftBegunError.
    """
    code = _unspent(code_hash)
    giver = keep.keeper_of(by)
    begun = Gift.objects.select_related("montage__piece").filter(code=code).first()
    if begun is not None:
        if begun.giver_id != giver.pk:
            raise GiftBegunError(BEGUN)
        return begun
    montage = arrange.montage_of(piece=code.piece, keeper=giver)
    try:
        with transaction.atomic():
            # A card printed anew takes the place of the one shown before; the draft stays.
            gift, _ = Gift.objects.update_or_create(
                montage=montage, defaults={"code": code, "giver": giver}
            )
    except IntegrityError as problem:
        raise GiftBegunError(BEGUN) from problem
    return gift


def _unspent(code_hash: bytes) -> ClaimCode:
    standing = ClaimCode.objects.select_related("piece__maker").filter(voided_at__isnull=True)
    code = standing.filter(code_hash=code_hash).first()
    if code is None:
        raise WrongClaimCodeError("no card carries this code")
    if code.claimed_at is not None:
        raise AlreadyClaimedError("this code was used before; the piece has a keeper")
    return code


@transaction.atomic
def seal(*, gift: Gift, wrapping: Wrapping) -> None:
    """Close the gift for its recipient. Until it is claimed its giver may still look and change."""
    now = timezone.now()
    Gift.objects.filter(pk=gift.pk, claimed_at__isnull=True).update(
        sender=wrapping.sender, greeting=wrapping.greeting, sealed_at=now
    )
    kind = SealKind.DATE if wrapping.opens_at else SealKind.OPENING
    Montage.objects.filter(pk=gift.montage_id, gift__claimed_at__isnull=True).update(
        seal=kind, sealed_until=wrapping.opens_at
    )


@transaction.atomic
def unseal(*, gift: Gift) -> None:
    """Take the seal off again, before anybody claimed it."""
    Gift.objects.filter(pk=gift.pk, claimed_at__isnull=True).update(sealed_at=None)
    unclaimed = Montage.objects.filter(pk=gift.montage_id, gift__claimed_at__isnull=True)
    unclaimed.update(seal="", sealed_until=None)


@transaction.atomic
def claim(*, code_hash: bytes, by: User) -> tuple[Custody, Montage]:
    """Make this account the keeper of the piece, and of the gift prepared with its code."""
    custody = keep.claim_piece(code_hash=code_hash, by=by)
    prepared = Gift.objects.select_for_update(of=("self",)).select_related("giver__user")
    gift = prepared.filter(code__code_hash=code_hash, claimed_at__isnull=True).first()
    own = Montage.objects.filter(piece=custody.piece, keeper=custody.keeper).first()
    # Whoever prepared a page of their own for this piece, with an older card, keeps that one.
    if gift is None or (own is not None and own.pk != gift.montage_id):
        return custody, arrange.montage_of(piece=custody.piece, keeper=custody.keeper)
    return custody, _pass_on(gift, custody)


def _pass_on(gift: Gift, custody: Custody) -> Montage:
    """The page belongs to its recipient now, and nothing the giver handed out opens it any more."""
    montage = gift.montage
    is_to_another = gift.giver_id != custody.keeper_id
    montage.keeper = custody.keeper
    montage.level, montage.pin_hash, montage.published_at = MontageLevel.ONLY_ME, "", None
    if is_to_another:
        montage.seal_binds_keeper = montage.seal != ""
    else:
        montage.seal, montage.sealed_until = "", None
    montage.revision += 1
    montage.save()
    if is_to_another:
        # What the giver wrote and took back is nobody else's to read.
        montage.versions.all().delete()
    invitations.revoke_all(montage)
    epochs.end_access(montage)
    Gift.objects.filter(pk=gift.pk).update(claimed_at=timezone.now())
    if is_to_another:
        letters.tell_giver(gift=gift, piece=custody.piece)
    return montage


@transaction.atomic
def open_gift(*, montage: Montage) -> bool:
    """Break the seal that waits for its recipient; False where a date has to come first."""
    waiting = Montage.objects.filter(pk=montage.pk, seal=SealKind.OPENING, seal_binds_keeper=True)
    if not waiting.update(seal="", seal_binds_keeper=False):
        return False
    Gift.objects.filter(montage=montage, opened_at__isnull=True).update(opened_at=timezone.now())
    return True
