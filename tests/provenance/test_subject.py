"""Reading a signed subject back: the same facts come out as went in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from provenance import jewelry, statement, subject
from provenance.errors import MalformedError
from tests.factories import MARLOWE

MIRA = statement.MakerStatement(
    did="did:web:touchmark.example:j:tidewell-bench",
    name="Tidewell Bench, Bristol",
    person="Mira Tidewell",
    identity_level="I2",
    country="GB",
    sponsors_mark="TWB",
)


def signed(piece: jewelry.Piece, **frame: object) -> dict[str, object]:
    stated = statement.SubjectFrame("https://touchmark.example/p/x", MIRA, (), "nonce", **frame)
    return statement.subject_of(piece, stated)


FULL = replace(
    MARLOWE,
    photographs=(jewelry.Photograph("front", "0" * 64, 1638, 2048, "digitalCapture"),),
    marks=(jewelry.Mark("sponsor", "TWB", "inside"),),
    parts=(jewelry.Part("body", "other", None, alloy="brass", coating="gold-plated, 3 um"),),
    measures=(("height", Decimal("24.1")),),
    care=("No ultrasonic cleaning.",),
    description="A ring.",
    sku="MAR-03",
)


@pytest.mark.parametrize("piece", [MARLOWE, FULL])
def test_what_was_signed_is_read_back_whole(piece):
    assert subject.piece_of(signed(piece)) == piece


def test_the_maker_is_read_as_named_when_it_was_signed():
    assert subject.maker_of(signed(MARLOWE)) == MIRA


def test_a_demonstration_is_one_only_if_the_signed_text_says_so():
    assert subject.is_demonstration(signed(MARLOWE, is_demonstration=True))
    assert not subject.is_demonstration(signed(MARLOWE))
    assert not subject.is_demonstration({"demonstration": "yes"})


def test_what_is_absent_or_of_another_kind_is_empty():
    odd = subject.piece_of({"name": 7, "stones": "none", "marks": [3], "edition": []})

    assert (odd.title, odd.stones, odd.marks) == ("", (), ())


def test_a_quantity_that_is_no_number_is_malformed():
    with pytest.raises(MalformedError):
        subject.piece_of({"mass": {"value": "heavy", "unitCode": "GRM"}})
