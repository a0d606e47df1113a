"""How a piece was made, for its pages: the record told in words, with the pictures that show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from provenance.making_told import MakingTold, WorkTold
from provenance.making_words import Told, ToldEvidence
from provenance.models.making import StepEvidence
from provenance.models.piece import Piece
from provenance.phrases import say
from provenance.tongue import in_our_tongue
from provenance.views.pictures import LARGE, MIDDLE, SMALL, Picture

# From here on a label takes five lines of a narrow ticket, and the photograph gives way.
LONG_LABEL: Final = 105


@dataclass(frozen=True)
class Seen:
    """An item of evidence with its picture, and the address of the same picture large."""

    told: ToldEvidence
    picture: Picture
    large: str


@dataclass(frozen=True)
class StepShown:
    """A step with the evidence that can be looked at, and that which its maker keeps."""

    told: Told
    seen: tuple[Seen, ...]
    kept: tuple[ToldEvidence, ...]


@dataclass(frozen=True)
class LaterShown:
    """Work on the finished piece, with its steps as they are shown."""

    told: WorkTold
    steps: list[StepShown]


def making_context(told: MakingTold, piece: Piece) -> dict[str, object]:
    """What the ticket says, and what stands below it with the pictures of this piece."""
    return {
        "label": told.says,
        "has_long_label": len(in_our_tongue(told.says)) > LONG_LABEL,
        "making": told,
        "steps": _steps(told.steps, piece),
        "later": [LaterShown(work, _steps(work.steps, piece)) for work in told.later],
    }


def _steps(steps: Sequence[Told], piece: Piece) -> list[StepShown]:
    has_evidence = any(step.evidence for step in steps)
    pictures = _pictures(piece) if has_evidence else {}
    return [_shown(step, pictures, piece) for step in steps]


def _pictures(piece: Piece) -> dict[str, StepEvidence]:
    """The evidence that can be looked at, by the digest that was signed."""
    items = StepEvidence.objects.filter(piece=piece).only("public_id", "sha256", "renditions")
    return {item.sha256: item for item in items if item.renditions}


def _shown(step: Told, pictures: Mapping[str, StepEvidence], piece: Piece) -> StepShown:
    seen = [
        _seen(each, step, pictures[each.sha256], piece)
        for each in step.evidence
        if each.sha256 in pictures
    ]
    kept = [each for each in step.evidence if each.sha256 not in pictures]
    return StepShown(step, tuple(seen), tuple(kept))


def _seen(told: ToldEvidence, step: Told, item: StepEvidence, piece: Piece) -> Seen:
    names = [name for name in (SMALL, MIDDLE, LARGE) if name in item.renditions]
    smallest = item.renditions[names[0]]
    address = {
        name: reverse("provenance:piece_evidence", args=[piece.public_id, item.public_id, name])
        for name in names
    }
    picture = Picture(
        src=address[names[0]],
        width=smallest["width"],
        height=smallest["height"],
        alt=say("%(name)s of this step: %(title)s", name=told.name, title=step.title),
        note=told.note,
    )
    return Seen(told, picture, address[names[-1]])
