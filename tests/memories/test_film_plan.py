"""The plan of a film: whatever is on the page, the film is as long as asked and shows it fairly."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories.film import (
    FADE,
    FPS,
    LEAST,
    LENGTHS,
    MOST_ENLARGED,
    SCREENS,
    Picture,
    Shape,
    choose_evenly,
    may_be_in_a_film,
    plan_film,
    scenes_at,
    share_of,
)
from memories.framing import Point
from memories.montage import ItemFacts, Level, MontageFacts

LYING, UPRIGHT = (2048, 1365), (1365, 2048)

fractions = st.floats(0, 1)
pictures = st.builds(
    Picture,
    width=st.integers(16, 2048),
    height=st.integers(16, 2048),
    focus=st.builds(Point, fractions, fractions),
    caption=st.text(max_size=240),
    chapter=st.sampled_from(["", "Spring", "Summer"]),
    seconds=st.none() | st.floats(0.1, 180),
)
pages = st.lists(pictures, min_size=1, max_size=80)
lengths = st.sampled_from(LENGTHS)
shapes = st.sampled_from(list(Shape))


def photographs(count, size=LYING, **fields):
    return [Picture(*size, focus=Point(0.5, 0.5), **fields) for _ in range(count)]


@given(pages, lengths, shapes)
def test_a_film_is_exactly_as_long_as_asked(page, seconds, shape):
    plan = plan_film(page, seconds=seconds, screen=SCREENS[shape])

    assert plan.frames == seconds * FPS
    assert max(scene.stop for scene in plan.scenes) == plan.frames
    assert all(frame < plan.opening or list(scenes_at(plan, frame)) for frame in range(plan.frames))


@given(pages, lengths, shapes)
def test_every_picture_that_fits_has_two_seconds_before_the_next_one_comes(page, seconds, shape):
    scenes = plan_film(page, seconds=seconds, screen=SCREENS[shape]).scenes

    starts = [scene.start for scene in scenes] + [seconds * FPS]
    assert all(after - start >= LEAST for start, after in pairwise(starts))


@given(pages, lengths, shapes)
def test_never_more_than_two_pictures_are_on_the_screen(page, seconds, shape):
    plan = plan_film(page, seconds=seconds, screen=SCREENS[shape])

    assert all(len(list(scenes_at(plan, frame))) <= 2 for frame in range(plan.frames))


@given(pages, lengths, shapes)
def test_the_order_of_the_page_is_kept_and_its_first_and_last_picture_are_in(page, seconds, shape):
    numbers = [
        scene.picture for scene in plan_film(page, seconds=seconds, screen=SCREENS[shape]).scenes
    ]

    assert numbers == sorted(set(numbers))
    assert (numbers[0], numbers[-1]) == (0, len(page) - 1)


@given(st.integers(1, 400), st.integers(1, 30))
def test_when_not_all_fit_the_choice_is_even_over_the_page(count, most):
    chosen = choose_evenly(range(count), most)

    gaps = {after - before for before, after in pairwise(chosen)}
    assert len(chosen) == min(count, most)
    assert not gaps or max(gaps) - min(gaps) <= 1


@given(pages, lengths, shapes)
def test_the_focal_point_is_in_sight_from_the_first_frame_to_the_last(page, seconds, shape):
    for scene in plan_film(page, seconds=seconds, screen=SCREENS[shape]).scenes:
        focus = page[scene.picture].focus
        for frame in range(scene.start, scene.stop):
            seen = scene.window(frame)
            assert seen.left - 1e-9 <= focus.x <= seen.left + seen.width + 1e-9
            assert seen.top - 1e-9 <= focus.y <= seen.top + seen.height + 1e-9


@given(pages, lengths, shapes)
def test_no_window_looks_past_the_picture_and_none_enlarges_it_too_much(page, seconds, shape):
    for scene in plan_film(page, seconds=seconds, screen=SCREENS[shape]).scenes:
        picture = page[scene.picture]
        for seen in (scene.first, scene.last):
            assert min(seen.left, seen.top) >= 0
            assert max(seen.left + seen.width, seen.top + seen.height) <= 1 + 1e-9
            enlarged = scene.pane.width / (seen.width * picture.width)
            assert enlarged <= MOST_ENLARGED * 1.02


@given(pages, lengths, shapes)
def test_pane_and_words_lie_on_the_screen_and_words_within_its_margins(page, seconds, shape):
    plan = plan_film(page, seconds=seconds, screen=SCREENS[shape])
    screen, safe = plan.screen, plan.screen.safe

    for scene in plan.scenes:
        pane, words = scene.pane, scene.words
        assert min(pane.left, pane.top) >= 0
        assert pane.right <= screen.width
        assert pane.bottom <= screen.height
        assert not any(number % 2 for number in (pane.left, pane.top, pane.width, pane.height))
        assert (safe.left, safe.right) == (words.left, words.right)
        assert safe.top <= words.top <= words.bottom <= safe.bottom


@given(pages, lengths, shapes)
def test_the_same_page_gives_the_same_film(page, seconds, shape):
    first, second = (plan_film(page, seconds=seconds, screen=SCREENS[shape]) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("shape", list(Shape))
def test_an_upright_photograph_fills_the_screen(shape):
    plan = plan_film(photographs(1, UPRIGHT), seconds=30, screen=SCREENS[shape])

    assert plan.scenes[0].pane == SCREENS[shape].whole


@pytest.mark.parametrize("shape", list(Shape))
def test_of_a_lying_photograph_two_thirds_are_seen_before_a_backdrop(shape):
    scene = plan_film(photographs(1, LYING), seconds=30, screen=SCREENS[shape]).scenes[0]

    assert scene.pane.width == SCREENS[shape].width
    assert scene.pane.height < SCREENS[shape].height
    assert max(scene.first.width, scene.last.width) == pytest.approx(2 / 3, abs=0.01)


def test_a_small_photograph_is_shown_small():
    scene = plan_film(photographs(1, (400, 300)), seconds=30, screen=SCREENS[Shape.TALL]).scenes[0]

    assert scene.pane.width <= 400 * MOST_ENLARGED


def test_words_stand_below_a_lying_photograph_and_on_an_upright_one():
    below = plan_film(
        photographs(1, LYING, caption="A"), seconds=30, screen=SCREENS[Shape.TALL]
    ).scenes[0]
    over = plan_film(
        photographs(1, UPRIGHT, caption="A"), seconds=30, screen=SCREENS[Shape.TALL]
    ).scenes[0]

    assert (below.is_over, over.is_over) == (False, True)
    assert below.words.top > below.pane.bottom


def test_photographs_come_closer_and_go_back_in_turn():
    first, second = plan_film(photographs(2), seconds=30, screen=SCREENS[Shape.TALL]).scenes

    assert first.last.width < first.first.width
    assert second.last.width > second.first.width


def test_a_clip_does_not_move_beside_its_own_movement():
    scene = plan_film(photographs(1, seconds=5.0), seconds=30, screen=SCREENS[Shape.TALL]).scenes[0]

    assert scene.first == scene.last


def test_a_long_caption_and_a_clip_have_more_time():
    page = [*photographs(1), *photographs(1, caption="x" * 100), *photographs(1, seconds=8.0)]
    page += photographs(5)

    plain, captioned, clip, *_ = (
        scene.length for scene in plan_film(page, seconds=30, screen=SCREENS[Shape.TALL]).scenes
    )

    assert plain < captioned < clip


def test_a_chapter_is_told_with_the_first_of_its_pictures_that_is_in_the_film():
    page = photographs(40, chapter="Spring") + photographs(40, chapter="Summer")

    scenes = plan_film(page, seconds=30, screen=SCREENS[Shape.TALL]).scenes

    assert [scene.title for scene in scenes if scene.title] == ["Spring", "Summer"]


def test_a_fade_comes_from_nothing_and_ends_whole():
    scene = plan_film(photographs(2), seconds=30, screen=SCREENS[Shape.TALL]).scenes[1]

    shares = [share_of(scene, scene.start + step) for step in range(FADE + 1)]

    assert 0 < shares[0] < 0.1
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("level", list(Level))
def test_only_what_whoever_has_the_code_may_see_is_in_a_film(level):
    page = MontageFacts(published=True, level=level)

    assert may_be_in_a_film(page, ItemFacts(ready=True)) == (level >= Level.CODE)


@pytest.mark.parametrize(
    "item",
    [
        ItemFacts(ready=False),
        ItemFacts(ready=True, level=Level.TAP),
        ItemFacts(ready=True, has_child=True),
        ItemFacts(ready=True, is_waiting=True),
    ],
)
def test_of_an_open_page_nothing_stricter_is_in_its_film(item):
    assert not may_be_in_a_film(MontageFacts(published=True, level=Level.PUBLIC), item)
