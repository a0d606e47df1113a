"""The site's own addresses, and beside them a bare view that reads one indexed row."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from config.urls import urlpatterns as site
from provenance.models.piece import Piece


def bare(request: HttpRequest, piece: str) -> HttpResponse:
    """The least a page can do: what every page of ours is measured against."""
    return HttpResponse(Piece.objects.get(public_id=piece).title)


urlpatterns: list[URLPattern | URLResolver] = [path("bare/<slug:piece>", bare), *site]
