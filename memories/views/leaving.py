"""Leaving: taking a page along as a ZIP, and erasing it for good."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from memories.models.montage import Montage
from memories.services import erasing, taking
from memories.views.keepers import for_keepers, montage_on_desk
from memories.views.viewer import heading_of
from provenance.desk import see_other
from provenance.models.keeping import Keeper


@require_safe
@for_keepers
def leave(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """What taking along and erasing mean, and the doors to both."""
    montage = montage_on_desk(keeper, piece)
    return render(request, "memories/leave.html", _context(montage))


@require_safe
@for_keepers
def take(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponseBase:
    """The whole page as a ZIP, sent while it is written."""
    montage = montage_on_desk(keeper, piece)
    pieces = taking.archive(montage=montage, now=timezone.now())
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="memories.zip"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def erase_page(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """Ask once, then erase everything of this page everywhere."""
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return render(request, "memories/erase_page.html", _context(montage))
    erasing.erase_montage(montage=montage)
    return see_other("memories:keep")


def _context(montage: Montage) -> dict[str, object]:
    return {
        "montage": montage,
        "piece": montage.piece,
        "heading": heading_of(montage),
        "count": montage.items.ready().count(),
    }
