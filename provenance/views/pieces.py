"""The piece page, which a scan opens, and the photographs on it."""

import hashlib

from django.core.cache import caches
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from provenance.models.certificate import Certificate
from provenance.models.piece import Photograph, Piece
from provenance.services.standing import NO_TAG, TagShown, standing_of
from provenance.views.showing import Keepers, piece_context

# A page says the same to everyone who comes with the same answer. All it says is in its name on
# the shelf, so that a withdrawal shows at once; only the moment of the check is this much older.
SHELF_SECONDS = 30
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"webp": "image/webp", "avif": "image/avif", "jpeg": "image/jpeg"}


@require_safe
def piece(request: HttpRequest, piece: str) -> HttpResponse:
    """The record, opened without any tag; a draft's maker is led to its preview."""
    certificate = standing_certificates().filter(piece__public_id=piece).first()
    if certificate is None:
        return _preview_or_nothing(request, piece)
    response = answer_piece(request, certificate)
    response["Cache-Control"] = "private, no-cache"
    return response


def standing_certificates() -> QuerySet[Certificate]:
    """The newest certificate of each issued piece, with all that its page asks of it."""
    certificates: QuerySet[Certificate] = Certificate.objects.current()
    return certificates.select_related("piece__maker", "status_batch")


def answer_piece(
    request: HttpRequest,
    certificate: Certificate,
    *,
    tag: TagShown = NO_TAG,
    memories: str = "",
) -> HttpResponse:
    """The piece page for this tag; `memories` is the address of a montage open to the visitor."""
    keepers = list(certificate.piece.custodies.values_list("number", "since"))
    shelf, name = caches["pages"], _name_on_shelf(certificate, tag, keepers, memories)
    page: bytes | None = shelf.get(name)
    if page is None:
        checked = standing_of(certificate, tag=tag, now=timezone.now())
        context = piece_context(certificate, checked, keepers) | {"memories": memories}
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


def _name_on_shelf(certificate: Certificate, tag: TagShown, keepers: Keepers, memories: str) -> str:
    maker = certificate.piece.maker
    said = (
        bytes(certificate.digest),
        certificate.status_batch.changes,
        certificate.revoked_at,
        (maker.slug, maker.identity_level),
        tag,
        keepers,
        memories,
        get_language(),
    )
    return f"piece:{hashlib.sha256(repr(said).encode()).hexdigest()}"
