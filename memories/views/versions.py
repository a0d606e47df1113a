"""The way back: undo, and every version that is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from memories.services import editing
from memories.views.desk import act, revision_of
from memories.views.keepers import for_keepers, montage_on_desk
from provenance.models.keeping import Keeper


@require_safe
@for_keepers
def versions(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    kept = montage.versions.defer("body")
    context = {"montage": montage, "piece": montage.piece, "versions": kept}
    return render(request, "memories/versions.html", context)


@require_POST
@for_keepers
def undo(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    return act(
        request, montage, lambda: editing.undo(montage=montage, revision=revision_of(request))
    )


@require_POST
@for_keepers
def back(request: HttpRequest, keeper: Keeper, piece: str, number: int) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    return act(
        request,
        montage,
        lambda: editing.go_back(montage=montage, revision=revision_of(request), number=number),
    )
