"""Printing at the maker's desk: the card in the box, the label, and the code as a drawing."""

import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst, slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provenance import jewelry_words
from provenance.canonical import parse_object
from provenance.desk import for_makers, piece_on_desk
from provenance.models.certificate import CertificateFile
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.paper import fingerprint_of
from provenance.services.facts import facts_of
from provenance.services.keep import AlreadyClaimedError
from tags import labels, links, qr
from tags.errors import MalformedLinkError, PrintError
from tags.fonts import unpack_fonts
from tags.models.tag import Tag
from tags.services import issuing


@require_POST
@never_cache
@for_makers
def card_pdf(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """Print the card. Each print draws a new claim code; the unclaimed one before it is void."""
    found, tag = signed_with_code(maker, piece)
    try:
        # A card that could not be set leaves the earlier code good.
        with transaction.atomic():
            card = card_of(found, tag, claim_code=new_claim_code(found, maker))
            return pdf_answer(
                labels.card_pdf(card, fonts=print_fonts()), f"{file_stem(found)}-card.pdf"
            )
    except (PrintError, MalformedLinkError):
        return not_printed(request, found)


@require_safe
@never_cache
@for_makers
def label_pdf(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found, tag = signed_with_code(maker, piece)
    try:
        return pdf_answer(
            labels.label_pdf(label_of(found, tag), fonts=print_fonts()),
            f"{file_stem(found)}-label.pdf",
        )
    except (PrintError, MalformedLinkError):
        return not_printed(request, found)


@require_safe
@never_cache
@for_makers
def code_svg(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    _, tag = signed_with_code(maker, piece)
    drawing = qr.svg(links.code_url(settings.SITE_URL, tag.code), ground=qr.Ground.PAPER)
    return HttpResponse(drawing, content_type="image/svg+xml")


def signed_with_code(maker: Maker, piece: str) -> tuple[Piece, Tag]:
    """A signed piece whose certificate stands, and its printed code; Http404 for others."""
    found = piece_on_desk(maker, piece)
    standing = Tag.objects.standing().filter(
        piece__issued_at__isnull=False,
        piece__certificates__superseded_by__isnull=True,
        piece__certificates__revoked_at__isnull=True,
    )
    return found, get_object_or_404(standing, piece=found, place="card")


def new_claim_code(piece: Piece, maker: Maker) -> str | None:
    try:
        return issuing.new_card_code(piece=piece, by=maker.user)
    except AlreadyClaimedError:
        return None


def card_of(piece: Piece, tag: Tag, *, claim_code: str | None) -> labels.Card:
    maker = piece.maker
    metals = dict.fromkeys(jewelry_words.metal_line(part) for part in facts_of(piece).parts)
    return labels.Card(
        piece=piece.title,
        edition=piece.edition_line,
        metal=capfirst(" and ".join(metals)),
        maker=maker.name,
        town=maker.town,
        mark=maker.sponsors_mark,
        site_url=settings.SITE_URL,
        code=tag.code,
        fingerprint=_fingerprint(piece),
        claim_code=claim_code,
        is_demonstration=settings.DEMO,
    )


def _fingerprint(piece: Piece) -> str:
    """Of the key that signed its certificate of today, which may be older than the key of today."""
    files = CertificateFile.objects.filter(
        certificate__piece=piece, certificate__superseded_by__isnull=True
    )
    return fingerprint_of(parse_object(bytes(files.values_list("content", flat=True)[:1].get())))


def label_of(piece: Piece, tag: Tag) -> labels.Label:
    return labels.Label(
        piece=piece.title,
        edition=piece.edition_line,
        serial=piece.serial,
        mark=piece.maker.sponsors_mark,
        site_url=settings.SITE_URL,
        code=tag.code,
        is_demonstration=settings.DEMO,
    )


@lru_cache(maxsize=1)
def print_fonts() -> Path:
    """The folder of the printed type, unpacked once for each process."""
    folder = Path(tempfile.mkdtemp(prefix="print-fonts-"))
    unpack_fonts(settings.BASE_DIR / "node_modules" / "@fontsource", into=folder)
    return folder


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def file_stem(piece: Piece) -> str:
    return slugify(piece.title) or "piece"


def not_printed(request: HttpRequest, piece: Piece) -> HttpResponse:
    return render(request, "provenance/workshop/no_print.html", {"piece": piece}, status=503)
