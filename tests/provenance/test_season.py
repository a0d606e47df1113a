"""A season: fixed, confirmed once, and signed once each whatever happens on the way."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from provenance import season_work
from provenance.canonical import parse_object
from provenance.credentials import proofs_of, subject_of
from provenance.errors import KeyLockedError
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.piece import Photograph, Piece
from provenance.models.season import RowState, Season, SeasonPicture, SeasonRow, SeasonState
from provenance.services import maker_keys, platform
from provenance.services import season as seasons
from provenance.services.issue_many import NotAllReadyError
from tags.life import TagState
from tags.models.tag import Tag
from tests.factories import make_held_key, make_mira, make_own_key
from tests.provenance.season_laws import one_piece_for_two_rows
from tests.provenance.seasons import bands, bring, looked_at, make_season, states_of, work

pytestmark = pytest.mark.django_db
FEW = 3


@pytest.fixture
def mira():
    return make_mira()


def confirm(season: Season, **rest) -> Season:
    shown = seasons.what_is_confirmed(season)
    return seasons.confirm_season(season=season, shown=shown, by=season.maker.user, **rest)


def silence(season: Season) -> None:
    """As if whoever was at work had been gone for long."""
    long_ago = timezone.now() - timedelta(hours=1)
    season.rows.update(leased_until=long_ago)
    Season.objects.filter(pk=season.pk, leased_until__isnull=False).update(leased_until=long_ago)


# -- signing ------------------------------------------------------------------------------------


def test_each_row_becomes_one_piece_with_certificate_and_code(mira):
    season = make_season(mira, *bands(FEW))

    confirm(season)
    work()

    season.refresh_from_db()
    assert season.state == SeasonState.DONE
    assert Piece.objects.issued().count() == Certificate.objects.count() == FEW
    assert Tag.objects.filter(state=TagState.ACTIVE, place="card").count() == FEW
    assert [row.piece.serial for row in season.rows.all()] == ["001", "002", "003"]


def test_a_certificate_of_a_season_verifies_and_names_its_photographs_and_code(mira):
    season = looked_at(mira, *bands(1))
    confirm(season)
    work()

    certificate = Certificate.objects.get()
    document = parse_object(bytes(certificate.files.get().content))
    subject = subject_of(document)
    assert [photo["role"] for photo in subject["photos"]] == ["front", "scale"]
    assert subject["tags"][0]["id"] == Tag.objects.get().public_id
    assert Photograph.objects.filter(piece=certificate.piece).count() == 2
    assert len(proofs_of(document)) == 1


def test_the_acts_of_a_season_stand_on_record(mira):
    season = make_season(mira, *bands(FEW))
    shown = seasons.what_is_confirmed(season)

    confirm(season)
    work()

    kinds = list(Event.objects.values_list("kind", flat=True))
    for kind in ("piece.registered", "tag.bound", "certificate.issued"):
        assert kinds.count(kind) == FEW
    confirmed = Event.objects.get(kind="season.confirmed")
    assert bytes(confirmed.digest).hex() == shown


def test_work_done_twice_signs_once(mira):
    season = make_season(mira, *bands(FEW))
    confirm(season)
    work()

    Season.objects.filter(pk=season.pk).update(state=SeasonState.SIGNING, done_at=None)
    work()

    assert Certificate.objects.count() == FEW


def test_a_season_is_confirmed_once(mira):
    season = make_season(mira, *bands(FEW))
    confirm(season)

    with pytest.raises(seasons.SeasonMovedOnError):
        confirm(season)


def test_nobody_confirms_what_they_did_not_see(mira):
    season = make_season(mira, *bands(FEW))
    seen = seasons.what_is_confirmed(season)
    seasons.skip_rows(season=season, positions=[2])

    with pytest.raises(seasons.SeasonChangedError):
        seasons.confirm_season(season=season, shown=seen, by=mira.user)


def test_a_season_with_a_wrong_row_is_not_confirmed(mira):
    season = make_season(mira, *bands(2), bands(1, kind="rign")[0])

    with pytest.raises(seasons.SeasonNotReadyError):
        confirm(season)


def test_a_season_with_nothing_to_sign_is_not_confirmed(mira):
    season = make_season(mira, *bands(1))
    seasons.skip_rows(season=season, positions=[2])

    with pytest.raises(seasons.SeasonNotReadyError):
        confirm(season)


def test_a_row_that_is_no_longer_right_is_asked_about_again(mira):
    claim = {
        "claim1_kind": "recycled",
        "claim1_scheme": "Chain of custody",
        "claim1_scope": "product",
        "claim1_document": "CoC 17",
        "claim1_expires": str(timezone.now().date() + timedelta(days=1)),
    }
    season = make_season(mira, *bands(2), bands(1)[0] | {"serial": "x"} | claim)
    confirm(season)
    # The document runs out before the worker comes.
    row = season.rows.get(position=4)
    row.cells["claim1_expires"] = "2020-01-01"
    row.save(update_fields=["cells"])

    work()

    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED
    assert "no longer right" in season.note
    assert states_of(season) == [RowState.READY, RowState.READY, RowState.WRONG]
    assert not Certificate.objects.exists()


def test_a_row_that_was_found_right_before_we_asked_for_its_edition_is_not_signed(mira):
    season = make_season(mira, *bands(2))
    confirm(season)
    for row in season.rows.all():
        del row.cells["edition"]
        row.save(update_fields=["cells"])

    work()

    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED
    assert "Row 2, edition: Say which it is" in season.note
    assert states_of(season) == [RowState.WRONG] * 2
    assert not Certificate.objects.exists()


def test_a_site_that_cannot_sign_tries_again_and_then_says_so(mira, monkeypatch):
    season = make_season(mira, *bands(1))
    confirm(season)

    def locked():
        raise KeyLockedError("the passphrase does not open the key file")

    monkeypatch.setattr(platform, "issuing_signer", locked)
    for _ in range(season_work.MOST_ATTEMPTS):
        work()
        Season.objects.filter(pk=season.pk).update(due_at=timezone.now())

    season.refresh_from_db()
    assert (season.state, season.note) == (SeasonState.CHECKED, season_work.NOT_SIGNED)
    assert states_of(season) == [RowState.READY]


def test_a_transaction_that_breaks_off_leaves_rows_that_are_signed_later(mira, monkeypatch):
    season = make_season(mira, *bands(FEW))
    confirm(season)
    tell = season_work.tag_services.issue_with_codes

    def break_off(**rest):
        tell(**rest)
        raise DatabaseError("the power went out")

    monkeypatch.setattr(season_work.tag_services, "issue_with_codes", break_off)
    work()
    monkeypatch.undo()
    assert not Piece.objects.exists()
    Season.objects.filter(pk=season.pk).update(due_at=timezone.now())

    work()

    assert Certificate.objects.count() == FEW


def test_rows_another_worker_took_over_are_not_signed(mira):
    season = make_season(mira, *bands(FEW))
    confirm(season)
    held = season_work._take(season, RowState.READY, FEW)
    silence(season)

    with pytest.raises(season_work.LeaseLostError):
        season_work._sign(Season.objects.get(pk=season.pk), held, None)

    assert not Piece.objects.exists()


# -- with a key kept here -----------------------------------------------------------------------


def test_a_season_is_signed_with_the_makers_key_while_it_is_open(mira):
    signer = make_held_key(mira)
    season = make_season(mira, *bands(FEW))
    season = confirm(season, holds_key=True)

    season_work.sign_all(season, signer)

    season.refresh_from_db()
    assert season.state == SeasonState.DONE
    documents = [
        parse_object(bytes(each.files.get().content)) for each in Certificate.objects.all()
    ]
    assert [len(proofs_of(document)) for document in documents] == [2] * FEW


def test_a_key_that_is_kept_here_must_be_opened_to_confirm(mira):
    make_held_key(mira)
    season = make_season(mira, *bands(1))

    with pytest.raises(maker_keys.MakerKeyLockedError):
        confirm(season)


def test_a_worker_never_signs_for_a_key_it_does_not_hold(mira):
    make_held_key(mira)
    season = confirm(make_season(mira, *bands(FEW)), holds_key=True)

    work()

    season.refresh_from_db()
    assert season.state == SeasonState.CONFIRMED
    assert not Certificate.objects.exists()


def test_a_season_whose_process_died_waits_to_be_unlocked_and_goes_on(mira):
    signer = make_held_key(mira)
    season = confirm(make_season(mira, *bands(FEW)), holds_key=True)
    silence(season)
    work()
    season.refresh_from_db()
    assert season.state == SeasonState.WAITING_FOR_KEY

    held = seasons.hold_key(season=season)
    season_work.sign_all(held, signer)

    season.refresh_from_db()
    assert season.state == SeasonState.DONE
    assert Certificate.objects.count() == FEW


def test_a_process_that_was_taken_for_dead_signs_nothing_more(mira):
    signer = make_held_key(mira)
    season = confirm(make_season(mira, *bands(FEW)), holds_key=True)
    slow = Season.objects.get(pk=season.pk)
    silence(season)
    seasons.miss_keys(now=timezone.now())

    season_work.sign_all(slow, signer)

    assert not Certificate.objects.exists()


def test_a_key_that_is_retired_meanwhile_asks_for_another_confirmation(mira):
    signer = make_held_key(mira)
    season = confirm(make_season(mira, *bands(FEW)), holds_key=True)
    maker_keys.retire_key(maker=mira, by=mira.user)

    season_work.sign_all(season, signer)

    season.refresh_from_db()
    assert (season.state, season.note) == (SeasonState.CHECKED, season_work.KEY_CHANGED)
    assert not Certificate.objects.exists()


def test_who_signs_elsewhere_confirms_no_season_here(mira):
    make_own_key(mira)
    season = make_season(mira, *bands(1))

    with pytest.raises(maker_keys.MakerSignsElsewhereError):
        confirm(season)


# -- fixing, skipping, bringing again -----------------------------------------------------------


def test_a_cell_is_fixed_in_place(mira):
    season = make_season(mira, bands(1, kind="rign")[0])

    row = seasons.write_cell(season=season, position=2, column="kind", text="ring")
    season_work.look_at_now(season, row)

    assert states_of(season) == [RowState.READY]


def test_what_was_found_of_older_cells_is_not_written(mira):
    season = make_season(mira, bands(1, kind="rign")[0])
    older = seasons.write_cell(season=season, position=2, column="kind", text="ring")
    seasons.write_cell(season=season, position=2, column="kind", text="rong")

    season_work.look_at_now(season, older)

    assert states_of(season) == [RowState.NEW]


def partly_signed(mira, made=make_season) -> Season:
    """Two rows of three are signed; the third is back to be looked at."""
    season = confirm(made(mira, *bands(FEW)))
    held = season_work._take(season, RowState.READY, 2)
    season_work._sign(season, held, None)
    seasons.ask_again(season=season, note="Look again.")
    season.refresh_from_db()
    assert states_of(season) == [RowState.SIGNED, RowState.SIGNED, RowState.READY]
    return season


def test_no_cell_of_a_signed_row_is_written(mira):
    season = partly_signed(mira)

    with pytest.raises(SeasonRow.DoesNotExist):
        seasons.write_cell(season=season, position=2, column="title", text="Another ring")

    assert season.rows.get(position=2).cells["title"] == "Harbour band"


def test_a_cell_whose_row_could_not_be_looked_at_stays_as_it_was(mira, monkeypatch):
    season = make_season(mira, bands(1, kind="rign")[0])

    def break_off(*_):
        raise DatabaseError("the power went out")

    monkeypatch.setattr(season_work.season_rows, "look_at", break_off)
    with pytest.raises(DatabaseError):
        season_work.fix_cell(season=season, position=2, column="kind", text="ring")

    row = season.rows.get()
    assert (row.state, row.cells["kind"]) == (RowState.WRONG, "rign")


def test_rows_another_worker_took_over_are_not_sent_back(mira, monkeypatch):
    season = confirm(make_season(mira, *bands(FEW)))

    def outpaced(_season, held, _signer):
        """Another worker takes the rows and signs them; then ours finds one not right."""
        silence(season)
        theirs = season_work._take(season, RowState.READY, FEW)
        sign(season, theirs, None)
        raise NotAllReadyError(Piece.objects.first(), [])

    sign = season_work._sign
    monkeypatch.setattr(season_work, "_sign", outpaced)
    assert not season_work.sign_next(season, signer=None)

    assert states_of(season) == [RowState.SIGNED] * FEW
    season.refresh_from_db()
    assert season.state == SeasonState.SIGNING


def test_every_wrong_row_is_skipped_at_once(mira):
    season = make_season(mira, *bands(2), bands(1, kind="rign")[0])

    seasons.skip_rows(season=season)

    assert states_of(season) == [RowState.READY, RowState.READY, RowState.SKIPPED]


def test_a_row_left_out_is_taken_back_as_it_was(mira):
    season = make_season(mira, bands(1)[0], bands(1, kind="rign")[0])
    seasons.skip_rows(season=season, positions=[2, 3])

    season_work.take_in(season=season, position=2)
    season_work.take_in(season=season, position=3)

    assert states_of(season) == [RowState.READY, RowState.WRONG]


def test_the_same_file_leads_to_the_season_it_became(mira):
    first = make_season(mira, *bands(FEW))

    with pytest.raises(seasons.SeasonKnownError) as refused:
        bring(mira, *bands(FEW), photographs=b"")

    assert refused.value.season == first
    assert Season.objects.count() == 1


def test_a_file_that_was_abandoned_may_be_brought_again(mira):
    seasons.abandon_season(season=make_season(mira, *bands(FEW)))

    again = make_season(mira, *bands(FEW))

    assert again.state == SeasonState.CHECKED


def test_a_row_that_was_signed_in_another_season_is_left_out_until_it_is_taken_back(mira):
    confirm(make_season(mira, *bands(FEW)))
    work()

    season = make_season(mira, *bands(FEW + 1))

    assert states_of(season) == [RowState.SKIPPED] * FEW + [RowState.READY]
    assert "row 2 of “Spring”" in season.rows.get(position=2).note
    season_work.take_in(season=season, position=2)
    assert season.rows.get(position=2).state == RowState.READY


# -- what is kept -------------------------------------------------------------------------------


def files() -> list[str]:
    private = storages["private"]
    found = []
    for folder in ("seasons", "pieces"):
        for inner in private.listdir(folder)[0] if private.exists(folder) else []:
            for deeper in private.listdir(f"{folder}/{inner}")[0]:
                found += private.listdir(f"{folder}/{inner}/{deeper}")[1]
        found += private.listdir(folder)[1] if private.exists(folder) else []
    return found


def test_a_season_that_is_done_keeps_the_photographs_of_its_pieces_alone(mira):
    before = len(files())
    season = looked_at(mira, *bands(2))
    confirm(season)

    work()

    season.refresh_from_db()
    assert season.zip_file == ""
    assert len(files()) - before == 6


def test_an_abandoned_season_keeps_no_photograph(mira, django_capture_on_commit_callbacks):
    before = len(files())
    season = looked_at(mira, *bands(2))

    with django_capture_on_commit_callbacks(execute=True):
        seasons.abandon_season(season=season)

    assert len(files()) == before
    assert states_of(season) == [RowState.READY] * 2


@pytest.mark.parametrize("table_of", [SeasonRow, SeasonPicture])
def test_of_a_season_that_could_not_be_received_nothing_is_kept(mira, monkeypatch, table_of):
    before = files()

    def break_off(rows):
        raise DatabaseError("the power went out")

    monkeypatch.setattr(table_of.objects, "bulk_create", break_off)
    with pytest.raises(DatabaseError):
        bring(mira, *bands(FEW))

    assert not Season.objects.exists()
    assert files() == before


def test_of_a_zip_that_could_not_be_stored_whole_nothing_is_kept(mira, monkeypatch):
    before = files()
    private = storages["private"]
    save = private.save

    def fill_the_disk(name, content):
        save(name, ContentFile(b"half of it"))
        raise OSError("No space left on device")

    monkeypatch.setattr(private, "save", fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        bring(mira, *bands(FEW))

    assert not Season.objects.exists()
    assert files() == before


def test_the_same_file_brought_again_keeps_no_second_zip(mira, django_capture_on_commit_callbacks):
    bring(mira, *bands(FEW))
    before = files()

    with django_capture_on_commit_callbacks(execute=True):
        again = bring(mira, *bands(FEW))

    assert again == Season.objects.get()
    assert files() == before


def is_kept(photograph: Photograph) -> bool:
    private = storages["private"]
    return all(private.exists(each["file"]) for each in photograph.renditions.values())


def replace_photographs() -> None:
    """As a newer certificate does; what the first one names stays on file."""
    Photograph.objects.update(replaced_at=timezone.now())


def test_an_abandoned_season_keeps_what_a_replaced_certificate_names(
    mira, django_capture_on_commit_callbacks
):
    season = partly_signed(mira, made=looked_at)
    replace_photographs()

    with django_capture_on_commit_callbacks(execute=True):
        seasons.abandon_season(season=season)

    assert [is_kept(each) for each in Photograph.ever.all()] == [True] * 4


def test_a_season_that_is_done_keeps_what_a_replaced_certificate_names(mira):
    season = partly_signed(mira, made=looked_at)
    replace_photographs()
    seasons.skip_rows(season=season, positions=[4])
    now = timezone.now()
    Season.objects.filter(pk=season.pk).update(
        state=SeasonState.SIGNING, confirmed_at=now, confirmed_digest="0" * 64
    )

    work()

    season.refresh_from_db()
    assert (season.state, season.zip_file) == (SeasonState.DONE, "")
    assert [is_kept(each) for each in Photograph.ever.all()] == [True] * 4


def test_a_photograph_that_kills_workers_is_given_up(mira):
    season = bring(mira, *bands(1))
    season.pictures.update(attempts=5)

    work()

    season.refresh_from_db()
    assert season.state == SeasonState.CHECKED
    assert "could not prepare" in season.rows.get().errors[0][1]


def test_a_piece_stands_behind_one_row_alone():
    with pytest.raises(IntegrityError):
        one_piece_for_two_rows()
