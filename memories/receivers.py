"""What memories do when something happens to their piece; in the transaction of the act."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from memories.models.montage import Montage
from memories.services import epochs, invitations
from provenance.models.keeping import Keeper
from provenance.models.piece import Piece
from provenance.signals import custody_ended, missing_cleared, missing_reported


@receiver(custody_ended)
def close_pages_of_former_keeper(*, piece: Piece, former: Keeper, **kwargs: Any) -> None:
    """The page closes, also to its author; what was given to others is worthless."""
    for montage in Montage.objects.filter(piece=piece, keeper=former):
        invitations.revoke_all(montage)
        montage.published_at = None
        montage.save(update_fields=["published_at"])
        epochs.end_access(montage)


@receiver(missing_reported)
def close_pages_of_missing_piece(
    *, piece: Piece, at: datetime | None = None, **kwargs: Any
) -> None:
    """Whoever holds the tag now sees nothing; the keeper still does."""
    for montage in Montage.objects.filter(piece=piece, missing_since__isnull=True):
        montage.missing_since = at or timezone.now()
        montage.save(update_fields=["missing_since"])
        epochs.end_access(montage)


@receiver(missing_cleared)
def open_pages_of_found_piece(*, piece: Piece, **kwargs: Any) -> None:
    """The page is as it was, for whoever opens it anew."""
    Montage.objects.filter(piece=piece).update(missing_since=None)
