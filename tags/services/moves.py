"""The one way a tag changes its state: a conditional update, so that of two acts one wins."""

from datetime import datetime
from typing import Any

from provenance.errors import ProvenanceError
from tags.life import MOVES, TERMINAL, WORDS, Act, TagState
from tags.models.tag import Tag


class TagStateError(ProvenanceError):
    """A tag in its present state does not take this act; another may have come first."""

    code = "tag_state"


def move(tag: Tag, act: Act, *, at: datetime, **changes: Any) -> None:
    """Do the act to the row if it may be done, and bring `tag` up to date.

    Raises TagStateError, and then nothing has changed.
    """
    way = MOVES[act]
    if way.after in TERMINAL:
        changes["ended_at"] = at
    allowed = Tag.objects.filter(pk=tag.pk, state__in=way.before)
    moved = allowed.update(state=way.after, since=at, **changes)
    tag.refresh_from_db(fields=["state", "since", *changes])
    if not moved:
        raise TagStateError(f"this tag is {WORDS[TagState(tag.state)]}")
