"""The maker's desk: who stands there, and which pieces lie on it for them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import Manager, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, resolve_url

from provenance.identifiers import PATTERN
from provenance.models.maker import Maker
from provenance.models.piece import Piece

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


def for_makers(
    view: Callable[Concatenate[HttpRequest, Maker, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Hand the signed-in maker to the view; who has no workshop yet is led to open one."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        maker = Maker.objects.select_related("user").filter(user__pk=str(request.user.pk)).first()
        if maker is None:
            return redirect("provenance:become_maker")
        return view(request, maker, *args, **kwargs)

    return login_required(asked)


def see_other(to: str, *args: str) -> HttpResponseRedirect:
    """After a form was accepted: look there (RFC 9110 section 15.4.4)."""
    return HttpResponseRedirect(resolve_url(to, *args), status=303)


def one_of(rows: Manager[Row] | QuerySet[Row], public_id: str) -> Row:
    """The row of this name among those; Http404 for a form that names none, whatever it sent."""
    if not PATTERN.fullmatch(public_id):
        raise Http404
    return get_object_or_404(rows, public_id=public_id)


def draft_on_desk(maker: Maker, piece: str) -> Piece:
    """One of the maker's drafts; Http404 for every other piece there is."""
    found: Piece = get_object_or_404(Piece.objects.made_by(maker).drafts(), public_id=piece)
    return found


def piece_on_desk(maker: Maker, piece: str) -> Piece:
    """One of the maker's pieces or drafts; a correction that is signed leads to its piece."""
    found: Piece = get_object_or_404(
        Piece.objects.made_by(maker).select_related("maker", "revises__maker"), public_id=piece
    )
    return found.original if found.is_issued else found
