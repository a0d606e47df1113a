"""Who looks at a montage: its keeper, someone who opened the code, or anybody."""

from django.http import HttpRequest

from memories.models import Montage
from memories.montage import Viewer
from memories.services import opening
from tags import capabilities


def asker_of(request: HttpRequest) -> int | None:
    """The account that asks, if any. To be called before anything is looked up: the answer says
    `Vary: Cookie` from here on, which must not tell whether there was something to ask about.
    """
    account: int | None = request.user.pk
    return account


def visitor_of(request: HttpRequest, montage: Montage) -> Viewer:
    """The visitor as the policy knows them; needs the montage with its keeper and piece."""
    account = asker_of(request)
    is_keeper = account is not None and montage.keeper.user_id == account
    holds_code = not is_keeper and capabilities.holds_code(request, montage.piece)
    return opening.visitor(montage=montage, holds_code=holds_code, is_keeper=is_keeper)
