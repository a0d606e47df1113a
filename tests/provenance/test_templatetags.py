"""What is drawn into a page: icons readers aloud skip, marks whose letters cannot break out."""

import re
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError

from provenance.templatetags import marks

PARTS = Path(__file__).resolve().parents[2] / "templates"


def test_an_icon_is_hidden_from_readers_aloud_because_words_stand_beside_it():
    drawn = marks.icon("loupe")

    assert drawn.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">')
    assert "<path" in drawn


def test_a_punch_is_drawn_on_its_larger_grid():
    assert marks.punch("verdict-identified").startswith('<svg class="punch" viewBox="0 0 48 48"')


def test_a_drawing_nobody_made_is_an_error_while_building_the_page():
    with pytest.raises(TemplateSyntaxError, match="no drawing is called"):
        marks.icon("../../settings")


@pytest.mark.parametrize("name", sorted(marks.DRAWINGS))
def test_no_drawing_carries_a_script_a_style_or_a_link(name):
    drawn = marks.icon(name)

    assert not re.search(r"<script|style=|href=|\bon\w+=", drawn)


@pytest.mark.parametrize("letters", ["<script>", '"><img src=x onerror=alert(1)>', "a&b", "'{0}'"])
def test_letters_of_a_mark_cannot_break_out_of_the_drawing(letters):
    for drawn in (marks.sponsor_mark(letters), marks.cartouche(letters, "oval")):
        assert "<script>" not in drawn
        assert "<img" not in drawn
        assert drawn.count("<svg") == drawn.count("</svg>") == 1


def test_a_mark_is_named_by_its_own_letters():
    assert 'aria-label="750"' in marks.cartouche("750", "oval")


def test_an_unknown_shape_is_struck_in_a_plain_field():
    assert marks.cartouche("3/12", "hexagon") == marks.cartouche("3/12", "square")


def test_a_longer_mark_has_a_longer_field_and_a_very_long_one_is_pressed_into_it():
    short, long, endless = (marks.cartouche(text) for text in ("750", "London", "A" * 60))

    assert _width(short) < _width(long) < _width(endless) < 160
    assert "textLength" in endless
    assert "textLength" not in long


def test_a_sponsor_mark_of_many_letters_is_pressed_into_the_shield():
    assert "textLength" in marks.sponsor_mark("TIDEWELL")
    assert "textLength" not in marks.sponsor_mark("TWB")


def test_no_template_styles_itself_because_the_policy_of_the_site_would_ignore_it():
    offenders = [
        file.name
        for file in PARTS.rglob("*.html")
        if re.search(r"\sstyle=|<script>|\son[a-z]+=\"", file.read_text(encoding="utf-8"))
    ]

    assert offenders == []


def test_every_drawing_named_in_a_template_exists():
    named = {
        found
        for file in PARTS.rglob("*.html")
        for found in re.findall(r"{% (?:icon|punch) \"([^\"]+)\"", file.read_text(encoding="utf-8"))
    }

    assert named <= set(marks.DRAWINGS)


def _width(drawn: str) -> float:
    return float(drawn.split('viewBox="0 0 ')[1].split(" ")[0])
