"""The photographs of a season: kept as they came, each made safe once for all its rows."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from memories import media_source
from memories.errors import MediaUnavailableError, UnsafeUploadError
from provenance import season_zip
from provenance.forms.season import Cells, photographs_of, source_of
from provenance.identifiers import new_public_id
from provenance.intake import safe_photograph
from provenance.models.maker import Maker
from provenance.models.season import PictureState, RowState, Season, SeasonPicture, SeasonState
from provenance.season_file import Season as SeasonFile
from provenance.season_zip import Member, SeasonZipError, key_of
from provenance.services import register
from provenance.services import season as seasons

# Several times what a photograph may take.
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 5
NOT_PREPARED = "We could not prepare this photograph."


@dataclass(frozen=True)
class Brought:
    """Photographs of a ZIP that came later: those that rows `named`, others, and those `kept`.

    What is kept was here already and stays as it is.
    """

    named: int
    unnamed: int
    kept: int


@dataclass(frozen=True)
class Received:
    """The season of a table; `brought` tells what its ZIP brought to one that was here already."""

    season: Season
    brought: Brought | None = None


def receive_season(
    *, maker: Maker, name: str, file: SeasonFile, photographs: "UploadedFile[bytes] | None"
) -> Received:
    """Keep a file and its ZIP until a worker has looked at them.

    The ZIP of a table that is here already goes to its season, while that takes photographs.
    Raises SeasonKnownError and SeasonZipError. Whatever goes wrong, nothing of it is kept.
    """
    if photographs is None:
        return Received(seasons.begin_season(maker=maker, name=name, file=file))
    members = _members(photographs)
    named = _named(row.cells for row in file.rows)
    pictures = [_picture(key, each.path, named.get(key, "")) for key, each in members.items()]
    with kept_zip(photographs) as stored:
        try:
            season = seasons.begin_season(
                maker=maker, name=name, file=file, pictures=pictures, zip_file=stored
            )
        except seasons.SeasonKnownError as known:
            return Received(known.season, _brought_to(known, members, stored))
    return Received(season)


def _brought_to(
    known: seasons.SeasonKnownError, members: Mapping[str, Member], stored: str
) -> Brought:
    try:
        return _add(known.season, members, stored)
    except seasons.SeasonMovedOnError as problem:
        raise known from problem


def add_photographs(*, season: Season, photographs: "UploadedFile[bytes]") -> Brought:
    """Bring photographs to a season that is not confirmed; rows that name them are looked at again.

    Raises SeasonZipError and SeasonMovedOnError; nothing of the ZIP is kept then.
    """
    members = _members(photographs)
    with kept_zip(photographs) as stored:
        return _add(season, members, stored)


def missing_from(season: Season) -> list[str]:
    """The files that rows name and that are not here, or could not be taken."""
    wrong = season.rows.filter(state=RowState.WRONG).values_list("cells", flat=True)
    names = {key_of(name): name for cells in wrong for name in photographs_of(cells).values()}
    here = season.pictures.exclude(state=PictureState.REFUSED).values_list("key", flat=True)
    return [names[key] for key in sorted(names.keys() - set(here))]


def _members(photographs: "UploadedFile[bytes]") -> Mapping[str, Member]:
    return season_zip.members_of(
        photographs,
        largest=settings.UPLOAD_PHOTO_MAX_BYTES,
        most=settings.UPLOAD_SEASON_MAX_BYTES,
    )


@transaction.atomic
def _add(season: Season, members: Mapping[str, Member], stored: str) -> Brought:
    """Put down what is new in a ZIP, in place of what was refused."""
    seasons.lock(season, SeasonState.DRAFT, SeasonState.CHECKED)
    refused = season.pictures.filter(state=PictureState.REFUSED, key__in=members)
    gone = {each.zip_file for each in refused}
    refused.delete()
    here = set(season.pictures.filter(key__in=members).values_list("key", flat=True))
    rows = season.rows.filter(state__in=[RowState.NEW, RowState.WRONG])
    named = _named(row.cells for row in rows)
    new = [
        _picture(key, each.path, named.get(key, ""))
        for key, each in members.items()
        if key not in here
    ]
    for picture in new:
        picture.season, picture.zip_file = season, stored
    SeasonPicture.objects.bulk_create(new)
    _look_again(season, {picture.key for picture in new if picture.state == PictureState.NEW})
    transaction.on_commit(lambda: _drop_zips(season, {*gone, stored}))
    many = sum(picture.state == PictureState.NEW for picture in new)
    return Brought(named=many, unnamed=len(new) - many, kept=len(here))


def _look_again(season: Season, keys: Set[str]) -> None:
    """Have the rows that name these looked at, those too that a worker looks at just now."""
    unsure = season.rows.filter(state__in=[RowState.NEW, RowState.WRONG])
    pks = [
        row.pk
        for row in unsure
        if any(key_of(name) in keys for name in photographs_of(row.cells).values())
    ]
    if not pks:
        return
    season.rows.filter(pk__in=pks).update(state=RowState.NEW, errors=[], leased_until=None)
    Season.objects.filter(pk=season.pk).update(state=SeasonState.DRAFT, due_at=timezone.now())


def _drop_zips(season: Season, zips: Set[str]) -> None:
    """Of these, the ones that hold no photograph of the season any more."""
    held = set(season.pictures.filter(zip_file__in=zips).values_list("zip_file", flat=True))
    for each in zips - held - {""}:
        storages["private"].delete(each)


@contextmanager
def kept_zip(photographs: "UploadedFile[bytes]") -> Iterator[str]:
    """Keep a ZIP under the name that is given, and not when what is done with it fails."""
    private = storages["private"]
    name = f"seasons/{new_public_id()}.zip"
    with ExitStack() as undone:
        # From here on, since half of it may lie there already when a disk is full.
        undone.callback(private.delete, name)
        yield private.save(name, photographs)
        undone.pop_all()


def _named(rows: Iterable[Cells]) -> Mapping[str, str]:
    """The photographs that rows name, each with the strongest word on how it came about."""
    named: dict[str, str] = {}
    for cells in rows:
        source = source_of(cells)
        for name in photographs_of(cells).values():
            key = key_of(name)
            named[key] = media_source.strongest((named.get(key), source)) or source
    return named


def _picture(key: str, path: str, source: str) -> SeasonPicture:
    state = PictureState.NEW if source else PictureState.UNUSED
    return SeasonPicture(key=key, path=path, source=source, state=state)


# -- making safe --------------------------------------------------------------------------------


def make_next(season: Season) -> bool:
    """Make one photograph of the season safe. False when none is left for us."""
    picture = _take(season)
    if picture is None:
        return False
    if picture.attempts > MOST_ATTEMPTS:
        # Whoever took it so often never came back: it is the photograph that kills workers.
        _settle(picture, state=PictureState.REFUSED, refusal=NOT_PREPARED)
        return True
    try:
        _make(season, picture)
    except (UnsafeUploadError, SeasonZipError) as refusal:
        _settle(picture, state=PictureState.REFUSED, refusal=str(refusal)[:300])
    except (MediaUnavailableError, OSError):
        # Its lease runs out, and it is tried again.
        return False
    return True


@transaction.atomic
def _take(season: Season) -> SeasonPicture | None:
    now = timezone.now()
    free = season.pictures.filter(state=PictureState.NEW).exclude(
        Q(leased_until__isnull=False, leased_until__gt=now)
    )
    # SKIP LOCKED: on PostgreSQL the workers pass one another; SQLite has one writer anyway.
    found = free.select_for_update(skip_locked=True).first()
    if found is None:
        return None
    until = now + LEASE
    free.filter(pk=found.pk).update(leased_until=until, attempts=F("attempts") + 1)
    found.leased_until, found.attempts = until, found.attempts + 1
    return found


def _make(season: Season, picture: SeasonPicture) -> None:
    with tempfile.TemporaryDirectory(prefix="season-") as folder:
        unpacked = Path(folder) / "photograph"
        largest = settings.UPLOAD_PHOTO_MAX_BYTES
        zip_file = picture.zip_file or season.zip_file
        with storages["private"].open(zip_file) as packed, unpacked.open("wb") as into:
            season_zip.unpack(packed, picture.path, into, largest=largest)
        with unpacked.open("rb") as content:
            upload = UploadedFile(File(content), picture.key, size=unpacked.stat().st_size)
            with safe_photograph(upload, said=picture.source) as incoming:
                made = incoming.picture
                stored = register.store_renditions(f"pieces/season-{season.public_id}", made)
                _settle(
                    picture,
                    state=PictureState.READY,
                    source=incoming.source(picture.source),
                    sha256=made.largest.sha256,
                    width=made.largest.width,
                    height=made.largest.height,
                    placeholder=made.placeholder,
                    renditions=stored,
                )


def _settle(picture: SeasonPicture, **fields: object) -> None:
    """Write what became of it, if the lease is still ours and the season is still looked at."""
    held = SeasonPicture.objects.filter(
        pk=picture.pk, leased_until=picture.leased_until, season__state=SeasonState.DRAFT
    )
    if held.update(leased_until=None, **fields):
        return
    renditions = fields.get("renditions")
    for each in renditions.values() if isinstance(renditions, dict) else ():
        storages["private"].delete(each["file"])


def want(season: Season, name: str, *, source: str) -> bool:
    """Whether a worker must first make this file safe, since no row named it so far."""
    unused = season.pictures.filter(key=key_of(name), state=PictureState.UNUSED)
    return bool(unused.update(state=PictureState.NEW, source=source))
