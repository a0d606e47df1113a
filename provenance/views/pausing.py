"""A maker pauses a certificate, and lifts the pause again; each with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.errors import ProvenanceError
from provenance.forms.workshop import LiftForm, PauseForm
from provenance.models.certificate import Actor
from provenance.models.maker import Maker
from provenance.services import suspend
from provenance.views.signed import certificate_of

PAUSED = "It is paused. Every check says so from now on."
LIFTED = "The pause is lifted. The certificate stands again."
ENDED = "The pause is over. The certificate stays withdrawn."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_suspend(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    certificate = certificate_of(found)
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspend.suspend_certificate(
                certificate=certificate, actor=Actor.MAKER, by=maker.user, **form.cleaned_data
            )
        except (suspend.AlreadySuspendedError, suspend.CannotSuspendError) as problem:
            return _refused(request, piece, problem)
        messages.info(request, PAUSED)
        return see_other("provenance:workshop_piece", piece)
    facts = {"form": form, "piece": found}
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/pause.html", facts, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_lift(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    certificate = certificate_of(found)
    pause = suspend.suspension_of(certificate)
    if pause is None:
        messages.info(request, "This certificate is not paused.")
        return see_other("provenance:workshop_piece", piece)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspend.lift_suspension(
                certificate=certificate, actor=Actor.MAKER, by=maker.user, **form.cleaned_data
            )
        except (suspend.NotSuspendedError, suspend.SuspendedByPlatformError) as problem:
            return _refused(request, piece, problem)
        messages.info(request, ENDED if certificate.revoked_at else LIFTED)
        return see_other("provenance:workshop_piece", piece)
    facts = {"form": form, "piece": found, "pause": pause}
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/lift.html", facts, status=status)


def _refused(request: HttpRequest, piece: str, problem: ProvenanceError) -> HttpResponse:
    """Somebody else was first, or it is not the maker's to do: said on the page of the piece."""
    said = str(problem)
    messages.warning(request, f"{said[:1].upper()}{said[1:]}.")
    return see_other("provenance:workshop_piece", piece)
