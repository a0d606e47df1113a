"""Chapters and memories on one line: nothing is lost, whatever is moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories.arrangement import Bead, move_chapter, put_into, restring, stretches
from memories.errors import UnknownItemError


def line_of(words: str) -> list[Bead]:
    """Capitals are headings."""
    return [Bead(letter, letter.isupper()) for letter in words]


def said(line: list[Bead]) -> str:
    return "".join(bead.id for bead in line)


def test_a_chapter_reaches_to_the_next_heading():
    cut = stretches(line_of("aBcdE"))

    assert [said(stretch.beads) for stretch in cut] == ["a", "Bcd", "E"]


@pytest.mark.parametrize(
    ("line", "chapter", "direction", "moved"),
    [
        ("aBcDe", "D", "up", "aDeBc"),
        ("aBcDe", "B", "down", "aDeBc"),
        ("aBcDe", "B", "up", "aBcDe"),
        ("aBcDe", "D", "down", "aBcDe"),
    ],
)
def test_a_chapter_moves_with_all_it_holds(line, chapter, direction, moved):
    assert said(move_chapter(line_of(line), chapter, direction)) == moved


@pytest.mark.parametrize(
    ("item", "chapter", "after"),
    [("a", "D", "BcDea"), ("e", None, "aeBcD"), ("c", "B", "aBcDe"), ("a", None, "aBcDe")],
)
def test_a_memory_is_put_at_the_end_of_a_chapter(item, chapter, after):
    assert said(put_into(line_of("aBcDe"), item, chapter)) == after


@pytest.mark.parametrize(("item", "chapter"), [("x", "D"), ("a", "X"), ("B", "D")])
def test_what_is_not_on_the_line_is_refused(item, chapter):
    with pytest.raises(UnknownItemError):
        put_into(line_of("aBcDe"), item, chapter)


def test_a_chapter_that_is_gone_cannot_be_moved():
    with pytest.raises(UnknownItemError):
        move_chapter(line_of("aB"), "X", "up")


@given(st.permutations("aBcDeF"), st.lists(st.sampled_from("aBcDeFxyz")))
def test_attack_no_order_loses_or_doubles_anything(line, order):
    beads = line_of("".join(line))

    assert sorted(said(restring(beads, order))) == sorted(line)
