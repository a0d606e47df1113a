"""Opening: which memories of a piece a visitor finds, and what of them they may see."""

from django.utils import timezone

from memories.models.film import FILE, FilmJob
from memories.models.item import Item
from memories.models.montage import Montage
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


def decide_film(*, job: FilmJob, viewer: Viewer) -> Decision:
    """Ask the policy about a film, which is one more thing to see on the page."""
    return decide(viewer, job.montage.facts, job.facts(), FILE, timezone.now())


def published(piece: Piece) -> Montage | None:
    """The memories of a piece that its keeper opened to somebody."""
    found: Montage | None = (
        Montage.objects.standing()
        .select_related("piece")
        .filter(piece=piece, published_at__isnull=False)
        .first()
    )
    if found is not None:
        found.stands = True
    return found
