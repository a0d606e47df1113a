"""Who stands at the keeper's desk, and which memories lie on it for them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from memories.models import Item, Montage
from memories.services import arrange
from provenance.models.keeping import Keeper
from provenance.models.piece import Piece

P = ParamSpec("P")


def for_keepers(
    view: Callable[Concatenate[HttpRequest, Keeper, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the signed-in keeper to the view; for everybody else nothing is here."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        keeper = Keeper.objects.select_related("user").filter(user__pk=account_of(request)).first()
        if keeper is None:
            raise Http404
        return view(request, keeper, *args, **kwargs)

    return login_required(cache_control(private=True, no_store=True)(asked))


def account_of(request: HttpRequest) -> int:
    """Who is signed in; 0 is nobody's number."""
    return request.user.pk or 0


def montage_on_desk(keeper: Keeper, piece: str) -> Montage:
    """The keeper's memories of a piece they keep today; Http404 for every other piece there is."""
    kept = get_object_or_404(Piece.objects.kept_by(keeper), public_id=piece)
    return arrange.montage_of(piece=kept, keeper=keeper)


def item_on_desk(montage: Montage, item: str) -> Item:
    found: Item = get_object_or_404(montage.items.all(), public_id=item)
    found.montage = montage
    return found
