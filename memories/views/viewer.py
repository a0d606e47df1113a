"""The montage as a visitor sees it: the cover on its thread, and the photographs behind it."""

from dataclasses import dataclass

from django.core.cache import caches
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from memories import media_clips
from memories.models.film import FilmJob
from memories.models.item import Item, ItemKind
from memories.models.montage import Montage
from memories.montage import Answer, Decision, Reason, Viewer
from memories.services import opening
from memories.views.layouts import lay_out
from memories.views.memory import counted, folder_of
from memories.views.visitors import asker_of, visitor_of
from provenance.desk import see_other
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
    found = montage_of(request, piece)
    viewer = visitor_of(request, found)
    decision = opening.decide_page(montage=found, viewer=viewer)
    if decision.reason is Reason.SEALED and viewer.is_keeper:
        return see_other("memories:sealed", piece)
    if not decision.is_allowed:
        return _door(request, found, decision)
    context = _context(found, shown_to(found, viewer))
    context["keeper_line"] = _keeper_line(found) if viewer.is_keeper else ""
    context["is_keeper"] = viewer.is_keeper
    context["films"] = _films(found, viewer)
    return render(request, "memories/montage.html", context)


def _films(montage: Montage, viewer: Viewer) -> list[FilmJob]:
    """The films the keeper put on the page, for whoever may see all that is in them."""
    shared = list(montage.films.filter(is_shared=True))
    for job in shared:
        job.montage = montage
    return [job for job in shared if opening.decide_film(job=job, viewer=viewer).is_allowed]


def preview_of(request: HttpRequest, montage: Montage) -> HttpResponse:
    """The same page as its keeper sees it, in whatever look the montage was given for now."""
    shown = shown_to(montage, visitor_of(request, montage))
    context = {**_context(montage, shown), "is_preview": True, "is_keeper": True}
    return render(request, "memories/montage.html", context)


def _context(montage: Montage, shown: "Shown") -> dict[str, object]:
    items = [item for item in shown.items if item.kind != ItemKind.MUSIC]
    prefetch_related_objects(items, "renditions")
    return {
        "montage": montage,
        "piece": montage.piece,
        "headline": ribbon_of(montage.piece),
        "record": record_of(montage.piece),
        "heading": heading_of(montage),
        "laid": lay_out(montage, items),
        "counted": counted(items) if items else "Nothing to see yet.",
        "music": next((_music(item) for item in shown.items if item.kind == ItemKind.MUSIC), ""),
        "is_more_behind_pin": shown.is_more_behind_pin,
    }


@require_safe
@cache_control(private=True, no_store=True)
def cover(request: HttpRequest, piece: str) -> HttpResponse:
    """What a scan opens when the keeper chose the cover; it shows nothing personal."""
    found = montage_of(request, piece)
    if not opening.decide_page(montage=found, viewer=visitor_of(request, found)).is_offered:
        raise Http404
    return show_cover(
        request, found.piece, headline=ribbon_of(found.piece), record=record_of(found.piece)
    )


def show_cover(
    request: HttpRequest, piece: Piece, *, headline: Headline, record: str
) -> HttpResponse:
    """The cover under a ribbon that leads to `record`; for a scan, the ribbon of its tag."""
    context = {"piece": piece, "headline": headline, "record": record}
    return render(request, "memories/cover.html", context)


def _music(item: Item) -> str:
    return folder_of(item) + media_clips.SOUND


def record_of(piece: Piece) -> str:
    return reverse("provenance:piece", args=[piece.public_id])


def heading_of(montage: Montage) -> str:
    return montage.title or f"Memories of the {montage.piece.title}"


def _keeper_line(montage: Montage) -> str:
    if montage.reported_at:
        return "This page was reported: it is hidden from everybody else until you answer."
    if montage.is_gift_draft:
        return "Only you see this page: it is a gift you prepare."
    if montage.is_published:
        return "You keep this piece: you see all its memories, also those for you alone."
    return "Only you see this page: it is a draft."


def montage_of(request: HttpRequest, piece: str) -> Montage:
    """The standing montage of a piece, before anybody asked whether it may be seen.

    Beside the keeper's there may be a gift that somebody prepares: to them it is the one.
    """
    account = asker_of(request)
    standing = Montage.objects.standing().select_related("piece", "keeper", "gift")
    found = sorted(
        standing.filter(piece__public_id=piece),
        key=lambda each: (each.keeper.user_id != account, each.is_gift_draft),
    )
    if not found:
        raise Http404
    found[0].stands = True
    return found[0]


def _door(request: HttpRequest, montage: Montage, decision: Decision) -> HttpResponse:
    """Where somebody is sent who has the code but not yet what the keeper asks beside it."""
    if decision.answer is Answer.NEED_PIN:
        return see_other("memories:pin", montage.piece.public_id)
    if decision.answer is Answer.NEED_TAP:
        context = {"piece": montage.piece, "record": record_of(montage.piece)}
        return render(request, "memories/tap_first.html", context, status=403)
    raise Http404


@dataclass(frozen=True)
class Shown:
    """The memories this visitor may see, and whether the PIN would show more."""

    items: list[Item]
    is_more_behind_pin: bool


def shown_to(montage: Montage, viewer: Viewer) -> Shown:
    """Ask for each memory on its own."""
    items = list(montage.items.ready())
    for item in items:
        item.montage = montage
    asked = [
        (item, opening.decide_item(item=item, viewer=viewer, variants=frozenset()))
        for item in items
    ]
    return Shown(
        [item for item, decision in asked if decision.is_allowed],
        any(decision.answer is Answer.NEED_PIN for _, decision in asked),
    )


def ribbon_of(piece: Piece) -> Headline:
    """The verdict without any tag, for the slim ribbon over the memories."""
    current = Certificate.objects.current().filter(piece=piece)
    pk, changes, revoked_at = current.values_list("pk", "status_batch__changes", "revoked_at").get()
    name = f"ribbon:{pk}:{changes}:{revoked_at is not None:d}"
    headline: Headline | None = caches["default"].get(name)
    if headline is None:
        whole = Certificate.objects.select_related("piece", "status_batch").defer("body")
        certificate = whole.get(pk=pk)
        headline = standing_of(certificate, now=timezone.now()).headline
        caches["default"].set(name, headline, RIBBON_SECONDS)
    return headline
