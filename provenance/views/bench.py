"""What the bench shows of a draft: its pictures, what is left to do, what was saved when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from provenance.forms.photograph import ROLES
from provenance.jewelry import Problem
from provenance.models.piece import Photograph, PhotographRole, PhotographSource, Piece

NUMBERS = ("Nothing", "One thing", "Two things", "Three things", "Four things", "Five things")
# What a problem is about, in the words of the dock.
SUBJECTS = {
    "year_in_future": "the year",
    "mass_implausible": "the weight",
    "mass_does_not_add_up": "the weight",
    "metal_missing": "the metal",
    "fineness_missing": "the fineness",
    "treatment_missing": "a treatment",
    "photographs_missing": "two photographs",
    "scale_missing": "a photograph with a scale",
}
# Title, kind, year, metal, fineness, weight, and two photographs.
NEEDED = 8


@dataclass(frozen=True)
class Picture:
    ident: str
    src: str
    width: int
    height: int
    alt: str
    note: str


@dataclass(frozen=True)
class Shot:
    """A place in the grid of photographs; `picture` is none while it is empty."""

    role: str
    label: str
    picture: Picture | None = None
    error: str = ""


def shots_of(photographs: Iterable[Photograph], *, refused: Mapping[str, str]) -> list[Shot]:
    """Every photograph, then an empty place for each view that is not there yet."""
    taken = [
        Shot(each.role, ROLES[PhotographRole(each.role)], picture_of(each)) for each in photographs
    ]
    have = {shot.role for shot in taken} - {PhotographRole.OTHER}
    free = [
        Shot(role, label, error=refused.get(role, ""))
        for role, label in ROLES.items()
        if role not in have
    ]
    return taken + free


def picture_of(photograph: Photograph) -> Picture:
    rendition = photograph.renditions["480.webp"]
    address = reverse(
        "provenance:piece_photo",
        args=[photograph.piece.public_id, photograph.public_id, "480.webp"],
    )
    return Picture(
        ident=photograph.public_id,
        src=address,
        width=rendition["width"],
        height=rendition["height"],
        alt=photograph.alt,
        note="" if photograph.is_captured else PhotographSource(photograph.source).label,
    )


def left_line(problems: Sequence[Problem]) -> str:
    """What still stands between a draft and its certificate, in one line.

    >>> left_line([Problem("photographs", "photographs_missing", "")])
    'One thing left: two photographs.'
    """
    subjects = list(dict.fromkeys(SUBJECTS.get(each.code, each.path) for each in problems))
    if not subjects:
        return "Nothing is left. Sign when you are sure."
    many = NUMBERS[len(subjects)] if len(subjects) < len(NUMBERS) else f"{len(subjects)} things"
    return f"{many} left: {', '.join(subjects)}."


def done_line(piece: Piece) -> str:
    photographs = min(2, len(piece.photographs.all()))
    return f"{NEEDED - 2 + photographs} of {NEEDED} done"
