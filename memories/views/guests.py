"""Guests: a link redeemed by a press of a button, and what it lets them do from then on."""

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from memories.errors import MontageError
from memories.models.access import Invitation
from memories.models.montage import Montage
from memories.services import invitations, opening
from memories.views import tickets
from memories.views.viewer import montage_of, record_of
from memories.views.visitors import invitation_in, visitor_of
from provenance import limits
from provenance.desk import see_other

NOT_STORED = "That did not reach us. Nothing was lost; try again."
NONE_CHOSEN = "Choose one photograph or more, then press Bring them."


@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for every link, good or bad: only its button asks, and leads to a clean page.

    A program that looks at links before a person does spends nothing and learns nothing.
    """
    if request.method != "POST":
        return render(request, "memories/invited.html", {"is_unknown": False})
    if not limits.has_room(request, "invitation_miss"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    found = invitations.redeem(token)
    if found is None:
        limits.allows(request, "invitation_miss")
        return render(request, "memories/invited.html", {"is_unknown": True}, status=404)
    response = see_other("memories:guest", found.montage.piece.public_id)
    tickets.grant(response, request, tickets.GUEST, name=found.public_id, epoch=found.epoch)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def guest(request: HttpRequest, piece: str) -> HttpResponse:
    """What an invitation lets this browser do: look, bring photographs, or wait."""
    found = montage_of(request, piece)
    held = invitation_in(request, found)
    if held is None or found.missing_since or found.reported_at:
        raise Http404
    decision = opening.decide_page(montage=found, viewer=visitor_of(request, found))
    if request.method == "POST":
        return _bring(request, found, held, may_look=decision.is_allowed)
    if decision.is_allowed and not held.may_add:
        return see_other("memories:montage", piece)
    return _show(request, found, held, may_look=decision.is_allowed)


def _bring(
    request: HttpRequest, montage: Montage, held: Invitation, *, may_look: bool
) -> HttpResponse:
    if not held.may_add:
        raise Http404
    if not limits.allows(request, "guest_upload", subject=held.public_id):
        return render(request, "429.html", {"minutes": 60}, status=429)
    files = request.FILES.getlist("photographs")
    problems = [problem for file in files if (problem := _receive(held, montage, file))]
    if not files:
        problems = [NONE_CHOSEN]
    if problems:
        return _show(request, montage, held, may_look=may_look, problems=problems, status=400)
    return see_other("memories:guest", montage.piece.public_id)


def _receive(held: Invitation, montage: Montage, file: "UploadedFile[bytes]") -> str:
    try:
        invitations.bring(invitation=held, montage=montage, upload=file)
    except MontageError as problem:
        return f"{file.name}: {problem}"
    except OSError:
        return f"{file.name}: {NOT_STORED}"
    return ""


def _show(
    request: HttpRequest,
    montage: Montage,
    held: Invitation,
    *,
    may_look: bool,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "piece": montage.piece,
        "held": held,
        "brought": held.brought.count(),
        "may_look": may_look,
        "problems": problems or [],
        "record": record_of(montage.piece),
    }
    return render(request, "memories/guest.html", context, status=status)
