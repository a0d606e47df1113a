"""What a scanned or typed code opens."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from memories.models import Montage, Opening
from memories.services.opening import published_for
from memories.views.viewer import show_cover
from provenance import limits
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.questions import TagRead
from provenance.services.standing import Checked, TagShown, standing_of
from provenance.verdict import (
    CertificateAnswer,
    Facts,
    TagAnswer,
    headline,
    limit_words,
)
from provenance.views.pieces import answer_piece, certificate_of
from provenance.views.records import Record, record_in
from tags import capabilities, codes
from tags.errors import MalformedCodeError
from tags.models import TagState

_TAG: Final = (
    "piece__tags__public_id",
    "piece__tags__epoch",
    "piece__tags__kind",
    "piece__tags__state",
    "piece__tags__bound_at",
    "piece__tags__ended_at",
    "valid_from",
)
# Leads past the cover: the same scan, opened with the record.
RECORD: Final = "record"
_ANSWERS: Final[dict[str, TagAnswer]] = {
    TagState.SUSPENDED: TagAnswer.SUSPENDED,
    TagState.REPLACED: TagAnswer.REPLACED,
    TagState.RETIRED: TagAnswer.RETIRED,
}


@dataclass(frozen=True)
class Scan:
    """What a code led to: the record, what its tag proved, and the tag as capabilities name it."""

    record: Record
    shown: TagShown
    public_id: str
    epoch: int


@require_safe
@gzip_page
def code(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a code, at its own address: a phone shows what it scanned."""
    scan = _scan_of(code)
    response = _opened(request, scan) if scan else _unknown(request)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def find_code(request: HttpRequest) -> HttpResponse:
    """A code typed by hand: its address, or what is wrong with it beside the field."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return render(request, "tags/find.html")
    try:
        code = codes.read_code(typed)
    except MalformedCodeError as problem:
        return _ask_again(request, typed, problem)
    return redirect("tags:code", code)


def _scan_of(text: str) -> Scan | None:
    """The tag with this code and the record of its piece, if both stand, in one query."""
    try:
        code = codes.read_code(text)
    except MalformedCodeError:
        return None
    certificates: QuerySet[Certificate] = Certificate.objects.current()
    found = record_in(certificates.filter(piece__tags__code=code), *_TAG)
    if found is None:
        return None
    record, (public_id, epoch, kind, state, bound_at, ended_at, signed_at) = found
    # Named in the certificate, or bound to the piece by an act after it was signed.
    read = TagRead(kind=kind, id=public_id, is_bound_since=bound_at > signed_at)
    answer = _ANSWERS.get(state, TagAnswer.IDENTIFIED)
    return Scan(record, TagShown(answer, read, ended_at), public_id, epoch)


def _opened(request: HttpRequest, scan: Scan) -> HttpResponse:
    if scan.shown.answer is not TagAnswer.IDENTIFIED:
        return answer_piece(request, scan.record, tag=scan.shown)
    response = _open(request, scan)
    capabilities.grant(response, request, scan)
    return response


def _open(request: HttpRequest, scan: Scan) -> HttpResponse:
    """The record, or the cover of the memories its keeper opened to whoever has the code."""
    montage = _montage_of(scan.record)
    if montage is None:
        return answer_piece(request, scan.record, tag=scan.shown)
    if montage.opening == Opening.COVER and RECORD not in request.GET:
        checked = standing_of(certificate_of(scan.record), tag=scan.shown, now=timezone.now())
        # A buyer sees first why a certificate does not stand, whatever the keeper chose.
        if checked.verdict.answer is CertificateAnswer.CURRENT:
            return _cover(request, montage.piece, checked)
    memories = reverse("memories:montage", args=[scan.record.piece])
    return answer_piece(request, scan.record, tag=scan.shown, memories=memories)


def _montage_of(record: Record) -> Montage | None:
    if not record.has_montage:
        return None
    return published_for(Piece.objects.get(public_id=record.piece), holds_code=True)


def _cover(request: HttpRequest, piece: Piece, checked: Checked) -> HttpResponse:
    record = f"{request.path}?{RECORD}"
    return show_cover(request, piece, headline=checked.headline, record=record)


def _unknown(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, mistyped and unbound codes, so that it tells nothing of ours."""
    if not limits.allows(request, "code_miss"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    spoken = headline(TagAnswer.NOT_SCANNED, CertificateAnswer.UNKNOWN, facts=Facts())
    context = {"headline": spoken, "limit": limit_words(spoken.answer, "piece")}
    return render(request, "tags/unknown.html", context, status=404)


def _ask_again(request: HttpRequest, typed: str, problem: MalformedCodeError) -> HttpResponse:
    said = str(problem)
    context = {"typed": typed[:100], "error": f"{said[:1].upper()}{said[1:]}. Look at it again."}
    if _is_claim_code(typed):
        # The keeper's secret is not repeated on a page.
        context = {"error": "This code claims the piece: keep it to yourself. Type the other one."}
    return render(request, "tags/find.html", context, status=400)


def _is_claim_code(typed: str) -> bool:
    try:
        codes.read_claim_code(typed)
    except MalformedCodeError:
        return False
    return True
