"""The rows of a season: read as the bench reads them, with every slip by row and column."""

import pytest

from provenance.forms.season import read_row
from provenance.jewelry import Edition
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.piece import Piece
from provenance.models.season import RowState, SeasonState
from provenance.season_columns import documented
from provenance.services import recipes
from tests.factories import WHOLE, make_mira
from tests.provenance.bench import CAST, POLISHED
from tests.provenance.seasons import BAND, bands, looked_at, make_season, packed, work, wrong_of

pytestmark = pytest.mark.django_db

# The same ring as `factories.WHOLE`, as a row of a table.
WHOLE_ROW = {
    "title": "Marlowe ring",
    "kind": "Ring",
    "year": "2025",
    "finished_in": "2026",
    "weight": "6,81",
    "edition_number": "3",
    "edition_of": "12",
    "collection": "Harbour",
    "ring_size": "54.4",
    "height": "24.5",
    "width": "21.3",
    "depth": "7.2",
    "markets": "United Kingdom, FR",
    "care": "No ultrasonic cleaning.\nTake it off to swim.",
    "warranty": "Claws checked free of charge for two years.",
    "description": "An oval sapphire between paired claws.",
    "keywords": "sapphire, three-stone look",
    "sku": "MAR-03",
    "gtin": "4006381333931",
    "serial": "003-12",
    "part1_metal": "gold",
    "part1_fineness": "750",
    "part1_name": "Shank",
    "part1_purpose": "band",
    "part1_colour": "white",
    "part1_weight": "5.62",
    "part1_alloy": "palladium white gold",
    "part1_coating": "rhodium",
    "part1_coating_method": "electroplated",
    "part1_coating_micrometres": "0.3",
    "part3_metal": "platinum",
    "part3_fineness": "950",
    "part3_name": "Head",
    "part3_purpose": "holds the sapphire",
    "part3_weight": "0.86",
    "stone1_species": "corundum",
    "stone1_variety": "sapphire",
    "stone1_origin": "natural",
    "stone1_shape": "oval",
    "stone1_cut": "mixed",
    "stone1_carat": "1.52",
    "stone1_treatment": "heat",
    "stone1_treatment_care": "No torch near it.",
    "stone1_length": "7.6",
    "stone1_width": "6.1",
    "stone1_depth": "3.9",
    "stone1_country": "Sri Lanka",
    "stone1_colour": "vivid blue",
    "stone1_clarity": "eye clean",
    "stone1_cut_grade": "very good",
    "stone1_graded_by": "report",
    "stone1_note": "Set by Mira",
    "stone1_report1_lab": "EXAMPLE LAB",
    "stone1_report1_number": "0000000000",
    "stone1_report1_date": "2026-08-03",
    "stone1_report1_url": "https://lab.example/0000000000",
    "stone1_report1_inscribed": "Yes",
    "stone1_report2_lab": "SECOND LAB",
    "stone1_report2_number": "17",
    "stone2_species": "diamond",
    "stone2_origin": "laboratory-grown",
    "stone2_count": "6",
    "stone2_shape": "round",
    "stone2_carat": "0.02",
    "stone2_carat_total": "0.12",
    "stone2_treatment": "none-known",
    "mark1_kind": "maker’s mark",
    "mark1_text": "MT",
    "mark1_place": "inside",
    "mark2_kind": "sponsor",
    "mark2_text": "TWB",
    "mark3_kind": "fineness",
    "mark3_text": "750",
    "mark4_kind": "fineness",
    "mark4_text": "950",
    "mark5_kind": "office",
    "mark5_text": "London",
    "mark6_kind": "date",
    "mark6_text": "b",
    "mark7_kind": "convention",
    "mark7_text": "750",
    "claim1_kind": "recycled",
    "claim1_about": "part1",
    "claim1_scheme": "Chain of custody",
    "claim1_scope": "product",
    "claim1_document": "CoC 17",
    "claim1_expires": "2027-12-31",
    "claim2_kind": "origin",
    "claim2_about": "stone1",
    "claim2_scheme": "Mine to market",
    "claim2_scope": "business",
    "claim2_document": "Invoice 4",
    "claim2_expires": "2030-01-01",
    "claim2_statement": "From one family’s mine.",
}


@pytest.fixture
def mira():
    return make_mira()


def test_a_row_can_say_everything_the_bench_can():
    reading = read_row(WHOLE_ROW, recipes={})

    assert reading.faults == []
    assert reading.facts() == WHOLE


@pytest.mark.parametrize(
    ("changes", "column", "told"),
    [
        ({"title": ""}, "title", "Give it a title."),
        ({"kind": "rign"}, "kind", "“rign” is none of: ring, earrings"),
        ({"year": "26"}, "year", "four figures"),
        ({"year": "2199"}, "year", "lies in the future"),
        ({"weight": "681"}, "weight", "681 g is heavy for a ring. Did you mean 6.81 g?"),
        ({"weight": "heavy"}, "weight", "Write a number such as 6.81."),
        ({"part1_metal": ""}, "part1_metal", "Say the metal."),
        ({"part1_metal": "gould"}, "part1_metal", "“gould” is none of: gold, silver"),
        ({"part1_fineness": "1000"}, "part1_fineness", "999 at most"),
        ({"part2_name": "Bezel"}, "part2_metal", "Say the metal."),
        ({"ring_size": "enormous"}, "ring_size", "Write millimetres"),
        ({"markets": "Atlantis"}, "markets", "no country we know"),
        ({"edition": "numbered"}, "edition_number", "needs both"),
        ({"edition": ""}, "edition", "Say which it is: one of one, numbered edition or open"),
        ({"edition": "limited"}, "edition", "“limited” is none of: one of one, numbered edition"),
        ({"edition": "", "edition_of": "12"}, "edition_number", "needs both"),
        ({"edition": "", "edition_number": "3"}, "edition_number", "needs both"),
        ({"edition_number": "3", "edition_of": "5"}, "edition_number", "Only a numbered edition"),
        ({"edition": "one of one", "edition_of": "1"}, "edition_of", "Only a numbered edition"),
        ({"gtin": "4006381333930"}, "gtin", "One digit"),
        ({"gtin": ""}, "serial", "counts within a GTIN"),
        ({"stone2_species": "sapphire"}, "stone2_origin", "Say the origin"),
        ({"stone1_species": "topaz", "stone1_origin": "natural"}, "stone1_treatment", "treated"),
        ({"mark1_text": "750"}, "mark1_kind", "Say which mark"),
        ({"claim1_kind": "fair", "claim1_about": "part7"}, "claim1_about", "Write piece"),
        ({"claim1_about": "part9"}, "claim1_about", "Nothing is said that this belongs to"),
        ({"claim1_about": "part1"}, "claim1_about", "Nothing is said that this belongs to"),
        ({"stone1_count": "1"}, "stone1_count", "Nothing is said that this belongs to"),
        ({"stone2_basis": "measured"}, "stone2_basis", "Nothing is said that this belongs to"),
        ({"part1_id": "s1"}, "part1_id", "cannot be called so"),
        ({"part1_id": "環"}, "part1_id", "cannot be called so"),
        ({"recipe": "Forged from bar"}, "ticks", "which of its steps were done"),
        ({"recipe": "Forged from bar", "ticks": ","}, "ticks", "which of its steps were done"),
        ({"recipe": "My way"}, "recipe", "“My way” is none of"),
        ({"ticks": "all"}, "recipe", "Name the recipe"),
        ({"recipe": "Forged from bar", "ticks": "cast"}, "ticks", "It has sketch, forge, file"),
        ({"recipe": "Forged from bar", "ticks": "9"}, "ticks", "no step of this recipe"),
        ({"photo_source": "painted"}, "photo_source", "is none of: Photographs"),
        ({"photo_source": "AI pictures"}, "photo_source", "Two photographs"),
        ({"photo_front": "back.jpg"}, "photo_front", "back.jpg: this file is not in the ZIP."),
        ({"photo_scale": ""}, "photo_scale", "Two photographs"),
        ({"title": "Handcrafted band"}, "title", "cannot stand here"),
        ({"collection": "Handmade"}, "collection", "cannot stand here"),
        ({"description": "Solid gold."}, "description", "cannot stand here"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_each_slip_is_told_under_its_row_and_column(mira, changes, column, told):
    row = {name: cell for name, cell in (bands(2)[1] | changes).items() if cell}

    season = make_season(mira, bands(1)[0], row)

    wrong = wrong_of(season)
    assert (3, column) in wrong
    assert told in wrong[3, column]
    assert {position for position, _ in wrong} == {3}


SAPPHIRE = {
    "stone1_species": "corundum",
    "stone1_origin": "natural",
    "stone1_treatment": "heat",
}


def test_a_stone_whose_weight_is_not_told_is_neither_measured_nor_estimated():
    reading = read_row(BAND | SAPPHIRE | {"stone1_basis": "estimated"}, recipes={})

    assert [column for column, _ in reading.faults] == ["stone1_basis"]


def test_a_report_that_is_only_not_inscribed_is_no_report():
    reading = read_row(BAND | SAPPHIRE | {"stone1_report1_inscribed": "no"}, recipes={})

    assert [column for column, _ in reading.faults] == ["stone1_report1_inscribed"]


def test_two_parts_do_not_share_a_short_name():
    head = {"part1_id": "shank", "part2_metal": "gold", "part2_fineness": "750"}

    reading = read_row(BAND | head | {"part2_id": "Shank"}, recipes={})

    assert [column for column, _ in reading.faults] == ["part2_id"]


# What is judged as a whole with the ZIP and the recipes.
JUDGED_LATER = {"recipe", "ticks", *(name for name, _ in documented() if "photo_" in name)}
SAID = {
    **WHOLE_ROW,
    "edition": "one of one",
    "hallmark_exemption": "Made before 1950",
    "part1_id": "shank",
    "part1_coating_fineness": "750",
    "part1_coating_note": "black",
    "stone1_count": "1",
    "stone1_carat_total": "1.52",
    "stone1_basis": "measured",
    "claim1_statement": "From old rings.",
}


@pytest.mark.parametrize("column", [name for name, _ in documented() if name not in JUDGED_LATER])
def test_no_cell_is_dropped_without_a_word(column):
    """By itself beside the plainest of rows, it says something or it is told to be wrong."""
    plain = read_row(BAND, recipes={}).facts()

    reading = read_row(BAND | {column: SAID[column]}, recipes={})

    assert reading.faults or column in BAND or reading.facts() != plain


@pytest.mark.parametrize("column", [name for name in WHOLE_ROW if name not in BAND])
def test_no_cell_of_a_whole_row_is_there_for_nothing(column):
    reading = read_row(
        {name: cell for name, cell in WHOLE_ROW.items() if name != column}, recipes={}
    )

    assert reading.faults or reading.facts() != WHOLE


def test_an_edition_of_which_the_numbers_are_told_is_a_numbered_one():
    numbers = {"edition": "", "edition_number": "3", "edition_of": "12"}

    reading = read_row(BAND | numbers, recipes={})

    assert reading.faults == []
    assert reading.facts().edition == Edition("numbered", 3, 12)


def test_nothing_is_registered_by_looking(mira):
    season = make_season(mira, *bands(3))

    assert season.state == SeasonState.CHECKED
    assert [row.state for row in season.rows.all()] == [RowState.READY] * 3
    assert not Piece.objects.exists()
    assert not Certificate.objects.exists()
    assert set(Event.objects.values_list("kind", flat=True)) == {"maker.registered"}


def test_the_label_follows_from_a_recipe_and_its_ticks(mira):
    recipe = {"recipe": "cast from a carved model", "ticks": "1, carve, 3-5"}

    season = make_season(mira, bands(1)[0] | recipe)

    row = season.rows.get()
    assert row.errors == []
    assert row.making["done"] == ["sketch", "carve", "cast", "file", "polish"]
    assert "Cast" in row.label


def test_a_row_keeps_its_recipe_as_it_was_when_it_was_looked_at(mira):
    kept = recipes.save_recipe(maker=mira, name="My way", steps=[CAST, POLISHED])
    season = make_season(mira, bands(1)[0] | {"recipe": "My way", "ticks": "all"})

    recipes.remove_recipe(recipe=kept)

    assert season.rows.get().making["done"] == ["c1", "p1"]


def test_a_photograph_that_is_none_is_told_under_every_row_that_names_it(mira):
    photographs = packed(front__jpg=b"no picture", scale__jpg=b"none either")

    season = looked_at(mira, *bands(2), photographs=photographs)

    wrong = wrong_of(season)
    assert {(2, "photo_front"), (2, "photo_scale"), (3, "photo_front"), (3, "photo_scale")} == {
        *wrong
    }
    assert all(sentence.startswith(("front.jpg: ", "scale.jpg: ")) for sentence in wrong.values())


def test_photographs_are_made_safe_once_however_many_rows_name_them(mira):
    season = looked_at(mira, *bands(3))

    assert wrong_of(season) == {}
    assert {picture.state for picture in season.pictures.all()} == {"ready"}
    assert {*season.pictures.first().renditions} == {"480.webp", "1080.webp", "2048.webp"}


def test_a_computer_image_is_told_as_one_by_its_row(mira):
    season = looked_at(mira, bands(1)[0] | {"photo_source": "Computer images"})

    assert {picture.source for picture in season.pictures.all()} == {"digitalCreation"}
    assert {column for _, column in wrong_of(season)} == {"photo_source"}


def test_a_row_without_its_two_photographs_is_told_so(mira):
    bare = {name: cell for name, cell in BAND.items() if not name.startswith("photo")}

    season = make_season(mira, bare)
    work()

    assert {column for _, column in wrong_of(season)} == {"photo_front"}
