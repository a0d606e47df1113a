"""Every law of jewelry, broken once and kept once, by its rule."""

import ast
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.jewelry import (
    Coating,
    Edition,
    Mark,
    Part,
    Photograph,
    Piece,
    Problem,
    Report,
    Sourcing,
    Stone,
)
from provenance.jewelry_laws import documented_claims, is_gtin, mass_problems, problems_of
from provenance.jewelry_rules import rules_of
from tests.factories import MARLOWE

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 20)
PHOTOGRAPHS = tuple(
    Photograph(role, digit * 64, 1638, 2048, "digitalCapture")
    for role, digit in (("front", "0"), ("scale", "1"))
)
MARKS = Photograph("marks", "2" * 64, 1638, 2048, "digitalCapture")
READY = replace(MARLOWE, photographs=PHOTOGRAPHS)
GILT = Coating("gold", "electroplated", 750, Decimal("0.5"))
VERMEIL = Coating("gold", "vermeil", 417, Decimal("2.5"))
REPORT = Report("EXAMPLE LAB", "0000000000", date(2026, 8, 3))
CLAIM = Sourcing("recycled", "shank", "RJC Chain of Custody", "product", "C0000", TODAY)
RUBY = Stone("corundum", "natural", ("heat",), "ruby")
DIAMOND = Stone("diamond", "natural", ("none-known",))


def problems(piece: Piece, *, admits: bool = False) -> tuple[Problem, ...]:
    return problems_of(piece, today=TODAY, admits_computer_images=admits)


def found(piece: Piece) -> set[tuple[str, str, str]]:
    return {(problem.rule, problem.path, problem.code) for problem in problems(piece)}


def of(*parts: Part, **facts: Any) -> Piece:
    """A ready piece of these parts and no stones."""
    return replace(READY, parts=parts, stones=(), **facts)


def metal(element: str, fineness: int | None, **facts: Any) -> Piece:
    return of(Part("body", element, fineness, **facts))


def coated(coating: Coating, element: str = "silver", fineness: int | None = 925) -> Piece:
    return metal(element, fineness, coating=coating, alloy="" if fineness else "brass")


def gem(stone: Stone, **facts: Any) -> Piece:
    return replace(READY, stones=(replace(stone, **facts),), parts=(Part("body", "gold", 750),))


def test_the_piece_of_the_specification_may_be_signed():
    assert problems(READY) == ()


# -- metals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "broken"),
    [
        (metal("gold", None), ("G1", "parts.0.fineness", "fineness_missing")),
        (metal("gold", 1000), ("G1", "parts.0.fineness", "fineness_out_of_range")),
        (metal("gold", -1), ("G1", "parts.0.fineness", "fineness_out_of_range")),
        (metal("silver", None), ("G3", "parts.0.fineness", "fineness_missing")),
        (metal("platinum", 0), ("G3", "parts.0.fineness", "fineness_missing")),
        (metal("unobtainium", 999), ("", "parts.0.element", "metal_unknown")),
        (of(), ("", "parts", "metal_missing")),
        (
            metal("other", None, alloy="18k gold"),
            ("G1", "parts.0.alloy", "precious_metal_as_other"),
        ),
        (metal("gold", 750, name="Gold shank"), ("G1", "parts.0.name", "metal_word_refused")),
        (metal("silver", 800, name="Sterling"), ("G3", "parts.0.name", "metal_word_refused")),
        (
            metal("silver", 925, role="vermeil drop", coating=GILT),
            ("G2", "parts.0.role", "metal_word_refused"),
        ),
        (metal("platinum", 849), ("G3", "parts.0.alloy", "alloy_missing")),
        (metal("platinum", 499), ("G3", "parts.0.element", "too_little_of_the_metal")),
        (metal("palladium", 499), ("G3", "parts.0.element", "too_little_of_the_metal")),
        (metal("other", None), ("G2", "parts.0.alloy", "base_metal_missing")),
        (
            metal("other", None, coating=GILT),
            ("G2", "parts.0.alloy", "base_metal_missing"),
        ),
        (
            coated(replace(GILT, fineness=None)),
            ("G2", "parts.0.coating.fineness", "coating_fineness_missing"),
        ),
        (
            coated(replace(GILT, fineness=1000)),
            ("G2", "parts.0.coating.fineness", "fineness_out_of_range"),
        ),
        (
            coated(replace(GILT, fineness=416)),
            ("G2", "parts.0.coating.fineness", "coating_gold_too_poor"),
        ),
        (
            coated(replace(GILT, micrometres=None)),
            ("G2", "parts.0.coating.micrometres", "coating_thickness_missing"),
        ),
        (
            coated(replace(GILT, micrometres=Decimal(2500))),
            ("G2", "parts.0.coating.micrometres", "coating_thickness_implausible"),
        ),
        (
            coated(replace(GILT, micrometres=Decimal(0))),
            ("G2", "parts.0.coating.micrometres", "coating_thickness_implausible"),
        ),
        (
            coated(replace(GILT, method="")),
            ("G2", "parts.0.coating.method", "coating_method_missing"),
        ),
        (coated(Coating("tin", "other")), ("G2", "parts.0.coating.metal", "coating_unknown")),
        (coated(Coating("other", "other")), ("G2", "parts.0.coating.note", "coating_unnamed")),
        (
            coated(replace(VERMEIL, micrometres=Decimal("2.499"))),
            ("G2", "parts.0.coating.method", "vermeil_refused"),
        ),
        (
            coated(replace(VERMEIL, fineness=416)),
            ("G2", "parts.0.coating.method", "vermeil_refused"),
        ),
        (coated(VERMEIL, "silver", 924), ("G2", "parts.0.coating.method", "vermeil_refused")),
        (coated(VERMEIL, "other", None), ("G2", "parts.0.coating.method", "vermeil_refused")),
        (
            coated(replace(VERMEIL, metal="silver")),
            ("G2", "parts.0.coating.method", "vermeil_refused"),
        ),
    ],
)
def test_a_metal_is_named_by_what_it_is(piece, broken):
    assert broken in found(piece)


@pytest.mark.parametrize(
    "piece",
    [
        metal("gold", 999),
        metal("gold", 333, colour="yellow"),
        metal("gold", 750, name="shank"),
        metal("silver", 800),
        metal("silver", 925, name="Sterling shank"),
        metal("platinum", 950, name="platinum band"),
        metal("platinum", 850),
        metal("platinum", 600, alloy="600 platinum, 350 iridium, 50 copper"),
        metal("palladium", 500),
        metal("other", None, alloy="nickel silver"),
        metal("other", None, alloy="German-silver"),
        metal("other", None, alloy="bronze"),
        coated(GILT),
        coated(GILT, "other", None),
        coated(VERMEIL),
        metal("silver", 925, name="vermeil drop", coating=VERMEIL),
        coated(Coating("rhodium", "electroplated"), "gold", 750),
        coated(Coating("other", "other", note="black lacquer")),
    ],
)
def test_a_metal_that_is_named_rightly_breaks_no_law(piece):
    assert found(piece) == set()


def test_a_thin_vermeil_is_refused_with_the_best_wording_left():
    refused = problems(coated(replace(VERMEIL, micrometres=Decimal(1))))

    assert [problem.sentence for problem in refused] == [
        "Vermeil is silver of 925 or more under at least 2.5 µm of gold of 417 (10 ct) or more. "
        "Allowed here: silver 925, gold-plated with 1 µm of 10 ct (417) gold."
    ]


def test_a_part_has_a_name_of_its_own():
    twice = of(Part("a", "gold", 750), Part("a", "gold", 750))
    whole, stone = of(Part("piece", "gold", 750)), of(Part("s1", "gold", 750))

    assert found(twice) == {("", "parts.1.ident", "part_name_taken")}
    assert found(whole) == found(stone) == {("", "parts.0.ident", "part_name_taken")}


def test_two_precious_metals_are_weighed_so_that_the_heavier_comes_first():
    unweighed = of(Part("a", "gold", 750), Part("b", "platinum", 950, mass=Decimal("0.86")))

    assert found(unweighed) == {("G4", "parts.0.mass", "part_not_weighed")}


@pytest.mark.parametrize(
    "parts",
    [
        (Part("a", "gold", 750), Part("b", "gold", 585)),
        (Part("a", "gold", 750), Part("b", "other", None, alloy="steel")),
        (
            Part("a", "gold", 750, mass=Decimal("5.95")),
            Part("b", "platinum", 950, mass=Decimal("0.86")),
        ),
    ],
)
def test_one_precious_metal_or_weighed_ones_need_no_more(parts):
    assert found(of(*parts)) == set()


# -- the hallmark -------------------------------------------------------------------------------

HALLMARKS = (Mark("sponsor", "TWB"), Mark("fineness", "925"), Mark("office", "London"))


def silver(grams: str, **facts: Any) -> Piece:
    stated: dict[str, Any] = {"markets": ("GB",), "marks": (), "kind": "piece"} | facts
    return of(Part("body", "silver", 925, mass=Decimal(grams)), mass=Decimal(grams), **stated)


@pytest.mark.parametrize(
    ("element", "fineness", "limit", "below"),
    [
        ("gold", 750, "1", "0.99"),
        ("silver", 925, "7.78", "7.77"),
        ("platinum", 950, "0.5", "0.49"),
        ("palladium", 950, "1", "0.99"),
    ],
)
def test_above_its_weight_a_metal_sold_in_the_uk_has_a_hallmark(element, fineness, limit, below):
    def weighing(grams: str) -> Piece:
        part = Part("body", element, fineness, mass=Decimal(grams))
        return of(part, mass=Decimal(grams), marks=(), markets=("US", "GB"))

    assert found(weighing(limit)) == {("G5", "marks", "hallmark_missing")}
    assert found(weighing(below)) == set()


def test_the_hallmark_that_is_missing_is_told_with_the_limit():
    assert [problem.sentence for problem in problems(silver("7.78"))] == [
        "7.78 g silver limit exceeded: to be sold in the UK it needs a sponsor’s mark, "
        "a fineness mark, an assay office mark, a photograph of the marks; "
        "or say why it is exempt."
    ]


def test_a_hallmark_with_its_photograph_satisfies_the_uk():
    shown = (*PHOTOGRAPHS, MARKS)

    assert found(silver("8", marks=HALLMARKS, photographs=shown)) == set()
    assert found(silver("8", marks=HALLMARKS)) == {("G5", "marks", "hallmark_missing")}


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_hallmark_is_three_marks(gone):
    marks = tuple(mark for number, mark in enumerate(HALLMARKS) if number != gone)

    piece = silver("8", marks=marks, photographs=(*PHOTOGRAPHS, MARKS))

    assert found(piece) == {("G5", "marks", "hallmark_missing")}


def test_a_fineness_mark_is_that_of_the_metal():
    marks = (HALLMARKS[0], Mark("fineness", "800"), HALLMARKS[2])

    piece = silver("8", marks=marks, photographs=(*PHOTOGRAPHS, MARKS))

    assert found(piece) == {("G5", "marks", "hallmark_missing")}


def test_who_sells_elsewhere_or_is_exempt_needs_no_hallmark():
    assert found(silver("8", markets=("US", "DE"))) == set()
    assert found(silver("8", hallmark_exemption="Made before 1950.")) == set()


def test_the_parts_of_one_metal_count_together():
    halves = tuple(Part(name, "silver", 925, mass=Decimal(4)) for name in ("a", "b"))

    piece = of(*halves, mass=Decimal(8), marks=(), markets=("GB",))

    assert found(piece) == {("G5", "marks", "hallmark_missing")}


def test_a_part_nobody_weighed_may_be_all_the_rest():
    parts = (Part("a", "silver", 925), Part("b", "other", None, alloy="steel", mass=Decimal(3)))
    heavy = of(*parts, mass=Decimal("10.78"), marks=(), markets=("GB",))

    assert found(heavy) == {("G5", "marks", "hallmark_missing")}
    assert found(replace(heavy, mass=Decimal("10.77"))) == set()


def test_gold_the_uk_does_not_hallmark_is_not_sold_there():
    marks = (HALLMARKS[0], Mark("fineness", "333"), HALLMARKS[2])
    piece = of(Part("body", "gold", 333), marks=marks, markets=("GB",))

    assert found(replace(piece, photographs=(*PHOTOGRAPHS, MARKS))) == {
        ("G5", "parts.0.fineness", "below_hallmark_fineness")
    }


# -- stones -------------------------------------------------------------------------------------

GROWN = Stone("diamond", "laboratory-grown", ("none-known",))
PEARL = Stone("pearl", "cultured", ("none-known",))
SIZED = replace(RUBY, carat=Decimal("1.52"), sizes=(Decimal("7.6"), Decimal("6.1"), Decimal("3.9")))


@pytest.mark.parametrize(
    ("piece", "broken"),
    [
        (gem(GROWN, variety="natural diamond"), ("S1", "variety", "origin_in_name")),
        (gem(GROWN, variety="genuine"), ("S1", "variety", "origin_in_name")),
        (gem(GROWN, variety="real diamond"), ("S1", "variety", "origin_in_name")),
        (gem(GROWN, variety="precious"), ("S1", "variety", "origin_in_name")),
        (gem(GROWN, variety="gemstone"), ("S1", "variety", "stone_word_refused")),
        (gem(GROWN, variety="lab grown diamond"), ("S1", "variety", "stone_word_refused")),
        (gem(GROWN, species="lab diamond"), ("S1", "species", "stone_word_refused")),
        (gem(GROWN, variety="cultured diamond"), ("S1", "variety", "origin_in_name")),
        (gem(GROWN, variety="cultured"), ("S1", "variety", "origin_in_name")),
        (gem(GROWN, note="real diamonds"), ("S1", "note", "stone_word_refused")),
        (gem(DIAMOND, origin="cultured"), ("S1", "origin", "cultured_is_for_pearls")),
        (gem(DIAMOND, variety="synthetic diamond"), ("S1", "variety", "origin_in_name")),
        (gem(DIAMOND, origin="mined"), ("S1", "origin", "origin_missing")),
        (gem(DIAMOND, species=" "), ("", "species", "species_missing")),
        (gem(RUBY, treatment=()), ("S2", "treatment", "treatment_missing")),
        (
            gem(RUBY, treatment=("none-known", "heat")),
            ("S2", "treatment", "treatment_contradicts_itself"),
        ),
        (gem(RUBY, treatment=("lead-glass",)), ("S4", "origin", "composite_not_said")),
        (gem(RUBY, treatment=("heat", "resin filler")), ("S4", "origin", "composite_not_said")),
        (gem(PEARL, origin="unknown"), ("S5", "origin", "pearl_origin_missing")),
        (gem(PEARL, origin="laboratory-grown"), ("S5", "origin", "pearl_origin_missing")),
        (
            gem(Stone("quartz", "natural", ("heat",), "green amethyst")),
            ("S6", "variety", "stone_word_refused"),
        ),
        (gem(DIAMOND, species="Herkimer diamond"), ("S6", "species", "stone_word_refused")),
        (
            gem(Stone("beryl", "natural", ("oil",), "emerald", colour="yellow", graded_by="maker")),
            ("S6", "colour", "stone_word_refused"),
        ),
        (gem(RUBY, carat=Decimal("-1.5")), ("S7", "carat", "carat_not_positive")),
        (gem(RUBY, carat=Decimal("1.5234")), ("S7", "carat", "carat_too_fine")),
        (gem(RUBY, carat=Decimal(5000)), ("S7", "carat", "carat_implausible")),
        (gem(RUBY, basis="guessed"), ("S7", "basis", "carat_basis_missing")),
        (
            gem(RUBY, count=6, carat=Decimal("0.02"), carat_total=Decimal("0.16")),
            ("S7", "carat_total", "carat_total_disagrees"),
        ),
        (
            gem(RUBY, carat=Decimal("1.52"), carat_total=Decimal("1.53")),
            ("S7", "carat_total", "carat_total_disagrees"),
        ),
        (gem(RUBY, count=0), ("", "count", "count_not_positive")),
        (gem(SIZED, sizes=(Decimal(0),)), ("", "sizes", "stone_sizes_implausible")),
        (gem(SIZED, sizes=(Decimal(151),)), ("", "sizes", "stone_sizes_implausible")),
        (gem(SIZED, sizes=(Decimal(2),) * 4), ("", "sizes", "stone_sizes_implausible")),
        (gem(SIZED, sizes=(Decimal("0.7"),) * 3), ("", "sizes", "stone_sizes_implausible")),
        (
            gem(DIAMOND, clarity="flawless", graded_by="maker"),
            ("S8", "clarity", "flawless_without_report"),
        ),
        (
            gem(DIAMOND, clarity="Perfect", graded_by="maker", reports=(REPORT,)),
            ("S8", "clarity", "flawless_without_report"),
        ),
        (
            gem(DIAMOND, clarity="IF", graded_by="maker"),
            ("S8", "clarity", "flawless_without_report"),
        ),
        (
            gem(DIAMOND, cut_grade="perfect", graded_by="maker"),
            ("S8", "cut_grade", "flawless_without_report"),
        ),
        (gem(DIAMOND, note="A flawless stone."), ("S8", "note", "stone_word_refused")),
        (gem(DIAMOND, clarity="VS"), ("S8", "graded_by", "grade_without_source")),
        (
            gem(DIAMOND, clarity="VS", graded_by="report"),
            ("S8", "graded_by", "grade_without_report"),
        ),
        (
            gem(DIAMOND, reports=(replace(REPORT, number=""),)),
            ("S8", "reports.0", "report_incomplete"),
        ),
        (
            gem(DIAMOND, reports=(replace(REPORT, date=date(2026, 11, 21)),)),
            ("", "reports.0.date", "report_in_future"),
        ),
        (
            gem(DIAMOND, reports=(replace(REPORT, url="javascript:alert(1)"),)),
            ("", "reports.0.url", "report_link_unusable"),
        ),
        (gem(DIAMOND, country="XX"), ("", "country", "country_unknown")),
    ],
)
def test_a_stone_is_named_by_what_it_is(piece, broken):
    rule, field, code = broken

    assert (rule, f"stones.0.{field}", code) in found(piece)


@pytest.mark.parametrize(
    "piece",
    [
        gem(GROWN),
        gem(DIAMOND),
        gem(RUBY, treatment=("unknown",)),
        gem(RUBY, treatment=("heat", "oil")),
        gem(RUBY, origin="composite", treatment=("lead-glass",)),
        gem(DIAMOND, treatment=("fracture-filling",)),
        gem(PEARL),
        gem(PEARL, origin="natural"),
        gem(PEARL, origin="imitation"),
        gem(PEARL, origin="unknown", variety="cultured pearl"),
        gem(PEARL, variety="akoya pearl"),
        gem(Stone("shell", "natural", ("none-known",), "mother of pearl")),
        gem(Stone("quartz", "natural", ("heat",), "prasiolite")),
        gem(Stone("beryl", "natural", ("none-known",), "golden beryl")),
        gem(RUBY, carat=Decimal("1.523")),
        gem(RUBY, count=6, carat=Decimal("0.02"), carat_total=Decimal("0.13")),
        gem(RUBY, count=40, carat_total=Decimal("0.85")),
        gem(SIZED),
        gem(DIAMOND, clarity="VS", graded_by="maker"),
        gem(DIAMOND, clarity="flawless", graded_by="report", reports=(REPORT,)),
        gem(DIAMOND, clarity="IF", cut_grade="good", graded_by="report", reports=(REPORT,)),
        gem(DIAMOND, note="A flawless stone.", reports=(REPORT,)),
        gem(DIAMOND, reports=(replace(REPORT, url="https://lab.example/0000000000"),)),
        gem(DIAMOND, country="BW"),
    ],
)
def test_a_stone_that_is_named_rightly_breaks_no_law(piece):
    assert found(piece) == set()


@pytest.mark.parametrize("name", sorted(rules_of().treatments))
def test_every_treatment_says_itself_and_where_it_comes_from(name):
    """Rule S3: what does not last has a care line; the words never are its code."""
    treatment = rules_of().treatments[name]

    assert treatment.says
    assert treatment.source
    assert treatment.care == "" or treatment.care.endswith(".")


def test_every_rule_has_its_text_and_its_source():
    rules = rules_of().rules

    assert set(rules) == {
        *(f"G{n}" for n in range(1, 6)),
        *(f"S{n}" for n in range(1, 9)),
        "P1",
        "P2",
    }
    assert all(rule.says and rule.source for rule in rules.values())


# -- claims of origin ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"scheme": " "}, "scheme", "sourcing_incomplete"),
        ({"document": ""}, "document", "sourcing_incomplete"),
        ({"scope": ""}, "scope", "sourcing_incomplete"),
        ({"kind": "green"}, "kind", "sourcing_unknown"),
        ({"expires": date(2026, 11, 19)}, "expires", "sourcing_expired"),
        ({"about": "clasp"}, "about", "sourcing_about_nothing"),
        ({"about": "s3"}, "about", "sourcing_about_nothing"),
        ({"scheme": "Kimberley certified"}, "scheme", "kimberley_refused"),
        ({"scheme": "Kimberley Process", "about": "piece"}, "scheme", "kimberley_refused"),
    ],
)
def test_a_claim_of_origin_is_carried_or_refused(change, field, code):
    piece = replace(READY, sourcing=(CLAIM, replace(CLAIM, **change)))

    assert found(piece) == {("P1", f"sourcing.1.{field}", code)}
    assert documented_claims(piece, today=TODAY) == {"recycled"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"about": "s2"},
        {"about": "piece", "kind": "fair", "scope": "business"},
        {"kind": "conflict-free", "scheme": "WDC System of Warranties", "statement": "As KP says."},
    ],
)
def test_a_claim_of_origin_with_all_it_needs_may_be_made(change):
    claim = replace(CLAIM, **change)
    piece = replace(READY, sourcing=(claim,))

    assert found(piece) == set()
    assert documented_claims(piece, today=TODAY) == {claim.kind}


def test_a_text_may_not_claim_what_ran_out():
    piece = replace(READY, sourcing=(CLAIM,))

    assert documented_claims(piece, today=date(2027, 1, 1)) == set()


# -- masses, measures, years and numbers --------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"mass": Decimal(681)}, ("mass", "mass_implausible")),
        ({"mass": Decimal("-6.81")}, ("mass", "mass_not_positive")),
        ({"mass": Decimal(0)}, ("mass", "mass_not_positive")),
        ({"mass": Decimal("7.81")}, ("mass", "mass_does_not_add_up")),
        ({"circumference": Decimal("17.3")}, ("circumference", "size_implausible")),
        ({"measures": (("height", Decimal(0)),)}, ("measures.height", "measure_implausible")),
        ({"measures": (("width", Decimal(2001)),)}, ("measures.width", "measure_implausible")),
        ({"year": 2027}, ("year", "year_in_future")),
        ({"year_to": 2025}, ("year_to", "years_turned_around")),
        ({"year_to": 2027}, ("year_to", "year_in_future")),
        ({"edition": Edition("numbered", 13, 12)}, ("edition", "edition_impossible")),
        ({"edition": Edition("numbered")}, ("edition", "edition_impossible")),
        ({"gtin": "4006381333932"}, ("gtin", "gtin_malformed")),
        ({"gtin": "400638133393"}, ("gtin", "gtin_malformed")),
        ({"gtin": "4006381333931a"}, ("gtin", "gtin_malformed")),
        ({"serial": "014"}, ("serial", "serial_without_gtin")),
        ({"gtin": "4006381333931", "serial": "No. 14"}, ("serial", "serial_malformed")),
        ({"gtin": "4006381333931", "serial": "1" * 21}, ("serial", "serial_malformed")),
        ({"markets": ("UK",)}, ("markets", "country_unknown")),
        ({"photographs": PHOTOGRAPHS[:1]}, ("photographs", "photographs_missing")),
        (
            {"photographs": (PHOTOGRAPHS[0], replace(PHOTOGRAPHS[0], role="back"))},
            ("photographs", "scale_missing"),
        ),
        (
            {"photographs": tuple(replace(p, source="digitalCreation") for p in PHOTOGRAPHS)},
            ("photographs", "photographs_missing"),
        ),
    ],
)
def test_a_slip_is_named_with_its_field(change, broken):
    assert found(replace(READY, **change)) == {("", *broken)}


@pytest.mark.parametrize(
    "change",
    [
        {"mass": Decimal("6.86")},
        {"mass": Decimal("6.76")},
        {"circumference": None},
        {"year": 2024, "year_to": 2026},
        {"edition": Edition("open")},
        {"gtin": "4006381333931", "serial": "TWB/014-a"},
        {"gtin": "96385074"},
        {"measures": (("height", Decimal("24.1")),)},
        {"markets": ("US", "DE")},
    ],
)
def test_what_is_plausible_passes(change):
    assert found(replace(READY, **change)) == set()


def test_a_heavy_ring_is_asked_about_with_the_likely_weight():
    asked = problems(replace(READY, mass=Decimal(681)))

    assert asked[0].sentence == "681 g is heavy for a ring. Did you mean 6.81 g?"


def test_a_part_cannot_weigh_less_than_nothing():
    piece = of(Part("a", "gold", 750, mass=Decimal(-1)), Part("b", "gold", 750))

    assert found(piece) == {("", "parts.0.mass", "mass_not_positive")}


def test_a_large_piece_may_differ_by_one_per_cent():
    def cuff(mass: str) -> Piece:
        return of(Part("a", "silver", 925, mass=Decimal(100)), kind="cuff", mass=Decimal(mass))

    assert not list(mass_problems(cuff("101")))
    assert [problem.code for problem in mass_problems(cuff("101.1"))] == ["mass_does_not_add_up"]


def test_stones_nobody_weighed_make_up_for_what_is_missing_but_never_for_too_much():
    parts = (Part("a", "gold", 750, mass=Decimal(6)),)
    light = replace(READY, parts=parts, stones=(RUBY,))

    assert not list(mass_problems(light))
    assert list(mass_problems(replace(light, mass=Decimal(5))))


def test_a_part_that_was_not_weighed_leaves_the_sum_open():
    parts = (Part("a", "gold", 750, mass=Decimal(1)), Part("b", "gold", 750))

    assert not list(mass_problems(replace(READY, parts=parts)))


def test_a_demonstration_admits_computer_images():
    drawn = tuple(replace(p, source="digitalCreation", role="other") for p in PHOTOGRAPHS)

    assert problems(replace(READY, photographs=drawn), admits=True) == ()


@given(st.integers(0, 10**12 - 1), st.integers(1, 9))
def test_no_gtin_survives_a_wrong_check_digit(number, slip):
    text = next(f"{number:012}{last}" for last in range(10) if is_gtin(f"{number:012}{last}"))
    wrong = f"{text[:-1]}{(int(text[-1]) + slip) % 10}"

    assert not is_gtin(wrong)


def test_every_problem_is_documented_and_nothing_else():
    folder = ROOT / "provenance"
    calls = (
        node
        for file in folder.glob("jewelry*_laws.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem"
    )
    told = (ROOT / "docs" / "reference" / "jewelry.md").read_text().partition("## Problems")[2]

    assert set(re.findall(r"^\| `([a-z_]+)` \|", told, re.MULTILINE)) == {
        ast.literal_eval(call.args[1]) for call in calls
    }


def test_every_treatment_and_origin_is_documented():
    told = (ROOT / "docs" / "reference" / "jewelry.md").read_text()

    assert not {n for n in (*rules_of().treatments, *rules_of().origins) if f"`{n}`" not in told}
