"""The look of a page: its template and its light, beside a preview that is the real page."""

from collections.abc import Callable
from typing import cast

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from memories.errors import MontageError
from memories.forms import LookForm
from memories.models.montage import Montage, Template, Theme
from memories.services import editing
from memories.views.keepers import for_keepers, montage_on_desk
from memories.views.viewer import preview_of
from provenance.desk import see_other
from provenance.models.keeping import Keeper

View = Callable[..., HttpResponseBase]
# The decorators say that they want a view without arguments, and take any.
may_frame = cast(Callable[[View], View], csp_update({"frame-src": [SELF]}))
may_be_framed = cast(Callable[[View], View], csp_replace({"frame-ancestors": [SELF]}))


@require_http_methods(["GET", "HEAD", "POST"])
@may_frame
@for_keepers
def look(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return _show(request, montage, LookForm.of(montage))
    form = LookForm(request.POST)
    if not form.is_valid():
        return _show(request, montage, form, status=400)
    revision = form.cleaned_data["revision"]
    try:
        editing.choose_look(montage=montage, revision=revision, look=form.said())
    except MontageError as problem:
        form.add_error(None, str(problem))
        return _show(request, montage, form.at_revision(montage.revision), status=409)
    return see_other("memories:keep_piece", piece)


def _show(
    request: HttpRequest, montage: Montage, form: LookForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "montage": montage,
        "piece": montage.piece,
        "form": form,
        "now": form.that_differ(LookForm.of(montage)) if status == 409 else [],
    }
    return render(request, "memories/look.html", context, status=status)


@require_safe
@xframe_options_sameorigin
@may_be_framed
@for_keepers
def preview(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The page as its keeper would see it in another look; nothing is written down."""
    montage = montage_on_desk(keeper, piece)
    template, theme = request.GET.get("template"), request.GET.get("theme")
    if template in Template.values:
        montage.template = template
    if theme in Theme.values:
        montage.theme = theme
    return preview_of(request, montage)
