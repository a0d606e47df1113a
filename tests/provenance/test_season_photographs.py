"""Photographs that come after the table: on the season's page, or with the same table again."""

import re

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from provenance import season_pictures, season_work
from provenance.models.season import PictureState, RowState, Season, SeasonRow, SeasonState
from provenance.season_pictures import Brought, add_photographs, missing_from
from provenance.season_zip import SeasonZipError
from provenance.services import season as seasons
from tests.factories import make_mira
from tests.memories.pictures import make_jpeg
from tests.provenance.seasons import (
    bands,
    bring,
    looked_at,
    packed,
    states_of,
    table,
    two_photographs,
    work,
    wrong_of,
)
from tests.provenance.sheets import JSON

pytestmark = pytest.mark.django_db
FEW = 2


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def a_zip(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photographs.zip", content)


def add(season: Season, content: bytes) -> Brought:
    """With all that is done after the commit, as where each request has its own."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return add_photographs(season=season, photographs=a_zip(content))


def zips() -> list[str]:
    private = storages["private"]
    return private.listdir("seasons")[1] if private.exists("seasons") else []


def page_of(season: Season) -> str:
    return f"/workshop/season/{season.public_id}"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_season_without_photographs_gets_them_later(mira):
    season = looked_at(mira, *bands(FEW), photographs=b"")
    assert states_of(season) == [RowState.WRONG] * FEW
    assert missing_from(season) == ["front.jpg", "scale.jpg"]

    brought = add(season, two_photographs())
    work()

    season.refresh_from_db()
    assert brought == Brought(named=2, unnamed=0, kept=0)
    assert season.state == SeasonState.CHECKED
    assert states_of(season) == [RowState.READY] * FEW
    assert missing_from(season) == []


def test_what_is_here_already_stays_as_it_is(mira):
    season = looked_at(mira, *bands(1), photographs=packed(front__jpg=make_jpeg(640, 480)))
    before = season.pictures.get().sha256

    brought = add(season, packed(front__jpg=make_jpeg(300, 200), scale__jpg=make_jpeg(600, 480)))
    work()

    assert brought == Brought(named=1, unnamed=0, kept=1)
    assert season.pictures.get(key="front.jpg").sha256 == before
    assert states_of(season) == [RowState.READY]


def test_a_photograph_that_was_refused_is_brought_again(mira):
    bad = packed(front__jpg=b"no picture", scale__jpg=make_jpeg(600, 480))
    season = looked_at(mira, *bands(1), photographs=bad)
    assert missing_from(season) == ["front.jpg"]

    add(season, packed(front__jpg=b"no picture either"))
    work()
    add(season, two_photographs())
    work()

    assert wrong_of(season) == {}
    assert {picture.state for picture in season.pictures.all()} == {PictureState.READY}


def test_a_zip_of_which_nothing_is_left_is_not_kept(mira):
    before = len(zips())
    season = looked_at(mira, *bands(1), photographs=b"")
    add(season, packed(front__jpg=b"no picture"))
    work()

    add(season, packed(front__jpg=make_jpeg(640, 480)))
    add(season, packed(front__jpg=make_jpeg(640, 480)))

    assert len(zips()) - before == 1


def test_a_photograph_that_no_row_names_waits_for_one_that_does(mira):
    season = looked_at(mira, bands(1)[0] | {"photo_front": "fron.jpg"}, photographs=b"")

    brought = add(season, two_photographs())
    work()
    season.refresh_from_db()
    season_work.fix_cell(season=season, position=2, column="photo_front", text="front.jpg")
    work()

    assert brought == Brought(named=1, unnamed=1, kept=0)
    assert states_of(season) == [RowState.READY]


def test_a_row_left_out_for_want_of_photographs_is_taken_in_with_them(mira):
    season = looked_at(mira, *bands(1), photographs=b"")
    seasons.skip_rows(season=season)
    add(season, two_photographs())

    season_work.take_in(season=season, position=2)
    work()

    assert states_of(season) == [RowState.READY]


def test_every_zip_goes_when_the_season_is_done(mira):
    before = len(zips())
    season = looked_at(mira, *bands(1), photographs=packed(front__jpg=make_jpeg(640, 480)))
    add(season, packed(scale__jpg=make_jpeg(600, 480)))
    work()
    shown = seasons.what_is_confirmed(season)
    seasons.confirm_season(season=season, shown=shown, by=mira.user)

    work()

    season.refresh_from_db()
    assert season.state == SeasonState.DONE
    assert len(zips()) == before


def test_a_confirmed_season_takes_no_photographs(mira):
    season = looked_at(mira, *bands(1))
    shown = seasons.what_is_confirmed(season)
    seasons.confirm_season(season=season, shown=shown, by=mira.user)
    before = zips()

    with pytest.raises(seasons.SeasonMovedOnError):
        add(season, packed(other__jpg=make_jpeg(640, 480)))

    assert zips() == before


def test_a_zip_that_cannot_be_read_changes_nothing(mira):
    season = looked_at(mira, *bands(1), photographs=b"")
    before = zips()

    with pytest.raises(SeasonZipError):
        add(season, b"no zip")

    assert zips() == before
    assert states_of(season) == [RowState.WRONG]


def test_a_row_that_is_looked_at_meanwhile_is_looked_at_again(mira):
    """A worker looks at it without the photograph, which comes before it has written that down."""
    season = bring(mira, *bands(1), photographs=b"")
    held = season_work._take(season, RowState.NEW, 1)
    season_work.season_rows.look_at(season, held.rows)

    add(season, two_photographs())
    season_work.write_found(season, held)
    work()

    assert states_of(season) == [RowState.READY]


# -- at the desk --------------------------------------------------------------------------------


def test_the_page_asks_for_what_is_missing_and_takes_it(desk, mira):
    season = looked_at(mira, *bands(FEW), photographs=b"")
    asked = desk.get(page_of(season))

    answer = desk.post(page_of(season), {"photographs": a_zip(two_photographs())}, follow=True)
    work()

    assert "Photographs that are missing front.jpg, scale.jpg" in words(asked)
    assert "2 photographs added." in words(answer)
    assert "Photographs that are missing" not in words(desk.get(page_of(season)))
    assert states_of(season) == [RowState.READY] * FEW


def test_a_script_brings_them_and_is_told_where_the_season_is(desk, mira):
    season = looked_at(mira, *bands(1), photographs=b"")

    answer = desk.post(page_of(season), {"photographs": a_zip(two_photographs())}, headers=JSON)

    assert answer.json() == {"to": page_of(season)}


@pytest.mark.parametrize(
    ("form", "told"),
    [({}, "Choose the ZIP first."), ({"photographs": a_zip(b"no zip")}, "This is no ZIP file.")],
    ids=["nothing", "no zip"],
)
def test_what_is_no_zip_is_refused_on_the_page(desk, mira, form, told):
    season = looked_at(mira, *bands(1), photographs=b"")

    answer = desk.post(page_of(season), form)
    by_script = desk.post(page_of(season), form, headers=JSON)

    assert (answer.status_code, by_script.status_code) == (400, 400)
    assert told in words(answer)
    assert by_script.json()["code"] == "season_refused"


def test_the_same_table_brings_its_photographs_later(desk, mira):
    season = looked_at(mira, *bands(FEW), photographs=b"")
    again = {
        "name": "Again",
        "table": SimpleUploadedFile("spring.csv", table(*bands(FEW))),
        "photographs": a_zip(two_photographs()),
    }

    answer = desk.post("/workshop/season", again, follow=True)
    work()

    assert "This file is here already, as “Spring”." in words(answer)
    assert "2 photographs added." in words(answer)
    assert Season.objects.get() == season
    assert states_of(season) == [RowState.READY] * FEW


def test_the_same_table_of_a_confirmed_season_says_that_its_photographs_were_not_kept(desk, mira):
    season = looked_at(mira, *bands(1))
    shown = seasons.what_is_confirmed(season)
    seasons.confirm_season(season=season, shown=shown, by=mira.user)
    before = zips()
    again = {
        "name": "Again",
        "table": SimpleUploadedFile("spring.csv", table(*bands(1))),
        "photographs": a_zip(two_photographs()),
    }

    answer = desk.post("/workshop/season", again, follow=True)

    assert "It takes no photographs any more, so these were not kept." in words(answer)
    assert zips() == before


def test_nobody_else_brings_photographs(client, mira):
    season = looked_at(mira, *bands(1), photographs=b"")
    client.force_login(make_mira("someone-else").user)

    answer = client.post(page_of(season), {"photographs": a_zip(two_photographs())})

    assert answer.status_code == 404
    assert not SeasonRow.objects.filter(season=season).exclude(state=RowState.WRONG).exists()
    assert season_pictures.missing_from(season)
