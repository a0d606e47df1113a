"""Who looks at a montage: its keeper, someone who opened the code, or anybody."""

from django.http import HttpRequest

from memories.models import Montage
from memories.montage import Viewer
from memories.services import opening
from tags import capabilities


def visitor_of(request: HttpRequest, montage: Montage) -> Viewer:
    """The visitor as the policy knows them; needs the montage with its keeper and piece."""
    is_keeper = request.user.pk is not None and montage.keeper.user_id == request.user.pk
    holds_code = not is_keeper and capabilities.holds_code(request, montage.piece)
    return opening.visitor(montage=montage, holds_code=holds_code, is_keeper=is_keeper)
