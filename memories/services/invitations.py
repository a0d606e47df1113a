"""Invitations: links for people the keeper names, and what guests bring."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from memories.errors import TooManyBroughtError, TooManyInvitationsError
from memories.models.access import Invitation
from memories.models.item import Item
from memories.models.montage import Montage
from memories.services import letters, receive

# 192 random bits: nobody guesses one, and a hash without salt is enough.
TOKEN_BYTES = 24
MOST_STANDING = 60
# Phone, computer, and the one that comes after.
DEVICES_OF_ONE = 3
DEVICES_OF_MANY = 60
MOST_BROUGHT = 60


@dataclass(frozen=True)
class Guest:
    """Whom a keeper invites. Without an address it is a link to pass on to several people."""

    name: str
    email: str
    may_add: bool
    lasts: timedelta


@transaction.atomic
def invite(*, montage: Montage, guest: Guest) -> tuple[Invitation, str]:
    """Make an invitation and its token, which exists nowhere else and is never shown again.

    Where there is an address the token goes there once this stands. Raises
    TooManyInvitationsError.
    """
    now = timezone.now()
    current = _locked(montage)
    if current.invitations.standing(now).count() >= MOST_STANDING:
        raise TooManyInvitationsError("That many are invited already. Take one back first.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        montage=current,
        name=guest.name,
        email=guest.email,
        may_add=guest.may_add,
        token_hash=_hash(token),
        epoch=current.access_epoch,
        most_redeemed=DEVICES_OF_ONE if guest.email else DEVICES_OF_MANY,
        created_at=now,
        expires_at=now + guest.lasts,
    )
    letters.send_invitation(invitation=invitation, token=token)
    return invitation, token


def redeem(token: str) -> Invitation | None:
    """Let one more device in; None for whatever does not stand or was redeemed too often."""
    standing = Invitation.objects.standing(timezone.now()).filter(token_hash=_hash(token))
    found: Invitation | None = standing.select_related("montage__piece").first()
    if found is None:
        return None
    room = Invitation.objects.filter(pk=found.pk, times_redeemed__lt=F("most_redeemed"))
    return found if room.update(times_redeemed=F("times_redeemed") + 1) else None


def revoke(invitation: Invitation) -> None:
    """Take it back; from now on it opens nothing, on whatever device it was redeemed."""
    standing = Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True)
    standing.update(revoked_at=timezone.now())


def revoke_all(montage: Montage) -> None:
    montage.invitations.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def bring(*, invitation: Invitation, montage: Montage, upload: "UploadedFile[bytes]") -> Item:
    """Take what a guest brings; nobody but the keeper sees it before `let_in`.

    Raises TooManyBroughtError, and what `receive.receive_file` raises.
    """
    if invitation.brought.count() >= MOST_BROUGHT:
        raise TooManyBroughtError("That is as much as one link may bring. Thank you.")
    return receive.receive_file(montage=montage, upload=upload, brought_by=invitation)


@transaction.atomic
def let_in(item: Item) -> None:
    """The keeper looked at what a guest brought, and shows it."""
    Montage.objects.filter(pk=item.montage_id).update(revision=F("revision") + 1)
    Item.objects.filter(pk=item.pk).update(is_held=False)


def _locked(montage: Montage) -> Montage:
    rows = Montage.objects.select_for_update(of=("self",)).select_related("piece")
    locked: Montage = rows.get(pk=montage.pk)
    return locked


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
