"""Rows of one season that cannot both be true, and photographs that are one."""

import pytest

from provenance import season_work
from provenance.models.season import RowState, Season, SeasonRow
from provenance.services import season as seasons
from provenance.services.season_alike import identities
from tests.factories import make_mira
from tests.memories.pictures import make_jpeg
from tests.provenance.seasons import (
    bands,
    looked_at,
    make_season,
    packed,
    states_of,
    two_photographs,
    work,
    wrong_of,
)

pytestmark = pytest.mark.django_db
SAME_SERIAL = "Row 2 has this serial number too."
SAME_NUMBER = "Row 2 has this number of the edition too."
THIRD = {"edition": "", "edition_number": "3", "edition_of": "12"}
FOURTH = {"edition_number": "4"}


@pytest.fixture
def mira():
    return make_mira()


def fix(season: Season, position: int, column: str, text: str) -> None:
    season_work.fix_cell(season=season, position=position, column=column, text=text)


@pytest.mark.parametrize(
    ("changes", "column", "told"),
    [
        (FOURTH, "serial", SAME_SERIAL),
        (FOURTH | {"gtin": "4006381 333931", "weight": "6.5"}, "serial", SAME_SERIAL),
        (FOURTH | {"gtin": "04006381333931"}, "serial", SAME_SERIAL),
        ({"serial": "x", "title": "HARBOUR  band"}, "edition_number", SAME_NUMBER),
        ({"serial": "x", "edition_number": "03"}, "edition_number", SAME_NUMBER),
    ],
    ids=str,
)
def test_two_rows_that_cannot_both_be_true_are_told_with_both_rows(mira, changes, column, told):
    first = bands(1)[0] | THIRD

    season = make_season(mira, first, first | changes)

    assert wrong_of(season) == {(3, column): told}


@pytest.mark.parametrize(
    "changes",
    [
        {"serial": "002", "edition_number": "4"},
        {"serial": "002", "title": "Tide band"},
        {"serial": "002", "kind": "bracelet"},
        {"gtin": "96385074", "edition_number": "4"},
    ],
    ids=str,
)
def test_rows_that_may_both_be_true_are(mira, changes):
    first = bands(1)[0] | THIRD

    season = make_season(mira, first, first | changes)

    assert wrong_of(season) == {}


def test_pieces_that_are_just_the_same_and_have_no_number_are_as_many_as_there_are(mira):
    bare = {name: cell for name, cell in bands(1)[0].items() if name not in {"gtin", "serial"}}

    season = make_season(mira, bare, bare, bare)

    assert states_of(season) == [RowState.READY] * 3


def test_a_serial_number_is_told_by_its_capitals():
    told = [identities(bands(1, serial=serial)[0])["serial"] for serial in ("a1", "A1")]

    assert told[0] != told[1]


def test_the_row_that_is_fixed_is_right(mira):
    season = make_season(mira, *bands(1), *bands(1))

    fix(season, 3, "serial", "002")

    assert states_of(season) == [RowState.READY] * 2


def test_when_the_first_is_changed_the_second_is_right(mira):
    season = make_season(mira, *bands(1), *bands(1))

    fix(season, 2, "serial", "002")

    assert states_of(season) == [RowState.READY] * 2


def test_when_the_first_is_left_out_the_second_is_right_and_the_first_no_more(mira):
    season = make_season(mira, *bands(1), *bands(1))

    season_work.leave_out(season=season, position=2)
    left = states_of(season)
    season_work.take_in(season=season, position=2)

    assert left == [RowState.SKIPPED, RowState.READY]
    assert states_of(season) == [RowState.WRONG, RowState.READY]
    assert wrong_of(season) == {(2, "serial"): "Row 3 has this serial number too."}


def test_a_row_made_like_one_that_is_right_is_told(mira):
    season = make_season(mira, *bands(3))

    fix(season, 2, "serial", "003")

    assert wrong_of(season) == {(2, "serial"): "Row 4 has this serial number too."}


def test_so_many_rows_that_were_alike_go_back_to_a_worker(mira):
    many = season_work.MOST_WHILE_A_PAGE_WAITS + 1
    season = make_season(mira, *bands(1), *[bands(1)[0] for _ in range(many)])

    fix(season, 2, "serial", "first")

    season.refresh_from_db()
    assert season.state == "draft"
    assert states_of(season) == [RowState.NEW] * (many + 1)


def test_rows_that_were_right_before_we_asked_are_asked_when_they_are_confirmed(mira):
    season = make_season(mira, *bands(2))
    second = SeasonRow.objects.get(season=season, position=3)
    second.cells["serial"] = "001"
    second.save(update_fields=["cells"])

    with pytest.raises(seasons.SeasonChangedError):
        seasons.confirm_season(season=season, shown=seasons.what_is_confirmed(season), by=mira.user)

    assert states_of(season) == [RowState.WRONG] * 2
    assert wrong_of(season)[3, "serial"] == SAME_SERIAL


def test_a_row_like_one_that_was_signed_in_another_season_is_not_right(mira):
    season = make_season(mira, *bands(1), *bands(1, weight="7.1"))
    other = make_season(mira, *bands(1))
    shown = seasons.what_is_confirmed(other)
    seasons.confirm_season(season=other, shown=shown, by=mira.user)
    work()

    seasons.skip_rows(season=season)
    seasons.find_out_alike(season=season)
    season_work.take_in(season=season, position=3)

    assert states_of(season) == [RowState.SKIPPED, RowState.WRONG]
    assert wrong_of(season) == {(3, "serial"): SAME_SERIAL}


def test_one_file_is_not_two_photographs(mira):
    twice = bands(1)[0] | {"photo_front": "front.jpg", "photo_scale": "FRONT.jpg"}

    season = looked_at(mira, twice, photographs=two_photographs())

    told = "photo_front is the same photograph. Name another one."
    assert wrong_of(season) == {(2, "photo_scale"): told}


def test_one_photograph_under_two_names_is_not_two(mira):
    same = make_jpeg(640, 480)

    season = looked_at(mira, *bands(1), photographs=packed(front__jpg=same, scale__jpg=same))

    assert [column for _, column in wrong_of(season)] == ["photo_scale"]
