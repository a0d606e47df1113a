"""Cropping on the desk: the whole photograph, for its keeper alone, and what is left of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from memories.errors import CannotCropError, MontageError
from memories.forms import CropForm
from memories.framing import WHOLE
from memories.models.item import Item
from memories.services import cropping
from memories.views.keepers import for_keepers, item_on_desk, montage_on_desk
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Keeper


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def crop(request: HttpRequest, keeper: Keeper, piece: str, item: str) -> HttpResponse:
    memory = item_on_desk(montage_on_desk(keeper, piece), item)
    if request.method != "POST":
        return _show(request, memory, CropForm.of(memory))
    form = CropForm(request.POST)
    if not form.is_valid():
        return _show(request, memory, form, status=400)
    frame = WHOLE if "whole" in request.POST else form.frame or WHOLE
    try:
        cropping.crop(item=memory, revision=form.cleaned_data["revision"], frame=frame)
    except MontageError as problem:
        form.add_error(None, str(problem))
        return _show(request, memory, form.at_revision(memory.montage.revision), status=409)
    return see_other("memories:keep_piece", piece)


def _show(request: HttpRequest, memory: Item, form: CropForm, *, status: int = 200) -> HttpResponse:
    context = {
        "item": memory,
        "piece": memory.montage.piece,
        "form": form,
        "now": form.that_differ(CropForm.of(memory)) if status == 409 else [],
    }
    return render(request, "memories/crop.html", context, status=status)


@require_safe
@for_keepers
def whole(request: HttpRequest, keeper: Keeper, piece: str, item: str) -> HttpResponse:
    """The photograph as it was taken; never for a visitor, whatever the page is open to."""
    memory = item_on_desk(montage_on_desk(keeper, piece), item)
    if not limits.allows(request, "upload", subject=str(keeper.pk)):
        return render(request, "429.html", {"minutes": 60}, status=429)
    try:
        picture = cropping.whole_picture(memory)
    except CannotCropError as problem:
        raise Http404 from problem
    return HttpResponse(picture, content_type="image/webp")
