"""The workshop: every piece of a maker in one tray, found again and copied."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provenance import jewelry, jewelry_words
from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.models.certificate import Certificate
from provenance.models.maker import Maker
from provenance.models.piece import EditionKind, Piece, PieceQuerySet
from provenance.services import drafting, register
from provenance.services.facts import DETAILS, facts_of
from provenance.views.bench import left_line
from provenance.views.pictures import Picture, cover_of, picture_of
from provenance.wording import shop_name_notes
from tags import codes
from tags.errors import MalformedCodeError
from tags.models.tag import Tag

ON_A_PAGE = 24
ON_THE_TRAY = (*DETAILS, "certificates__suspensions", "custodies", "revisions")


@dataclass(frozen=True)
class State:
    """How a piece stands: a colour family, a punch, and the words that carry it."""

    family: str
    punch: str
    name: str
    line: str


@dataclass(frozen=True)
class Row:
    piece: Piece
    edition: str
    metal: str
    picture: Picture | None
    state: State


@dataclass(frozen=True)
class Tab:
    """One way of looking into the tray, and how many pieces lie there."""

    name: str
    label: str
    many: int


@never_cache
@require_safe
@for_makers
def workshop(request: HttpRequest, maker: Maker) -> HttpResponse:
    mine = _sorted(Piece.objects.made_by(maker).registered())
    wanted, words = request.GET.get("show", "all"), _asked(request)
    found = _found(_shown(mine, wanted), words)
    page = Paginator(found.prefetch_related(*ON_THE_TRAY), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    facts = {
        "maker": maker,
        "shop_notes": shop_name_notes(maker.name),
        "page": page,
        "rows": _rows(page),
        "tabs": _tabs(mine),
        "show": wanted,
        "words": words,
        "keep": f"&{urlencode({'show': wanted, 'q': words})}",
        "last": mine.order_by("-created_at", "-pk").first(),
    }
    return render(request, "provenance/workshop/pieces.html", facts)


@require_POST
@for_makers
def workshop_duplicate(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    earlier = piece_on_desk(maker, piece)
    copy = register.duplicate_piece(piece=earlier, facts=facts_of(earlier), by=maker.user)
    messages.info(request, f"Copied from {_called(earlier)}. Change what differs.")
    return see_other("provenance:workshop_piece", copy.public_id)


def _called(piece: Piece) -> str:
    if piece.edition_kind == EditionKind.NUMBERED:
        return f"number {piece.edition_number}"
    return f"“{piece.title}”"


def _asked(request: HttpRequest) -> str:
    # PostgreSQL refuses the letter NUL, which no title holds.
    return request.GET.get("q", "").replace("\0", "").strip()[:80]


# -- the tray -----------------------------------------------------------------------------------


def _sorted(pieces: PieceQuerySet) -> PieceQuerySet:
    withdrawn = Certificate.objects.current().filter(piece=OuterRef("pk"), revoked_at__isnull=False)
    corrections = Piece.objects.drafts().filter(revises=OuterRef("pk"))
    return pieces.annotate(is_withdrawn=Exists(withdrawn), is_corrected=Exists(corrections))


SHOWN = {
    "all": ("All", Q()),
    "drafts": ("Drafts", Q(issued_at__isnull=True) | Q(is_corrected=True)),
    "certified": ("Certified", Q(issued_at__isnull=False, is_withdrawn=False)),
    "withdrawn": ("Withdrawn", Q(is_withdrawn=True)),
}


def _shown(pieces: PieceQuerySet, wanted: str) -> PieceQuerySet:
    _, condition = SHOWN.get(wanted, SHOWN["all"])
    return pieces.filter(condition)


def _found(pieces: PieceQuerySet, words: str) -> PieceQuerySet:
    """Those whose title, stock number, edition number or code the words name."""
    if not words:
        return pieces
    named = Q(title__icontains=words) | Q(sku__icontains=words)
    if words.isascii() and words.isdecimal() and len(words) < 8:
        named |= Q(edition_number=int(words))
    return pieces.filter(named | _coded(words))


def _coded(words: str) -> Q:
    try:
        return Q(pk__in=Tag.objects.filter(code=codes.read_code(words)).values("piece"))
    except MalformedCodeError:
        return Q(pk__in=[])


def _tabs(pieces: PieceQuerySet) -> list[Tab]:
    counted = pieces.aggregate(
        **{name: Count("pk", filter=condition) for name, (_, condition) in SHOWN.items()}
    )
    return [Tab(name, label, counted[name]) for name, (label, _) in SHOWN.items()]


def _rows(page: "Page[Piece]") -> list[Row]:
    now = timezone.now()
    return [_row(piece, now) for piece in page.object_list]


def _row(piece: Piece, now: datetime) -> Row:
    cover = cover_of(piece.photographs.all())
    metals = dict.fromkeys(jewelry_words.metal_line(part) for part in facts_of(piece).parts)
    weight = f"{jewelry.plain(piece.mass_grams)}\N{NO-BREAK SPACE}g"
    return Row(
        piece=piece,
        edition=edition_of(piece),
        metal=", ".join([" and ".join(metals), weight]),
        picture=picture_of(cover, piece.public_id),
        state=state_of(piece, now=now),
    )


def edition_of(piece: Piece) -> str:
    if piece.edition_kind == EditionKind.NUMBERED:
        return f"{piece.edition_number} of {piece.edition_of}"
    return piece.edition_line.lower()


def state_of(piece: Piece, *, now: datetime) -> State:
    """How the piece stands today; no query when its details were prefetched."""
    certificate = next(iter(piece.certificates.all()), None)
    if certificate is None:
        left = left_line(drafting.problems_of(piece, now=now))
        return State("caution", "verdict-draft", "Draft", left)
    if certificate.revoked_at:
        line = f"{day(certificate.revoked_at)}. {certificate.revocation_reason}"
        return State("stop", "verdict-revoked", "Withdrawn", line)
    paused = [each for each in certificate.suspensions.all() if each.lifted_at is None]
    if paused:
        line = f"{day(paused[0].since)}. {paused[0].reason}"
        return State("caution", "verdict-unconfirmed", "Paused", line)
    kept = [custody for custody in piece.custodies.all() if custody.until is None]
    keeper = f"Kept since {day(kept[0].since)}." if kept else "Not yet claimed."
    line = f"{day(certificate.valid_from)}. {keeper}"
    if any(not draft.is_issued for draft in piece.revisions.all()):
        line += " A correction is begun."
    return State("live", "verdict-identified", "Certified, code on card", line)


def day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
