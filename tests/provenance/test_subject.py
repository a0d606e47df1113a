"""Reading a signed subject back: the same facts come out as went in."""

import json
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import jewelry, statement, subject
from provenance.canonical import canonical_bytes, parse_object
from provenance.errors import MalformedError
from tests.factories import MARLOWE

COMPLETE = Path(__file__).parents[1] / "interop" / "complete-subject.json"
MIRA = statement.MakerStatement(
    did="did:web:touchmark.example:j:tidewell-bench",
    name="Tidewell Bench, Bristol",
    person="Mira Tidewell",
    identity_level="I2",
    country="GB",
    sponsors_mark="TWB",
)


def signed(piece: jewelry.Piece, **frame: Any) -> dict[str, Any]:
    stated = statement.SubjectFrame("https://touchmark.example/p/x", MIRA, (), "nonce", **frame)
    return statement.subject_of(piece, stated)


GILDED = jewelry.Coating("gold", "electroplated", 750, Decimal("0.5"))
FULL = replace(
    MARLOWE,
    photographs=(jewelry.Photograph("front", "0" * 64, 1638, 2048, "digitalCapture"),),
    marks=(jewelry.Mark("sponsor", "TWB", "inside"),),
    parts=(jewelry.Part("body", "other", None, alloy="brass", coating=GILDED),),
    measures=(("height", Decimal("24.1")),),
    care=("No ultrasonic cleaning.",),
    description="A ring.",
    sku="MAR-03",
)


@pytest.mark.parametrize("piece", [MARLOWE, FULL])
def test_what_was_signed_is_read_back_whole(piece):
    assert subject.piece_of(signed(piece)) == piece


def test_a_certificate_of_before_describes_its_coating_in_words():
    old = {"parts": [{"id": "body", "coating": {"description": "gold-plated, 3 um"}}]}

    assert subject.piece_of(old).parts[0].coating == jewelry.Coating(
        "other", "", note="gold-plated, 3 um"
    )


def test_the_complete_subject_is_written_as_it_is_read():
    complete = json.loads(COMPLETE.read_text())
    frame = statement.SubjectFrame(
        complete["id"],
        subject.maker_of(complete),
        tuple(statement.TagStatement(t["kind"], t["id"], t["bound"]) for t in complete["tags"]),
        complete["nonce"],
        is_demonstration=True,
        extra={"making": complete["making"]},
    )

    assert statement.subject_of(subject.piece_of(complete), frame) == complete


def test_a_stone_is_stated_as_the_specification_shows_it():
    sapphire = jewelry.Stone(
        *("corundum", "natural", ("heat",), "sapphire"),
        shape="oval",
        carat=Decimal("1.52"),
        sizes=(Decimal("7.6"), Decimal("6.1"), Decimal("3.9")),
        reports=(jewelry.Report("EXAMPLE LAB", "0000000000", date(2026, 8, 3)),),
    )

    assert signed(replace(MARLOWE, stones=(sapphire,)))["stones"] == [
        {
            "id": "s1",
            "species": "corundum",
            "variety": "sapphire",
            "origin": "natural",
            "count": 1,
            "shape": "oval",
            "carat": {"each": "1.52", "basis": "measured"},
            "mm": ["7.6", "6.1", "3.9"],
            "treatment": ["heat"],
            "treatmentCare": None,
            "reports": [
                {
                    "lab": "EXAMPLE LAB",
                    "number": "0000000000",
                    "date": "2026-08-03",
                    "inscription": False,
                }
            ],
        }
    ]


def test_an_untreated_stone_needs_no_care_and_its_grade_is_an_opinion():
    diamonds = jewelry.Stone(
        *("diamond", "laboratory-grown", ("none-known",)),
        count=6,
        shape="round",
        carat=Decimal("0.02"),
        carat_total=Decimal("0.12"),
        colour="F-G",
        clarity="VS",
        graded_by="maker",
    )

    assert signed(replace(MARLOWE, stones=(diamonds,)))["stones"] == [
        {
            "id": "s1",
            "species": "diamond",
            "variety": None,
            "origin": "laboratory-grown",
            "count": 6,
            "shape": "round",
            "carat": {"each": "0.02", "total": "0.12", "basis": "measured"},
            "treatment": ["none-known"],
            "opinion": {"colour": "F-G", "clarity": "VS", "by": "maker"},
        }
    ]


def test_a_coating_is_stated_with_its_thickness_in_micrometres():
    assert signed(FULL)["parts"][0]["coating"] == {
        "metal": "gold",
        "fineness": 750,
        "um": {"value": "0.5", "unitCode": "4H"},
        "method": "electroplated",
    }


def test_where_a_piece_is_sold_and_how_it_is_found_are_not_signed():
    assert signed(replace(MARLOWE, markets=("GB",), keywords=("ring",))) == signed(MARLOWE)


def test_nothing_private_is_signed():
    """Rule P2: an appraisal, a price, an owner are no part of the signed subject."""
    words = json.dumps(signed(MARLOWE)).casefold()

    assert not [w for w in ("apprais", "price", "insur", "owner", "receipt") if w in words]


# -- whatever the facts -------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
WORD = TEXT.filter(bool)
AMOUNT = st.decimals(min_value="0.001", max_value=99999, places=3)
DAY = st.dates(date(1900, 1, 1), date(2999, 12, 31))
PARTS_PER_THOUSAND = st.integers(1, 999)
COATING = st.builds(
    jewelry.Coating,
    metal=WORD,
    method=TEXT,
    fineness=st.none() | PARTS_PER_THOUSAND,
    micrometres=st.none() | AMOUNT,
    note=TEXT,
)
PART = st.builds(
    jewelry.Part,
    ident=WORD,
    element=WORD,
    fineness=st.none() | PARTS_PER_THOUSAND,
    colour=TEXT,
    alloy=TEXT,
    mass=st.none() | AMOUNT,
    coating=st.none() | COATING,
    name=TEXT,
    role=TEXT,
)
REPORT = st.builds(
    jewelry.Report,
    lab=WORD,
    number=WORD,
    date=st.none() | DAY,
    url=TEXT,
    is_inscribed=st.booleans(),
)
STONE = st.builds(
    jewelry.Stone,
    species=WORD,
    origin=WORD,
    treatment=st.lists(st.sampled_from(["heat", "oil", "none-known"]), max_size=3).map(tuple),
    variety=TEXT,
    count=st.integers(1, 400),
    shape=TEXT,
    carat=AMOUNT,
    basis=st.sampled_from(["measured", "estimated"]),
    note=TEXT,
    cut=TEXT,
    carat_total=st.none() | AMOUNT,
    sizes=st.lists(AMOUNT, max_size=3).map(tuple),
    colour=TEXT,
    clarity=TEXT,
    cut_grade=TEXT,
    graded_by=st.sampled_from(["", "report", "maker"]),
    country=TEXT,
    treatment_care=TEXT,
    reports=st.lists(REPORT, max_size=2).map(tuple),
)
SOURCING = st.builds(
    jewelry.Sourcing,
    kind=WORD,
    about=WORD,
    scheme=WORD,
    scope=WORD,
    document=WORD,
    expires=DAY,
    statement=TEXT,
)
PIECE = st.builds(
    jewelry.Piece,
    title=WORD,
    kind=WORD,
    year=st.integers(1000, 9999),
    mass=AMOUNT,
    edition=st.builds(jewelry.Edition, kind=WORD, number=st.none() | st.integers(1, 99)),
    parts=st.lists(PART, max_size=3).map(tuple),
    stones=st.lists(STONE, max_size=2).map(tuple),
    marks=st.lists(st.builds(jewelry.Mark, WORD, WORD, TEXT), max_size=2).map(tuple),
    circumference=st.none() | AMOUNT,
    measures=st.sampled_from([(), (("height", Decimal("24.1")), ("width", Decimal(20)))]),
    care=st.lists(WORD, max_size=2).map(tuple),
    description=TEXT,
    sku=TEXT,
    collection=TEXT,
    year_to=st.none() | st.integers(1000, 9999),
    gtin=TEXT,
    serial=TEXT,
    warranty=TEXT,
    hallmark_exemption=TEXT,
    sourcing=st.lists(SOURCING, max_size=2).map(tuple),
)


@given(PIECE)
def test_whatever_was_signed_is_read_back_whole(piece):
    stated = signed(piece)

    assert subject.piece_of(parse_object(canonical_bytes(stated))) == piece


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
    for value in ("heavy", "NaN", "Infinity", "1E+999999", "6,81", "٣"):
        with pytest.raises(MalformedError):
            subject.piece_of({"mass": {"value": value, "unitCode": "GRM"}})


def test_a_day_that_is_none_is_malformed():
    with pytest.raises(MalformedError):
        subject.piece_of({"sourcing": [{"kind": "fair", "expires": "soon"}]})


def test_a_claim_of_origin_without_its_last_day_has_run_out():
    assert subject.piece_of({"sourcing": [{"kind": "fair"}]}).sourcing[0].expires == date.min
