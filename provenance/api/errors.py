"""What went wrong, as a program reads it: one code, one sentence, and the one table of statuses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response

from provenance.errors import ProvenanceError
from provenance.making_record import InvalidRecordError
from provenance.services.issue import NotReadyError

# Every error a caller can meet. Ours are told by their code; a code that is not here is a 400.
STATUS_OF_CODE = {
    "idempotency_key_missing": 400,
    "invalid_record": 400,
    "unknown_policy": 400,
    "not_found": 404,
    "invalid_tap": 400,
    "already_issued": 409,
    "already_revoked": 409,
    "already_suspended": 409,
    "cannot_suspend": 409,
    "certificate_suspended": 409,
    "not_a_revision": 409,
    "not_suspended": 409,
    "piece_is_a_draft": 409,
    "suspended_by_platform": 409,
    "withdrawn_by_platform": 409,
    "draft_changed_elsewhere": 409,
    "evidence_repeated": 409,
    "evidence_used_elsewhere": 409,
    "key_out_of_use": 409,
    "maker_key_locked": 409,
    "maker_signs_elsewhere": 409,
    "no_key_in_use": 409,
    "piece_is_signed": 409,
    "preparation_gone": 409,
    "recipe_name_taken": 409,
    "too_large": 413,
    "file_too_large": 413,
    "picture_too_large": 413,
    "ai_image_is_no_evidence": 422,
    "bad_proof": 422,
    "evidence_full": 422,
    "file_empty": 422,
    "idempotency_key_reused": 422,
    "not_a_film": 422,
    "not_a_picture": 422,
    "not_ready": 422,
    "picture_timeout": 422,
    "picture_truncated": 422,
    "picture_unreadable": 422,
    "recipe_is_empty": 422,
    "unsafe_upload": 422,
    # The platform cannot sign or open pictures just now: our fault, and it may pass.
    "bad_key": 503,
    "key_locked": 503,
    "media_unavailable": 503,
}
FOREIGN: tuple[tuple[type[Exception], int, str, str], ...] = (
    (exceptions.ParseError, 400, "malformed", "The request cannot be read."),
    (exceptions.NotAuthenticated, 401, "not_authenticated", "This needs a token of a workshop."),
    (exceptions.AuthenticationFailed, 401, "token_unknown", "This token is unknown or withdrawn."),
    (exceptions.PermissionDenied, 403, "not_allowed", "This is not yours to do."),
    (PermissionDenied, 403, "not_allowed", "This is not yours to do."),
    (exceptions.NotFound, 404, "not_found", "There is nothing here."),
    (Http404, 404, "not_found", "There is nothing here."),
    (exceptions.MethodNotAllowed, 405, "method_not_allowed", "This address knows other verbs."),
    (exceptions.UnsupportedMediaType, 415, "unsupported_media_type", "Send it as documented."),
    (exceptions.Throttled, 429, "too_many_requests", "Too many requests; wait a little."),
    (RequestDataTooBig, 413, "too_large", "The request is larger than we take."),
    (TooManyFieldsSent, 413, "too_large", "The request has more fields than we take."),
    (TooManyFilesSent, 413, "too_large", "The request has more files than we take."),
    (SuspiciousOperation, 400, "malformed", "The request cannot be read."),
    (UnreadablePostError, 400, "malformed", "The request was cut off."),
)
# Where a fact has another name in our JSON: the unit belongs to it there.
NAMES_OF_FACTS = {
    "mass": "mass_grams",
    "circumference": "circumference_mm",
    "carat": "carat_each",
    "basis": "carat_basis",
    "sizes": "sizes_mm",
    "ident": "id",
}
INVALID = "Some fields are missing or wrong."


class MissingKeyError(ProvenanceError):
    """A call that creates something came without its Idempotency-Key."""

    code = "idempotency_key_missing"


def answer_error(problem: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception with its status and {"code", "detail"}; None when it is a bug."""
    if isinstance(problem, exceptions.ValidationError):
        return Response(_invalid(problem), status=400)
    if isinstance(problem, ProvenanceError):
        return Response(_ours(problem), status=STATUS_OF_CODE.get(problem.code, 400))
    for kind, status, code, detail in FOREIGN:
        if isinstance(problem, kind):
            body = {"code": code, "detail": detail}
            return Response(body, status=status, headers=_headers(problem))
    return None


def _ours(problem: ProvenanceError) -> dict[str, object]:
    body: dict[str, object] = {"code": problem.code, "detail": sentence(str(problem))}
    if isinstance(problem, InvalidRecordError):
        # The path comes first, and a path is written as it is.
        body |= {"detail": f"{problem}.", "errors": [fault_told(problem)]}
    if isinstance(problem, NotReadyError):
        body["errors"] = [
            {"path": _as_sent(each.path), "code": each.code, "detail": each.sentence}
            for each in problem.problems
        ]
    return body


def _as_sent(path: str) -> str:
    """The path of a fact in the names that a program writes: "stones.0.carat_each"."""
    head, _, rest = path.partition(".")
    if head == "measures":
        return f"{rest}_mm"
    return ".".join(NAMES_OF_FACTS.get(name, name) for name in path.split("."))


def fault_told(problem: InvalidRecordError) -> dict[str, str]:
    """Where a making record cannot be read, the name of the fault, and why."""
    detail = sentence(problem.sentence)
    return {"path": problem.path, "code": str(problem.fault), "detail": detail}


def _invalid(problem: exceptions.ValidationError) -> dict[str, object]:
    return {"code": "invalid", "detail": INVALID, "errors": list(_flat(problem.detail))}


def _flat(detail: object, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Walk what the serializers found: one entry per field, named as in "parts.0.fineness"."""
    if isinstance(detail, ErrorDetail):
        yield {"path": ".".join(path), "code": str(detail.code), "detail": str(detail)}
    elif isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, Sequence):
        for n, inner in enumerate(detail):
            yield from _flat(inner, path if isinstance(inner, ErrorDetail) else (*path, str(n)))


def _headers(problem: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(problem, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(problem, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers


def sentence(text: str) -> str:
    """Our errors are written to stand within a sentence; here they are one."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
