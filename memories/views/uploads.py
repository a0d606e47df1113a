"""Resumable uploads as tus 1.0 speaks of them; the protocol's numbers stand in STATUS."""

from collections.abc import Callable, Iterator
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from memories import tus
from memories.errors import (
    ChecksumError,
    MediaUnavailableError,
    MontageError,
    OffsetError,
    PictureTooLargeError,
    QuotaError,
    TusRequestError,
    UploadGoneError,
    UploadTooLongError,
)
from memories.models.upload import Upload
from memories.services import resumable, spool
from memories.views.keepers import for_keepers, montage_on_desk
from provenance import limits
from provenance.models.keeping import Keeper

STATUS: dict[type[MontageError], int] = {
    TusRequestError: 400,
    OffsetError: 409,
    UploadGoneError: 410,
    PictureTooLargeError: 413,
    QuotaError: 413,
    UploadTooLongError: 413,
    ChecksumError: 460,
    MediaUnavailableError: 503,
}
REFUSED = 422
VERSION_REFUSED = 412
TYPE_REFUSED = 415
SLOWED = 429
UNAVAILABLE = 503

View = Callable[..., HttpResponseBase]


def _speaks_tus(view: View) -> View:
    """Answer who is not signed in with a number, not a page; name the version on every answer."""

    @wraps(view)
    def asked(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            answer: HttpResponseBase = HttpResponse(status=401)
        elif request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != tus.VERSION:
            answer = HttpResponse(status=VERSION_REFUSED)
            answer["Tus-Version"] = tus.VERSION
        else:
            answer = _answered(view, request, *args, **kwargs)
        answer["Tus-Resumable"] = tus.VERSION
        return answer

    return asked


def _answered(view: View, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except MontageError as problem:
        found = [status for kind, status in STATUS.items() if isinstance(problem, kind)]
        told = {"code": problem.code, "detail": str(problem)}
        return JsonResponse(told, status=found[0] if found else REFUSED)


@_speaks_tus
@for_keepers
def begin(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """POST begins an upload, with its first bytes or without; OPTIONS tells what is spoken."""
    if request.method == "OPTIONS":
        return _capabilities()
    if request.method != "POST":
        return _not_allowed("POST, OPTIONS")
    montage = montage_on_desk(keeper, piece)
    if not limits.allows(request, "upload", subject=str(keeper.pk)):
        return HttpResponse(status=SLOWED, headers={"Retry-After": "60"})
    metadata = request.headers.get("Upload-Metadata", "")
    said = tus.read_metadata(metadata)
    upload = resumable.begin(
        montage=montage,
        length=tus.read_number("Upload-Length", request.headers.get("Upload-Length")),
        name=said.get("filename", ""),
        metadata=metadata,
        is_music=said.get("as") == "music",
        has_rights=said.get("rights") == "yes",
    )
    # creation-with-upload: what the first body holds is kept as that of a PATCH.
    has_body = request.content_type == tus.BODY_TYPE
    answer = _append(request, upload, 0) if has_body else HttpResponse()
    answer.status_code = 201 if answer.status_code < 400 else answer.status_code
    answer["Location"] = reverse("memories:resume", args=[piece, upload.public_id])
    answer["Upload-Expires"] = _expiry(upload)
    return answer


@_speaks_tus
@for_keepers
def resume(request: HttpRequest, keeper: Keeper, piece: str, upload: str) -> HttpResponse:
    """HEAD tells how far it came, PATCH continues, DELETE gives up."""
    if request.method == "OPTIONS":
        return _capabilities()
    found = _upload_of(keeper, piece, upload)
    acts = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    act = acts.get(tus.method_of(request.method or "", request.headers))
    if act is None:
        return _not_allowed("HEAD, PATCH, DELETE, OPTIONS")
    return act(request, found)


def _upload_of(keeper: Keeper, piece: str, public_id: str) -> Upload:
    montage = montage_on_desk(keeper, piece)
    found: Upload = get_object_or_404(Upload, montage=montage, public_id=public_id)
    found.montage = montage
    if found.expires_at <= timezone.now():
        raise UploadGoneError("This upload took too long and was given up. Please begin anew.")
    return found


def _head(request: HttpRequest, upload: Upload) -> HttpResponse:
    answer = HttpResponse(status=200)
    answer["Upload-Offset"] = str(resumable.offset_of(upload))
    answer["Upload-Length"] = str(upload.length)
    answer["Upload-Expires"] = _expiry(upload)
    if upload.metadata:
        answer["Upload-Metadata"] = upload.metadata
    return answer


def _patch(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.content_type != tus.BODY_TYPE:
        return HttpResponse(status=TYPE_REFUSED)
    offset = tus.read_number("Upload-Offset", request.headers.get("Upload-Offset"))
    return _append(request, upload, offset)


def _append(request: HttpRequest, upload: Upload, offset: int) -> HttpResponse:
    checksum = tus.read_checksum(request.headers.get("Upload-Checksum"))
    try:
        at = resumable.append(
            upload=upload, offset=offset, body=_body_of(request), checksum=checksum
        )
        if at == upload.length:
            resumable.finish(upload=upload)
    except MontageError as problem:
        if _is_final(problem):
            resumable.give_up(upload=upload)
        raise
    except OSError:
        # Ours to mend; what arrived stays, and the client tries again.
        return HttpResponse(status=UNAVAILABLE)
    answer = HttpResponse(status=204)
    answer["Upload-Offset"] = str(at)
    answer["Upload-Expires"] = _expiry(upload)
    return answer


def _is_final(problem: MontageError) -> bool:
    """Whether sending the same again would meet the same refusal."""
    return not isinstance(
        problem, OffsetError | ChecksumError | UploadGoneError | UploadTooLongError
    )


def _body_of(request: HttpRequest) -> Iterator[bytes]:
    """What arrives, in pieces, until it ends or the line breaks: what came until then stays."""
    while True:
        try:
            piece = request.read(spool.PIECE)
        except OSError:
            return
        if not piece:
            return
        yield piece


def _delete(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Only what is under way is given up: a memory is erased on its own page."""
    resumable.give_up(upload=upload)
    return HttpResponse(status=204)


def _expiry(upload: Upload) -> str:
    return http_date(upload.expires_at.timestamp())


def _capabilities() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": tus.VERSION,
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(resumable.largest()),
            "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
        },
    )


def _not_allowed(methods: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": methods})
