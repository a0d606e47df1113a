"""Memories in their order, and rows that fill the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories import montage
from memories.errors import UnknownItemError


def test_a_memory_moves_one_place_and_stays_at_the_ends():
    assert montage.move([1, 2, 3], 2, "up") == [2, 1, 3]
    assert montage.move([1, 2, 3], 2, "down") == [1, 3, 2]
    assert montage.move([1, 2, 3], 1, "up") == [1, 2, 3]
    assert montage.move([1, 2, 3], 3, "down") == [1, 2, 3]


def test_an_order_for_a_memory_that_is_gone_is_refused():
    with pytest.raises(UnknownItemError):
        montage.reorder([1, 2], 9, 0)
    with pytest.raises(UnknownItemError):
        montage.move([1, 2], 9, "up")


@given(st.sets(st.integers(), min_size=1).map(sorted), st.data(), st.integers(-5, 50))
def test_dragging_loses_no_memory_and_moves_only_one(ids, data, to):
    moved = data.draw(st.sampled_from(ids))

    ordered = montage.reorder(ids, moved, to)

    assert sorted(ordered) == ids
    assert ordered.index(moved) == min(max(to, 0), len(ids) - 1)
    assert [one for one in ordered if one != moved] == [one for one in ids if one != moved]


PAGES = st.sampled_from([montage.PHONE, montage.TABLET, montage.DESK])
RATIOS = st.lists(st.floats(min_value=0.2, max_value=5), max_size=60)


def lay_out(ratios, page):
    return montage.justify(ratios, width=page.width, target_height=page.target_height, gap=page.gap)


@given(RATIOS, PAGES)
def test_rows_show_every_picture_once_and_in_order(ratios, page):
    rows = lay_out(ratios, page)

    shown = [figure.index for row in rows for figure in row.figures]
    assert shown == list(range(len(ratios)))
    assert [figure.ratio for row in rows for figure in row.figures] == ratios


@given(RATIOS, PAGES)
def test_a_full_row_is_exactly_as_wide_as_the_page(ratios, page):
    for row in lay_out(ratios, page):
        width = sum(figure.width for figure in row.figures) + row.gap * (len(row.figures) - 1)

        assert width == pytest.approx(100) if row.is_full else width <= 100 + 1e-9


@given(RATIOS, PAGES)
def test_pictures_of_one_row_are_of_one_height(ratios, page):
    for row in lay_out(ratios, page):
        heights = [figure.width / figure.ratio for figure in row.figures]

        assert heights == pytest.approx([row.height] * len(heights))


@given(RATIOS, PAGES)
def test_only_the_last_row_may_end_early_and_none_is_stretched_there(ratios, page):
    rows = lay_out(ratios, page)

    assert all(row.is_full for row in rows[:-1])
    if rows:
        tallest = 100 * montage.TALLEST_LAST_ROW * page.target_height / page.width
        assert rows[-1].height <= tallest + 1e-9


def test_rows_come_near_the_height_asked_for():
    page = montage.DESK

    rows = lay_out([1.5, 0.67, 1.33, 1.0, 1.78, 0.75] * 10, page)

    asked = 100 * page.target_height / page.width
    assert all(0.7 * asked < row.height < 1.4 * asked for row in rows)


@pytest.mark.parametrize("page", [montage.PHONE, montage.TABLET, montage.DESK])
@pytest.mark.parametrize("count", range(4, 25))
def test_no_picture_is_left_over_at_the_end(page, count):
    ratios = ([1.5, 1.5, 0.67, 1.5, 1.0, 0.75, 1.33] * 4)[:count]

    rows = lay_out(ratios, page)

    assert rows[-1].is_full


def test_a_montage_of_nothing_has_no_rows():
    assert lay_out([], montage.PHONE) == []


def test_gaps_wider_than_the_page_still_end():
    rows = montage.justify([0.01] * 50, width=20, target_height=2000, gap=15)

    assert sum(len(row.figures) for row in rows) == 50
    assert all(row.height > 0 for row in rows)
