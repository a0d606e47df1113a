"""Seasons at the desk: brought, fixed, confirmed and printed, without JavaScript."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from provenance import season_work
from provenance.models.authorisation import Act, Authorisation
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.season import RowState, Season, SeasonState
from provenance.season_file import LONGEST_CELL, digest_of_cells, read_season
from provenance.services import authorise
from provenance.services import season as seasons
from provenance.views.season import ON_A_PAGE
from tests.doors import Passkey, enter_with_passkey
from tests.factories import MAKER_PASSPHRASE, make_held_key, make_mira, make_otto, make_own_key
from tests.provenance.seasons import (
    bands,
    bring,
    keep_photographs,
    make_season,
    packed,
    table,
    two_photographs,
    work,
)
from tests.provenance.sheets import JSON

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


@pytest.fixture
def at_once(monkeypatch):
    """What the process with the opened key does in a thread is done before the answer."""
    monkeypatch.setattr(season_work, "start_signing", season_work.sign_all)


def sent(*rows, photographs: bytes = b"", name: str = "Spring") -> dict[str, object]:
    form = {"name": name, "table": SimpleUploadedFile("spring.csv", table(*rows))}
    if photographs:
        form["photographs"] = SimpleUploadedFile("photographs.zip", photographs)
    return form


def page_of(season: Season, rest: str = "") -> str:
    return f"/workshop/season/{season.public_id}{rest}"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def confirm(desk, season: Season, **more: str):
    form = {"shown": seasons.what_is_confirmed(season)} | more
    return desk.post(page_of(season, "/confirm"), form)


# -- bringing -----------------------------------------------------------------------------------


def test_a_table_and_a_zip_begin_a_season(desk):
    answer = desk.post("/workshop/season", sent(*bands(2), photographs=two_photographs()))

    season = Season.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, page_of(season))
    assert (season.name, season.rows.count(), season.pictures.count()) == ("Spring", 2, 2)


def test_a_script_is_told_where_the_season_is(desk):
    answer = desk.post("/workshop/season", sent(*bands(1)), headers=JSON)

    assert answer.json() == {"to": page_of(Season.objects.get())}


def test_a_table_that_cannot_be_read_is_refused_by_row_and_column(desk):
    broken = sent(*bands(1))
    broken["table"] = SimpleUploadedFile("spring.csv", table(*bands(1)).replace(b"kind", b"kinf"))

    answer = desk.post("/workshop/season", broken)

    assert answer.status_code == 400
    assert "Row 1, kinf: We know no such column. Did you mean kind?" in words(answer)
    assert not Season.objects.exists()


def test_a_script_is_told_the_same(desk):
    broken = sent(*bands(1)) | {"table": SimpleUploadedFile("spring.csv", b"\xff\xfe")}

    answer = desk.post("/workshop/season", broken, headers=JSON)

    assert answer.status_code == 400
    assert "not written in UTF-8" in answer.json()["refused"]


@pytest.mark.parametrize("photographs", [b"no zip", packed(**{"a/../../b__jpg": b"x"})])
def test_a_zip_that_cannot_be_trusted_is_refused(desk, photographs):
    answer = desk.post("/workshop/season", sent(*bands(1), photographs=photographs))

    assert answer.status_code == 400
    assert "The photographs: This" in words(answer)
    assert not Season.objects.exists()


def test_the_same_table_leads_to_the_season_it_became(desk):
    desk.post("/workshop/season", sent(*bands(1)))

    answer = desk.post("/workshop/season", sent(*bands(1), name="Again"))

    assert answer["Location"] == page_of(Season.objects.get())


def test_a_form_without_a_table_says_so(desk):
    answer = desk.post("/workshop/season", {"name": "Spring"})

    assert answer.status_code == 400
    assert "Choose the CSV first." in words(answer)


# -- looking and fixing -------------------------------------------------------------------------


def test_progress_is_told_while_the_season_is_looked_through(desk, mira):
    season = bring(mira, *bands(2))

    page = desk.get(page_of(season))
    told = desk.get(page_of(season, "/progress.json")).json()

    assert "0 of 2 photographs, 0 of 2 rows." in words(page)
    assert "http-equiv" in page.content.decode()
    assert told["is_working"]
    assert (told["done"], told["all"], told["state"]) == (0, 4, "draft")


def test_each_fault_stands_with_its_row_its_column_and_a_field(desk, mira):
    season = make_season(mira, *bands(2), bands(1, kind="rign")[0])

    page = desk.get(page_of(season))

    assert "Row 4" in words(page)
    assert "“rign” is none of: ring, earrings" in words(page)
    assert 'name="column" value="kind"' in page.content.decode()
    assert 'name="text" value="rign"' in page.content.decode()
    assert "To fix 1 Right 2" in words(page)


def test_a_cell_is_fixed_on_the_page(desk, mira):
    season = make_season(mira, bands(1, kind="rign")[0])

    answer = desk.post(
        page_of(season, "/rows"), {"position": "2", "column": "kind", "text": "ring"}, follow=True
    )

    assert "Row 2 is right now." in words(answer)
    assert season.rows.get().state == RowState.READY


@pytest.mark.parametrize(
    ("column", "text", "kept"),
    [
        ("care", "Keep dry.\r\nKeep cool.\r", "Keep dry.\nKeep cool."),
        ("description", "e\u0301t", "\u00e9t"),
    ],
    ids=["lines", "spelling"],
)
def test_a_cell_typed_on_the_page_is_kept_as_a_file_would_bring_it(desk, mira, column, text, kept):
    season = make_season(mira, *bands(2))

    answer = desk.post(
        page_of(season, "/rows"), {"position": "2", "column": column, "text": text}, follow=True
    )

    assert "Row 2 is right now." in words(answer)
    row = season.rows.get(position=2)
    assert row.cells[column] == kept
    exported = read_season(desk.get(page_of(season, "/table.csv")).content)
    assert digest_of_cells(exported.rows[0].cells) == row.cells_sha256


def test_a_fixed_cell_of_many_lines_is_known_again_when_its_table_comes_back(desk, mira):
    season = make_season(mira, bands(1)[0] | {"care": "Solid gold."})
    fixed = {"position": "2", "column": "care", "text": "Keep dry.\r\nKeep cool."}
    desk.post(page_of(season, "/rows"), fixed)
    confirm(desk, season)
    work()

    again = make_season(mira, *read_again(desk, season), bands(2)[1])

    assert [row.state for row in again.rows.all()] == [RowState.SKIPPED, RowState.READY]


def read_again(desk, season: Season) -> list[dict[str, str]]:
    """The rows of its exported table."""
    return [
        dict(row.cells) for row in read_season(desk.get(page_of(season, "/table.csv")).content).rows
    ]


def test_a_cell_takes_as_many_letters_as_a_cell_of_a_file(desk, mira):
    season = make_season(mira, *bands(1))
    text = "x\r\n" * (LONGEST_CELL // 2 - 1) + "xx"

    desk.post(page_of(season, "/rows"), {"position": "2", "column": "description", "text": text})

    assert len(season.rows.get().cells["description"]) == LONGEST_CELL


def test_a_cell_that_is_still_wrong_says_so(desk, mira):
    season = make_season(mira, bands(1, kind="rign")[0])

    answer = desk.post(
        page_of(season, "/rows"), {"position": "2", "column": "kind", "text": "rong"}, follow=True
    )

    assert "Row 2 still needs another look." in words(answer)
    assert "“rong” is none of" in words(answer)


def test_another_photograph_of_the_zip_is_made_safe_when_a_row_names_it(desk, mira):
    season = bring(mira, bands(1)[0] | {"photo_front": "fron.jpg"}, photographs=two_photographs())
    work()

    desk.post(
        page_of(season, "/rows"),
        {"position": "2", "column": "photo_front", "text": "FRONT.jpg"},
    )
    work()

    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED
    assert season.rows.get().errors == []


@pytest.mark.parametrize(
    "form",
    [
        {"position": "99", "column": "kind", "text": "ring"},
        {"position": "2", "column": "price", "text": "12"},
        {"position": "two", "column": "kind", "text": "ring"},
        {"position": "2", "column": "kind", "text": "x" * 5000},
        {"skip": "abc"},
        {"take": "-1"},
        {},
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing(desk, mira, form):
    season = make_season(mira, bands(1, kind="rign")[0])

    answer = desk.post(page_of(season, "/rows"), form)

    assert answer.status_code == 303
    assert season.rows.get().cells["kind"] == "rign"


def test_a_cell_of_a_signed_row_is_not_written(desk, mira):
    season = make_season(mira, *bands(1))
    confirm(desk, season)
    work()
    Season.objects.update(state=SeasonState.CHECKED, done_at=None)

    answer = desk.post(
        page_of(season, "/rows"), {"position": "2", "column": "year", "text": "1999"}, follow=True
    )

    assert "changed meanwhile" in words(answer)
    assert season.rows.get().cells["year"] == "2026"


def test_rows_are_left_out_and_taken_in_again(desk, mira):
    season = make_season(mira, *bands(2), bands(1, kind="rign")[0])

    desk.post(page_of(season, "/rows"), {"skip_wrong": "yes"})
    desk.post(page_of(season, "/rows"), {"skip": "2"})
    desk.post(page_of(season, "/rows"), {"take": "4"})

    states = [row.state for row in season.rows.all()]
    assert states == [RowState.SKIPPED, RowState.READY, RowState.WRONG]


def test_a_long_season_comes_in_pages(desk, mira):
    season = make_season(mira, *bands(ON_A_PAGE + 1))

    page = desk.get(page_of(season, "?show=ready&page=2"))

    assert f"Row {ON_A_PAGE + 2}" in words(page)
    assert "Row 2 " not in words(page)


def test_the_page_asks_the_database_as_often_for_many_rows_as_for_few(
    desk, mira, django_assert_max_num_queries
):
    season = make_season(mira, *bands(40))

    with django_assert_max_num_queries(12):
        desk.get(page_of(season, "?show=all"))


def test_the_table_comes_back_as_it_stands(desk, mira):
    rows = [*bands(2), bands(1)[0] | {"title": "=HYPERLINK(1)"}]
    season = make_season(mira, *rows)

    answer = desk.get(page_of(season, "/table.csv"))

    assert answer["Content-Disposition"] == 'attachment; filename="spring.csv"'
    assert b"'=HYPERLINK(1)" in answer.content
    assert [row.cells for row in read_season(answer.content).rows] == rows


def test_an_abandoned_season_is_signed_no_more(desk, mira):
    season = make_season(mira, *bands(1))

    desk.post(page_of(season, "/abandon"))

    season.refresh_from_db()
    assert season.state == SeasonState.ABANDONED
    assert confirm(desk, season)["Location"] == page_of(season)


def test_what_was_signed_of_an_abandoned_season_is_printed(desk, mira):
    season, other = make_season(mira, *bands(1)), make_season(mira, *bands(2))
    confirm(desk, season)
    work()
    Season.objects.filter(pk=season.pk).update(state=SeasonState.CHECKED, done_at=None)

    for each in (season, other):
        desk.post(page_of(each, "/abandon"))

    assert "Print the label sheets" in words(desk.get(page_of(season)))
    assert "Print the label sheets" not in words(desk.get(page_of(other)))


# -- confirming ---------------------------------------------------------------------------------


def test_a_table_to_begin_with_has_headings_that_are_known(desk):
    headings = desk.get("/workshop/season/headings.csv").content

    assert read_season(headings + b"Harbour band,ring").columns[:2] == ("title", "kind")


def test_one_confirmation_signs_every_row(desk, mira):
    season = make_season(mira, *bands(3))
    asked = desk.get(page_of(season, "/confirm"))

    answer = confirm(desk, season)
    work()

    assert "Sign 3 pieces?" in words(asked)
    assert answer["Location"] == page_of(season)
    assert Certificate.objects.count() == 3
    assert "3 pieces certified." in words(desk.get(page_of(season)))


def test_confirming_twice_signs_once(desk, mira):
    season = make_season(mira, *bands(3))
    confirm(desk, season)

    confirm(desk, season)
    work()

    assert Certificate.objects.count() == 3


def test_what_changed_since_it_was_shown_is_not_confirmed(desk, mira):
    season = make_season(mira, *bands(3))
    shown = seasons.what_is_confirmed(season)
    seasons.skip_rows(season=season, positions=[2])

    answer = desk.post(page_of(season, "/confirm"), {"shown": shown}, follow=True)

    assert "changed meanwhile" in words(answer)
    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED


def test_a_season_with_a_wrong_row_leads_back_to_it(desk, mira):
    season = make_season(mira, *bands(1), bands(1, kind="rign")[0])

    answer = desk.get(page_of(season, "/confirm"))

    assert (answer.status_code, answer["Location"]) == (303, page_of(season))


def test_the_passphrase_opens_the_key_for_this_season(desk, mira, at_once):
    make_held_key(mira)
    season = make_season(mira, *bands(3))

    confirm(desk, season, passphrase=MAKER_PASSPHRASE)

    season.refresh_from_db()
    assert season.state == SeasonState.DONE
    assert Certificate.objects.count() == 3


def test_a_wrong_passphrase_confirms_nothing(desk, mira):
    make_held_key(mira)
    season = make_season(mira, *bands(3))

    answer = confirm(desk, season, passphrase="not the passphrase at all")

    assert answer.status_code == 400
    assert "This does not open the key." in words(answer)
    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED


@pytest.fixture
def passkey(desk, mira):
    """Of Mira, who came in by it."""
    device = Passkey()
    device.belongs_to(mira.user)
    desk.logout()
    enter_with_passkey(desk, mira.user, device)
    return device


def test_whoever_has_a_passkey_lets_it_allow_the_season_as_well(desk, mira, passkey, at_once):
    make_held_key(mira)
    season = make_season(mira, *bands(3))
    asked = desk.get(page_of(season, "/confirm"))
    allow(mira, passkey, seasons.what_is_confirmed(season))

    confirm(desk, season, passphrase=MAKER_PASSPHRASE)

    spent = Authorisation.objects.get(spent_at__isnull=False)
    told = Event.objects.get(kind="season.confirmed").statement
    assert 'data-authorise="sign_batch"' in asked.content.decode()
    assert spent.public_id.encode() in bytes(told)
    assert Certificate.objects.count() == 3


@pytest.mark.parametrize("digest", ["", "5a" * 32], ids=["nothing", "something else"])
def test_a_season_that_the_passkey_did_not_allow_is_not_signed(
    desk, mira, passkey, at_once, digest
):
    make_held_key(mira)
    season = make_season(mira, *bands(3))
    if digest:
        allow(mira, passkey, digest)

    answer = confirm(desk, season, passphrase=MAKER_PASSPHRASE)

    assert answer.status_code == 403
    assert "Your passkey did not allow this." in words(answer)
    assert not Certificate.objects.exists()


def allow(maker, passkey: Passkey, digest: str) -> None:
    question = authorise.new_question(act=Act.SIGN_BATCH, digest=bytes.fromhex(digest))
    answer = passkey.answers(question.challenge)
    authorise.authorise(by=maker.user, question=question, answer=answer)


def test_who_signed_in_yesterday_is_asked_who_they_are_before_confirming(desk, mira):
    season = make_season(mira, *bands(1))

    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        answer = confirm(desk, season)

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED


def test_a_season_that_stopped_is_unlocked_to_continue(desk, mira, at_once, monkeypatch):
    make_held_key(mira)
    season = make_season(mira, *bands(3))
    with monkeypatch.context() as died:
        died.setattr(season_work, "start_signing", lambda *_: None)
        confirm(desk, season, passphrase=MAKER_PASSPHRASE)
    Season.objects.update(leased_until=timezone.now() - timedelta(minutes=1))

    asked = desk.get(page_of(season))
    desk.post(page_of(season, "/unlock"), {"passphrase": MAKER_PASSPHRASE})

    assert "Unlock to continue" in words(asked)
    season.refresh_from_db()
    assert season.state == SeasonState.DONE
    assert Certificate.objects.count() == 3


def test_who_signs_elsewhere_is_told_how_to_go_on(desk, mira):
    make_own_key(mira)
    season = make_season(mira, *bands(1))

    asked = desk.get(page_of(season, "/confirm"))
    confirm(desk, season)

    assert "A season cannot be signed here then" in words(asked)
    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED


# -- whose it is --------------------------------------------------------------------------------

PLACES = ["", "/progress.json", "/table.csv", "/confirm", "/unlock", "/labels.pdf"]
ACTS = ["/rows", "/confirm", "/unlock", "/abandon", "/cards.pdf"]


@pytest.mark.parametrize("place", PLACES)
def test_a_season_is_there_for_its_maker_alone(client, mira, place):
    season = make_season(mira, *bands(1))
    client.force_login(make_mira("someone-else").user)

    assert client.get(page_of(season, place)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_does_anything_to_it(client, mira, act):
    season = make_season(mira, *bands(1))
    client.force_login(make_mira("someone-else").user)

    assert client.post(page_of(season, act)).status_code == 404


@pytest.mark.parametrize("place", PLACES)
def test_who_is_not_signed_in_is_asked_to(client, mira, place):
    season = make_season(mira, *bands(1))

    assert "/accounts/login/" in client.get(page_of(season, place))["Location"]


def test_who_has_no_workshop_is_led_to_open_one(client):
    client.force_login(make_otto())

    assert client.get("/workshop/season")["Location"] == "/workshop/begin"


def test_a_season_of_another_maker_does_not_stand_in_the_way(desk):
    keep_photographs(bring(make_mira("someone-else"), *bands(1), photographs=b""))

    desk.post("/workshop/season", sent(*bands(1)))

    assert Season.objects.count() == 2
