"""The access epoch: every token and cookie names it, and dies when it changes."""

from django.db.models import F

from memories.models.montage import Montage
from memories.services import films
from tags.services import issuing as tag_services


def end_access(montage: Montage) -> None:
    """Make every token and cookie given so far worthless, wherever it is kept.

    To be called when the PIN changes, a level is tightened, the page is closed or erased, the
    piece changes hands or is reported missing. Erasing one memory needs it not: what is gone
    opens with nothing.
    """
    films.outdate(montage)
    Montage.objects.filter(pk=montage.pk).update(access_epoch=F("access_epoch") + 1)
    tag_services.forget_openings(piece=montage.piece)
