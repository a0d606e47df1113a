"""A piece in full: what is told at the bench or by a program is kept, shown again and signed."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from provenance import jewelry_laws, subject
from provenance.canonical import parse_object
from provenance.forms.piece import Sheet, redrawn_sheet, sent_sheet, sheet_of
from provenance.forms.rows import ROWS
from provenance.jewelry import Mark, Part, Problem
from provenance.models.piece import Piece
from provenance.services import issue, register
from provenance.services.facts import facts_of
from provenance.views.bench import SUBJECTS
from tests.factories import WHOLE, make_certificate, make_draft, make_mira, make_photograph

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LAWS = [
    Path(jewelry_laws.__file__).parent / f"jewelry_{each}laws.py"
    for each in ("", "metal_", "stone_")
]


def typed(sheet: Sheet) -> dict[str, str]:
    """What a browser sends of a sheet it shows."""
    forms = [sheet.facts, sheet.making.management_form]
    for name in ROWS:
        rows = getattr(sheet, name)
        forms += [rows.management_form, *rows.forms]
    for stone in sheet.stones.forms:
        forms += [stone.reports.management_form, *stone.reports.forms]
    fields = [field for form in forms for field in form]
    sent = {field.html_name: field.value() for field in fields}
    # An unticked box sends nothing; a count of nought is sent.
    said = {name: value for name, value in sent.items() if value or type(value) is int}
    return {name: "on" if value is True else str(value) for name, value in said.items()}


@pytest.fixture
def bench(client):
    """A browser in which Mira is signed in."""
    client.force_login(make_mira().user)
    return client


# -- kept, shown and signed ---------------------------------------------------------------------


def test_a_piece_in_full_comes_back_from_the_database_as_it_was_told():
    piece = make_draft(with_photographs=False, **vars(WHOLE))

    assert facts_of(piece) == WHOLE


def test_a_sheet_in_full_says_when_sent_what_it_showed():
    sheet = sent_sheet(typed(sheet_of(WHOLE)))

    assert sheet.is_valid(), [each.errors for each in vars(sheet).values()]
    assert sheet.piece() == WHOLE


def test_a_piece_in_full_is_signed_in_full_but_for_its_shop_words():
    piece = make_draft(**vars(WHOLE))
    make_photograph(piece, "marks")

    certificate = issue.issue_certificate(piece=piece, tags=(), by=piece.maker.user)

    signed = subject.piece_of(parse_object(bytes(certificate.body))["credentialSubject"])
    assert dict(signed.measures) == dict(WHOLE.measures)
    unsigned = {"markets": (), "keywords": ()}
    told = {"measures": signed.measures, "photographs": signed.photographs}
    assert signed == replace(WHOLE, **unsigned, **told)


def test_another_one_like_it_has_everything_but_the_serial_number():
    piece = make_draft(with_photographs=False, **vars(WHOLE))

    copy = register.duplicate_piece(piece=piece, facts=facts_of(piece), by=piece.maker.user)

    following = replace(WHOLE.edition, number=4)
    assert facts_of(copy) == replace(WHOLE, edition=following, serial="")


def test_a_changed_draft_keeps_no_row_of_what_it_was():
    piece = make_draft(with_photographs=False, **vars(WHOLE))

    register.change_piece(piece=piece, facts=replace(WHOLE, sourcing=(), stones=()), revision=1)

    piece.refresh_from_db()
    assert (piece.sourcing.count(), piece.stones.count()) == (0, 0)


def test_the_bench_asks_for_all_facts_with_one_query_for_each_kind(django_assert_num_queries):
    piece = make_draft(**vars(WHOLE))

    with django_assert_num_queries(6):
        facts_of(piece)


# -- the names of parts -------------------------------------------------------------------------


def parts_named(*rows):
    """The sheet of a piece with these parts, as (ident, name)."""
    parts = tuple(Part(ident, "gold", 750, name=name) for ident, name in rows)
    sent = typed(sheet_of(replace(WHOLE, parts=parts, sourcing=())))
    sheet = sent_sheet(sent)
    assert sheet.is_valid()
    return [part.ident for part in sheet.piece().parts]


def test_a_part_keeps_its_ident_when_its_name_changes():
    assert parts_named(("shank", "Band"), ("head", "Shank")) == ["shank", "head"]


def test_a_new_part_is_called_by_its_name_or_by_its_place():
    assert parts_named(("", "Ear wires"), ("", ""), ("", "")) == ["ear-wires", "body", "part-2"]


@pytest.mark.parametrize("name", ["Piece", "s1", "S12"])
def test_a_part_is_not_called_what_means_something_else(name):
    assert parts_named(("", name)) == ["body"]


def test_a_new_part_does_not_take_the_ident_of_another():
    assert parts_named(("", "Head"), ("head", "Setting")) == ["body", "head"]


# -- rows within rows ---------------------------------------------------------------------------


def test_another_report_is_a_button_within_its_stone():
    sent = typed(sheet_of(WHOLE))

    sheet = redrawn_sheet(sent, add="stones-1-reports")

    assert [len(stone.reports.forms) for stone in sheet.stones.forms] == [2, 2]


def test_a_report_can_be_taken_out_again():
    sent = typed(sheet_of(WHOLE))

    sheet = redrawn_sheet(sent, remove="stones-0-reports-0")

    (report,) = sheet.stones.forms[0].reports.forms
    assert report["lab"].value() == "SECOND LAB"


def test_a_claim_stays_with_its_stone_when_an_earlier_one_is_taken_out():
    claim = replace(WHOLE.sourcing[1], about="s2")
    sent = typed(sheet_of(replace(WHOLE, sourcing=(claim,))))

    sheet = redrawn_sheet(sent, remove="stones-0")

    again = sent_sheet(typed(sheet))
    assert again.is_valid()
    assert again.piece().sourcing[0].about == "s1"


def test_a_claim_about_a_part_that_was_taken_out_is_about_the_piece():
    sent = typed(sheet_of(WHOLE))

    sheet = redrawn_sheet(sent, remove="parts-0")

    assert sheet.sourcing.forms[0]["about"].value() == "piece"


def test_a_claim_about_an_empty_row_is_asked_about():
    sent = typed(sheet_of(replace(WHOLE, stones=()))) | {"sourcing-1-about": "stones-0"}

    sheet = sent_sheet(sent)

    assert not sheet.is_valid()
    assert "Nothing is said about this part or stone yet." in str(sheet.sourcing.errors)


def test_a_report_without_a_stone_is_not_lost_in_silence():
    sent = typed(sheet_of(replace(WHOLE, stones=(), sourcing=())))
    sent |= {"stones-0-reports-0-lab": "EXAMPLE LAB"}

    sheet = sent_sheet(sent)

    assert not sheet.is_valid()
    assert "Name the stone." in str(sheet.stones.errors)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"parts-0-coating_method": ""}, "Say how it was put on."),
        ({"parts-1-coating_micrometres": "2.5"}, "Say what it is coated with."),
        ({"parts-0-coating_metal": "other"}, "Say what the coating is."),
        ({"parts-1-name": "shank"}, "Two parts have the same name."),
        ({"stones-0-graded_by": ""}, "Say whose grades these are"),
        ({"stones-0-width": ""}, "Write the width too."),
        ({"stones-0-country": "Narnia"}, "“Narnia” is no country we know."),
        ({"stones-0-country": "France, Japan"}, "Name one country."),
        ({"stones-0-reports-0-number": ""}, "Write its number."),
        ({"stones-0-reports-0-url": "javascript:alert(1)"}, "Write an address such as"),
        ({"stones-0-reports-0-date": "3.8.26"}, "Write the day as 2026-11-20."),
        ({"stones-0-reports-TOTAL_FORMS": "99"}, "at most 6 forms"),
        ({"sourcing-0-document": ""}, "Name the document that says so."),
        ({"sourcing-0-about": "parts-9"}, "Select a valid choice"),
        ({"year_to": "2024"}, "It cannot be finished before it was begun, in 2025."),
        ({"gtin": "4006381333932"}, "One digit of this article number is wrong"),
        ({"serial": "3 of 12"}, "no spaces"),
        ({"markets": "France, Atlantis"}, "“Atlantis” is no country we know."),
        ({"circumference": "7"}, "For the American size write US 7."),
        ({"keywords": ",".join(f"word{n}" for n in range(30))}, "20 words are the most."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(bench, changed, sentence):
    page = bench.post("/workshop/new", typed(sheet_of(WHOLE)) | changed)

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Piece.objects.exists()


# -- ring sizes and markets ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "kept", "understood"),
    [
        ("54,4", "54.4", "54.4 mm, US 7, UK N 1/2"),
        ("N½", "54.7", "54.7 mm, US 7, UK N 1/2"),
        ("us 7", "54.4", "54.4 mm, US 7, UK N 1/2"),
    ],
)
def test_a_ring_size_is_typed_as_one_says_it_and_shown_as_it_was_understood(
    bench, size, kept, understood
):
    bench.post("/workshop/new", typed(sheet_of(WHOLE)) | {"circumference": size})

    piece = Piece.objects.get()
    assert str(piece.circumference_mm) == kept
    page = bench.get(f"/workshop/{piece.public_id}").content.decode()
    assert f"Understood as {understood}." in page


@pytest.mark.parametrize(("country", "is_ticked"), [("GB", True), ("DE", False)])
def test_a_maker_of_the_united_kingdom_most_likely_sells_there(client, country, is_ticked):
    maker = make_mira()
    maker.country = country
    maker.save(update_fields=["country"])
    client.force_login(maker.user)

    page = client.get("/workshop/new")

    assert bool(page.context["sheet"].facts["sold_in_uk"].value()) is is_ticked


def test_gold_for_the_united_kingdom_waits_for_its_hallmark_beside_the_marks(bench):
    unmarked = replace(WHOLE, marks=(Mark("sponsor", "TWB"),))
    sent = typed(sheet_of(unmarked)) | {"act": "sign"}

    answer = bench.post("/workshop/new", sent)
    page = bench.post(answer["Location"].removesuffix("/sign"), sent | {"revision": "1"})

    assert page.context["sheet"].marks.forms[0].errors
    assert "marks" in page.context["sheet"].unfolded
    assert "the hallmark" in page.context["left"]


# -- every problem has its place and its words --------------------------------------------------


def codes():
    """Every code of the laws, as their sources write them."""
    written = [ast.parse(path.read_text()) for path in LAWS]
    calls = [node for tree in written for node in ast.walk(tree) if isinstance(node, ast.Call)]
    problems = [call for call in calls if getattr(call.func, "id", "") == "Problem"]
    return {ast.literal_eval(call.args[1]) for call in problems} | {
        "wording_refused",
        "invalid_record",
    }


def test_every_problem_is_named_in_the_words_of_the_bench():
    assert codes() == set(SUBJECTS)


@pytest.mark.parametrize(
    "path",
    [
        "title",
        "edition",
        "measures.width",
        "markets",
        "collection",
        "parts",
        "parts.1.fineness",
        "parts.0.ident",
        "parts.0.coating",
        "parts.0.coating.micrometres",
        "stones.1.carat_total",
        "stones.0.sizes",
        "stones.0.reports.1",
        "stones.0.reports.0.url",
        "marks",
        "sourcing.1.expires",
    ],
)
def test_a_problem_stands_beside_a_field_of_the_sheet(path):
    sheet = sent_sheet(typed(sheet_of(WHOLE)))
    sheet.is_valid()

    sheet.show([Problem(path, "any", "Look at this again.")])

    shown = [sheet.facts.errors, *(getattr(sheet, name).errors for name in ROWS)]
    shown += [stone.reports.errors for stone in sheet.stones.forms]
    assert "Look at this again." in str(shown)


def test_a_signed_piece_in_full_opens_for_everybody(client):
    certificate = make_certificate(**vars(replace(WHOLE, hallmark_exemption="A study piece.")))

    assert client.get(f"/c/{certificate.public_id}").status_code == 200
    assert client.get(f"/p/{certificate.piece.public_id}").status_code == 200
