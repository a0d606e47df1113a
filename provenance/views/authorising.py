"""Asking a passkey to authorise one act: what to sign, then the signature, as JSON."""

import re
import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from provenance.assertions import BadAssertionError
from provenance.canonical import parse_object
from provenance.desk import for_makers
from provenance.errors import MalformedError, ProvenanceError
from provenance.models.authorisation import Act
from provenance.models.maker import Maker
from provenance.services import authorise

ASKED = "authorisation_asked"
ASKED_SECONDS = 300
MOST_BYTES = 64 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
STATUS_OF = {"no_passkey": 409, "already_authorised": 409, "bad_assertion": 403}


@never_cache
@require_POST
@for_makers
def begin(request: HttpRequest, maker: Maker) -> HttpResponse:
    """{"act", "digest"} in, {"request_options"} out. The question waits in the session."""
    try:
        question = _question(_body(request))
        options = authorise.options_for(user=maker.user, question=question)
    except ProvenanceError as problem:
        return _refusal(problem)
    request.session[ASKED] = {
        "act": question.act,
        "digest": question.digest.hex(),
        "nonce": question.nonce.hex(),
        "at": time.time(),
    }
    return JsonResponse({"request_options": options})


@never_cache
@require_POST
@for_makers
def finish(request: HttpRequest, maker: Maker) -> HttpResponse:
    """{"credential"} in, {"authorisation", "act", "digest"} out. A question is answered once."""
    try:
        question = _asked(request.session.pop(ASKED, None))
        credential = _body(request).get("credential")
        if not isinstance(credential, dict):
            raise MalformedError("the passkey's answer is missing")
        given = authorise.authorise(by=maker.user, question=question, answer=credential)
    except ProvenanceError as problem:
        return _refusal(problem)
    told = {"authorisation": given.public_id, "act": given.act, "digest": question.digest.hex()}
    return JsonResponse(told, status=201)


def _body(request: HttpRequest) -> dict[str, Any]:
    return parse_object(request.body, limit=MOST_BYTES)


def _question(body: dict[str, Any]) -> authorise.Question:
    act, digest = body.get("act"), body.get("digest")
    if act not in Act.values or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise MalformedError("say which act, and the digest of what as 64 hex digits")
    return authorise.new_question(act=Act(act), digest=bytes.fromhex(digest))


def _asked(kept: dict[str, Any] | None) -> authorise.Question:
    if kept is None or time.time() - kept["at"] > ASKED_SECONDS:
        raise BadAssertionError("nothing was asked lately; begin again")
    return authorise.Question(
        Act(kept["act"]), bytes.fromhex(kept["digest"]), bytes.fromhex(kept["nonce"])
    )


def _refusal(problem: ProvenanceError) -> HttpResponse:
    text = str(problem)
    detail = f"{text[:1].upper()}{text[1:]}."
    return JsonResponse(
        {"code": problem.code, "detail": detail}, status=STATUS_OF.get(problem.code, 400)
    )
