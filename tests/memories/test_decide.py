"""Who may see what: every level, visitor, state of keeping and variant, against a law in words."""

import doctest
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from memories import montage as policy
from memories import ranges
from memories.montage import (
    Answer,
    ItemFacts,
    Level,
    MontageFacts,
    Reason,
    Seal,
    Viewer,
    decide,
    effective_level,
)

NOW = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)
EPOCH, EARLIER = 7, 6

OTTO = Viewer(is_keeper=True)
SANA = Viewer()
HOLDS_CODE = Viewer(code_epoch=EPOCH)
HELD_CODE = Viewer(code_epoch=EARLIER)
KNOWS_PIN = Viewer(code_epoch=EPOCH, pin_epoch=EPOCH)
KNEW_PIN = Viewer(code_epoch=EPOCH, pin_epoch=EARLIER)
ONLY_PIN = Viewer(pin_epoch=EPOCH)
TAPPED = Viewer(has_tapped=True)
TAPPED_WITH_PIN = Viewer(has_tapped=True, pin_epoch=EPOCH)
INVITED = Viewer(invitation_epoch=EPOCH)
WAS_INVITED = Viewer(invitation_epoch=EARLIER)

# What each visitor meets at each level of a published page with a PIN, written out by hand:
# a allowed, p needs the PIN, t needs a tap, - denied.
LEVELS = (Level.ONLY_ME, Level.INVITED, Level.PIN, Level.TAP, Level.CODE, Level.PUBLIC)
TABLE = {
    OTTO: "aaaaaa",
    SANA: "-----a",
    HOLDS_CODE: "--ptaa",
    HELD_CODE: "-----a",
    KNOWS_PIN: "--ataa",
    KNEW_PIN: "--ptaa",
    ONLY_PIN: "-----a",
    TAPPED: "--paaa",
    TAPPED_WITH_PIN: "--aaaa",
    INVITED: "-aaaaa",
    WAS_INVITED: "-----a",
}
MEANS = {"a": Answer.ALLOW, "p": Answer.NEED_PIN, "t": Answer.NEED_TAP, "-": Answer.DENY}

OPEN = MontageFacts(published=True, level=Level.PUBLIC, access_epoch=EPOCH, has_pin=True)
READY = ItemFacts(ready=True, variants=frozenset({"480.webp"}))

# States in which nobody but the keeper is let in, and whether the keeper is.
CLOSED = {
    "handed over": (replace(OPEN, is_kept=False), False),
    "not published": (replace(OPEN, published=False), True),
    "missing": (replace(OPEN, is_missing=True), True),
    "reported": (replace(OPEN, is_reported=True), True),
    "sealed by the keeper": (replace(OPEN, seal=Seal(NOW + timedelta(days=1))), True),
    "a gift until a date": (replace(OPEN, seal=Seal(NOW + timedelta(days=1), True)), False),
    "a gift unopened": (replace(OPEN, seal=Seal(None, True)), False),
}


@pytest.mark.parametrize("viewer", TABLE)
def test_the_table_of_levels_and_visitors(viewer):
    expected = [MEANS[each] for each in TABLE[viewer]]

    of_page = [decide(viewer, replace(OPEN, level=each), None, None, NOW) for each in LEVELS]
    of_item = [decide(viewer, OPEN, replace(READY, level=each), "480.webp", NOW) for each in LEVELS]

    assert [decision.answer for decision in of_page] == expected
    assert [decision.answer for decision in of_item] == expected


@pytest.mark.parametrize("viewer", TABLE)
def test_page_and_memory_together_are_as_strict_as_the_stricter_of_both(viewer):
    for page, item in itertools.product(LEVELS, LEVELS):
        montage = replace(OPEN, level=page)

        decision = decide(viewer, montage, replace(READY, level=item), "480.webp", NOW)

        expected = TABLE[viewer][min(page, item)]
        # A PIN is stricter than a tap, and yet the page that wants a tap still wants it.
        if (page, item) == (Level.TAP, Level.PIN) and expected == "a":
            expected = TABLE[viewer][Level.TAP]
        assert decision.answer is MEANS[expected], (page, item)


@pytest.mark.parametrize("viewer", TABLE)
@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_page_is_closed_at_every_level_and_for_every_variant(viewer, state):
    facts, is_open_to_keeper = CLOSED[state]
    asked = [(None, None), (READY, None), (READY, "480.webp")]

    for level, (item, variant) in itertools.product(LEVELS, asked):
        decision = decide(viewer, replace(facts, level=level), item, variant, NOW)

        assert decision.is_allowed is (viewer.is_keeper and is_open_to_keeper)
        assert decision.answer in {Answer.ALLOW, Answer.DENY}


@pytest.mark.parametrize("viewer", TABLE)
@pytest.mark.parametrize("variant", ["original.jpg", "", "480.WEBP", "../480.webp"])
def test_what_was_never_made_is_denied_to_everybody(viewer, variant):
    assert decide(viewer, OPEN, READY, variant, NOW).reason is Reason.NO_SUCH_MEMORY


@pytest.mark.parametrize("viewer", TABLE)
def test_what_is_not_ready_is_denied_to_everybody(viewer):
    unready = replace(READY, ready=False)

    assert decide(viewer, OPEN, unready, None, NOW).reason is Reason.NO_SUCH_MEMORY


@pytest.mark.parametrize("viewer", TABLE)
def test_a_child_is_behind_the_pin_at_least(viewer):
    child = replace(READY, has_child=True)

    for level in LEVELS:
        decision = decide(viewer, replace(OPEN, level=level), child, "480.webp", NOW)

        expected = TABLE[viewer][min(level, Level.PIN)]
        if level is Level.TAP and expected == "a":
            expected = TABLE[viewer][Level.TAP]
        assert decision.answer is MEANS[expected]
        assert effective_level(replace(OPEN, level=level), child) <= Level.PIN


def test_a_child_on_an_open_page_without_a_pin_is_seen_by_nobody_else():
    child = replace(READY, has_child=True)

    decision = decide(HOLDS_CODE, replace(OPEN, has_pin=False), child, None, NOW)

    assert decision.reason is Reason.NO_PIN


@pytest.mark.parametrize("viewer", TABLE)
def test_what_a_guest_brought_waits_for_the_keeper(viewer):
    decision = decide(viewer, OPEN, replace(READY, is_waiting=True), "480.webp", NOW)

    assert decision.is_allowed is viewer.is_keeper


@pytest.mark.parametrize("binds_keeper", [True, False])
def test_a_seal_opens_at_its_very_moment_and_not_a_breath_before(binds_keeper):
    sealed = replace(OPEN, seal=Seal(NOW, binds_keeper))
    before = NOW - timedelta(microseconds=1)

    assert decide(SANA, sealed, READY, "480.webp", before).reason is Reason.SEALED
    assert decide(SANA, sealed, READY, "480.webp", NOW).is_allowed
    assert decide(OTTO, sealed, None, None, before).is_allowed is not binds_keeper
    assert decide(OTTO, sealed, None, None, NOW).is_allowed


def test_a_montage_is_its_keepers_alone_by_default():
    untouched = MontageFacts(published=True)

    assert decide(OTTO, untouched, None, None, NOW).is_allowed
    for viewer in TABLE:
        if not viewer.is_keeper:
            assert not decide(viewer, untouched, None, None, NOW).is_offered


def test_attack_a_cookie_from_before_the_change_is_worth_nothing():
    page = replace(OPEN, level=Level.CODE)

    assert decide(HELD_CODE, page, None, None, NOW).reason is Reason.OLD_CODE


def test_attack_the_pin_without_the_code_opens_nothing_and_is_not_even_asked_for():
    page = replace(OPEN, level=Level.PIN)

    assert decide(ONLY_PIN, page, None, None, NOW).reason is Reason.NO_CODE
    assert decide(SANA, page, None, None, NOW).answer is Answer.DENY


@pytest.mark.parametrize("module", [policy, ranges])
def test_the_examples_are_true(module):
    results = doctest.testmod(module)

    assert results.attempted
    assert not results.failed
