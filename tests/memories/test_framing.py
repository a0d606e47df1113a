"""Focal point and crop: fractions that never point outside the photograph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories.framing import WHOLE, Frame, Point, frame_between

fractions = st.floats(0, 1)


@pytest.mark.parametrize(
    "corners",
    [
        (0.5, 0.0, 0.4, 1.0),
        (0.0, 0.0, 0.01, 1.0),
        (-0.1, 0.0, 1.0, 1.0),
        (0.0, 0.0, 1.0, 1.1),
        (float("nan"), 0.0, 1.0, 1.0),
    ],
)
def test_a_crop_that_is_empty_a_sliver_or_outside_is_none(corners):
    assert frame_between(*corners) is None


def test_the_whole_picture_is_every_pixel_of_it():
    assert WHOLE.in_pixels(1600, 1067) == (0, 0, 1600, 1067)


@given(fractions, fractions, fractions, fractions, st.integers(1, 16_384), st.integers(1, 16_384))
def test_a_crop_in_pixels_always_lies_on_the_picture(left, top, right, bottom, width, height):
    frame = frame_between(left, top, right, bottom) or WHOLE

    x, y, wide, high = frame.in_pixels(width, height)

    assert wide >= 1
    assert high >= 1
    assert 0 <= x <= x + wide <= width
    assert 0 <= y <= y + high <= height


def test_a_focal_point_that_was_cut_away_moves_to_the_edge_of_what_is_left():
    assert Frame(0.5, 0.5, 0.5, 0.5).seen_from_inside(Point(0.1, 0.75)) == Point(0.0, 0.5)
