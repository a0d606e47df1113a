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
    # the piece as a whole
    "year_in_future": "the year",
    "years_turned_around": "the years",
    "edition_impossible": "the edition",
    "gtin_malformed": "the article number",
    "serial_without_gtin": "the article number",
    "serial_malformed": "the serial number",
    "country_unknown": "a country",
    "mass_not_positive": "the weight",
    "mass_implausible": "the weight",
    "mass_does_not_add_up": "the weight",
    "size_implausible": "the ring size",
    "measure_implausible": "the measures",
    "wording_refused": "the words",
    # its metal
    "metal_missing": "the metal",
    "metal_unknown": "the metal",
    "base_metal_missing": "the metal",
    "precious_metal_as_other": "the metal",
    "too_little_of_the_metal": "the metal",
    "alloy_missing": "the alloy",
    "metal_word_refused": "the words about a part",
    "part_name_taken": "the name of a part",
    "part_not_weighed": "the weight of each part",
    "fineness_missing": "the fineness",
    "fineness_out_of_range": "the fineness",
    "coating_unknown": "the coating",
    "coating_unnamed": "the coating",
    "coating_method_missing": "how the coating was put on",
    "coating_fineness_missing": "the fineness of the coating",
    "coating_gold_too_poor": "the fineness of the coating",
    "coating_thickness_missing": "the thickness of the coating",
    "coating_thickness_implausible": "the thickness of the coating",
    "vermeil_refused": "the vermeil",
    "hallmark_missing": "the hallmark",
    "below_hallmark_fineness": "the hallmark",
    # its stones
    "species_missing": "the name of a stone",
    "origin_missing": "the origin of a stone",
    "origin_in_name": "the name of a stone",
    "stone_word_refused": "the name of a stone",
    "cultured_is_for_pearls": "the origin of a stone",
    "pearl_origin_missing": "the origin of a pearl",
    "composite_not_said": "the origin of a stone",
    "treatment_missing": "a treatment",
    "treatment_contradicts_itself": "a treatment",
    "count_not_positive": "how many stones",
    "carat_basis_missing": "the weight of a stone",
    "carat_not_positive": "the weight of a stone",
    "carat_implausible": "the weight of a stone",
    "carat_too_fine": "the weight of a stone",
    "carat_total_disagrees": "the weight of the stones",
    "stone_sizes_implausible": "the size of a stone",
    "grade_without_source": "whose grades they are",
    "grade_without_report": "the report of a stone",
    "flawless_without_report": "the report of a stone",
    "report_incomplete": "the report of a stone",
    "report_in_future": "the date of a report",
    "report_link_unusable": "the link of a report",
    # where it comes from
    "sourcing_unknown": "a claim of origin",
    "sourcing_incomplete": "a claim of origin",
    "sourcing_about_nothing": "a claim of origin",
    "sourcing_expired": "a document that ran out",
    "kimberley_refused": "a claim of origin",
    # its photographs
    "photographs_missing": "the photographs",
    "scale_missing": "a photograph with a scale",
    "invalid_record": "the steps",
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
    subjects = list(dict.fromkeys(map(_subject, problems)))
    if not subjects:
        return "Nothing is left. Sign when you are sure."
    many = NUMBERS[len(subjects)] if len(subjects) < len(NUMBERS) else f"{len(subjects)} things"
    return f"{many} left: {', '.join(subjects)}."


def _subject(problem: Problem) -> str:
    # A refused word is named by the text it stands in.
    if problem.code == "wording_refused":
        return f"the {problem.path.partition('.')[0]}"
    return SUBJECTS.get(problem.code, problem.path)


def done_line(piece: Piece) -> str:
    photographs = min(2, len(piece.photographs.all()))
    return f"{NEEDED - 2 + photographs} of {NEEDED} done"
