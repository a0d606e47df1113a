"""The table of a tag's life: every act with every state, and no way back from an end."""

from itertools import product

import pytest

from tags.life import (
    CONSUMING,
    IN_STOCK,
    MOVES,
    ON_A_PIECE,
    SETTLED,
    TERMINAL,
    WORDS,
    Act,
    TagState,
    may,
)

# The life cycle as the specification draws it: from, act, to.
DRAWN = {
    ("blank", "reserve", "reserved"),
    ("reserved", "encode", "encoded"),
    ("reserved", "fail_encoding", "reserved"),
    ("encoded", "fail_encoding", "reserved"),
    ("encoded", "verify", "verified"),
    ("verified", "bind", "bound"),
    ("bound", "activate", "active"),
    ("active", "suspend", "suspended"),
    ("suspended", "lift", "active"),
    ("active", "tamper", "tampered"),
    *((state, "replace", "replaced") for state in ("bound", "active", "suspended", "tampered")),
    *((state, "retire", "retired") for state in (*IN_STOCK, *ON_A_PIECE)),
    *((state, "compromise", "compromised") for state in ("reserved", "encoded", "verified")),
    *((state, "compromise", "compromised") for state in ON_A_PIECE),
}


def test_the_table_is_the_life_cycle_as_it_is_drawn():
    found = {(str(s), str(act), str(m.after)) for act, m in MOVES.items() for s in m.before}

    assert found == DRAWN


@pytest.mark.parametrize(("act", "state"), [*product(Act, TERMINAL)])
def test_nothing_leads_out_of_an_end(act, state):
    assert not may(act, state)


@pytest.mark.parametrize("state", TagState)
def test_every_state_is_in_the_drawer_on_a_piece_or_an_end(state):
    assert [state in each for each in (IN_STOCK, ON_A_PIECE, TERMINAL)].count(True) == 1


@pytest.mark.parametrize("state", [each for each in TagState if each not in TERMINAL])
def test_every_state_can_be_left(state):
    assert any(may(act, state) for act in Act)


def test_a_paused_tag_spends_no_counter():
    assert TagState.SUSPENDED not in CONSUMING
    assert not set(CONSUMING) & set(TERMINAL)


def test_what_is_named_in_public_is_settled():
    assert set(SETTLED) == {*ON_A_PIECE, *TERMINAL} - {TagState.BOUND}


def test_every_state_has_words():
    assert set(WORDS) == set(TagState)
