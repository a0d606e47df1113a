"""The piece page, which a scan opens, and the photographs on it."""

import hashlib

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

from memories.services.opening import published_for
from provenance.models.certificate import Certificate
from provenance.models.piece import Photograph, Piece
from provenance.services.standing import NO_TAG, TagShown, standing_of
from provenance.views.records import Record, record_in
from provenance.views.showing import piece_context
from tags import capabilities

# A page says the same to everyone who comes with the same answer. All it says is in its name on
# the shelf, so that a withdrawal shows at once; only the moment of the check is this much older.
SHELF_SECONDS = 30
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"webp": "image/webp", "avif": "image/avif", "jpeg": "image/jpeg"}


# It says nothing a visitor typed beside anything secret, so its packed length betrays nothing.
@require_safe
@gzip_page
def piece(request: HttpRequest, piece: str) -> HttpResponse:
    """The record, opened without any tag; a draft's maker is led to its preview."""
    certificates: QuerySet[Certificate] = Certificate.objects.current()
    found = record_in(certificates.filter(piece__public_id=piece))
    if found is None:
        return _preview_or_nothing(request, piece)
    record = found[0]
    response = answer_piece(request, record, memories=_memories(request, record))
    response["Cache-Control"] = "private, no-cache"
    return response


def certificate_of(record: Record) -> Certificate:
    """The certificate with what its page asks of it: the rest stands in its signed body."""
    certificates: QuerySet[Certificate] = Certificate.objects.select_related(
        "piece__maker", "status_batch"
    ).only(
        "public_id",
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
    said = repr((record, tag, memories, get_language()))
    shelf, name = caches["pages"], f"piece:{hashlib.sha256(said.encode()).hexdigest()}"
    page: bytes | None = shelf.get(name)
    if page is None:
        certificate = certificate_of(record)
        checked = standing_of(certificate, tag=tag, now=timezone.now())
        context = piece_context(certificate, checked, record.keepers) | {"memories": memories}
        page = render_to_string("provenance/piece.html", context, request).encode()
        shelf.set(name, page, SHELF_SECONDS)
    return HttpResponse(page)


@require_safe
def photograph(request: HttpRequest, piece: str, photograph: str, name: str) -> HttpResponseBase:
    """One rendition of a photograph: public with its piece, before that its maker's alone."""
    found = get_object_or_404(
        Photograph.objects.select_related("piece__maker"),
        piece__public_id=piece,
        public_id=photograph,
    )
    is_public = found.piece.is_issued
    if name not in found.renditions or not (is_public or _is_maker(request, found.piece)):
        raise Http404
    rendition = found.renditions[name]
    etag = f'"{rendition["sha256"]}"'
    response = get_conditional_response(request, etag=etag) or _bytes_of(rendition["file"], name)
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER if is_public else "private, no-store"
    return response


def _memories(request: HttpRequest, record: Record) -> str:
    """Where the memories are, for a browser that opened the code before; else ""."""
    if not (record.has_montage and capabilities.read(request)):
        return ""
    piece = Piece.objects.get(public_id=record.piece)
    holds_code = capabilities.holds_code(request, piece)
    if not published_for(piece, holds_code=holds_code):
        return ""
    return reverse("memories:montage", args=[record.piece])


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
