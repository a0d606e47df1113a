"""Whom the keeper invited, inviting more, and taking one back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from memories.access_forms import InviteForm
from memories.errors import TooManyInvitationsError
from memories.models.access import Invitation
from memories.models.montage import Montage
from memories.services import invitations as guests
from memories.views.keepers import for_keepers, montage_on_desk
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Keeper


@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def invitations(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The list, and the form for one more; a link to pass on is shown once, in the answer."""
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return _show(request, montage, InviteForm.of(montage))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, montage, form, status=400)
    if not limits.allows(request, "invite", subject=str(keeper.pk)):
        return render(request, "429.html", {"minutes": 60}, status=429)
    try:
        made, token = guests.invite(montage=montage, guest=form.said())
    except TooManyInvitationsError as problem:
        form.add_error(None, str(problem))
        return _show(request, montage, form, status=409)
    if made.email:
        return see_other("memories:invitations", piece)
    link = f"{settings.SITE_URL}{reverse('memories:invitation', args=[token])}"
    return _show(request, montage, InviteForm.of(montage), link=link, made=made, status=201)


@require_POST
@for_keepers
def revoke(request: HttpRequest, keeper: Keeper, piece: str, invitation: str) -> HttpResponse:
    """Take one back at once."""
    montage = montage_on_desk(keeper, piece)
    guests.revoke(get_object_or_404(montage.invitations.all(), public_id=invitation))
    return see_other("memories:invitations", piece)


def _show(
    request: HttpRequest,
    montage: Montage,
    form: InviteForm,
    *,
    link: str = "",
    made: Invitation | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "montage": montage,
        "piece": montage.piece,
        "form": form,
        "standing": montage.invitations.standing(timezone.now()),
        "link": link,
        "made": made,
    }
    return render(request, "memories/invitations.html", context, status=status)
