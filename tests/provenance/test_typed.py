"""What people type, read: ring sizes as they say them, article numbers, countries."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import typed
from provenance.ring_sizes import us_and_uk


@pytest.mark.parametrize(
    ("text", "circumference"),
    [
        ("54.4", "54.4"),
        ("54,4 mm", "54.4"),
        (" 54 MM ", "54.0"),
        ("US 7", "54.4"),
        ("us7", "54.4"),
        ("US 7½", "55.7"),
        ("US 7 1/2", "55.7"),
        ("US 7.5", "55.7"),
        ("US 6¼", "52.5"),
        ("N", "54.1"),
        ("UK n 1/2", "54.7"),
        ("N1/2", "54.7"),
        ("Z+1", "70.3"),
    ],
)
def test_a_ring_size_is_read_as_it_is_said(text, circumference):
    assert typed.ring_circumference(text) == Decimal(circumference)


@pytest.mark.parametrize(
    "text", ["", "7", "5.44", "544", "US", "US 99", "US 20", "A+1", "N 1/3", "size N", "٥٤", "1e9"]
)
def test_what_is_no_ring_size_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(typed.UnreadableError) as refused:
        typed.ring_circumference(text)

    assert "US 7" in str(refused.value)


@given(st.integers(0, 36), st.sampled_from(["", ".5"]))
def test_an_american_size_is_told_back_as_it_was_typed(whole, half):
    size = f"{whole}{half}"

    try:
        circumference = typed.ring_circumference(f"US {size}")
    except typed.UnreadableError:
        return

    assert us_and_uk(circumference)[0] == size


@given(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.sampled_from(["", " 1/2"]))
def test_a_british_size_is_told_back_as_it_was_typed(letter, half):
    assert us_and_uk(typed.ring_circumference(f"{letter}{half}"))[1] == f"{letter}{half}"


def test_an_article_number_is_read_past_its_spaces():
    assert typed.article_number("4 006381 333931") == "4006381333931"


@pytest.mark.parametrize("text", ["4006381333932", "123", "400638133393A", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_an_article_number_that_cannot_be_is_refused(text):
    with pytest.raises(typed.UnreadableError):
        typed.article_number(text)


def test_countries_are_read_by_name_or_letters_each_once():
    assert typed.country_codes("United kingdom, de, GB,, Germany") == ("GB", "DE")


def test_a_country_that_is_none_is_named_in_the_refusal():
    with pytest.raises(typed.UnreadableError, match="“Atlantis” is no country"):
        typed.country_codes("France, Atlantis")
