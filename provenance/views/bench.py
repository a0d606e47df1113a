"""What the bench shows of a draft: its pictures, what is left to do, what was saved when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provenance.forms.photograph import ROLES
from provenance.jewelry import Problem
from provenance.models.piece import Photograph, PhotographRole, Piece
from provenance.views.pictures import Picture, in_order, picture_of

NUMBERS = ("Nothing", "One thing", "Two things", "Three things", "Four things", "Five things")
# What a problem is about, in the words of the dock.
SUBJECTS = {
    "year_in_future": "the year",
    "mass_implausible": "the weight",
    "mass_does_not_add_up": "the weight",
    "metal_missing": "the metal",
    "fineness_missing": "the fineness",
    "treatment_missing": "a treatment",
    "photographs_missing": "the photographs",
    "scale_missing": "a photograph with a scale",
    "wording_refused": "the title",
}
# Title, kind, year, metal, fineness, weight, and two photographs.
NEEDED = 8


@dataclass(frozen=True)
class Shot:
    """A place in the grid of photographs; `picture` is none while it is empty."""

    role: str
    label: str
    picture: Picture | None = None
    ident: str = ""
    error: str = ""


def shots_of(photographs: Iterable[Photograph], *, refused: Mapping[str, str]) -> list[Shot]:
    """The views in their order: each photograph, or the empty place that waits for it."""
    shots = [_taken(each) for each in in_order(photographs)]
    have = {shot.role for shot in shots} - {PhotographRole.OTHER}
    shots += [
        Shot(role, label, error=refused.get(role, ""))
        for role, label in ROLES.items()
        if role not in have
    ]
    places = [str(role) for role in ROLES]
    return sorted(shots, key=lambda shot: places.index(shot.role))


def _taken(photograph: Photograph) -> Shot:
    return Shot(
        role=photograph.role,
        label=ROLES[PhotographRole(photograph.role)],
        picture=picture_of(photograph, photograph.piece.public_id),
        ident=photograph.public_id,
    )


def pictures_of(piece: Piece) -> list[Picture | None]:
    return [picture_of(each, piece.public_id) for each in in_order(piece.photographs.all())]


def left_line(problems: Sequence[Problem]) -> str:
    """What still stands between a draft and its certificate, in one line.

    >>> left_line([Problem("photographs", "photographs_missing", "")])
    'One thing left: the photographs.'
    """
    subjects = list(dict.fromkeys(SUBJECTS.get(each.code, each.path) for each in problems))
    if not subjects:
        return "Nothing is left. Sign when you are sure."
    many = NUMBERS[len(subjects)] if len(subjects) < len(NUMBERS) else f"{len(subjects)} things"
    return f"{many} left: {', '.join(subjects)}."


def done_line(piece: Piece) -> str:
    photographs = min(2, len(piece.photographs.all()))
    return f"{NEEDED - 2 + photographs} of {NEEDED} done"
