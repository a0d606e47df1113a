"""Ring sizes agree with the tables the trade prints."""

from decimal import Decimal

import pytest

from provenance.ring_sizes import us_and_uk

PI = Decimal("3.14159265")


# Inner diameters in inches, of a common US conversion table.
@pytest.mark.parametrize(
    ("inches", "size"),
    [
        ("0.458", "0"),
        ("0.474", "0.5"),
        ("0.554", "3"),
        ("0.602", "4.5"),
        ("0.650", "6"),
        ("0.682", "7"),
        ("0.698", "7.5"),
        ("0.778", "10"),
        ("0.842", "12"),
    ],
)
def test_a_us_size_is_that_of_the_table(inches, size):
    around = Decimal(inches) * Decimal("25.4") * PI

    assert us_and_uk(around)[0] == size


# Inner diameters in millimetres, of a British jeweler's table on the 1.25 mm scale.
@pytest.mark.parametrize(
    ("diameter", "size"),
    [
        ("15.22", "I"),
        ("15.61", "J"),
        ("16.00", "K"),
        ("16.40", "L"),
        ("16.79", "M"),
        ("17.18", "N"),
        ("17.58", "O"),
        ("18.36", "Q"),
        ("19.15", "S"),
        ("19.94", "U"),
        ("20.73", "W"),
        ("21.91", "Z"),
    ],
)
def test_a_uk_size_is_that_of_the_table(diameter, size):
    assert us_and_uk(Decimal(diameter) * PI)[1] == size


@pytest.mark.parametrize(
    ("around", "size"),
    [
        ("37.8", "A"),
        ("54.4", "N 1/2"),
        ("69.7", "Z 1/2"),
        ("70.3", "Z+1"),
        ("70.95", "Z+1 1/2"),
        ("76.6", "Z+6"),
    ],
)
def test_letters_have_halves_and_go_on_after_z(around, size):
    assert us_and_uk(Decimal(around))[1] == size


@pytest.mark.parametrize("around", ["17.3", "30", "200"])
def test_what_no_finger_has_is_no_size(around):
    assert us_and_uk(Decimal(around)) == ("", "")
