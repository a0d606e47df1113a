"""What a person can hold against the record, and the words of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from provenance import comparison, jewelry
from tests.factories import MARLOWE


def fact(piece: jewelry.Piece, name: str) -> comparison.Fact:
    return next(each for each in comparison.facts_to_compare(piece) if each.name == name)


def names(piece: jewelry.Piece) -> list[str]:
    return [each.name for each in comparison.facts_to_compare(piece)]


def test_a_ring_is_compared_by_weight_metal_marks_stones_number_and_size():
    assert names(MARLOWE) == [
        "Weight",
        "Metal",
        "Marks inside the band",
        "The sapphire",
        "6 stones alike",
        "Edition",
        "Size",
    ]


def test_what_the_record_does_not_say_is_not_asked():
    plain = replace(
        MARLOWE, stones=(), marks=(), circumference=None, edition=jewelry.Edition("open")
    )

    assert names(plain) == ["Weight", "Metal"]


def test_the_heavier_metal_is_named_first():
    assert fact(MARLOWE, "Metal").fact == "18 ct (750) yellow gold and platinum 950"


def test_a_coating_is_compared_apart_from_the_metal_below_it():
    gilt = jewelry.Coating("gold", "electroplated", 750, Decimal("0.5"))
    cup = replace(MARLOWE, parts=(jewelry.Part("cup", "silver", 925, coating=gilt),))

    assert fact(cup, "Coating of the cup").fact == ("Gold-plated with 0.5 µm of 18 ct (750) gold")


SAPPHIRE = jewelry.Stone("corundum", "natural", ("none-known",), "sapphire", shape="oval")


def test_a_stone_is_held_against_its_sizes_and_what_is_said_of_it():
    stone = replace(
        SAPPHIRE,
        sizes=(Decimal("7.6"), Decimal("6.1"), Decimal("3.9")),
        colour="vivid blue",
        graded_by="maker",
        note="Set in six claws.",
    )

    assert fact(replace(MARLOWE, stones=(stone,)), "The sapphire").how == (
        "Oval cut. 7.6 × 6.1 × 3.9 mm. No treatment known. "
        "Colour vivid blue, the maker’s opinion. Set in six claws."
    )


def test_a_report_is_told_as_a_link_that_nobody_here_checked():
    report = jewelry.Report("EXAMPLE LAB", "0000000000", date(2026, 8, 3))
    piece = replace(MARLOWE, stones=(replace(SAPPHIRE, reports=(report,)),))

    assert fact(piece, "Report on the sapphire").fact == (
        "EXAMPLE LAB report 0000000000, 3 August 2026; we did not check it"
    )


def test_a_piece_of_several_years_says_the_first_and_the_last():
    assert comparison.years_line(MARLOWE) == "2026"
    assert comparison.years_line(replace(MARLOWE, year=2024, year_to=2026)) == "2024 to 2026"
    assert comparison.years_line(replace(MARLOWE, year=2024, year_to=2024)) == "2024"


def test_its_years_are_said_at_the_end_of_a_sentence_and_to_machines_too():
    long = replace(MARLOWE, year=2024, year_to=2026)

    assert [comparison.made_line(each) for each in (MARLOWE, long)] == [
        "made in 2026",
        "made 2024 to 2026",
    ]
    assert [comparison.years_for_machines(each) for each in (MARLOWE, long)] == [
        "2026",
        "2024/2026",
    ]


def test_marks_stand_in_the_outlines_they_are_struck_in():
    marks = (
        jewelry.Mark("sponsor", "TWB"),
        jewelry.Mark("fineness", "750"),
        jewelry.Mark("fineness", "950"),
        jewelry.Mark("office", "London"),
    )

    shapes = [mark.shape for mark in comparison.struck(replace(MARLOWE, marks=marks))]

    assert shapes == ["shield", "oval", "octagon", "square"]


def test_the_marks_of_a_cuff_are_not_inside_a_band_and_say_where_they_stand():
    cuff = replace(MARLOWE, kind="cuff", marks=(jewelry.Mark("sponsor", "TWB", place="left end."),))

    assert fact(cuff, "Marks").how == "With a loupe. They stand here: left end."


def test_an_engraved_number_is_said_as_it_reads():
    engraved = replace(MARLOWE, marks=(jewelry.Mark("edition", "3/12"),))

    assert fact(engraved, "Edition").how == "It is marked 3/12."


def test_a_size_never_breaks_inside_itself():
    words = comparison.size_line(MARLOWE)

    assert words.replace("\N{NO-BREAK SPACE}", " ") == "54.4 mm around; US 7; UK N 1/2"
    assert words.count(" ") == 2


def test_outer_measures_are_said_in_millimetres():
    pendant = replace(MARLOWE, measures=(("height", Decimal("24.10")), ("width", Decimal(20))))

    assert fact(pendant, "Measures").fact == "Height 24.1 mm, width 20 mm"
