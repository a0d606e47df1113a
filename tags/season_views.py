"""Printing a whole season at the maker's desk: its labels on sheets, its cards in packs."""

from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provenance.desk import for_makers
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.models.season import CARDS_IN_A_PACK, Season
from provenance.services.facts import DETAILS
from tags import labels
from tags.errors import MalformedLinkError, PrintError
from tags.models.tag import Tag
from tags.print_views import card_of, label_of, new_claim_code, pdf_answer, print_fonts

_FACTS = [f"piece__{name}" for name in DETAILS]


@require_safe
@never_cache
@for_makers
def season_labels(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    """A label for each signed piece, in the order of the rows."""
    found, signed = _signed_with_codes(maker, season)
    told = [label_of(piece, tag) for piece, tag in signed]
    try:
        content = labels.label_sheets_pdf(told, title=found.name, fonts=print_fonts())
    except (PrintError, MalformedLinkError):
        return _no_print(request, found)
    return pdf_answer(content, f"{_file(found)}-labels.pdf")


@require_POST
@never_cache
@for_makers
def season_cards(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    """One pack of cards; each print draws new claim codes, and unclaimed ones before are void."""
    found, signed = _signed_with_codes(maker, season)
    told = request.POST.get("from", "1")
    first = int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else 1
    pack = signed[max(0, first - 1) :][:CARDS_IN_A_PACK]
    try:
        # Cards that could not be set leave the earlier codes good.
        with transaction.atomic():
            cards = [
                card_of(piece, tag, claim_code=new_claim_code(piece, maker)) for piece, tag in pack
            ]
            content = labels.cards_pdf(cards, title=found.name, fonts=print_fonts())
    except (PrintError, MalformedLinkError):
        return _no_print(request, found)
    return pdf_answer(content, f"{_file(found)}-cards-{first}.pdf")


def _signed_with_codes(maker: Maker, season: str) -> tuple[Season, Sequence[tuple[Piece, Tag]]]:
    """The season, and its pieces whose certificates stand with their codes; Http404 else."""
    found: Season = get_object_or_404(Season.objects.made_by(maker), public_id=season)
    standing = Tag.objects.standing().filter(
        place="card",
        piece__season_row__season=found,
        piece__certificates__superseded_by__isnull=True,
        piece__certificates__revoked_at__isnull=True,
    )
    pieces = standing.select_related("piece__maker").prefetch_related(*_FACTS)
    in_order = pieces.order_by("piece__season_row__position")
    return found, [(tag.piece, tag) for tag in in_order if tag.piece]


def _file(season: Season) -> str:
    return slugify(season.name) or "season"


def _no_print(request: HttpRequest, season: Season) -> HttpResponse:
    facts = {"season": season}
    return render(request, "provenance/workshop/season_no_print.html", facts, status=503)
