"""Dates as people remember them: read for sorting, in the four languages of the site."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories.dates import Precision, When, read_when


@pytest.mark.parametrize(
    ("said", "first", "precision"),
    [
        ("2018", date(2018, 1, 1), Precision.YEAR),
        ("about 2018", date(2018, 1, 1), Precision.YEAR),
        ("spring 2019", date(2019, 3, 1), Precision.SEASON),
        ("Summer of 2019", date(2019, 6, 1), Precision.SEASON),
        ("Frühling 2019", date(2019, 3, 1), Precision.SEASON),
        ("été 2019", date(2019, 6, 1), Precision.SEASON),
        ("autunno 2019", date(2019, 9, 1), Precision.SEASON),
        ("Winter 2019", date(2019, 12, 1), Precision.SEASON),
        ("Anfang 2019", date(2019, 1, 1), Precision.SEASON),
        ("late 2019", date(2019, 11, 1), Precision.SEASON),
        ("late summer 2019", date(2019, 6, 1), Precision.SEASON),
        ("Early spring 2019", date(2019, 3, 1), Precision.SEASON),
        ("fin de l’été 2019", date(2019, 6, 1), Precision.SEASON),
        ("June 2020", date(2020, 6, 1), Precision.MONTH),
        ("März 2020", date(2020, 3, 1), Precision.MONTH),
        ("août 2020", date(2020, 8, 1), Precision.MONTH),
        ("luglio 2020", date(2020, 7, 1), Precision.MONTH),
        ("6/2020", date(2020, 6, 1), Precision.MONTH),
        ("2020-06", date(2020, 6, 1), Precision.MONTH),
        ("14 June 2020", date(2020, 6, 14), Precision.DAY),
        ("June 14th, 2020", date(2020, 6, 14), Precision.DAY),
        ("14. Juni 2020", date(2020, 6, 14), Precision.DAY),
        ("1er mai 2021", date(2021, 5, 1), Precision.DAY),
        ("14 giugno 2020", date(2020, 6, 14), Precision.DAY),
        ("2020-06-14", date(2020, 6, 14), Precision.DAY),
        ("6/5/2020", date(2020, 5, 6), Precision.DAY),
        ("06/14/2020", date(2020, 6, 14), Precision.DAY),
        ("31 June 2020", date(2020, 6, 1), Precision.MONTH),
        ("Christmas 2019", date(2019, 12, 25), Precision.FEAST),
        ("Noël 2019", date(2019, 12, 25), Precision.FEAST),
        ("Heiligabend 2019", date(2019, 12, 24), Precision.FEAST),
        ("Capodanno 2020", date(2020, 1, 1), Precision.FEAST),
        ("Ostern 2024", date(2024, 3, 31), Precision.FEAST),
        ("Easter 2025", date(2025, 4, 20), Precision.FEAST),
        ("२०२०", date(2020, 1, 1), Precision.YEAR),
        ("the 1990s", date(1990, 1, 1), Precision.DECADE),
        ("années 1990", date(1990, 1, 1), Precision.DECADE),
    ],
)
def test_a_date_is_read_as_it_is_said(said, first, precision):
    assert read_when(said) == When(first, precision)


@pytest.mark.parametrize(
    "said", ["", "once", "summer", "June", "the year 0", "2500", "14 June", "12345"]
)
def test_what_tells_no_date_is_none(said):
    assert read_when(said) is None


def test_on_one_day_the_vaguer_one_comes_first():
    said = ["1 June 2019", "June 2019", "summer 2019", "2019"]

    assert sorted(said, key=read_when) == ["2019", "summer 2019", "June 2019", "1 June 2019"]


@given(st.text(max_size=60))
def test_attack_nothing_that_can_be_typed_breaks_it(said):
    when = read_when(said)

    assert when is None or 1800 <= when.year <= 2199


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_back_from_how_computers_write_it(day):
    assert read_when(day.isoformat()) == When(day, Precision.DAY)
