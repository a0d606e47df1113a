"""Every law of the tables of tags, each broken by the row that must not stand."""

import pytest

from tags.codes import new_code
from tags.models import Tag
from tests.factories import make_certificate
from tests.laws import assert_refused, laws_of

pytestmark = pytest.mark.django_db


def bind_two_codes_to_one_place():
    piece = make_certificate().piece
    return Tag.objects.create(piece=piece, place="card", code=new_code())


def retire_without_a_date():
    piece = make_certificate().piece
    return Tag.objects.filter(piece=piece).update(state="retired")


BROKEN_BY = {
    "one_standing_tag_per_place": bind_two_codes_to_one_place,
    "ended_tag_has_a_date": retire_without_a_date,
}


@pytest.mark.parametrize("law", BROKEN_BY)
def test_the_database_refuses_the_row_that_breaks(law):
    assert_refused("tags", law, BROKEN_BY[law])


def test_every_law_of_tags_has_a_row_that_breaks_it():
    assert set(BROKEN_BY) == set(laws_of("tags"))
