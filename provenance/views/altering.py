"""Work on a signed piece: put on record beside its certificate, with the label it leaves."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from provenance.alterations import AlterationError
from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.forms.alteration import USUAL, WorkSheet, blank_sheet, redrawn_sheet, sent_sheet
from provenance.forms.steps import ROLES
from provenance.making_record import InvalidRecordError
from provenance.models.maker import Maker
from provenance.models.making import Alteration
from provenance.models.piece import Piece
from provenance.policy import policy_named
from provenance.services import alterations
from provenance.views.drafts import wants_json
from provenance.views.signed import certificate_of

RECORDED = "It is on record. The certificate still says what was signed."
REMOVED = "It is off the record again."
KEPT = "The certificate keeps what was signed."
BY_HAND = "Work by hand carries no claim here: no photograph shows it."


@dataclass(frozen=True)
class Dock:
    """The foot of the page: a label, whose it is, and what the maker should know of it."""

    label: str
    caption: str
    left: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_alterations(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    certificate_of(found)
    parts, today = _parts(found), timezone.now().date()
    if request.method != "POST":
        return _page(request, found, blank_sheet(parts=parts, today=today))
    if {"usual", "add", "remove"} & request.POST.keys():
        return _page(request, found, redrawn_sheet(request.POST, parts=parts))
    sheet = sent_sheet(request.POST, parts=parts)
    if request.POST.get("act") == "label":
        return _preview(request, found, sheet, today)
    return _record(request, maker, found, sheet, today)


@require_POST
@for_makers
def workshop_alteration_remove(
    request: HttpRequest, maker: Maker, piece: str, alteration: str
) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    since = Alteration.objects.filter(piece=found, certificate__isnull=True)
    row = get_object_or_404(since, public_id=alteration)
    alterations.remove_alteration(alteration=row, by=maker.user)
    messages.info(request, REMOVED)
    return see_other("provenance:workshop_piece", piece)


def _record(
    request: HttpRequest, maker: Maker, piece: Piece, sheet: WorkSheet, today: date
) -> HttpResponse:
    if not sheet.is_valid():
        return _page(request, piece, sheet, status=400)
    try:
        work = sheet.work(today=today)
        alterations.record_alteration(piece=piece, work=work, by=maker.user)
    except (AlterationError, InvalidRecordError) as problem:
        sheet.show(problem)
        return _page(request, piece, sheet, status=400)
    messages.info(request, RECORDED)
    return see_other("provenance:workshop_piece", piece.public_id)


def _preview(request: HttpRequest, piece: Piece, sheet: WorkSheet, today: date) -> HttpResponse:
    """The label this work would leave; nothing is put on record."""
    dock = _dock_after(piece, sheet, today)
    if wants_json(request):
        return JsonResponse(vars(dock or _dock_before(piece, left=sheet.first_error)))
    return _page(request, piece, sheet, dock, status=200 if dock else 400)


def _dock_before(piece: Piece, *, left: str = KEPT) -> Dock:
    return Dock(alterations.altered_label(piece).now.label, "Label as it stands", left)


def _dock_after(piece: Piece, sheet: WorkSheet, today: date) -> Dock | None:
    if not sheet.is_told():
        return None
    work = sheet.work(today=today)
    try:
        label = alterations.altered_label(piece, proposed=work)
    except (AlterationError, InvalidRecordError) as problem:
        sheet.show(problem)
        return None
    # The proposed work is the last of its day; another may follow on a later one.
    after = [derivation for each, derivation in label.after if each.on <= work.on][-1]
    is_by_hand = any(step.control in policy_named().by_hand for step in work.steps)
    return Dock(after.label, "Label after this work", BY_HAND if is_by_hand else KEPT)


def _page(
    request: HttpRequest,
    piece: Piece,
    sheet: WorkSheet,
    dock: Dock | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "piece": piece,
        "signed_on": certificate_of(piece).valid_from,
        "sheet": sheet,
        "usual": USUAL,
        "roles": ROLES,
        "dock": dock or _dock_before(piece),
    }
    return render(request, "provenance/workshop/alterations.html", facts, status=status)


def _parts(piece: Piece) -> list[str]:
    return list(piece.parts.values_list("ident", flat=True))
