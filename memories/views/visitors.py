"""Who looks at a montage: its keeper, and what everybody else holds in their browser."""

from django.http import HttpRequest
from django.utils import timezone

from memories.models.access import Invitation
from memories.models.montage import Montage
from memories.montage import Viewer
from memories.services import opening
from memories.views import tickets
from provenance.models.piece import Piece
from tags import capabilities, presence


def asker_of(request: HttpRequest) -> int | None:
    """The account that asks, if any. To be called before anything is looked up: the answer says
    `Vary: Cookie` from here on, which must not tell whether there was something to ask about.
    """
    account: int | None = request.user.pk
    return account


def visitor_of(request: HttpRequest, montage: Montage) -> Viewer:
    """The visitor as the policy knows them; needs the montage with its keeper and piece."""
    account = asker_of(request)
    if account is not None and montage.keeper.user_id == account:
        return Viewer(is_keeper=True)
    return _holder(request, montage, capabilities.holds_code(request, montage.piece))


def offered_to(request: HttpRequest, piece: Piece, *, holds_code: bool | None) -> Montage | None:
    """The memories a visitor may see, or could after a PIN or a tap; whoever is signed in.

    `holds_code` is None where only the visitor's cookie can tell.
    """
    montage = opening.published(piece)
    if montage is None:
        return None
    if holds_code is None:
        holds_code = capabilities.holds_code(request, piece)
    viewer = _holder(request, montage, holds_code)
    return montage if opening.decide_page(montage=montage, viewer=viewer).is_offered else None


def _holder(request: HttpRequest, montage: Montage, holds_code: bool) -> Viewer:
    """What this browser holds.

    The cookie of a code names its tag's epoch, and every end of access gives the tags a new one
    (`epochs.end_access`): a cookie that still counts is of the montage's present epoch.
    """
    invitation = invitation_in(request, montage)
    return Viewer(
        invitation_epoch=montage.access_epoch if invitation else None,
        pin_epoch=tickets.read(request, tickets.PIN).get(tickets.name_of(montage)),
        has_tapped=presence.is_present(request, montage.piece),
        code_epoch=montage.access_epoch if holds_code else None,
    )


def invitation_in(request: HttpRequest, montage: Montage) -> Invitation | None:
    """The invitation to this montage that the browser holds, if it stands at this moment."""
    held = tickets.read(request, tickets.GUEST)
    if not held:
        return None
    standing = montage.invitations.standing(timezone.now()).filter(public_id__in=held)
    return next((each for each in standing if held[each.public_id] == each.epoch), None)
