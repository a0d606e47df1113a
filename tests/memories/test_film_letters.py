"""Words of a film: every script there is type for, and no box for what there is none for."""

import pytest
from django.conf import settings

from memories import film_letters as letters
from memories.film_letters import CAPTION, CHAPTER, WHEN, Part
from tags.fonts import unpack_fonts

NOBODY = "\U0010fff0"


@pytest.fixture(scope="module", autouse=True)
def fonts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    unpack_fonts(settings.BASE_DIR / "node_modules" / "@fontsource", into=folder)
    letters.use_fonts(folder)


def set_words(*parts, width=900, height=460):
    return letters.set_words(parts, width=width, height=height)


@pytest.mark.parametrize(
    "text",
    [
        "Six in the morning",
        "Łódź, Ąę",
        "Ngày đầu tiên",
        "Καλημέρα",
        "Привет, Їжак",
        "é e\u0301 “ ” …",
    ],
)
def test_our_own_type_misses_nothing_of_the_scripts_it_has(text):
    assert letters.missing_from(text) == ""


def test_what_nobody_has_is_found_whatever_stands_around_it():
    assert letters.missing_from(f"Our {NOBODY}{NOBODY} day\ufdd2") == f"{NOBODY}\ufdd2"


def test_marks_and_joins_go_with_what_they_hung_on():
    text = f"A {NOBODY}\ufe0f\u200d\u0301 B e\u0301"

    assert letters.leave_out(text, NOBODY) == "A B e\u0301"


def test_words_are_text_and_never_markup():
    drawn = set_words(Part("<b>5 > 3</b> & more", CAPTION))

    assert drawn.width > set_words(Part("5 > 3 & more", CAPTION)).width


def test_words_too_tall_for_their_place_get_smaller():
    text = Part("word " * 48, CAPTION)

    assert set_words(text, height=2000).height > 300 >= set_words(text, height=300).height


def test_words_never_leave_their_place():
    drawn = set_words(Part("m" * 2000, CAPTION), Part("x" * 80, CHAPTER), width=500, height=200)

    assert (drawn.width <= 500, drawn.height <= 200) == (True, True)


def test_of_no_words_there_is_no_picture():
    assert set_words(Part("", CAPTION), Part("  ", WHEN)) is None


def test_parts_stand_below_one_another():
    one, both = (
        set_words(Part("Spring", CHAPTER)),
        set_words(Part("Spring", CHAPTER), Part("May", WHEN)),
    )

    assert both.height > one.height
