"""Putting a tried tag on a piece, at the maker's desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from tags import codes
from tags.forms import BindForm
from tags.life import TagState
from tags.models.tag import Tag
from tags.services import binding
from tags.services.binding import PlaceTakenError
from tags.services.moves import TagStateError

MOST_SHOWN = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def bind(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """Choose a tag that is ready, and say where it sits."""
    found = piece_on_desk(maker, piece)
    tried = Tag.objects.in_stock_of(maker).filter(state=TagState.VERIFIED)
    ready = list(tried.order_by("pk")[:MOST_SHOWN])
    form = BindForm(request.POST or None, tags=ready, photographs=list(found.photographs.all()))
    if request.method == "POST" and form.is_valid() and _bound(form, found, maker):
        code = codes.show_code(form.cleaned_data["tag"].code)
        messages.info(request, f"{code} is on the {found.title}.")
        return see_other("provenance:workshop_piece", found.public_id)
    context = {"piece": found, "form": form, "has_ready": bool(ready)}
    status = 400 if form.is_bound else 200
    return render(request, "tags/bind.html", context, status=status)


def _bound(form: BindForm, piece: Piece, maker: Maker) -> bool:
    """Whether it holds; if not, the form says why."""
    try:
        binding.bind_tag(piece=piece, by=maker.user, **form.cleaned_data)
    except PlaceTakenError:
        form.add_error("place", "A tag sits there already. Name another place.")
    except TagStateError:
        form.add_error("tag", "This tag is not ready any more. Choose another one.")
    return form.is_valid()
