"""What a scanned or typed code opens."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from memories.services.opening import opening_for, published_for
from memories.views.viewer import show_cover
from provenance import limits
from provenance.models.certificate import Certificate
from provenance.questions import TagRead
from provenance.services.standing import TagShown, standing_of
from provenance.verdict import (
    CertificateAnswer,
    Facts,
    TagAnswer,
    headline,
    limit_words,
)
from provenance.views.pieces import answer_piece, standing_certificates
from tags import capabilities, codes
from tags.errors import MalformedCodeError
from tags.models import Tag, TagState

# Leads past the cover: the same scan, opened with the record.
RECORD: Final = "record"
_ANSWERS: Final = {
    TagState.SUSPENDED: TagAnswer.SUSPENDED,
    TagState.REPLACED: TagAnswer.REPLACED,
    TagState.RETIRED: TagAnswer.RETIRED,
}


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a code, at its own address: a phone shows what it scanned."""
    tag = _tag_of(code)
    certificate = standing_certificates().filter(piece=tag.piece_id).first() if tag else None
    response = _scan(request, tag, certificate) if tag and certificate else _unknown(request)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def find_code(request: HttpRequest) -> HttpResponse:
    """A code typed by hand: its address, or what is wrong with it beside the field."""
    typed = request.GET.get("code", "")
    try:
        code = codes.read_code(typed)
    except MalformedCodeError as problem:
        return _ask_again(request, typed, problem)
    return redirect("tags:code", code)


def _tag_of(text: str) -> Tag | None:
    try:
        code = codes.read_code(text)
    except MalformedCodeError:
        return None
    return Tag.objects.filter(code=code).first()


def _scan(request: HttpRequest, tag: Tag, certificate: Certificate) -> HttpResponse:
    shown = _shown(tag, certificate)
    if shown.answer is not TagAnswer.IDENTIFIED:
        return answer_piece(request, certificate, tag=shown)
    response = _open(request, certificate, shown)
    capabilities.grant(response, request, tag)
    return response


def _open(request: HttpRequest, certificate: Certificate, shown: TagShown) -> HttpResponse:
    """The record, or the cover of the memories its keeper opened to whoever has the code."""
    piece = certificate.piece
    if RECORD not in request.GET and opening_for(piece, holds_code=True):
        spoken = standing_of(certificate, tag=shown, now=timezone.now()).headline
        return show_cover(request, piece, headline=spoken, record=f"{request.path}?{RECORD}")
    memories = ""
    if published_for(piece, holds_code=True):
        memories = reverse("memories:montage", args=[piece.public_id])
    return answer_piece(request, certificate, tag=shown, memories=memories)


def _shown(tag: Tag, certificate: Certificate) -> TagShown:
    # Named in the certificate, or bound to the piece by an act after it was signed.
    is_bound_since = tag.bound_at > certificate.valid_from
    read = TagRead(kind=str(tag.kind), id=str(tag.public_id), is_bound_since=is_bound_since)
    answer = _ANSWERS.get(TagState(tag.state), TagAnswer.IDENTIFIED)
    return TagShown(answer=answer, read=read, since=tag.ended_at)


def _unknown(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, mistyped and unbound codes, so that it tells nothing of ours."""
    if not limits.allows(request, "code_miss"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    spoken = headline(TagAnswer.NOT_SCANNED, CertificateAnswer.UNKNOWN, facts=Facts())
    context = {"headline": spoken, "limit": limit_words(spoken.answer, "piece")}
    return render(request, "tags/unknown.html", context, status=404)


def _ask_again(request: HttpRequest, typed: str, problem: MalformedCodeError) -> HttpResponse:
    if _is_claim_code(typed):
        # It is the keeper's secret: it is not repeated on the page.
        typed, error = (
            "",
            "This is the code under the fold: keep it to yourself, it claims the piece.",
        )
    else:
        error = f"{str(problem)[:1].upper()}{str(problem)[1:]}. Look at the card again."
    context = {"typed": typed[:100], "error": error if typed or error else ""}
    return render(request, "tags/find.html", context, status=400)


def _is_claim_code(typed: str) -> bool:
    try:
        codes.read_claim_code(typed)
    except MalformedCodeError:
        return False
    return True
