"""The photographs of a season: kept as they came, each made safe once for all its rows."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
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
from provenance.forms.season import photographs_of, source_of
from provenance.identifiers import new_public_id
from provenance.intake import safe_photograph
from provenance.models.maker import Maker
from provenance.models.season import PictureState, Season, SeasonPicture, SeasonState
from provenance.season_file import Season as SeasonFile
from provenance.season_zip import SeasonZipError, key_of
from provenance.services import register
from provenance.services import season as seasons

# Several times what a photograph may take.
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 5
NOT_PREPARED = "We could not prepare this photograph."


def receive_season(
    *, maker: Maker, name: str, file: SeasonFile, photographs: "UploadedFile[bytes] | None"
) -> Season:
    """Keep a file and its ZIP until a worker has looked at them.

    Raises SeasonKnownError and SeasonZipError. Whatever goes wrong, nothing of it is kept.
    """
    if photographs is None:
        return seasons.begin_season(maker=maker, name=name, file=file)
    members = season_zip.members_of(
        photographs,
        largest=settings.UPLOAD_PHOTO_MAX_BYTES,
        most=settings.UPLOAD_SEASON_MAX_BYTES,
    )
    named = _named(file)
    pictures = [_picture(key, each.path, named.get(key, "")) for key, each in members.items()]
    with kept_zip(photographs) as stored:
        return seasons.begin_season(
            maker=maker, name=name, file=file, pictures=pictures, zip_file=stored
        )


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


def _named(file: SeasonFile) -> Mapping[str, str]:
    """The photographs that rows name, each with the strongest word on how it came about."""
    named: dict[str, str] = {}
    for row in file.rows:
        source = source_of(row.cells)
        for name in photographs_of(row.cells).values():
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
        with storages["private"].open(season.zip_file) as packed, unpacked.open("wb") as into:
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
