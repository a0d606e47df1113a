"""Who may see what, in every case; and rows that fill the page."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories import montage
from memories.errors import UnknownItemError
from memories.montage import Answer, ItemFacts, Level, MontageFacts, Viewer

NOW = datetime(2031, 2, 28, 12, 0, tzinfo=UTC)
EPOCH, EARLIER = 7, 6

MIRA_OR_OTTO = Viewer(is_keeper=True)
HOLDS_CODE = Viewer(code_epoch=EPOCH)
HELD_CODE = Viewer(code_epoch=EARLIER)
SANA = Viewer()

VIEWERS = (MIRA_OR_OTTO, Viewer(is_keeper=True, code_epoch=EPOCH), HOLDS_CODE, HELD_CODE, SANA)
ITEM_LEVELS = (None, *Level)
VARIANTS = (None, "480.webp", "original.jpg")
EVERY_CASE = list(
    itertools.product(VIEWERS, (True, False), Level, (False, *ITEM_LEVELS), (True, False), VARIANTS)
)


def facts(published, level):
    return MontageFacts(published=published, level=level, access_epoch=EPOCH)


def is_expected(viewer, published, levels, ready, variant):
    """The law once more, written as a table would be: the only rows that allow."""
    exists = ready and variant in (None, "480.webp")
    strictest = min(levels)
    allowed = (
        viewer.is_keeper,
        published and strictest == Level.PUBLIC,
        published and strictest == Level.CODE and viewer.code_epoch == EPOCH,
    )
    return exists and any(allowed)


def test_the_whole_truth_table():
    for viewer, published, level, item_level, ready, variant in EVERY_CASE:
        no_item = item_level is False
        item = None if no_item else ItemFacts(ready, item_level, frozenset({"480.webp"}))
        levels = [level] if no_item or item_level is None else [level, item_level]

        decision = montage.decide(viewer, facts(published, level), item, variant, NOW)

        exists = (True, None) if no_item else (ready, variant)
        expected = is_expected(viewer, published, levels, *exists)
        assert decision.is_allowed is expected, (viewer, published, level, item, variant)
        assert decision.answer in (Answer.ALLOW, Answer.DENY)
        assert decision.reason


def test_a_montage_is_its_keepers_alone_by_default():
    untouched = MontageFacts(published=True)

    assert montage.decide(MIRA_OR_OTTO, untouched, None, None, NOW).is_allowed
    assert not montage.decide(HOLDS_CODE, untouched, None, None, NOW).is_allowed


def test_a_memory_kept_back_stays_back_on_an_open_page():
    private = ItemFacts(ready=True, level=Level.ONLY_ME, variants=frozenset({"480.webp"}))

    seen = montage.decide(HOLDS_CODE, facts(True, Level.CODE), private, "480.webp", NOW)

    assert not seen.is_allowed


def test_a_public_memory_does_not_open_a_closed_page():
    public = ItemFacts(ready=True, level=Level.PUBLIC)

    assert montage.effective_level(facts(True, Level.ONLY_ME), public) is Level.ONLY_ME


def test_attack_a_cookie_from_before_the_change_is_worth_nothing():
    decision = montage.decide(HELD_CODE, facts(True, Level.CODE), None, None, NOW)

    assert not decision.is_allowed
    assert "before access changed" in decision.reason


@pytest.mark.parametrize("level", [Level.INVITED, Level.PIN, Level.TAP])
def test_levels_that_are_not_built_let_nobody_in(level):
    assert not montage.decide(HOLDS_CODE, facts(True, level), None, None, NOW).is_allowed


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
