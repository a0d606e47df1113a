"""Who may see a page, chosen by its keeper in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from memories.access_forms import WhoForm
from memories.errors import MontageError, NoPinError
from memories.models.montage import Montage
from memories.services import levels, sharing
from memories.views.keepers import for_keepers, montage_on_desk
from provenance.desk import see_other
from provenance.models.keeping import Keeper


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def who(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The level of the page, and its PIN."""
    montage = montage_on_desk(keeper, piece)
    has_chip = levels.has_chip(montage.piece)
    if request.method != "POST":
        return _show(request, montage, WhoForm.of(montage, has_chip=has_chip))
    form = WhoForm(request.POST, has_chip=has_chip)
    if not form.is_valid():
        return _show(request, montage, form, status=400)
    try:
        sharing.choose(montage=montage, revision=form.cleaned_data["revision"], choice=form.said())
    except NoPinError as problem:
        form.add_error("pin", str(problem))
        return _show(request, montage, form, status=400)
    except MontageError as problem:
        form.add_error(None, str(problem))
        return _show(request, montage, form.at_revision(montage.revision), status=409)
    return see_other("memories:keep_piece", piece)


def _show(
    request: HttpRequest, montage: Montage, form: WhoForm, *, status: int = 200
) -> HttpResponse:
    context = {"montage": montage, "piece": montage.piece, "form": form}
    return render(request, "memories/who.html", context, status=status)
