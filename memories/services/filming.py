"""Filming: a worker takes a wish under a lease and makes the film, one at a time."""

import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from memories import ffmpeg, film_making
from memories.errors import FfmpegFailedError, FfmpegMissingError, LeaseLostError
from memories.film import Plan
from memories.film_frames import Shot
from memories.film_making import MadeFilm, Music, Script
from memories.models.film import FilmJob, FilmState
from memories.models.item import Rendition
from memories.services import films, storage
from memories.services.films import Cast, Role, Wish
from tags.fonts import unpack_fonts

LEASE = timedelta(minutes=2)
RENEWED_AFTER = timedelta(seconds=1)
MOST_ATTEMPTS = 3
PAUSE = timedelta(seconds=30)
BLOCK = 256 * 1024

log = logging.getLogger(__name__)


@dataclass
class Task:
    """One wish held under a lease; `until` is also the proof that we hold it still."""

    job: FilmJob
    until: datetime

    def renew(self, percent: int) -> None:
        """Tell how far it is, and hold it for longer. Raises LeaseLostError."""
        now = timezone.now()
        if self.until - now > LEASE - RENEWED_AFTER:
            return
        until = now + LEASE
        self.move(leased_until=until, due_at=until, progress=percent)
        self.until = until

    def move(self, **fields: object) -> None:
        """Write to the row while this lease holds. Raises LeaseLostError."""
        held = FilmJob.objects.filter(pk=self.job.pk, leased_until=self.until)
        if not held.update(**fields):
            raise LeaseLostError("this film was cancelled, or its page changed")


def film_next() -> bool:
    """Make one film that is wanted. False when none is."""
    task = take_task()
    if task is None:
        return False
    if task.job.attempts > MOST_ATTEMPTS:
        # Whoever took it so often never came back.
        _give_up(task)
        return True
    try:
        _make(task)
    except LeaseLostError:
        log.info("a film was cancelled, or its page changed, while it was made")
        storage.erase_unnamed_film(task.job)
    except (FfmpegFailedError, FfmpegMissingError, OSError) as problem:
        log.warning("a film waits for another try: %s", type(problem).__name__)
        _put_back(task)
    return True


@transaction.atomic
def take_task() -> Task | None:
    now = timezone.now()
    due = FilmJob.objects.due(now)
    # SKIP LOCKED: on PostgreSQL the workers pass one another; SQLite has one writer anyway.
    found = due.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if found is None:
        return None
    until = now + LEASE
    moved = due.filter(pk=found.pk).update(
        state=FilmState.DOING,
        due_at=until,
        leased_until=until,
        attempts=F("attempts") + 1,
        progress=0,
    )
    if not moved:
        return None
    job = FilmJob.objects.select_related("montage__piece", "montage__keeper").get(pk=found.pk)
    return Task(job, until)


def _make(task: Task) -> None:
    wish, cast = Wish.of(task.job), films.cast_of(task.job.montage)
    if not cast.roles:
        task.move(state=FilmState.OUTDATED, leased_until=None)
        return
    digest = cast.digest(wish)
    with tempfile.TemporaryDirectory() as folder:
        bench = Path(folder)
        plan = cast.plan(wish)
        made = film_making.make_film(
            _script(cast, plan, wish, bench),
            program=ffmpeg.find(settings.FFMPEG_PATH),
            into=bench,
            on_progress=task.renew,
        )
        _stand(task, cast, digest, made, pictures=len(plan.scenes))


def _script(cast: Cast, plan: Plan, wish: Wish, bench: Path) -> Script:
    """Fetch what is in the plan, and nothing else of the page."""
    shown = {scene.picture for scene in plan.scenes}
    shots = [_shot(role, bench, fetched=number in shown) for number, role in enumerate(cast.roles)]
    music = None
    if wish.has_music and cast.music:
        music = Music(_fetch(cast.music, bench), cast.music_seconds)
    return Script(plan, shots, cast.title, fonts(), music)


def _shot(role: Role, bench: Path, *, fetched: bool) -> Shot:
    item = role.item
    if not fetched:
        return Shot(bench)
    clip = _fetch(role.clip, bench) if role.clip else None
    still = _fetch(role.still, bench)
    return Shot(still, clip, caption=item.caption, when=item.when, note=item.note)


def _fetch(rendition: Rendition, bench: Path) -> Path:
    """A copy of a rendition, since the storage need not be a disk."""
    target = bench / f"{rendition.pk}{Path(rendition.name).suffix}"
    with storage.private().open(rendition.file) as stored, target.open("wb") as copy:
        while block := stored.read(BLOCK):
            copy.write(block)
    return target


@lru_cache(maxsize=1)
def fonts() -> Path:
    """The folder of the films' type, unpacked once for each process."""
    folder = Path(tempfile.mkdtemp(prefix="film-fonts-"))
    unpack_fonts(settings.BASE_DIR / "node_modules" / "@fontsource", into=folder)
    return folder


def _stand(task: Task, cast: Cast, digest: str, made: MadeFilm, *, pictures: int) -> None:
    """Let the film stand, if the page is still the one that was filmed. Raises LeaseLostError."""
    with made.path.open("rb") as content:
        file = storage.private().save(storage.new_film_name(task.job), File(content))
    task.move(
        state=FilmState.READY,
        leased_until=None,
        file=file,
        bytes=made.path.stat().st_size,
        digest=digest,
        level=cast.level,
        pictures=pictures,
        progress=100,
        left_out=made.left_out[:200],
        made_at=timezone.now(),
    )
    fresh = FilmJob.objects.select_related("montage__piece").get(pk=task.job.pk)
    films.is_current(fresh)


def _put_back(task: Task) -> None:
    if task.job.attempts >= MOST_ATTEMPTS:
        _give_up(task)
        return
    held = FilmJob.objects.filter(pk=task.job.pk, leased_until=task.until)
    held.update(state=FilmState.WANTED, leased_until=None, due_at=timezone.now() + PAUSE)


def _give_up(task: Task) -> None:
    held = FilmJob.objects.filter(pk=task.job.pk, leased_until=task.until)
    held.update(state=FilmState.FAILED, leased_until=None)
