"""Photographs of a draft, one by one: each is made safe in the request that brings it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from memories.errors import MediaUnavailableError, UnsafeUploadError
from provenance import limits
from provenance.desk import draft_on_desk, for_makers, see_other
from provenance.forms.photograph import PhotographForm
from provenance.intake import safe_photograph
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import register
from provenance.views.bench import shots_of
from provenance.views.drafts import keep_photograph, saved_answer, wants_json

SIGNED = "This piece is signed meanwhile."


@require_POST
@for_makers
def workshop_photo(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = draft_on_desk(maker, piece)
    if not limits.allows(request, "upload", subject=f"maker {maker.pk}"):
        return too_many(request)
    form = PhotographForm(request.POST, request.FILES)
    if not form.is_valid():
        problems = [sentence for errors in form.errors.values() for sentence in errors]
        return _refusal(request, found, "malformed", " ".join(map(str, problems)))
    said = form.cleaned_data["source"]
    try:
        with safe_photograph(form.cleaned_data["photograph"], said=said) as incoming:
            keep_photograph(found, form.cleaned_data["role"], incoming, said=said)
            heard = incoming.credentials.warning
    except UnsafeUploadError as problem:
        return _refusal(request, found, problem.code, str(problem))
    except MediaUnavailableError as problem:
        return _refusal(request, found, problem.code, str(problem), status=503)
    except register.SignedPieceError as problem:
        return _refusal(request, found, problem.code, SIGNED, status=409)
    return _answer(request, found, heard)


@require_POST
@for_makers
def workshop_photo_remove(
    request: HttpRequest, maker: Maker, piece: str, photograph: str
) -> HttpResponse:
    found = draft_on_desk(maker, piece)
    shown = get_object_or_404(found.photographs, public_id=photograph)
    try:
        register.remove_photograph(photograph=shown)
    except register.SignedPieceError as problem:
        return _refusal(request, found, problem.code, SIGNED, status=409)
    return _answer(request, found)


def _answer(request: HttpRequest, piece: Piece, heard: str = "") -> HttpResponse:
    if not wants_json(request):
        if heard:
            messages.warning(request, heard)
        return see_other("provenance:workshop_piece", piece.public_id)
    piece.refresh_from_db()
    shots = shots_of(piece.photographs.all(), refused={})
    grid = render_to_string("provenance/workshop/_shots.html", {"shots": shots, "piece": piece})
    return JsonResponse(saved_answer(piece) | {"shots": grid, "heard": heard})


def too_many(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        detail = "That were many photographs. Nothing was lost; try again in a few minutes."
        return JsonResponse({"code": "too_many_requests", "detail": detail}, status=429)
    return render(request, "429.html", status=429)


def _refusal(
    request: HttpRequest, piece: Piece, code: str, sentence: str, *, status: int = 400
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": code, "detail": sentence}, status=status)
    facts = {"sentence": sentence, "piece": piece}
    return render(request, "provenance/workshop/photograph_refused.html", facts, status=status)
