"""Opening: which memories of a piece a visitor finds, and whether a scan begins with them."""

from django.utils import timezone

from memories.models import Item, Montage, Opening
from memories.montage import Decision, Viewer, decide
from provenance.models.piece import Piece


def decide_page(*, montage: Montage, viewer: Viewer) -> Decision:
    """Ask the policy about the page itself."""
    return decide(viewer, montage.facts, None, None, timezone.now())


def decide_item(
    *, item: Item, viewer: Viewer, variant: str | None = None, variants: frozenset[str]
) -> Decision:
    """Ask the policy about one memory, or about one of the `variants` that stand."""
    return decide(viewer, item.montage.facts, item.facts(variants), variant, timezone.now())


def visitor(*, montage: Montage, holds_code: bool, is_keeper: bool = False) -> Viewer:
    """A visitor as the policy knows them.

    The cookie names its tag's epoch, and every change of access gives the tags a new one
    (`arrange._end_access`): a cookie that still counts is of the montage's present epoch.
    """
    return Viewer(is_keeper=is_keeper, code_epoch=montage.access_epoch if holds_code else None)


def published_for(piece: Piece, *, holds_code: bool) -> Montage | None:
    """The memories of a piece that its keeper opened to a visitor like this one."""
    montage = Montage.objects.standing().filter(piece=piece, published_at__isnull=False).first()
    if montage is None:
        return None
    viewer = visitor(montage=montage, holds_code=holds_code)
    return montage if decide_page(montage=montage, viewer=viewer).is_allowed else None


def opening_for(piece: Piece, *, holds_code: bool) -> Montage | None:
    """The memories whose cover a scan begins with, if the keeper chose so."""
    montage = published_for(piece, holds_code=holds_code)
    return montage if montage and montage.opening == Opening.COVER else None
