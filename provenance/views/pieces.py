"""The piece page, which a scan opens, and the photographs on it."""

import hashlib
from datetime import datetime

from django.core.cache import caches
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from memories.models.montage import Montage, Opening
from memories.views.viewer import show_cover
from memories.views.visitors import offered_to
from provenance.models.certificate import Certificate
from provenance.models.making import StepEvidence
from provenance.models.piece import Photograph, Piece
from provenance.services.standing import NO_TAG, TagShown, standing_of
from provenance.verdict import CertificateAnswer, TagAnswer
from provenance.views.records import Record, record_in
from provenance.views.showing import piece_context, tag_context
from tags import capabilities, presence
from tags.models.tap import Tap

# A page says the same to everyone who comes with the same answer. All it says is in its name on
# the shelf, so that a withdrawal shows at once; only the moment of the check is this much older.
SHELF_SECONDS = 30
PAGE = "provenance/piece.html"
# Leads past the cover: the same scan, opened with the record.
RECORD = "record"
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"webp": "image/webp", "avif": "image/avif", "jpeg": "image/jpeg"}


# It says nothing a visitor typed beside anything secret, so its packed length betrays nothing.
@require_safe
@gzip_page
def piece(request: HttpRequest, piece: str) -> HttpResponse:
    """The record, with what this browser's last tap proved; a draft's maker sees its preview."""
    certificates: QuerySet[Certificate] = Certificate.objects.current()
    found = record_in(certificates.filter(piece__public_id=piece), "valid_from")
    if found is None:
        return _preview_or_nothing(request, piece)
    record, (signed_at,) = found
    tap = presence.last_tap(request, piece)
    if tap is None:
        response = answer_piece(request, record, memories=_memories(request, record))
        response["Cache-Control"] = "private, no-cache"
        return response
    response = _after_tap(request, record, tap, signed_at)
    response["Cache-Control"] = "private, no-store"
    return response


def _after_tap(request: HttpRequest, record: Record, tap: Tap, signed_at: datetime) -> HttpResponse:
    """What this browser's tap proves by now; a chip that answered is as good as its code."""
    tag = presence.shown(tap, signed_at=signed_at, now=timezone.now())
    is_live = tag.answer in (TagAnswer.LIVE, TagAnswer.SAME_TAP)
    holds_code = is_live or _holds_code(request, record)
    response = open_record(request, record, tag=tag, holds_code=holds_code)
    if is_live:
        capabilities.grant(response, request, tap.tag)
    return response


def open_record(
    request: HttpRequest, record: Record, *, tag: TagShown, holds_code: bool
) -> HttpResponse:
    """The record, or the cover of the memories that its keeper offers to this visitor."""
    montage = _montage_of(request, record, holds_code=holds_code)
    if montage is None:
        return answer_piece(request, record, tag=tag)
    if montage.opening == Opening.COVER and RECORD not in request.GET:
        checked = standing_of(certificate_of(record), tag=tag, now=timezone.now())
        # A buyer sees first why a certificate does not stand, whatever the keeper chose.
        if checked.verdict.answer is CertificateAnswer.CURRENT:
            return show_cover(
                request,
                montage.piece,
                headline=checked.headline,
                record=f"{request.path}?{RECORD}",
            )
    memories = reverse("memories:montage", args=[record.piece])
    return answer_piece(request, record, tag=tag, memories=memories)


def certificate_of(record: Record) -> Certificate:
    """The certificate with what its page asks of it: the rest stands in its signed body."""
    certificates: QuerySet[Certificate] = Certificate.objects.select_related(
        "piece__maker", "status_batch"
    ).only(
        "public_id",
        "version",
        "body",
        "valid_from",
        "revoked_at",
        "revoked_by",
        "revocation_reason",
        "piece__public_id",
        "piece__kind",
        "piece__maker__slug",
        "piece__maker__identity_level",
        "status_batch__changes",
    )
    return certificates.get(pk=record.certificate)


def answer_piece(
    request: HttpRequest, record: Record, *, tag: TagShown = NO_TAG, memories: str = ""
) -> HttpResponse:
    """The piece page for this tag; `memories` is the address of a montage open to the visitor."""
    if tag.is_of_one_visitor:
        # Never on the shelf: nobody else may be told that the chip answered just now.
        return HttpResponse(_piece_page(request, record, tag, memories))
    said = repr((record, tag, memories, get_language()))
    shelf, name = caches["pages"], f"piece:{hashlib.sha256(said.encode()).hexdigest()}"
    page: bytes | None = shelf.get(name)
    if page is None:
        page = _piece_page(request, record, tag, memories)
        shelf.set(name, page, SHELF_SECONDS)
    return HttpResponse(page)


def _piece_page(request: HttpRequest, record: Record, tag: TagShown, memories: str) -> bytes:
    certificate = certificate_of(record)
    checked = standing_of(certificate, tag=tag, now=timezone.now())
    context = piece_context(certificate, checked, record.keepers)
    context |= tag_context(tag) | {"memories": memories}
    return render_to_string(PAGE, context, request).encode()


@require_safe
def photograph(request: HttpRequest, piece: str, photograph: str, name: str) -> HttpResponseBase:
    """One rendition of a photograph: public with its piece, before that its maker's alone."""
    found = get_object_or_404(
        Photograph.ever.select_related("piece__maker"),
        piece__public_id=piece,
        public_id=photograph,
    )
    return _rendition(request, found, name, is_public=found.piece.is_issued)


@require_safe
def evidence(request: HttpRequest, piece: str, evidence: str, name: str) -> HttpResponseBase:
    """One rendition of a photograph behind a step: public once that step is signed."""
    found = get_object_or_404(
        StepEvidence.objects.select_related("piece__maker", "step"),
        piece__public_id=piece,
        public_id=evidence,
    )
    # What stands behind a step that was only planned is in no certificate; what stands behind no
    # step any more is in an earlier one.
    is_public = found.piece.is_issued and (found.step is None or found.step.is_done)
    return _rendition(request, found, name, is_public=is_public)


def _rendition(
    request: HttpRequest, found: Photograph | StepEvidence, name: str, *, is_public: bool
) -> HttpResponseBase:
    if name not in found.renditions or not (is_public or _is_maker(request, found.piece)):
        raise Http404
    rendition = found.renditions[name]
    etag = f'"{rendition["sha256"]}"'
    response = get_conditional_response(request, etag=etag) or _bytes_of(rendition["file"], name)
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER if is_public else "private, no-store"
    return response


def _memories(request: HttpRequest, record: Record) -> str:
    """Where the memories are, for a browser they are offered to; else ""."""
    montage = _montage_of(request, record, holds_code=None)
    return reverse("memories:montage", args=[record.piece]) if montage else ""


def _holds_code(request: HttpRequest, record: Record) -> bool:
    if not (record.has_montage and capabilities.read(request)):
        return False
    return capabilities.holds_code(request, Piece.objects.get(public_id=record.piece))


def _montage_of(request: HttpRequest, record: Record, *, holds_code: bool | None) -> Montage | None:
    if not record.has_montage:
        return None
    piece = Piece.objects.get(public_id=record.piece)
    return offered_to(request, piece, holds_code=holds_code)


def _preview_or_nothing(request: HttpRequest, piece: str) -> HttpResponse:
    draft = get_object_or_404(Piece.objects.drafts().select_related("maker"), public_id=piece)
    if not _is_maker(request, draft):
        raise Http404
    return redirect("provenance:workshop_preview", piece)


def _is_maker(request: HttpRequest, piece: Piece) -> bool:
    return request.user.is_authenticated and piece.maker.user_id == request.user.pk


def _bytes_of(file: str, name: str) -> HttpResponseBase:
    try:
        content = storages["private"].open(file)
    except FileNotFoundError as problem:
        raise Http404 from problem
    return FileResponse(content, content_type=_TYPES[name.rpartition(".")[2]])
