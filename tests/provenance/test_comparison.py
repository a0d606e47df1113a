"""What a person can hold against the record, and the words of it."""

from dataclasses import replace
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
    assert comparison.metals_line(MARLOWE) == "18 ct (750) yellow gold and platinum 950"


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
