"""The same rows in two seasons: signed in one, left out of the other, whatever the order."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from provenance import season_work
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.models.season import RowState, Season, SeasonState
from provenance.services import season as seasons
from tests.factories import make_mira
from tests.provenance.seasons import bands, make_season, states_of, work

FEW = 3
BAD = {"serial": "bad", "kind": "rign"}
GOOD = {"serial": "bad"}


@pytest.fixture
def mira():
    return make_mira()


def confirm(season: Season) -> Season:
    shown = seasons.what_is_confirmed(season)
    return seasons.confirm_season(season=season, shown=shown, by=season.maker.user)


def dry_run_and_corrected(mira) -> tuple[Season, Season]:
    """A table with a slip, and the same table corrected brought beside it."""
    return (
        make_season(mira, *bands(FEW), bands(1)[0] | BAD),
        make_season(mira, *bands(FEW), bands(1)[0] | GOOD),
    )


@pytest.mark.django_db
def test_a_dry_run_signs_nothing_again_after_its_corrected_table_was_signed(mira):
    first, corrected = dry_run_and_corrected(mira)
    confirm(corrected)
    work()
    seasons.skip_rows(season=first)

    with pytest.raises(seasons.SeasonChangedError):
        confirm(first)
    work()

    assert Certificate.objects.count() == FEW + 1
    assert states_of(first) == [RowState.SKIPPED] * (FEW + 1)
    assert "row 2 of “Spring” says the same" in first.rows.get(position=2).note


@pytest.mark.django_db
def test_what_is_left_after_that_is_confirmed_and_signed(mira):
    few, more = make_season(mira, *bands(FEW)), make_season(mira, *bands(FEW + 2))
    confirm(few)
    work()
    assert seasons.find_out_alike(season=more) == FEW

    confirm(more)
    work()

    assert Certificate.objects.count() == FEW + 2
    assert Piece.objects.values("serial").distinct().count() == FEW + 2


@pytest.mark.django_db
def test_two_seasons_confirmed_before_either_is_signed_sign_each_row_once(mira):
    first, corrected = dry_run_and_corrected(mira)
    seasons.skip_rows(season=first)
    confirm(corrected)
    confirm(first)

    work()

    assert Certificate.objects.count() == FEW + 1
    assert Piece.objects.values("serial").distinct().count() == FEW + 1
    ended = [Season.objects.get(pk=each.pk) for each in (first, corrected)]
    assert {each.state for each in ended} == {SeasonState.DONE}
    assert season_work.LEFT_OUT in {each.note for each in ended}


@pytest.mark.django_db
def test_a_row_its_maker_takes_in_again_is_signed_beside_the_first(mira):
    confirm(make_season(mira, *bands(1)))
    work()
    season = make_season(mira, *bands(2))
    season_work.take_in(season=season, position=2)

    confirm(season)
    work()

    assert states_of(season) == [RowState.SIGNED] * 2
    assert Certificate.objects.count() == 3


@pytest.mark.django_db
def test_a_row_taken_in_beside_one_twin_is_left_out_again_for_a_second(mira):
    confirm(make_season(mira, *bands(1)))
    work()
    season, third = make_season(mira, *bands(2)), make_season(mira, *bands(FEW))
    for each in (season, third):
        season_work.take_in(season=each, position=2)
    confirm(third)
    work()

    with pytest.raises(seasons.SeasonChangedError):
        confirm(season)

    assert states_of(season)[0] == RowState.SKIPPED


@pytest.mark.django_db
def test_a_cell_that_is_written_anew_forgets_that_its_row_was_taken_in(mira):
    confirm(make_season(mira, *bands(1)))
    work()
    season = make_season(mira, *bands(2))
    season_work.take_in(season=season, position=2)

    for text in ("other", "001"):
        row = seasons.write_cell(season=season, position=2, column="serial", text=text)
        season_work.look_at_now(season, row)

    assert season.rows.get(position=2).state == RowState.SKIPPED


@pytest.mark.django_db
def test_another_makers_rows_are_no_twins(mira):
    confirm(make_season(mira, *bands(FEW)))
    work()

    theirs = make_season(make_mira("someone-else"), *bands(FEW))

    assert states_of(theirs) == [RowState.READY] * FEW


@pytest.mark.django_db
def test_the_confirmation_tells_of_a_season_that_holds_the_same_rows(client, mira):
    client.force_login(mira.user)
    first, corrected = dry_run_and_corrected(mira)

    page = client.get(f"/workshop/season/{corrected.public_id}/confirm").content.decode()

    assert f'href="/workshop/season/{first.public_id}?show=ready">Spring</a> holds 3 rows' in page


@pytest.mark.django_db
def test_what_was_signed_meanwhile_is_told_and_not_confirmed(client, mira):
    client.force_login(mira.user)
    first, corrected = dry_run_and_corrected(mira)
    seasons.skip_rows(season=first)
    confirm(corrected)
    work()
    shown = {"shown": seasons.what_is_confirmed(first)}

    answer = client.post(f"/workshop/season/{first.public_id}/confirm", shown, follow=True)

    assert "This was changed meanwhile" in answer.content.decode()
    assert "Signed before: row 2 of “Spring”" in answer.content.decode()
    assert Certificate.objects.count() == FEW + 1


@pytest.mark.django_db
def test_nobody_is_asked_for_what_was_signed_meanwhile(client, mira):
    client.force_login(mira.user)
    first, corrected = dry_run_and_corrected(mira)
    seasons.skip_rows(season=first)
    confirm(corrected)
    work()

    answer = client.get(f"/workshop/season/{first.public_id}/confirm", follow=True)

    assert answer.redirect_chain == [(f"/workshop/season/{first.public_id}", 303)]
    assert "This was changed meanwhile" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_workers_at_two_seasons_at_once_sign_each_row_once(mira):
    first, corrected = dry_run_and_corrected(mira)
    seasons.skip_rows(season=first)
    both = [confirm(first), confirm(corrected)]

    def sign(season: Season) -> None:
        try:
            while season_work.sign_next(season, signer=None):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sign, both))

    assert Certificate.objects.count() == FEW + 1
    assert Piece.objects.values("serial").distinct().count() == FEW + 1
