"""Films of a page: what goes into one, asking for one, and its end as soon as the page changes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from memories import ffmpeg, film, media_clips
from memories.errors import NothingToFilmError
from memories.film import Picture, Plan, Shape
from memories.models.film import FilmJob, FilmState
from memories.models.item import PICTURED, Item, ItemKind, Rendition
from memories.models.montage import Montage, MontageLevel
from memories.montage import effective_level
from memories.services import chapters, storage

# A page is seldom changed once: the film that was being made waits until its keeper rests.
SETTLING = timedelta(seconds=20)
NOTHING_READY = "There is no photograph and no film on the page yet. Add one, then film it."
NOT_OPEN_ENOUGH = (
    "Whoever has a film can pass it on, so only what “Anyone who ever saw the code” or “Anyone” "
    "may see goes into one. Nothing on this page is open to as many."
)


@dataclass(frozen=True)
class Wish:
    """What a keeper wants filmed: seconds (film.LENGTHS), for what screen, with music or not."""

    seconds: int
    shape: Shape
    has_music: bool = False

    @classmethod
    def of(cls, job: FilmJob) -> "Wish":
        return cls(job.seconds, Shape(job.shape), job.has_music)


@dataclass(frozen=True)
class Role:
    """One memory for a film: the rendition that is seen, and the one that plays, if any."""

    item: Item
    chapter: str
    still: Rendition
    clip: Rendition | None

    @property
    def picture(self) -> Picture:
        seen = self.clip or self.still
        said = self.item.caption or self.item.when
        seconds = self.item.seconds if self.clip else None
        return Picture(seen.width, seen.height, self.item.focus, said, self.chapter, seconds)


@dataclass(frozen=True)
class Cast:
    """All of a page that may be in its film, in the page's order; renditions of ours alone."""

    montage: Montage
    title: str
    roles: Sequence[Role]
    music: Rendition | None
    music_seconds: float

    @property
    def level(self) -> MontageLevel:
        """The strictest of what is in it."""
        page = self.montage.facts
        least = min(effective_level(page, role.item.facts()) for role in self.roles)
        return MontageLevel(least.name.lower())

    def plan(self, wish: Wish) -> Plan:
        pictures = [role.picture for role in self.roles]
        return film.plan_film(pictures, seconds=wish.seconds, screen=film.SCREENS[wish.shape])

    def digest(self, wish: Wish) -> str:
        """64 hexadecimal digits that change with everything a film depends on."""
        page = self.montage
        access = [page.revision, page.access_epoch, page.level, page.template, page.theme]
        roles = [_traits(role) for role in self.roles]
        music = self.music.file if self.music and wish.has_music else ""
        plan = repr(self.plan(wish)) if self.roles else ""
        told = json.dumps([access, self.title, roles, music, plan])
        return hashlib.sha256(told.encode()).hexdigest()


def _traits(role: Role) -> list[str]:
    item = role.item
    files = [role.still.file, role.clip.file if role.clip else ""]
    return [item.public_id, *files, item.caption, item.when, item.note]


def cast_of(montage: Montage) -> Cast:
    """What of the page as it stands may be filmed."""
    page = montage.facts
    ready = montage.items.ready().prefetch_related("renditions")
    items = [item for item in ready if film.may_be_in_a_film(page, item.facts())]
    told = chapters.told([item for item in items if item.kind in PICTURED], montage.chapters.all())
    roles = [_role(item, chapter.title) for chapter in told for item in chapter.items]
    sounding = next((item for item in items if item.kind == ItemKind.MUSIC), None)
    music = _named(sounding, media_clips.SOUND) if sounding else None
    seconds = (sounding.seconds or 0.0) if sounding else 0.0
    return Cast(montage, title_of(montage), [role for role in roles if role], music, seconds)


def title_of(montage: Montage) -> str:
    return montage.title or f"Memories of the {montage.piece.title}"


def _role(item: Item, chapter: str) -> Role | None:
    """None of a memory whose pictures are gone."""
    stills = [each for each in item.renditions.all() if each.name.endswith(".webp")]
    if not stills:
        return None
    largest = max(stills, key=lambda each: (each.width, each.name))
    clip = _named(item, media_clips.FILM) if item.kind == ItemKind.FILM else None
    return Role(item, chapter, largest, clip)


def _named(item: Item, name: str) -> Rendition | None:
    return next((each for each in item.renditions.all() if each.name == name), None)


def why_nothing(montage: Montage) -> str:
    """Why a page can have no film: nothing is there, or nothing is open enough; "" if it can."""
    if cast_of(montage).roles:
        return ""
    pictured = montage.items.ready().filter(kind__in=PICTURED)
    return NOT_OPEN_ENOUGH if pictured.exists() else NOTHING_READY


@transaction.atomic
def ask_for(*, montage: Montage, wish: Wish) -> FilmJob:
    """Want a film; the one of the same length and shape goes.

    Raises FfmpegMissingError and NothingToFilmError, with a sentence for the keeper.
    """
    ffmpeg.find(settings.FFMPEG_PATH)
    why = why_nothing(montage)
    if why:
        raise NothingToFilmError(why)
    # Two wishes at once come one after the other: the montage's row is the turnstile.
    Montage.objects.select_for_update().get(pk=montage.pk)
    for before in montage.films.filter(seconds=wish.seconds, shape=wish.shape):
        erase(before)
    return FilmJob.objects.create(
        montage=montage, seconds=wish.seconds, shape=wish.shape, has_music=wish.has_music
    )


@transaction.atomic
def erase(job: FilmJob) -> None:
    """Delete a film, or end its making: the worker that is at it finds nothing to go on with."""
    transaction.on_commit(partial(storage.erase, storage.film_folder_of(job)))
    FilmJob.objects.filter(pk=job.pk).delete()


def share(job: FilmJob, *, is_shared: bool) -> bool:
    """Let those see it who may see all that is in it, or the keeper alone; False: it is gone."""
    ready = FilmJob.objects.filter(pk=job.pk, state=FilmState.READY)
    return bool(ready.update(is_shared=is_shared))


@transaction.atomic
def outdate(montage: Montage) -> None:
    """The page changed: erase its films; what is being made begins again when the keeper rests."""
    jobs = FilmJob.objects.filter(montage=montage)
    for job in jobs.filter(state=FilmState.READY):
        transaction.on_commit(partial(storage.erase, storage.film_folder_of(job)))
    jobs.filter(state=FilmState.READY).update(state=FilmState.OUTDATED, file="", is_shared=False)
    jobs.filter(state=FilmState.DOING).update(
        state=FilmState.WANTED,
        leased_until=None,
        due_at=timezone.now() + SETTLING,
        progress=0,
        attempts=0,
    )


def is_current(job: FilmJob) -> bool:
    """Whether a ready film shows the page as it is now. One that does not is erased."""
    if not job.is_ready:
        return False
    if cast_of(job.montage).digest(Wish.of(job)) == job.digest:
        return True
    outdate(job.montage)
    return False


def folders_of(montage: Montage) -> list[str]:
    return [storage.film_folder_of(job) for job in montage.films.all()]
