"""The bench: registering and changing drafts, with every slip said beside its field."""

from decimal import Decimal

import pytest

from provenance.models.piece import Piece
from tests.factories import make_certificate, make_draft, make_mira

pytestmark = pytest.mark.django_db

ROWS = {
    "stones-TOTAL_FORMS": "1",
    "stones-INITIAL_FORMS": "0",
    "stones-0-count": "1",
    "stones-0-basis": "measured",
    "marks-TOTAL_FORMS": "1",
    "marks-INITIAL_FORMS": "0",
    "parts-TOTAL_FORMS": "1",
    "parts-INITIAL_FORMS": "0",
    "sourcing-TOTAL_FORMS": "1",
    "sourcing-INITIAL_FORMS": "0",
    "steps-TOTAL_FORMS": "0",
    "steps-INITIAL_FORMS": "0",
}
BAND = ROWS | {
    "title": "Harbour band",
    "kind": "ring",
    "year": "2026",
    "mass": "6.81",
    "parts-0-element": "gold",
    "parts-0-fineness": "750",
    "source": "digitalCapture",
}


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def bench(client, mira):
    """A browser in which Mira is signed in."""
    client.force_login(mira.user)
    return client


# -- registering --------------------------------------------------------------------------------


def test_eight_fields_at_most_are_needed_to_begin(bench, mira):
    answer = bench.post("/workshop/new", BAND)

    piece = Piece.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/workshop/{piece.public_id}"
    assert (piece.title, piece.mass_grams, piece.maker) == ("Harbour band", Decimal("6.81"), mira)
    assert [(part.element, part.fineness) for part in piece.parts.all()] == [("gold", 750)]


def test_the_whole_sheet_is_kept_as_typed(bench):
    sheet = BAND | {
        "stones-0-species": "corundum",
        "stones-0-variety": "sapphire",
        "stones-0-origin": "natural",
        "stones-0-carat": "1,52",
        "stones-0-treatment": "other",
        "stones-0-treatment_words": "heat, oil",
        "marks-0-kind": "sponsor",
        "marks-0-text": "TWB",
        "edition_kind": "numbered",
        "edition_number": "3",
        "edition_of": "12",
        "circumference": "54.4",
        "height": "21.5",
        "care": "No ultrasonic cleaning\n\nKeep dry",
        "sku": "MAR-3",
    }

    bench.post("/workshop/new", sheet)

    piece = Piece.objects.get()
    stone = piece.stones.get()
    assert (stone.carat_each, stone.treatment) == (Decimal("1.52"), "heat,oil")
    assert piece.marks.get().text == "TWB"
    assert piece.edition_line == "Number 3 of 12"
    assert piece.care == "No ultrasonic cleaning\nKeep dry"


def test_a_draft_shown_again_says_what_was_typed(bench, mira):
    piece = make_draft(mira)

    page = bench.get(f"/workshop/{piece.public_id}")

    text = page.content.decode()
    assert 'value="sapphire"' in text
    assert 'value="6.81"' in text
    assert 'value="head"' in text


def test_a_piece_of_no_metal_is_not_begun(bench):
    page = bench.post("/workshop/new", BAND | {"parts-0-element": "", "parts-0-fineness": ""})

    assert page.status_code == 400
    assert "Say the metal." in page.content.decode()
    assert not Piece.objects.exists()


def test_a_slipped_decimal_point_is_offered_back(bench):
    page = bench.post("/workshop/new", BAND | {"mass": "681"})

    assert page.status_code == 400
    text = page.content.decode()
    assert "681 g is heavy for a ring. Did you mean 6.81 g?" in text
    assert '<button class="btn plain" name="take_mass" value="6.81">6.81 g</button>' in text
    assert not Piece.objects.exists()


def test_the_offered_weight_is_taken_with_one_press(bench):
    bench.post("/workshop/new", BAND | {"mass": "681", "take_mass": "6.81"})

    assert Piece.objects.get().mass_grams == Decimal("6.81")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("mass", "-3", "This is too small. Write a number such as 6.81."),
        ("mass", "NaN", "Write a number such as 6.81."),
        ("mass", "9" * 400, "This is too large. Write a number such as 6.81."),
        ("mass", "1e9999999", "Write a number such as 6.81."),
        ("mass", "1e-9999999", "Write a number such as 6.81."),
        ("year", "9" * 5000, "Write the year in four figures."),
        ("mass", "6.811", "At most 2 figures after the point."),
        ("title", "", "Give it a title."),
        ("title", "x" * 81, "at most 80 characters"),
        ("title", "Marlowe\u202egnir", "a letter that cannot be seen"),
        ("kind", "crown", "Select a valid choice"),
        ("year", "20026", "Write the year in four figures."),
        ("parts-0-fineness", "", "Parts per thousand, such as 750 for 18 ct."),
        ("parts-0-fineness", "18ct", "Write parts per thousand, such as 750 for 18 ct."),
        ("parts-0-element", "other", "Say which metal it is."),
        ("stones-0-species", "ruby", "Say how it was treated"),
        ("stones-0-count", "99999999999999999999", "less than or equal to 5000"),
        ("edition_kind", "numbered", "A numbered edition needs both"),
        ("parts-TOTAL_FORMS", "many", "ManagementForm"),
        ("stones-TOTAL_FORMS", "100000", "at most 60 forms"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_saved(
    bench, field, typed, sentence
):
    page = bench.post("/workshop/new", BAND | {field: typed})

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Piece.objects.exists()


def test_another_stone_is_a_button_that_keeps_every_word_and_saves_nothing(bench):
    page = bench.post("/workshop/new", BAND | {"title": "", "mass": "seven", "add": "stones"})

    assert page.status_code == 200
    text = page.content.decode()
    assert 'name="stones-1-species"' in text
    assert 'value="seven"' in text
    assert "Give it a title." not in text
    assert not Piece.objects.exists()


def test_a_row_can_be_taken_out_again(bench):
    two = {"parts-TOTAL_FORMS": "2", "parts-1-element": "platinum", "parts-1-fineness": "950"}

    page = bench.post("/workshop/new", BAND | two | {"remove": "parts-1"})

    assert 'name="parts-1-element"' not in page.content.decode()


@pytest.mark.parametrize(
    "pressed",
    [
        {"add": "../etc"},
        {"remove": "stones-99"},
        {"remove": "-"},
        {"remove": "stones-" + "9" * 5000},
        {"add": "stones", "stones-TOTAL_FORMS": "9" * 5000},
        {"add": "stones", "stones-TOTAL_FORMS": "\u0663"},
    ],
)
def test_a_button_nobody_drew_changes_nothing(bench, pressed):
    page = bench.post("/workshop/new", BAND | pressed)

    assert page.status_code == 200


# -- changing -----------------------------------------------------------------------------------


def test_a_draft_changes_when_its_revision_is_the_one_seen(bench, mira):
    piece = make_draft(mira)

    answer = bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1"})

    piece.refresh_from_db()
    assert answer.status_code == 303
    assert (piece.title, piece.revision) == ("Harbour band", 2)


def test_a_draft_changed_on_another_device_is_not_overwritten_and_nothing_typed_is_lost(
    bench, mira
):
    piece = make_draft(mira)
    bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1", "title": "First phone"})

    page = bench.post(
        f"/workshop/{piece.public_id}", BAND | {"revision": "1", "title": "Second phone"}
    )

    piece.refresh_from_db()
    assert page.status_code == 409
    assert piece.title == "First phone"
    text = page.content.decode()
    assert "changed on another device" in text
    assert 'value="Second phone"' in text
    assert '<input type="hidden" name="revision" value="2">' in text


def test_a_page_that_came_back_with_an_error_does_not_pass_for_a_newer_one(bench, mira):
    piece = make_draft(mira)
    bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1"})

    page = bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1", "mass": ""})

    assert '<input type="hidden" name="revision" value="1">' in page.content.decode()


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "\u0663"])
def test_a_revision_that_is_none_is_a_stale_one(bench, mira, revision):
    piece = make_draft(mira)

    page = bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": revision})

    assert page.status_code == 409


def test_a_script_that_saves_is_told_the_new_revision_and_what_is_left(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    answer = bench.post(
        f"/workshop/{piece.public_id}",
        BAND | {"revision": "1"},
        headers={"Accept": "application/json"},
    )

    told = answer.json()
    assert told["revision"] == 2
    assert told["left"] == "One thing left: the photographs."
    assert told["done"] == "6 of 8 done"


def test_a_script_that_cannot_save_is_told_so(bench, mira):
    piece = make_draft(mira)

    answer = bench.post(
        f"/workshop/{piece.public_id}",
        BAND | {"revision": "1", "mass": ""},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "not_saved"


def test_a_signed_piece_no_longer_changes(bench, mira):
    piece = make_certificate(mira).piece

    page = bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1"})

    piece.refresh_from_db()
    assert page.status_code == 409
    assert "signed already" in page.content.decode()
    assert piece.title == "Marlowe ring"
