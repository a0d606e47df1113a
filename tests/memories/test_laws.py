"""Every law of the tables of memories, each broken by the row that must not stand."""

import pytest

from memories.models import Item, Montage, Rendition
from tests.factories import make_certificate, make_custody, make_otto
from tests.laws import assert_refused, laws_of

pytestmark = pytest.mark.django_db


def make_montage():
    custody = make_custody(make_certificate().piece, make_otto())
    return Montage.objects.create(piece=custody.piece, keeper=custody.keeper)


def make_item(**facts):
    sound = {"montage": make_montage(), "position": 0, "upload_name": "sea.jpg", "upload_bytes": 9}
    return Item.objects.create(**{**sound, **facts})


def begin_a_second_montage():
    first = make_montage()
    return Montage.objects.create(piece=first.piece, keeper=first.keeper)


def make_one_rendition_twice():
    item = make_item()
    for file in ("one.webp", "two.webp"):
        Rendition.objects.create(
            item=item, name="480.webp", file=file, width=480, height=320, bytes=9
        )


BROKEN_BY = {
    "one_montage_per_keeper": begin_a_second_montage,
    "montage_level_is_known": lambda: Montage.objects.filter(pk=make_montage().pk).update(
        level="everyone"
    ),
    "ready_item_has_a_size": lambda: make_item(state="ready"),
    "refusal_has_a_reason": lambda: make_item(state="failed"),
    "item_level_is_known": lambda: make_item(level="everyone"),
    "one_rendition_per_name": make_one_rendition_twice,
}


@pytest.mark.parametrize("law", BROKEN_BY)
def test_the_database_refuses_the_row_that_breaks(law):
    assert_refused("memories", law, BROKEN_BY[law])


def test_every_law_of_memories_has_a_row_that_breaks_it():
    assert set(BROKEN_BY) == set(laws_of("memories"))
