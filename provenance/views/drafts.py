"""The bench: a piece is registered, changed and photographed until it can be signed."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from memories.errors import MediaUnavailableError, UnsafeUploadError
from provenance import countries
from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.forms.facts import size_line
from provenance.forms.photograph import NOT_SAID, ROLES, SourceForm
from provenance.forms.piece import WORDED, Sheet, blank_sheet, redrawn_sheet, sent_sheet, sheet_of
from provenance.forms.steps import show_fault
from provenance.identifiers import PATTERN
from provenance.intake import Incoming, safe_photograph
from provenance.making_record import InvalidRecordError
from provenance.models.maker import Maker
from provenance.models.piece import PhotographRole, Piece
from provenance.services import drafting, register
from provenance.services.facts import facts_of
from provenance.services.making import steps_of
from provenance.views import evidence_intake, step_acts
from provenance.views.bench import done_line, left_line, shots_of
from provenance.views.dock import Standing, standing_of
from provenance.views.signed import already_signed, signed_page
from provenance.views.step_acts import Acted
from provenance.views.step_rows import StepsDesk, desk_of, told_steps

DESK = "provenance/workshop"
MISLAID = "Choose the photographs again: a page that comes back does not keep them."


@dataclass(frozen=True)
class Remarks:
    """What the bench has to say about what was just sent."""

    refused: Mapping[str, str] = field(default_factory=dict)
    is_stale: bool = False
    # The revision the sender saw: a page that comes back must not pass for a newer one.
    revision: int = 0
    about_photographs: str = ""
    # Evidence that was refused, by its step; and what a button among the steps did.
    evidence: Mapping[str, str] = field(default_factory=dict)
    acted: Acted | None = None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_new(request: HttpRequest, maker: Maker) -> HttpResponse:
    if request.method != "POST":
        blank = blank_sheet(year=timezone.now().year, country=maker.country)
        return _bench(request, maker, None, blank)
    sent = _typed(request.POST)
    if step_acts.is_asked(sent):
        return _act_on_steps(request, maker, None, sent)
    if again := _redrawn(sent):
        return _bench(request, maker, None, again)
    return _save(request, maker, None, sent)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_piece(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    if found.is_issued:
        return already_signed(request, found) if request.POST else signed_page(request, found)
    if request.method != "POST":
        return _bench(request, maker, found, sheet_of(facts_of(found), steps_of(found)))
    sent = _typed(request.POST)
    try:
        if step_acts.is_asked(sent):
            return _act_on_steps(request, maker, found, sent)
        if again := _redrawn(sent):
            _take_away(found, sent.get("remove_photograph", ""))
            return _bench(request, maker, found, again, Remarks(revision=_revision(sent)))
        return _save(request, maker, found, sent)
    except register.SignedPieceError:
        return already_signed(request, found)


def _save(request: HttpRequest, maker: Maker, piece: Piece | None, sent: QueryDict) -> HttpResponse:
    """Save the form with its photographs and evidence, all of it or nothing."""
    planned = step_acts.with_chosen_recipe(sent, maker)
    sheet, seen = sent_sheet(planned), _revision(sent)
    if not sheet.is_valid():
        about = MISLAID if request.FILES else ""
        remarks = Remarks(revision=seen, about_photographs=about)
        return _bench(request, maker, piece, sheet, remarks, status=400)
    with ExitStack() as hands:
        taken, refused = _taken(request, hands)
        evidence, unshown = evidence_intake.taken_with_form(request, hands, steps=sheet.steps())
        if refused or unshown:
            remarks = Remarks(refused, revision=seen, evidence=unshown)
            return _bench(request, maker, piece, sheet, remarks, status=400)
        try:
            with transaction.atomic():
                saved = _written(maker, piece, sheet, revision=seen)
                evidence_intake.keep_with_form(saved, evidence, by=maker.user)
        except evidence_intake.NotKeptError as problem:
            remarks = Remarks(revision=seen, evidence={problem.step: str(problem)})
            return _bench(request, maker, piece, sheet, remarks, status=400)
        except (InvalidRecordError, register.StaleDraftError) as problem:
            return _not_written(request, maker, piece, sheet, problem)
        _keep(request, saved, taken)
    if sent.get("act") == "sign":
        return _ask_to_sign(request, maker, saved, sheet, was_new=piece is None)
    if wants_json(request):
        return JsonResponse(saved_answer(saved) | _section(saved, maker, drawn=planned is not sent))
    return see_other("provenance:workshop_piece", saved.public_id)


def _act_on_steps(
    request: HttpRequest, maker: Maker, piece: Piece | None, sent: QueryDict
) -> HttpResponse:
    """Do what a button among the steps says; what can be saved is saved with it."""
    acted = step_acts.act(sent, maker=maker, piece=piece, now=timezone.now())
    sheet, seen = sent_sheet(acted.data), _revision(sent)
    if piece is None or acted.is_refused or not sheet.is_valid():
        status = 400 if acted.is_refused else 200
        remarks = Remarks(revision=seen, acted=acted)
        return _bench(request, maker, piece, redrawn_sheet(acted.data), remarks, status=status)
    try:
        saved = _written(maker, piece, sheet, revision=seen)
    except (InvalidRecordError, register.StaleDraftError) as problem:
        return _not_written(request, maker, piece, sheet, problem, acted)
    if wants_json(request):
        return JsonResponse(saved_answer(saved) | _section(saved, maker))
    address = resolve_url("provenance:workshop_piece", saved.public_id)
    return HttpResponseRedirect(f"{address}#steps", status=303)


def _written(maker: Maker, piece: Piece | None, sheet: Sheet, *, revision: int) -> Piece:
    facts, steps = sheet.piece(), sheet.steps()
    if piece is None:
        return register.register_piece(maker=maker, facts=facts, by=maker.user, steps=steps)
    return register.change_piece(piece=piece, facts=facts, revision=revision, steps=steps)


def _not_written(
    request: HttpRequest,
    maker: Maker,
    piece: Piece | None,
    sheet: Sheet,
    problem: InvalidRecordError | register.StaleDraftError,
    acted: Acted | None = None,
) -> HttpResponse:
    if isinstance(problem, InvalidRecordError):
        show_fault(sheet.making, problem)
        remarks = Remarks(revision=_revision(request.POST), acted=acted)
        return _bench(request, maker, piece, sheet, remarks, status=400)
    if piece:
        piece.refresh_from_db()
    return _bench(request, maker, piece, sheet, Remarks(is_stale=True), status=409)


def _ask_to_sign(
    request: HttpRequest, maker: Maker, piece: Piece, sheet: Sheet, *, was_new: bool
) -> HttpResponse:
    """Pressed too early, the button says what is left, next to each field."""
    problems = drafting.problems_of(piece, now=timezone.now())
    # A piece that was new has an address of its own by now; the page that signs leads back there.
    if was_new or not problems:
        return see_other("provenance:workshop_issue", piece.public_id)
    sheet.show(problems)
    about = " ".join(each.sentence for each in problems if each.path == "photographs")
    remarks = Remarks(about_photographs=about)
    return _bench(request, maker, piece, sheet, remarks, status=400)


# -- what was sent ------------------------------------------------------------------------------


OFFERED = ("mass", "title", "description")


def _typed(sent: QueryDict) -> QueryDict:
    """The typed words; what was offered and taken stands in place of what was typed."""
    taken = [name for name in OFFERED if f"take_{name}" in sent]
    if not taken:
        return sent
    typed = sent.copy()
    for name in taken:
        typed[name] = sent.get(f"take_{name}", "")
    return typed


def _redrawn(sent: QueryDict) -> Sheet | None:
    """The same words on a sheet with a row more or less, when that was the button pressed."""
    if not {"add", "remove", "remove_photograph"} & sent.keys():
        return None
    return redrawn_sheet(sent, add=sent.get("add", ""), remove=sent.get("remove", ""))


def _revision(sent: QueryDict) -> int:
    told = sent.get("revision", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def saved_answer(piece: Piece) -> dict[str, object]:
    """What the page's own script is told after it saved; texts that are drawn come as HTML."""
    now = timezone.now()
    standing = standing_of(piece, now=now)
    return {
        "revision": piece.revision,
        "saved": piece.changed_at.isoformat(),
        "left": left_line(standing.problems),
        "done": done_line(piece),
        "size": size_line(piece.circumference_mm),
        "label": standing.dock.label,
        "refusals": render_to_string(f"{DESK}/_why.html", {"dock": standing.dock}),
        "words": {
            name: render_to_string(
                f"{DESK}/_words.html", {"said": standing.words.get(name, ()), "name": name}
            )
            for name in WORDED
        },
        "steps": told_steps(piece, now=now),
    }


def _section(piece: Piece, maker: Maker, *, drawn: bool = True) -> dict[str, object]:
    """The steps as they are saved, drawn anew; nothing when the page shows them already."""
    if not drawn:
        return {}
    sheet = sheet_of(facts_of(piece), steps_of(piece))
    standing = standing_of(piece, now=timezone.now())
    return {"section": _draw_steps(piece, maker, sheet, standing, Remarks())}


def _draw_steps(
    piece: Piece | None, maker: Maker, sheet: Sheet, standing: Standing, remarks: Remarks
) -> str:
    facts = {"piece": piece, "desk": _desk(piece, maker, sheet, standing, remarks)}
    return render_to_string(f"{DESK}/_steps.html", facts)


def _desk(
    piece: Piece | None, maker: Maker, sheet: Sheet, standing: Standing, remarks: Remarks
) -> StepsDesk:
    return desk_of(
        piece,
        sheet,
        maker=maker,
        derivation=standing.derivation,
        refused=remarks.evidence,
        adding=remarks.acted.adding if remarks.acted else None,
        recipes=remarks.acted.recipes if remarks.acted else None,
    )


# -- photographs --------------------------------------------------------------------------------


def _taken(request: HttpRequest, hands: ExitStack) -> tuple[dict[str, Incoming], dict[str, str]]:
    """The photographs of the form by role, made safe; and the sentences for those refused."""
    taken: dict[str, Incoming] = {}
    refused: dict[str, str] = {}
    form = SourceForm(request.POST)
    said = form.cleaned_data["source"] if form.is_valid() else ""
    for role in ROLES:
        upload = request.FILES.get(f"photograph-{role}")
        if not isinstance(upload, UploadedFile):
            continue
        if not said:
            refused[role] = NOT_SAID
            continue
        try:
            taken[role] = hands.enter_context(safe_photograph(upload, said=said))
        except (UnsafeUploadError, MediaUnavailableError) as problem:
            refused[role] = str(problem)
    return taken, refused


def _keep(request: HttpRequest, piece: Piece, taken: Mapping[str, Incoming]) -> None:
    for role, incoming in taken.items():
        keep_photograph(piece, role, incoming, said=request.POST["source"])
        if incoming.credentials.warning:
            messages.warning(request, incoming.credentials.warning)


def keep_photograph(piece: Piece, role: str, incoming: Incoming, *, said: str) -> None:
    register.add_photograph(
        piece=piece,
        role=role,
        source=incoming.source(said),
        alt=f"{piece.title}: {ROLES[PhotographRole(role)].lower()}",
        picture=incoming.picture,
    )


def _take_away(piece: Piece, photograph: str) -> None:
    known = PATTERN.fullmatch(photograph)
    found = piece.photographs.filter(public_id=photograph).first() if known else None
    if found:
        register.remove_photograph(photograph=found)


# -- the page -----------------------------------------------------------------------------------


def _bench(
    request: HttpRequest,
    maker: Maker,
    piece: Piece | None,
    sheet: Sheet,
    remarks: Remarks = Remarks(),
    *,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    standing = standing_of(piece, now=now)
    if wants_json(request):
        return _told(remarks, _draw_steps(piece, maker, sheet, standing, remarks), status)
    sheet.mark_refused(standing.words)
    facts = {
        "sheet": sheet,
        "sources": SourceForm(),
        "remarks": remarks,
        "countries": countries.NAMES.values(),
        "dock": standing.dock,
        "words": standing.words,
        "desk": _desk(piece, maker, sheet, standing, remarks),
        "shots": shots_of(piece.photographs.all() if piece else [], refused=remarks.refused),
    }
    if piece:
        facts |= {"piece": piece, "left": left_line(standing.problems), "done": done_line(piece)}
        facts["revision"] = remarks.revision or piece.revision
    return render(request, f"{DESK}/bench.html", facts, status=status)


def _told(remarks: Remarks, section: str, status: int) -> HttpResponse:
    """What the page's own script is told when nothing was saved."""
    answer: dict[str, object] = {}
    if status >= 400:
        detail = "This is not saved yet: some fields need another look."
        answer = {"code": "not_saved", "detail": detail}
    # Only who pressed a button among the steps expects them to change under the finger.
    if remarks.acted:
        answer["section"] = section
    return JsonResponse(answer, status=status)
