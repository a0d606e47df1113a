"""The door of a page that asks for a PIN."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from memories.access_forms import PinForm
from memories.models.montage import Montage
from memories.montage import Answer, Viewer
from memories.services import opening, sharing
from memories.views import tickets
from memories.views.viewer import montage_of, record_of, shown_to
from memories.views.visitors import visitor_of
from provenance import limits
from provenance.desk import see_other

WRONG = "That is not the PIN. Ask whoever keeps the piece."
MINUTES_TO_WAIT = 10


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def pin(request: HttpRequest, piece: str) -> HttpResponse:
    """Type the PIN, once a week. For whom no PIN opens anything, nothing is here."""
    found = montage_of(request, piece)
    _check_that_it_is_wanted(found, visitor_of(request, found))
    if request.method != "POST":
        return _show(request, found, PinForm())
    if not _may_try(request, found):
        return render(request, "429.html", {"minutes": MINUTES_TO_WAIT}, status=429)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=400)
    if not sharing.is_pin(found, form.cleaned_data["pin"]):
        return _refuse(request, found, form)
    response = see_other("memories:montage", piece)
    tickets.grant(
        response,
        request,
        tickets.PIN,
        name=tickets.name_of(found),
        epoch=found.access_epoch,
    )
    return response


def _check_that_it_is_wanted(montage: Montage, viewer: Viewer) -> None:
    """A page behind a PIN, or an open one with memories behind it. Raises Http404."""
    decision = opening.decide_page(montage=montage, viewer=viewer)
    if decision.answer is Answer.NEED_PIN:
        return
    if not (decision.is_allowed and shown_to(montage, viewer).is_more_behind_pin):
        raise Http404


def _may_try(request: HttpRequest, montage: Montage) -> bool:
    """Counts a try of this network, right or wrong; of this montage the wrong ones."""
    has_room = limits.has_room(request, "pin_montage", subject=tickets.name_of(montage))
    return has_room and limits.allows(request, "pin")


def _refuse(request: HttpRequest, montage: Montage, form: PinForm) -> HttpResponse:
    limits.allows(request, "pin_montage", subject=tickets.name_of(montage))
    form.add_error("pin", WRONG)
    return _show(request, montage, form, status=400)


def _show(
    request: HttpRequest, montage: Montage, form: PinForm, *, status: int = 200
) -> HttpResponse:
    context = {"piece": montage.piece, "form": form, "record": record_of(montage.piece)}
    return render(request, "memories/pin.html", context, status=status)
