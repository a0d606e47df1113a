"""The bench: a piece is registered, changed and photographed until it can be signed."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from memories.errors import MediaUnavailableError, UnsafeUploadError
from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.forms.photograph import NOT_SAID, ROLES, SourceForm
from provenance.forms.piece import Sheet, blank_sheet, redrawn_sheet, sent_sheet, sheet_of
from provenance.identifiers import PATTERN
from provenance.intake import Incoming, safe_photograph
from provenance.making import LABEL_WITHOUT_RECORD
from provenance.models.maker import Maker
from provenance.models.piece import PhotographRole, Piece
from provenance.services import issue, register
from provenance.services.facts import facts_of
from provenance.views.bench import done_line, left_line, shots_of
from provenance.views.signed import already_signed, signed_page

MISLAID = "Choose the photographs again: a page that comes back does not keep them."


@dataclass(frozen=True)
class Remarks:
    """What the bench has to say about what was just sent."""

    refused: Mapping[str, str] = field(default_factory=dict)
    is_stale: bool = False
    # The revision the sender saw: a page that comes back must not pass for a newer one.
    revision: int = 0
    about_photographs: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_new(request: HttpRequest, maker: Maker) -> HttpResponse:
    if request.method != "POST":
        return _bench(request, None, blank_sheet(year=timezone.now().year))
    if again := _redrawn(request.POST):
        return _bench(request, None, again)
    sheet = sent_sheet(_typed(request.POST))
    if not sheet.is_valid():
        about = MISLAID if request.FILES else ""
        return _bench(request, None, sheet, Remarks(about_photographs=about), status=400)
    with ExitStack() as hands:
        taken, refused = _taken(request, hands)
        if refused:
            return _bench(request, None, sheet, Remarks(refused), status=400)
        piece = register.register_piece(maker=maker, facts=sheet.piece(), by=maker.user)
        _keep(request, piece, taken)
    # The page that signs leads back here while something is left.
    following = "workshop_issue" if request.POST.get("act") == "sign" else "workshop_piece"
    return see_other(f"provenance:{following}", piece.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_piece(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    if found.is_issued:
        return already_signed(request, found) if request.POST else signed_page(request, found)
    if request.method != "POST":
        return _bench(request, found, sheet_of(facts_of(found)))
    if again := _redrawn(request.POST):
        try:
            _take_away(found, request.POST.get("remove_photograph", ""))
        except register.SignedPieceError:
            return already_signed(request, found)
        return _bench(request, found, again, Remarks(revision=_revision(request.POST)))
    return _change(request, found)


def _change(request: HttpRequest, piece: Piece) -> HttpResponse:
    sheet, seen = sent_sheet(_typed(request.POST)), _revision(request.POST)
    if not sheet.is_valid():
        about = MISLAID if request.FILES else ""
        return _bench(
            request, piece, sheet, Remarks(revision=seen, about_photographs=about), status=400
        )
    with ExitStack() as hands:
        taken, refused = _taken(request, hands)
        if refused:
            return _bench(request, piece, sheet, Remarks(refused, revision=seen), status=400)
        try:
            piece = register.change_piece(piece=piece, facts=sheet.piece(), revision=seen)
            _keep(request, piece, taken)
        except register.StaleDraftError:
            piece.refresh_from_db()
            return _bench(request, piece, sheet, Remarks(is_stale=True), status=409)
        except register.SignedPieceError:
            return already_signed(request, piece)
    if request.POST.get("act") == "sign":
        return _ask_to_sign(request, piece, sheet)
    if wants_json(request):
        return JsonResponse(saved_answer(piece))
    return see_other("provenance:workshop_piece", piece.public_id)


def _ask_to_sign(request: HttpRequest, piece: Piece, sheet: Sheet) -> HttpResponse:
    """Pressed too early, the button says what is left, next to each field."""
    problems = issue.problems_of(piece, now=timezone.now())
    if not problems:
        return see_other("provenance:workshop_issue", piece.public_id)
    sheet.show(problems)
    about = " ".join(each.sentence for each in problems if each.path == "photographs")
    return _bench(request, piece, sheet, Remarks(about_photographs=about), status=400)


# -- what was sent ------------------------------------------------------------------------------


def _typed(sent: QueryDict) -> QueryDict:
    """The typed words; a weight that was offered and taken stands in place of the typed one."""
    if "take_mass" not in sent:
        return sent
    typed = sent.copy()
    typed["mass"] = sent.get("take_mass", "")
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
    """What the page's own script is told after it saved."""
    problems = issue.problems_of(piece, now=timezone.now())
    return {
        "revision": piece.revision,
        "saved": piece.changed_at.isoformat(),
        "left": left_line(problems),
        "done": done_line(piece),
    }


# -- photographs --------------------------------------------------------------------------------


def _taken(request: HttpRequest, hands: ExitStack) -> tuple[dict[str, Incoming], dict[str, str]]:
    """The photographs of the form by role, made safe; and the sentences for those refused."""
    taken: dict[str, Incoming] = {}
    refused: dict[str, str] = {}
    is_said = SourceForm(request.POST).is_valid()
    for role in ROLES:
        upload = request.FILES.get(f"photograph-{role}")
        if not isinstance(upload, UploadedFile):
            continue
        if not is_said:
            refused[role] = NOT_SAID
            continue
        try:
            taken[role] = hands.enter_context(safe_photograph(upload))
        except (UnsafeUploadError, MediaUnavailableError) as problem:
            refused[role] = str(problem)
    return taken, refused


def _keep(request: HttpRequest, piece: Piece, taken: Mapping[str, Incoming]) -> None:
    for role, incoming in taken.items():
        keep_photograph(piece, role, incoming, said=request.POST["source"])


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
    piece: Piece | None,
    sheet: Sheet,
    remarks: Remarks = Remarks(),
    *,
    status: int = 200,
) -> HttpResponse:
    if status >= 400 and wants_json(request):
        detail = "This is not saved yet: some fields need another look."
        return JsonResponse({"code": "not_saved", "detail": detail}, status=status)
    facts = {
        "sheet": sheet,
        "sources": SourceForm(),
        "remarks": remarks,
        "label": LABEL_WITHOUT_RECORD,
        "shots": shots_of(piece.photographs.all() if piece else [], refused=remarks.refused),
    }
    if piece:
        problems = issue.problems_of(piece, now=timezone.now())
        facts |= {"piece": piece, "left": left_line(problems), "done": done_line(piece)}
        facts["revision"] = remarks.revision or piece.revision
    return render(request, "provenance/workshop/bench.html", facts, status=status)
