"""The montage as a visitor sees it: the cover on its thread, and the photographs behind it."""

from django.core.cache import caches
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from memories.models import Item, Montage
from memories.montage import Viewer
from memories.services import opening
from memories.views import collage
from memories.views.visitors import asker_of, visitor_of
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.services.standing import standing_of
from provenance.verdict import Headline

# A withdrawal changes the name on the shelf, so it shows at once.
RIBBON_SECONDS = 60


@require_safe
@gzip_page
@cache_control(private=True, no_store=True)
def montage(request: HttpRequest, piece: str) -> HttpResponse:
    """The photographs. "None here" and "not for you" are one answer."""
    found = _montage_of(request, piece)
    viewer = visitor_of(request, found)
    _ask(found, viewer)
    shown = collage.hang(_visible(found, viewer))
    context = {
        "montage": found,
        "piece": found.piece,
        "headline": ribbon_of(found.piece),
        "record": record_of(found.piece),
        "heading": heading_of(found),
        "collage": shown,
        "keeper_line": _keeper_line(found) if viewer.is_keeper else "",
    }
    return render(request, "memories/montage.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def cover(request: HttpRequest, piece: str) -> HttpResponse:
    """What a scan opens when the keeper chose the cover; it shows nothing personal."""
    found = _montage_of(request, piece)
    _ask(found, visitor_of(request, found))
    return show_cover(
        request, found.piece, headline=ribbon_of(found.piece), record=record_of(found.piece)
    )


def show_cover(
    request: HttpRequest, piece: Piece, *, headline: Headline, record: str
) -> HttpResponse:
    """The cover under a ribbon that leads to `record`; for a scan, the ribbon of its tag."""
    context = {"piece": piece, "headline": headline, "record": record}
    return render(request, "memories/cover.html", context)


def record_of(piece: Piece) -> str:
    return reverse("provenance:piece", args=[piece.public_id])


def heading_of(montage: Montage) -> str:
    return montage.title or f"Memories of the {montage.piece.title}"


def _keeper_line(montage: Montage) -> str:
    if montage.is_published:
        return "You keep this piece: you see all its memories, also those for you alone."
    return "Only you see this page: it is a draft."


def _montage_of(request: HttpRequest, piece: str) -> Montage:
    asker_of(request)
    standing = Montage.objects.standing().select_related("piece", "keeper")
    found: Montage = get_object_or_404(standing, piece__public_id=piece)
    return found


def _ask(montage: Montage, viewer: Viewer) -> None:
    if not opening.decide_page(montage=montage, viewer=viewer).is_allowed:
        raise Http404


def _visible(montage: Montage, viewer: Viewer) -> list[Item]:
    """The memories this visitor may see, each asked for on its own."""
    items = list(montage.items.ready())
    prefetch_related_objects(items, "renditions")
    for item in items:
        item.montage = montage
    return [
        item
        for item in items
        if opening.decide_item(item=item, viewer=viewer, variants=frozenset()).is_allowed
    ]


def ribbon_of(piece: Piece) -> Headline:
    """The verdict without any tag, for the slim ribbon over the memories."""
    current = Certificate.objects.current().select_related("piece", "status_batch")
    certificate = current.defer("body").get(piece=piece)
    is_withdrawn = certificate.revoked_at is not None
    name = f"ribbon:{certificate.pk}:{certificate.status_batch.changes}:{is_withdrawn:d}"
    headline: Headline | None = caches["default"].get(name)
    if headline is None:
        headline = standing_of(certificate, now=timezone.now()).headline
        caches["default"].set(name, headline, RIBBON_SECONDS)
    return headline
