"""Evidence for the steps of a draft, one file by one; and the camera in the page."""

from datetime import timedelta

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from memories.errors import MediaUnavailableError, UnsafeUploadError
from provenance import limits
from provenance.desk import draft_on_desk, for_makers, piece_on_desk, see_other
from provenance.errors import ProvenanceError
from provenance.evidence_files import (
    DigestMismatchError,
    FileTooLargeError,
    TooMuchEvidenceError,
    check_room,
)
from provenance.forms.evidence import EvidenceForm
from provenance.models.maker import Maker
from provenance.models.making import MakingStep
from provenance.models.piece import PhotographSource, Piece
from provenance.services import evidence as services
from provenance.services.register import SignedPieceError
from provenance.views.dock import standing_of
from provenance.views.drafts import saved_answer, wants_json
from provenance.views.evidence_intake import Told, shown_in
from provenance.views.photographs import too_many
from provenance.views.step_rows import items_of, set_aside

SIGNED = "This piece is signed meanwhile."
# The status of what is refused; everything else is 400.
STATUS = {"media_unavailable": 503, "piece_is_signed": 409}
REFUSALS = (
    UnsafeUploadError,
    MediaUnavailableError,
    DigestMismatchError,
    FileTooLargeError,
    TooMuchEvidenceError,
    SignedPieceError,
    services.AIEvidenceError,
    services.RepeatedEvidenceError,
    services.EvidenceElsewhereError,
    services.CameraClosedError,
)


@require_POST
@for_makers
def workshop_evidence(request: HttpRequest, maker: Maker, piece: str, step: str) -> HttpResponse:
    """Put a photograph, a film or a file behind a step."""
    found = draft_on_desk(maker, piece)
    shown_step = _step_of(found, step)
    if not limits.allows(request, "upload", subject=f"maker {maker.pk}"):
        return too_many(request)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        problems = [sentence for errors in form.errors.values() for sentence in errors]
        return _refusal(request, found, "malformed", " ".join(map(str, problems)))
    try:
        _put_behind(shown_step, form, maker)
    except REFUSALS as problem:
        return _refused(request, found, problem)
    return _answer(request, shown_step)


def _put_behind(step: MakingStep, form: EvidenceForm, maker: Maker) -> None:
    typed = form.cleaned_data
    check_room(step)
    told = Told(kind=typed["kind"], source=typed["source"], sha256=typed["sha256"])
    if typed["ticket"]:
        after = timedelta(milliseconds=typed["elapsed"])
        at = services.captured_in_page(
            ticket=typed["ticket"], step=step, after=after, now=timezone.now()
        )
        # Our own page draws what a camera sees and nothing else.
        source = str(PhotographSource.DIGITAL_CAPTURE)
        told = Told(source=source, sha256=typed["sha256"], captured_at=at)
    with shown_in(typed["evidence"], told) as shown:
        services.add_evidence(step=step, shown=shown, by=maker.user)


@require_POST
@for_makers
def workshop_camera(request: HttpRequest, maker: Maker, piece: str, step: str) -> HttpResponse:
    """A ticket for pictures that the page takes for this step from now on."""
    found = _step_of(draft_on_desk(maker, piece), step)
    answer = JsonResponse({"ticket": services.open_camera(step=found, now=timezone.now())})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@for_makers
def workshop_evidence_remove(
    request: HttpRequest, maker: Maker, piece: str, evidence: str
) -> HttpResponse:
    draft = draft_on_desk(maker, piece)
    shown_step: MakingStep = get_object_or_404(
        MakingStep.objects.select_related("piece"), piece=draft, evidence__public_id=evidence
    )
    try:
        services.remove_evidence(evidence=shown_step.evidence.get(public_id=evidence))
    except SignedPieceError as problem:
        return _refused(request, draft, problem)
    return _answer(request, shown_step)


@never_cache
@require_safe
@for_makers
def workshop_evidence_file(
    request: HttpRequest, maker: Maker, piece: str, evidence: str
) -> HttpResponseBase:
    """A film or a file as it came, for its maker alone: it was never opened here."""
    found = get_object_or_404(piece_on_desk(maker, piece).evidence, public_id=evidence)
    if not found.file:
        raise Http404
    try:
        content = storages["private"].open(found.file)
    except FileNotFoundError as problem:
        raise Http404 from problem
    name = found.name or found.public_id
    kind = "application/octet-stream"
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


def _step_of(piece: Piece, ident: str) -> MakingStep:
    found: MakingStep = get_object_or_404(
        MakingStep.objects.select_related("piece__maker"), piece=piece, ident=ident
    )
    return found


# -- answers ------------------------------------------------------------------------------------


def _answer(request: HttpRequest, step: MakingStep) -> HttpResponse:
    if not wants_json(request):
        return see_other("provenance:workshop_piece", step.piece.public_id)
    now = timezone.now()
    piece = Piece.objects.select_related("maker").get(pk=step.piece_id)
    aside = set_aside(standing_of(piece, now=now).derivation)
    items = items_of(MakingStep.objects.get(pk=step.pk), aside=aside, now=now)
    facts = {"items": items, "piece": piece}
    shown = render_to_string("provenance/workshop/_evidence.html", facts)
    return JsonResponse(saved_answer(piece) | {"step": step.ident, "evidence": shown})


def _refused(request: HttpRequest, piece: Piece, problem: ProvenanceError) -> HttpResponse:
    sentence = SIGNED if isinstance(problem, SignedPieceError) else str(problem)
    status = STATUS.get(problem.code, 400)
    return _refusal(request, piece, problem.code, sentence, status=status)


def _refusal(
    request: HttpRequest, piece: Piece, code: str, sentence: str, *, status: int = 400
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": code, "detail": sentence}, status=status)
    facts = {"sentence": sentence, "piece": piece}
    return render(request, "provenance/workshop/evidence_refused.html", facts, status=status)
