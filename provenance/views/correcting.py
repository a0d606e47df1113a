"""A signed piece is corrected: its next certificate is begun on the bench, or given up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.forms.workshop import CorrectForm
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import lineage, supersede
from provenance.services.register import SignedPieceError
from provenance.views.signed import certificate_of

GIVEN_UP = "The correction is given up. The certificate stands as it was signed."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_correct(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    certificate = certificate_of(found)
    if draft := supersede.revision_of(found):
        return see_other("provenance:workshop_piece", draft.public_id)
    form = CorrectForm(request.POST or None, initial={"reason": _latest_work(found)})
    if request.method == "POST" and form.is_valid():
        return _begin(request, maker, found, form.cleaned_data["reason"])
    facts = {"form": form, "piece": found, "next": certificate.version + 1}
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/correct.html", facts, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_correct_discard(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    drafts = Piece.objects.made_by(maker).drafts().select_related("maker", "revises__maker")
    draft = get_object_or_404(drafts, public_id=piece, revises__isnull=False)
    if request.method != "POST":
        return render(request, "provenance/workshop/give_up.html", {"piece": draft})
    try:
        supersede.discard_revision(draft=draft, by=maker.user)
        messages.info(request, GIVEN_UP)
    except SignedPieceError:
        messages.info(request, "This correction was signed meanwhile.")
    return see_other("provenance:workshop_piece", draft.original.public_id)


def _begin(request: HttpRequest, maker: Maker, piece: Piece, reason: str) -> HttpResponse:
    try:
        draft = supersede.open_revision(piece=piece, reason=reason, by=maker.user)
    except (lineage.CertificateSuspendedError, lineage.WithdrawnByPlatformError) as problem:
        said = str(problem)
        messages.warning(request, f"{said[:1].upper()}{said[1:]}.")
        return see_other("provenance:workshop_piece", piece.public_id)
    return see_other("provenance:workshop_piece", draft.public_id)


def _latest_work(piece: Piece) -> str:
    """What was done since it was signed is most often why it is certified anew."""
    latest = piece.alterations.filter(certificate__isnull=True).last()
    return latest.reason if latest else ""
