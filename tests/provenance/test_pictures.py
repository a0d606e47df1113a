"""Photographs on pages: always in one order, whenever each was taken."""

import pytest

from provenance.views.bench import pictures_of, shots_of
from provenance.views.pictures import in_order
from tests.factories import make_draft, make_photograph

pytestmark = pytest.mark.django_db
TAKEN = ["other", "back", "marks", "scale", "front", "other"]
SHOWN = ["front", "scale", "marks", "back", "other", "other"]


@pytest.fixture
def piece():
    draft = make_draft(with_photographs=False)
    for role in TAKEN:
        make_photograph(draft, role)
    return draft


def test_photographs_lie_front_scale_marks_back_other(piece):
    ordered = in_order(piece.photographs.all())

    assert [each.role for each in ordered] == SHOWN
    assert len(pictures_of(piece)) == len(TAKEN)


def test_an_empty_place_waits_where_its_photograph_will_lie():
    draft = make_draft(with_photographs=False)
    make_photograph(draft, "back")
    make_photograph(draft, "front")

    shots = shots_of(draft.photographs.all(), refused={})

    assert [shot.role for shot in shots] == ["front", "scale", "marks", "back", "other"]
    assert [shot.role for shot in shots if shot.picture] == ["front", "back"]
