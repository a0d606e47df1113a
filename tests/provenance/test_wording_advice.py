"""A refused word is told with what the record has against it, and with what may be written."""

import pytest

from provenance.making import derive_subject
from provenance.wording import lint
from provenance.wording_advice import advise
from provenance.wording_data import MetalFact

SHOWN = [{"type": "photo", "sha256": "a" * 64, "digitalSourceType": "digitalCapture"}]
CAST = [
    {"id": "m1", "kind": "model.wax_print", "part": "piece", "control": "additive"},
    {"id": "c1", "kind": "form.cast", "part": "piece", "control": "templated"},
    {"id": "s1", "kind": "set.stone", "part": "piece", "control": "hand", "evidence": SHOWN},
]


def advice(text, *steps, **facts):
    derivation = derive_subject({"making": {"steps": list(steps)}})
    found = lint(text, granted=derivation.granted, best=derivation.making_phrase, **facts)
    return [advise(text, each, derivation=derivation) for each in found]


def test_the_refusal_reads_as_one_would_say_it_at_the_counter():
    (told,) = advice("Handcrafted Marlowe ring", *CAST)

    assert told.sentence == (
        "“Handcrafted” cannot stand here. It is read as hand-made. "
        "This record has a 3D-printed model (M4) and cast parts (M3)."
    )


def test_what_may_be_written_keeps_the_makers_own_words():
    (told,) = advice("Handcrafted Marlowe ring", *CAST)

    assert told.options == ("Marlowe ring", "Marlowe ring, hand-set")


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Handmade: a ring", "A ring"),
        ("Ring, handmade", "Ring"),
        ("A ring, made by hand, for Otto", "A ring,, for Otto"),
        ("handgemachter Ring", "Ring"),
    ],
)
def test_the_rest_of_a_title_stands_without_the_word(text, without):
    (told,) = advice(text)

    assert told.options[0] == without.replace(",,", ",")


def test_what_may_be_written_ends_with_one_full_stop():
    (told,) = advice("A handmade ring. Worn daily.")

    assert told.told.endswith("You may write: A ring. Worn daily.")


def test_nothing_is_offered_for_a_title_that_is_nothing_but_the_claim():
    (told,) = advice("Handmade")

    assert told.options == ()
    assert told.told.endswith("Leave it out.")


def test_a_hand_operation_is_refused_for_what_speaks_against_it_alone():
    by_machine = {"id": "s1", "kind": "set.stone", "part": "piece", "control": "machine"}
    by_hand = {"id": "s2", "kind": "set.pave", "part": "piece", "control": "hand"}

    (told,) = advice("Hand-set ring", *CAST[:2], by_machine, by_hand)

    assert told.sentence.endswith("This record has stones that were not set by hand (H3).")


def test_a_metal_without_its_fineness_is_offered_with_it():
    (told,) = advice("Gold ring", metals=[MetalFact("gold", 750)])

    assert told.rule == "G1"
    assert all("gold ring" in option and "750" in option for option in told.options)


def test_an_option_is_never_refused_itself():
    (told,) = advice("Handcrafted Marlowe ring", *CAST)
    derivation = derive_subject({"making": {"steps": CAST}})

    assert not any(lint(option, granted=derivation.granted) for option in told.options)
