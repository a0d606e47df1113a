"""Who stands at the keeper's desk, and which memories lie on it for them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from memories.errors import SealedError
from memories.models.item import Item
from memories.models.montage import Montage
from memories.montage import Reason, Viewer
from memories.services import arrange, opening
from provenance.desk import see_other
from provenance.models.keeping import Keeper
from provenance.models.piece import Piece

P = ParamSpec("P")


def for_keepers(
    view: Callable[Concatenate[HttpRequest, Keeper, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Hand the signed-in keeper to the view; for everybody else nothing is here."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        keeper = Keeper.objects.select_related("user").filter(user__pk=account_of(request)).first()
        if keeper is None:
            raise Http404
        try:
            return view(request, keeper, *args, **kwargs)
        except SealedError:
            return see_other("memories:sealed", str(kwargs["piece"]))

    return login_required(cache_control(private=True, no_store=True)(asked))


def account_of(request: HttpRequest) -> int:
    """Who is signed in; 0 is nobody's number."""
    return request.user.pk or 0


def montage_on_desk(keeper: Keeper, piece: str) -> Montage:
    """The keeper's memories of a piece they keep today, or prepare as a gift.

    Http404 for every other piece there is. Raises SealedError, which `for_keepers` answers, where
    they are a gift to this keeper that is not open yet.
    """
    montage = _gift_draft(keeper, piece) or _of_kept_piece(keeper, piece)
    decision = opening.decide_page(montage=montage, viewer=Viewer(is_keeper=True))
    if decision.reason is Reason.SEALED:
        raise SealedError("this gift is not open yet")
    return montage


def _of_kept_piece(keeper: Keeper, piece: str) -> Montage:
    kept = get_object_or_404(Piece.objects.kept_by(keeper), public_id=piece)
    montage = arrange.montage_of(piece=kept, keeper=keeper)
    montage.stands = True
    return montage


def _gift_draft(keeper: Keeper, piece: str) -> Montage | None:
    drafts = Montage.objects.filter(
        keeper=keeper, gift__giver=keeper, gift__claimed_at__isnull=True, piece__public_id=piece
    )
    draft: Montage | None = drafts.select_related("piece", "keeper__user", "gift").first()
    if draft is not None:
        draft.stands = True
    return draft


def item_on_desk(montage: Montage, item: str) -> Item:
    found: Item = get_object_or_404(montage.items.all(), public_id=item)
    found.montage = montage
    return found
