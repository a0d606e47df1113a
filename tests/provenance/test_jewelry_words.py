"""The words a piece is printed in: what the law wants said, in the order it wants it."""

import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import jewelry, jewelry_laws, jewelry_rules, jewelry_words, ring_sizes
from provenance.jewelry import Coating, Part, Piece, Report, Sourcing, Stone
from provenance.jewelry_rules import rules_of
from tests.factories import MARLOWE

GILT = Coating("gold", "electroplated", 750, Decimal("0.5"))
VERMEIL = Coating("gold", "vermeil", 750, Decimal("2.5"))
RHODIUM = Coating("rhodium", "electroplated", None, Decimal("0.3"))
NATURAL = Stone("corundum", "natural", ("heat",), "sapphire", carat=Decimal("1.52"))


@pytest.mark.parametrize(
    "module", [jewelry, jewelry_laws, jewelry_words, jewelry_rules, ring_sizes]
)
def test_the_examples_are_true(module):
    results = doctest.testmod(module)

    assert results.attempted
    assert not results.failed


def test_the_line_of_a_card_is_that_of_the_specification():
    assert jewelry_words.printed_line(MARLOWE) == (
        "Ring, 18 ct (750) yellow gold and platinum 950, 6.81 g; natural sapphire 1.52 ct, "
        "heated; 6 laboratory-grown diamonds, 0.12 ct total."
    )


# -- metals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (Part("a", "gold", 750, colour="yellow"), "18 ct (750) yellow gold"),
        (Part("a", "gold", 375), "9 ct (375) gold"),
        (Part("a", "gold", 585, colour="rose"), "14 ct (585) rose gold"),
        (Part("a", "gold", 999), "24 ct (999) gold"),
        (Part("a", "gold", 800), "800 gold"),
        (Part("a", "silver", 925), "silver 925"),
        (Part("a", "platinum", 950), "platinum 950"),
        (Part("a", "platinum", 900), "platinum 900"),
        (
            Part("a", "platinum", 600, alloy="600 platinum, 350 iridium, 50 copper"),
            "platinum 600 (600 platinum, 350 iridium, 50 copper)",
        ),
        (Part("a", "other", None, alloy="bronze"), "bronze"),
        (
            Part("a", "silver", 925, coating=VERMEIL),
            "silver 925, vermeil with 2.5 µm of 18 ct (750) gold",
        ),
        (
            Part("a", "silver", 925, coating=replace(VERMEIL, micrometres=Decimal("2.4"))),
            "silver 925, gold-plated with 2.4 µm of 18 ct (750) gold",
        ),
        (
            Part("a", "other", None, alloy="brass", coating=GILT),
            "brass, gold-plated with 0.5 µm of 18 ct (750) gold",
        ),
        (
            Part("a", "gold", 750, colour="white", coating=RHODIUM),
            "18 ct (750) white gold, rhodium-plated, 0.3 µm",
        ),
        (
            Part("a", "other", None, alloy="copper", coating=Coating("silver", "leaf", 999)),
            "copper, silver-plated with silver 999",
        ),
        (
            Part("a", "silver", 925, coating=Coating("other", "other", note="black lacquer")),
            "silver 925, black lacquer",
        ),
    ],
)
def test_a_metal_stands_with_its_fineness_and_its_coating(part, line):
    assert jewelry_words.metal_line(part) == line


def test_the_heavier_metal_is_named_first_whatever_its_alloys():
    parts = (
        Part("a", "platinum", 950, mass=Decimal(3)),
        Part("b", "gold", 750, colour="yellow", mass=Decimal("1.5")),
        Part("c", "gold", 750, colour="white", mass=Decimal(2)),
    )

    assert jewelry_words.metals_line(replace(MARLOWE, parts=parts)) == (
        "18 ct (750) white gold and 18 ct (750) yellow gold and platinum 950"
    )


DECIMALS = st.decimals(min_value="0.001", max_value=50, places=3)
COATINGS = st.builds(
    Coating,
    metal=st.sampled_from(rules_of().coatings.metals),
    method=st.sampled_from(rules_of().coatings.methods),
    fineness=st.none() | st.integers(1, 999),
    micrometres=st.none() | DECIMALS,
    note=st.sampled_from(["", "lacquer"]),
)
BARE = st.one_of(
    st.builds(
        Part,
        ident=st.just("body"),
        element=st.sampled_from(["gold", "silver", "platinum", "palladium"]),
        fineness=st.integers(1, 999),
        colour=st.sampled_from(["", "yellow"]),
    ),
    st.builds(
        Part,
        ident=st.just("body"),
        element=st.just("other"),
        fineness=st.none(),
        alloy=st.sampled_from(["brass", "titanium"]),
    ),
)


@given(BARE, COATINGS)
def test_a_coating_never_hides_the_metal_below_it(part, coating):
    coated = replace(part, coating=coating)

    line = jewelry_words.printed_line(replace(MARLOWE, parts=(coated,)))

    assert f"Ring, {jewelry_words.metal_line(part)}, " in line


@given(BARE, COATINGS, st.decimals(min_value="0.001", max_value="2.499", places=3))
def test_a_thin_coating_is_never_printed_as_vermeil(part, coating, thin):
    line = jewelry_words.metal_line(replace(part, coating=replace(coating, micrometres=thin)))

    assert "vermeil" not in line


@given(BARE)
def test_gold_never_stands_without_its_fineness_directly_before_it(part):
    words = jewelry_words.metal_line(part).replace(" yellow", "").split()

    if "gold" in words:
        assert str(part.fineness) in words[words.index("gold") - 1]


# -- stones -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stone", "line"),
    [
        (NATURAL, "natural sapphire 1.52 ct, heated"),
        (replace(NATURAL, basis="estimated"), "natural sapphire about 1.52 ct, heated"),
        (replace(NATURAL, origin="unknown"), "sapphire 1.52 ct, origin unknown, heated"),
        (replace(NATURAL, treatment=("unknown",)), "natural sapphire 1.52 ct, treatment unknown"),
        (
            Stone("diamond", "laboratory-grown", ("none-known",), count=6, carat=Decimal("0.02")),
            "6 laboratory-grown diamonds, 0.12 ct total",
        ),
        (
            Stone("diamond", "natural", ("none-known",), count=40, carat_total=Decimal("0.85")),
            "40 natural diamonds, 0.85 ct total",
        ),
        (Stone("beryl", "natural", ("oil",), "emerald", 2), "2 natural emeralds, oiled"),
        (Stone("corundum", "imitation", ("none-known",), "ruby", 3), "3 imitation rubies"),
        (
            Stone("corundum", "composite", ("lead-glass",), "ruby"),
            "composite of ruby and glass, filled with lead glass",
        ),
        (
            Stone("corundum", "natural", ("lead-glass",), "ruby"),
            "composite of ruby and glass, filled with lead glass",
        ),
        (Stone("pearl", "cultured", ("none-known",), count=2), "2 cultured pearls"),
        (Stone("pearl", "cultured", ("none-known",), "akoya pearl"), "akoya cultured pearl"),
        (Stone("pearl", "unknown", ("bleach",), "cultured pearl"), "cultured pearl, bleached"),
        (Stone("pearl", "imitation", ("none-known",), "pearl", 3), "3 imitation pearls"),
        (Stone("pearl", "natural", ("none-known",)), "natural pearl"),
        (
            Stone("shell", "natural", ("none-known",), "mother of pearl"),
            "natural mother of pearl",
        ),
    ],
)
def test_a_stone_is_said_as_the_law_wants_it(stone, line):
    assert jewelry_words.stone_line(stone) == line


def test_that_no_treatment_is_known_is_still_told_in_full():
    assert jewelry_words.treatment_line(replace(NATURAL, treatment=("none-known",))) == (
        "no treatment known"
    )


def test_a_treatment_outside_the_list_is_told_in_its_own_words():
    assert jewelry_words.treatment_line(replace(NATURAL, treatment=("smoked",))) == "smoked"


def test_sizes_are_told_as_length_width_and_depth():
    sized = replace(NATURAL, sizes=(Decimal("7.60"), Decimal("6.1"), Decimal("3.9")))

    assert jewelry_words.sizes_line(sized) == "7.6 × 6.1 × 3.9 mm"
    assert jewelry_words.sizes_line(NATURAL) == ""


REPORT = Report("EXAMPLE LAB", "0000000000", date(2026, 8, 3))


def test_a_grade_says_whose_it_is():
    graded = replace(NATURAL, colour="F-G", clarity="VS", graded_by="maker")
    reported = replace(graded, cut_grade="good", graded_by="report", reports=(REPORT,))

    assert jewelry_words.grade_line(graded) == "colour F-G, clarity VS, the maker’s opinion"
    assert jewelry_words.grade_line(reported) == (
        "colour F-G, clarity VS, cut good, as the report says"
    )
    assert jewelry_words.grade_line(NATURAL) == ""


def test_a_grade_of_a_report_that_is_not_there_is_an_opinion():
    claimed = replace(NATURAL, clarity="VS", graded_by="report")

    assert "the maker’s opinion" in jewelry_words.grade_line(claimed)


def test_a_report_is_a_link_and_not_our_word():
    assert jewelry_words.report_line(REPORT) == (
        "EXAMPLE LAB report 0000000000, 3 August 2026; we did not check it"
    )
    assert jewelry_words.report_line(replace(REPORT, date=None, is_inscribed=True)) == (
        "EXAMPLE LAB report 0000000000, its number is inscribed on the stone; we did not check it"
    )


# -- care and origin ----------------------------------------------------------------------------


def caring(*stones: Stone, care: tuple[str, ...] = ()) -> tuple[str, ...]:
    return jewelry_words.care_lines(replace(MARLOWE, stones=stones, care=care))


def test_a_treatment_that_does_not_last_brings_its_care_line():
    emerald = Stone("beryl", "natural", ("oil",), "emerald")

    assert caring(emerald, care=("Wipe it dry.",)) == (
        "Wipe it dry.",
        "Emerald: No ultrasonic or steam cleaning, no hot water and no solvents: "
        "the oil can leave.",
    )


def test_a_treatment_that_lasts_asks_for_no_care():
    assert caring(NATURAL) == ()


def test_the_makers_own_care_line_stands_in_place_of_the_usual_one():
    emerald = Stone("beryl", "natural", ("oil",), "emerald", treatment_care="Cold water only.")

    assert caring(emerald) == ("Emerald: Cold water only.",)


def test_a_treatment_outside_the_list_is_met_with_caution():
    assert caring(replace(NATURAL, treatment=("smoked",))) == (
        "Sapphire: Ask the maker before you clean it.",
    )


CLAIM = Sourcing(
    "recycled",
    "shank",
    "RJC Chain of Custody",
    "product",
    "certificate C0000 0000",
    date(2027, 5, 1),
    "All gold is from scrap.",
)


def test_a_claim_of_origin_is_told_with_all_that_carries_it():
    assert jewelry_words.sourcing_line(CLAIM, MARLOWE) == (
        "Recycled, shank, 18 ct (750) yellow gold: RJC Chain of Custody (covers the material), "
        "certificate C0000 0000, valid until 2027-05-01. "
        "The supplier writes: “All gold is from scrap.”"
    )


@pytest.mark.parametrize(("about", "named"), [("s1", "natural sapphire"), ("piece", "the piece")])
def test_a_claim_of_origin_names_what_it_is_about(about, named):
    claim = replace(CLAIM, about=about)

    assert f"Recycled, {named}: " in jewelry_words.sourcing_line(claim, MARLOWE)


def test_nothing_of_a_price_is_a_fact_of_a_piece():
    """Rule P2: an appraisal has no place among what may be signed."""
    names = {name.casefold() for shape in (Piece, Part, Stone) for name in shape.__annotations__}

    assert not {n for n in names for word in ("apprais", "price", "value", "owner") if word in n}
