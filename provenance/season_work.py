"""The work on seasons, in units that any of the workers takes under a lease.

A row is signed in one transaction with the piece it makes: a worker that is killed leaves it as
it was, and no row is signed twice.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from provenance import season_pictures, season_rows
from provenance.errors import BadKeyError, KeyLockedError, ProvenanceError
from provenance.forms.season import photographs_of, source_of
from provenance.keys import Signer
from provenance.models.season import PictureState, RowState, Season, SeasonRow, SeasonState
from provenance.services import maker_keys, season_alike, season_twins
from provenance.services import season as seasons
from provenance.services.issue_many import CHUNK, NotAllReadyError
from provenance.services.register_many import Laid, register_many
from tags.services import issuing as tag_services

# Several times what a chunk of rows takes.
LEASE = timedelta(minutes=3)
ROWS_AT_ONCE = 50
MOST_WHILE_A_PAGE_WAITS = 20
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=15)
NOT_SIGNED = "The site could not sign just now. Nothing was lost; confirm again in a while."
TAKEN_OVER = "rows of a season were taken over while they were being signed"
LEFT_OUT = "What was signed in another season meanwhile was left out of this one."
KEY_CHANGED = "The workshop’s key changed after this was confirmed. Confirm again."

log = logging.getLogger(__name__)


class LeaseLostError(ProvenanceError):
    """Another worker took these rows over, or the season moved on, while this one was at work."""

    code = "rows_taken_over"


class KeyChangedError(ProvenanceError):
    """The maker's key in use is another than the one that was confirmed."""

    code = "season_key_changed"


@dataclass(frozen=True)
class Held:
    """Rows held under a lease; `until` is also the proof that we hold them still."""

    rows: Sequence[SeasonRow]
    until: datetime


def work_next() -> bool:
    """Do one unit of work on a season. False when there is nothing to do for us."""
    now = timezone.now()
    at_work = Season.objects.at_work(now).select_related("maker__user", "key").order_by("due_at")
    return any(_work_on(season) for season in at_work)


def _work_on(season: Season) -> bool:
    if season.state == SeasonState.DRAFT:
        return season_pictures.make_next(season) or look_at_next(season)
    if season.key_id is None:
        return sign_next(season, signer=None)
    # Its key is open in a web process, which signs; or that process is gone.
    return seasons.miss_key(season)


@transaction.atomic
def _take(season: Season, state: RowState, many: int) -> Held:
    now = timezone.now()
    free = season.rows.free(state, now)
    # SKIP LOCKED: on PostgreSQL the workers pass one another; SQLite has one writer anyway.
    rows = list(free.select_for_update(skip_locked=True).order_by("position")[:many])
    until = now + LEASE
    season.rows.filter(pk__in=[row.pk for row in rows]).update(leased_until=until)
    return Held(rows, until)


# -- looking ------------------------------------------------------------------------------------

_FOUND = ("state", "errors", "making", "label", "digest", "note", "leased_until")


def look_at_next(season: Season) -> bool:
    """Look at the next rows, once every photograph that they name is ready."""
    if season.pictures.filter(state=PictureState.NEW).exists():
        return False
    held = _take(season, RowState.NEW, ROWS_AT_ONCE)
    if not held.rows:
        seasons.finish_looking(season)
        return False
    season_rows.look_at(season, held.rows)
    write_found(season, held)
    seasons.finish_looking(season)
    return True


def look_at_now(season: Season, row: SeasonRow) -> None:
    """Look at one row that was changed just now, for the page that waits for it."""
    season_rows.look_at(season, [row])
    row.leased_until = None
    # What was found is about these cells and no later ones.
    same = season.rows.filter(pk=row.pk, state=RowState.NEW, cells_sha256=row.cells_sha256)
    same.update(**{name: getattr(row, name) for name in _FOUND})


@transaction.atomic
def fix_cell(*, season: Season, position: int, column: str, text: str) -> SeasonRow:
    """Put another text into a cell and look at its row: both, or neither."""
    row = seasons.write_cell(season=season, position=position, column=column, text=text)
    _look_or_send_back(season, [row, *season_alike.told_of(season, position)])
    return row


@transaction.atomic
def take_in(*, season: Season, position: int) -> SeasonRow:
    """Take a row in again that was left out: what it lacked may be here by now."""
    row = seasons.take_back(season=season, position=position)
    _look_or_send_back(season, [row])
    return row


@transaction.atomic
def leave_out(*, season: Season, position: int) -> None:
    """Leave a row out; those that it made wrong may be right now."""
    if seasons.skip_rows(season=season, positions=[position]):
        _look_or_send_back(season, season_alike.told_of(season, position))


def _look_or_send_back(season: Season, rows: Sequence[SeasonRow]) -> None:
    """Look at these rows, or send the season back to a worker.

    That is where they name a photograph that none named so far, and where they are too many.
    """
    season.rows.filter(pk__in=[row.pk for row in rows]).update(state=RowState.NEW)
    wanted = [
        season_pictures.want(season, name, source=source_of(row.cells))
        for row in rows
        for name in photographs_of(row.cells).values()
    ]
    if any(wanted) or len(rows) > MOST_WHILE_A_PAGE_WAITS:
        seasons.look_again(season=season)
        return
    for row in rows:
        look_at_now(season, row)


@transaction.atomic
def write_found(season: Season, held: Held) -> None:
    """Write what was found, of rows that are still ours and of a season still looked at."""
    seasons.lock(season, SeasonState.DRAFT)
    ours = season.rows.filter(state=RowState.NEW, leased_until=held.until)
    pks = set(ours.values_list("pk", flat=True))
    found = [row for row in held.rows if row.pk in pks]
    for row in found:
        row.leased_until = None
    SeasonRow.objects.bulk_update(found, _FOUND, batch_size=50)


# -- signing ------------------------------------------------------------------------------------


def sign_next(season: Season, *, signer: Signer | None) -> bool:
    """Sign the next rows of a confirmed season. False when none is left for us."""
    held = _take(season, RowState.READY, CHUNK)
    if not held.rows:
        seasons.finish_signing(season)
        return False
    try:
        _sign(season, held, signer)
    except (NotAllReadyError, season_rows.NoLongerReadsError) as problem:
        return _no_longer_ready(season, held, problem)
    except (KeyChangedError, maker_keys.MakerKeyLockedError, maker_keys.MakerSignsElsewhereError):
        seasons.ask_again(season=season, note=KEY_CHANGED)
    except (LeaseLostError, seasons.SeasonMovedOnError):
        log.info(TAKEN_OVER)
        return False
    except (BadKeyError, KeyLockedError, DatabaseError) as problem:
        log.warning("a season waits for another try: %s", type(problem).__name__)
        _put_off(season)
    else:
        seasons.finish_signing(season)
        return True
    _let_go(season, held)
    return False


def _sign(season: Season, held: Held, signer: Signer | None) -> None:
    """Register and sign in one transaction: each row has its piece and certificate, or neither.

    1. The season and these rows are still ours to sign, with the key that was confirmed.
    2. What is signed in another season is left out, unless its maker took it in beside that.
    3. The rest is registered and signed.
    """
    pictures = season_rows.pictures_of(season, held.rows)
    laid = {row.pk: season_rows.laid_again(row, pictures) for row in held.rows}
    with transaction.atomic():
        # 1
        seasons.lock(season, SeasonState.CONFIRMED, SeasonState.SIGNING)
        season_twins.hold_maker(season)
        _check_ours(season, held)
        if maker_keys.key_in_use(season.maker) != season.key:
            raise KeyChangedError("the key in use is another than the one that was confirmed")
        # 2
        known = {row.pk for row in _leave_out_signed(season, held)}
        # 3
        rows = [row for row in held.rows if row.pk not in known]
        _sign_rows(season, rows, [laid[row.pk] for row in rows], signer)
        Season.objects.filter(pk=season.pk).update(state=SeasonState.SIGNING, attempts=0)


def _leave_out_signed(season: Season, held: Held) -> Sequence[SeasonRow]:
    """The maker is held: no season of theirs is signed beside this one."""
    twins = season_twins.signed_twins(season, held.rows)
    known = season_twins.know_again(held.rows, twins)
    if known:
        season_twins.leave_out(known)
        Season.objects.filter(pk=season.pk).update(note=LEFT_OUT)
    return known


def _sign_rows(
    season: Season, rows: Sequence[SeasonRow], laid: Sequence[Laid], signer: Signer | None
) -> None:
    if not rows:
        return
    maker, by = season.maker, season.maker.user
    pieces = register_many(maker=maker, laid=laid, by=by)
    tag_services.issue_with_codes(
        maker=maker, drafts=season_rows.drafts_of(pieces, laid), by=by, maker_signer=signer
    )
    for row, piece in zip(rows, pieces, strict=True):
        row.state, row.piece, row.leased_until = RowState.SIGNED, piece, None
    SeasonRow.objects.bulk_update(rows, ["state", "piece", "leased_until"], batch_size=100)


def _check_ours(season: Season, held: Held) -> None:
    ours = season.rows.filter(state=RowState.READY, leased_until=held.until)
    if ours.count() != len(held.rows):
        raise LeaseLostError("another worker took these rows over")


def _no_longer_ready(season: Season, held: Held, problem: ProvenanceError) -> bool:
    """A law changed its answer since: the document of a claim ran out, or the rules are newer."""
    note = f"A piece is no longer right: {problem} Look at the rows, then confirm the rest."
    try:
        _look_again(season, held, note[:300])
    except (LeaseLostError, seasons.SeasonMovedOnError):
        log.info(TAKEN_OVER)
        return False
    return True


@transaction.atomic
def _look_again(season: Season, held: Held, note: str) -> None:
    """Back to be looked through, these rows anew, if they are still ours."""
    seasons.lock(season, SeasonState.CONFIRMED, SeasonState.SIGNING)
    _check_ours(season, held)
    for row in held.rows:
        row.state, row.leased_until = RowState.NEW, None
    SeasonRow.objects.bulk_update(held.rows, ["state", "leased_until"], batch_size=100)
    seasons.ask_again(season=season, note=note)
    seasons.look_again(season=season)


def _put_off(season: Season) -> None:
    attempts = season.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        seasons.ask_again(season=season, note=NOT_SIGNED)
        return
    pause = FIRST_PAUSE * 2**season.attempts
    Season.objects.filter(pk=season.pk).update(attempts=attempts, due_at=timezone.now() + pause)


def _let_go(season: Season, held: Held) -> None:
    season.rows.filter(leased_until=held.until).update(leased_until=None)


# -- with a key that is kept here ---------------------------------------------------------------


def start_signing(season: Season, signer: Signer) -> None:
    """Sign in this process, which alone has the opened key, while the page goes on."""
    threading.Thread(target=_sign_all, args=(season, signer), daemon=True).start()


def _sign_all(season: Season, signer: Signer) -> None:
    try:
        sign_all(season, signer)
    finally:
        connection.close()


def sign_all(season: Season, signer: Signer) -> None:
    """Sign until nothing is left, or the key changed; whoever stops it loses nothing."""
    while seasons.keep_holding(season) and sign_next(season, signer=signer):
        season.refresh_from_db(fields=["state", "attempts"])
