"""The acts on a season: begin, fix and skip its rows, confirm it once, abandon it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from provenance.canonical import JSON, canonical_bytes
from provenance.errors import ProvenanceError
from provenance.models.authorisation import Act, Authorisation
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.models.piece import Photograph
from provenance.models.season import (
    PictureState,
    RowState,
    Season,
    SeasonPicture,
    SeasonRow,
    SeasonState,
)
from provenance.season_file import Season as SeasonFile
from provenance.season_file import digest_of_cells
from provenance.services import authorise, maker_keys, season_alike, season_twins
from provenance.services.events import record

# Longer than a chunk of rows ever takes to sign: a process that is silent this long is gone.
KEY_LEASE = timedelta(minutes=2)
ABANDONABLE = [SeasonState.DRAFT, SeasonState.CHECKED, SeasonState.WAITING_FOR_KEY]


class SeasonKnownError(ProvenanceError):
    """The same file was brought before; `season` is what came of it."""

    code = "season_known"

    def __init__(self, season: Season) -> None:
        super().__init__(f"This file is here already, as “{season.name}”.")
        self.season = season


class SeasonMovedOnError(ProvenanceError):
    """The season is no longer where this act needs it."""

    code = "season_moved_on"


class SeasonNotReadyError(ProvenanceError):
    """The season has rows that are neither right nor left out, or none to sign."""

    code = "season_not_ready"


class SeasonChangedError(ProvenanceError):
    """The season is not what was looked at when it was confirmed."""

    code = "season_changed"


# -- beginning ----------------------------------------------------------------------------------


@transaction.atomic
def begin_season(
    *,
    maker: Maker,
    name: str,
    file: SeasonFile,
    pictures: Sequence[SeasonPicture] = (),
    zip_file: str = "",
) -> Season:
    """Put a file's rows down to be looked through; nothing is registered yet.

    `pictures` are unsaved, of the ZIP that is kept as `zip_file`. Raises SeasonKnownError. It is
    one transaction: a worker that met a season without its rows would take it for looked through.
    """
    season = _begun(maker=maker, name=name, file=file, zip_file=zip_file)
    SeasonRow.objects.bulk_create(
        SeasonRow(
            season=season,
            position=row.number,
            cells=dict(row.cells),
            cells_sha256=digest_of_cells(row.cells),
        )
        for row in file.rows
    )
    for picture in pictures:
        picture.season = season
    SeasonPicture.objects.bulk_create(pictures)
    return season


def _begun(*, maker: Maker, name: str, file: SeasonFile, zip_file: str) -> Season:
    facts = {"columns": list(file.columns), "source_sha256": file.digest, "zip_file": zip_file}
    try:
        with transaction.atomic():
            return Season.objects.create(maker=maker, name=name, **facts)
    except IntegrityError as problem:
        brought = Season.objects.made_by(maker).exclude(state=SeasonState.ABANDONED)
        known = brought.filter(source_sha256=file.digest).first()
        if known is None:
            raise SeasonMovedOnError("This was changed meanwhile. Bring it again.") from problem
        raise SeasonKnownError(known) from problem


# -- fixing -------------------------------------------------------------------------------------


def lock(season: Season, *states: SeasonState) -> Season:
    """The season's row, held in the transaction at hand, if it is in one of these states."""
    held = Season.objects.select_for_update().filter(pk=season.pk, state__in=states).first()
    if held is None:
        raise SeasonMovedOnError("This was changed meanwhile. Look at it again.")
    return held


@transaction.atomic
def write_cell(*, season: Season, position: int, column: str, text: str) -> SeasonRow:
    """Put another text into a cell of a row that is not signed, which is to be looked at again.

    Raises SeasonMovedOnError, and SeasonRow.DoesNotExist when there is no such row any more.
    """
    lock(season, SeasonState.CHECKED)
    unsigned = season.rows.select_for_update().exclude(state=RowState.SIGNED)
    row = unsigned.get(position=position)
    row.cells = {**row.cells, column: text}
    if not text:
        del row.cells[column]
    row.cells_sha256 = digest_of_cells(row.cells)
    row.state, row.note, row.errors, row.known_twins = RowState.NEW, "", [], 0
    row.save(update_fields=["cells", "cells_sha256", "state", "note", "errors", "known_twins"])
    if column not in season.columns:
        Season.objects.filter(pk=season.pk).update(columns=[*season.columns, column])
    return row


@transaction.atomic
def look_again(*, season: Season) -> None:
    """Send the season back to the worker, which looks at the rows that are new."""
    lock(season, SeasonState.CHECKED)
    Season.objects.filter(pk=season.pk).update(state=SeasonState.DRAFT, due_at=timezone.now())


@transaction.atomic
def skip_rows(*, season: Season, positions: Sequence[int] | None = None) -> int:
    """Leave these rows out, or all that are wrong; tells how many."""
    lock(season, SeasonState.CHECKED)
    rows = season.rows.filter(state__in=[RowState.READY, RowState.WRONG])
    chosen = (
        rows.filter(state=RowState.WRONG)
        if positions is None
        else rows.filter(position__in=positions)
    )
    return chosen.update(state=RowState.SKIPPED)


@transaction.atomic
def take_back(*, season: Season, position: int) -> SeasonRow:
    """Take a row in again that was left out, knowing of those that its note tells of.

    It is to be looked at again. Raises SeasonMovedOnError and SeasonRow.DoesNotExist.
    """
    lock(season, SeasonState.CHECKED)
    season_twins.hold_maker(season)
    row = season.rows.select_for_update().get(state=RowState.SKIPPED, position=position)
    if row.note:
        row.known_twins = len(season_twins.signed_twins(season, [row]).get(row.cells_sha256, ()))
    row.state, row.note = RowState.NEW, ""
    row.save(update_fields=["state", "note", "known_twins"])
    return row


# -- confirming ---------------------------------------------------------------------------------


def what_is_confirmed(season: Season) -> str:
    """Names everything that would be signed, row by row, as 64 hex digits."""
    ready = season.rows.filter(state=RowState.READY).values_list("position", "digest")
    listed: list[JSON] = [[position, digest] for position, digest in ready.order_by("position")]
    return hashlib.sha256(canonical_bytes(listed)).hexdigest()


def confirm_season(*, season: Season, shown: str, by: User, holds_key: bool = False) -> Season:
    """Confirm once what is signed from here on without asking again.

    `shown` is `what_is_confirmed` of what the person looked at. With `holds_key` the process at
    hand has the maker's key open and signs; a maker who has a passkey has authorised it then,
    and the assertion is kept. Raises SeasonMovedOnError, SeasonNotReadyError, SeasonChangedError,
    MakerSignsElsewhereError, MakerKeyLockedError and NotAuthorisedError. What `find_out_alike`
    finds first stays found.
    """
    if find_out_alike(season=season):
        raise SeasonChangedError("This was changed meanwhile. Look at it again.")
    return _confirm(season, shown=shown, by=by, holds_key=holds_key)


@transaction.atomic
def find_out_alike(*, season: Season) -> int:
    """Look once more for rows that must not be signed beside others; tells how many there are.

    Left out is what was signed in another season since it was looked at, and wrong what another
    row of the season says already.
    """
    lock(season, SeasonState.CHECKED)
    season_twins.hold_maker(season)
    ready = season.rows.filter(state=RowState.READY)
    known = season_twins.know_again(ready, season_twins.signed_twins(season, ready))
    season_twins.leave_out(known)
    wrong = list(season_alike.faults_of(season, season.rows.filter(state=RowState.READY)))
    for row, fault in wrong:
        row.state, row.digest, row.label = RowState.WRONG, "", ""
        row.errors = [*row.errors, list(fault)]
        row.save(update_fields=["state", "digest", "label", "errors"])
    return len(known) + len(wrong)


@transaction.atomic
def _confirm(season: Season, *, shown: str, by: User, holds_key: bool) -> Season:
    season = lock(season, SeasonState.CHECKED)
    states = set(season.rows.values_list("state", flat=True))
    if states & {RowState.NEW, RowState.WRONG} or RowState.READY not in states:
        raise SeasonNotReadyError("Fix or skip every row that is not right, then confirm.")
    if shown != what_is_confirmed(season):
        raise SeasonChangedError("This was changed meanwhile. Look at it again.")
    now = timezone.now()
    season.key = _key_that_signs(season.maker, holds_key=holds_key)
    season.state, season.confirmed_digest, season.confirmed_at = SeasonState.CONFIRMED, shown, now
    season.due_at, season.attempts, season.note = now, 0, ""
    season.leased_until = now + KEY_LEASE if season.key else None
    season.save()
    many = season.rows.filter(state=RowState.READY).count()
    digest = bytes.fromhex(shown)
    facts = {"season": season.public_id, "pieces": many}
    if allowed := _allowed(season.key, by=by, digest=digest, now=now):
        facts["authorisation"] = allowed.public_id
    record("season.confirmed", by=by, maker=season.maker, facts=facts, digest=digest, at=now)
    return season


def _allowed(
    key: SigningKey | None, *, by: User, digest: bytes, now: datetime
) -> Authorisation | None:
    if key is None:
        return None
    return authorise.allow_key_use(by=by, act=Act.SIGN_BATCH, digest=digest, now=now)


def _key_that_signs(maker: Maker, *, holds_key: bool) -> SigningKey | None:
    key = maker_keys.key_in_use(maker)
    if key and key.level == KeyLevel.OWN:
        raise maker_keys.MakerSignsElsewhereError("this workshop signs with a key of its own")
    if key and not holds_key:
        raise maker_keys.MakerKeyLockedError("the workshop's key must be opened to sign")
    return key


def hold_key(*, season: Season) -> Season | None:
    """Go on with a key that was opened anew; None when another process signs already."""
    until = timezone.now() + KEY_LEASE
    moved = Season.objects.filter(pk=season.pk, state=SeasonState.WAITING_FOR_KEY).update(
        state=SeasonState.SIGNING, leased_until=until
    )
    return Season.objects.select_related("maker", "key").get(pk=season.pk) if moved else None


def keep_holding(season: Season) -> bool:
    """Say that the key is still with us; False when somebody took over."""
    until = timezone.now() + KEY_LEASE
    held = Season.objects.filter(pk=season.pk, leased_until=season.leased_until)
    is_ours = bool(held.update(leased_until=until))
    season.leased_until = until
    return is_ours


def miss_keys(*, now: datetime) -> int:
    """Seasons whose opened key went away with its process now wait to be unlocked."""
    silent = Season.objects.filter(
        state__in=[SeasonState.CONFIRMED, SeasonState.SIGNING],
        key__isnull=False,
        leased_until__lt=now,
    )
    return silent.update(state=SeasonState.WAITING_FOR_KEY, leased_until=None)


def miss_key(season: Season) -> bool:
    """The same for one season, when its page is opened."""
    now = timezone.now()
    is_silent = season.leased_until is not None and season.leased_until < now
    return season.key_id is not None and is_silent and bool(miss_keys(now=now))


def ask_again(*, season: Season, note: str) -> None:
    """Back to where it is confirmed: what was confirmed cannot be signed as it stands."""
    Season.objects.filter(
        pk=season.pk, state__in=[SeasonState.CONFIRMED, SeasonState.SIGNING]
    ).update(
        state=SeasonState.CHECKED,
        note=note,
        key=None,
        confirmed_digest="",
        confirmed_at=None,
        leased_until=None,
        attempts=0,
    )


# -- ending -------------------------------------------------------------------------------------


@transaction.atomic
def finish_looking(season: Season) -> None:
    """Once nothing is left to look at, its maker can go on."""
    # Held: nobody sends it more to look at between the question and the answer.
    looked = Season.objects.select_for_update().filter(pk=season.pk, state=SeasonState.DRAFT)
    if not looked:
        return
    waits = (
        season.pictures.filter(state=PictureState.NEW).exists()
        or season.rows.filter(state=RowState.NEW).exists()
    )
    if not waits:
        looked.update(state=SeasonState.CHECKED, attempts=0)


def finish_signing(season: Season) -> None:
    """Once every row is signed that was confirmed, the season is done, and the ZIP goes."""
    if season.rows.filter(state=RowState.READY).exists():
        return
    done = Season.objects.filter(
        pk=season.pk, state__in=[SeasonState.CONFIRMED, SeasonState.SIGNING]
    )
    zip_file = season.zip_file
    now = timezone.now()
    if done.update(state=SeasonState.DONE, done_at=now, leased_until=None, zip_file=""):
        _let_go(season, zip_file)


@transaction.atomic
def abandon_season(*, season: Season) -> None:
    """Sign no more of it. What is signed stays, and its photographs with it."""
    held = lock(season, *ABANDONABLE)
    Season.objects.filter(pk=season.pk).update(
        state=SeasonState.ABANDONED, zip_file="", leased_until=None
    )
    transaction.on_commit(lambda: _let_go(season, held.zip_file))


def _let_go(season: Season, zip_file: str) -> None:
    """The ZIPs, and what was made of photographs that no certificate ever named."""
    private = storages["private"]
    later = season.pictures.exclude(zip_file="").values_list("zip_file", flat=True).distinct()
    for each in filter(None, (zip_file, *later)):
        private.delete(each)
    # `ever`: a certificate that was replaced since still names its own.
    named = Photograph.ever.filter(piece__season_row__season=season)
    used = set(named.values_list("sha256", flat=True))
    for picture in season.pictures.exclude(sha256__in=used):
        for rendition in picture.renditions.values():
            private.delete(rendition["file"])
    season.pictures.exclude(sha256__in=used).delete()


# -- counting -----------------------------------------------------------------------------------


def counts_of(season: Season) -> Mapping[str, int]:
    """How many rows are in each state, how many pictures are ready, and how many there are."""
    states = {str(state): Count("pk", filter=Q(state=state)) for state in RowState}
    rows = season.rows.aggregate(all=Count("pk"), **states)
    named = season.pictures.exclude(state=PictureState.UNUSED)
    pictures = named.aggregate(
        pictures=Count("pk"), waiting=Count("pk", filter=Q(state=PictureState.NEW))
    )
    return {**rows, **pictures}
