"""The films of a montage: each is a row first, then a worker's task, then a private file."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from memories import film
from memories.models.montage import Montage
from memories.montage import ItemFacts, Level
from provenance.identifiers import new_public_id

FILE = "film.mp4"


class FilmState(models.TextChoices):
    WANTED = "wanted", "waiting for its turn"
    DOING = "doing", "being made"
    READY = "ready", "ready"
    OUTDATED = "outdated", "outdated"
    FAILED = "failed", "not made"


class FilmShape(models.TextChoices):
    TALL = film.Shape.TALL.value, "Tall, for a whole telephone"
    POST = film.Shape.POST.value, "Four by five, for a post"


class FilmJobQuerySet(models.QuerySet["FilmJob"]):
    def due(self, now: datetime) -> "FilmJobQuerySet":
        """What a worker may take: new, to be tried again, or left by a worker that died."""
        return self.filter(due_at__lte=now, state__in=[FilmState.WANTED, FilmState.DOING])


class FilmJob(models.Model):
    """One film of a montage; made anew it takes the place of the one before it."""

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="films")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    seconds = models.PositiveSmallIntegerField(choices=[(each, each) for each in film.LENGTHS])
    shape = models.CharField(max_length=4, choices=FilmShape.choices)
    has_music = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=FilmState.choices, default=FilmState.WANTED)
    # Percent.
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    # Of the page as it was filmed (services.films); of another page the film is not served.
    digest = models.CharField(max_length=64, blank=True)
    # The strictest of what is in it, "code" or "public"; that is who may see it when it is shared.
    level = models.CharField(max_length=10, blank=True)
    is_shared = models.BooleanField(default=False)
    file = models.CharField(max_length=200, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    pictures = models.PositiveSmallIntegerField(default=0)
    # Letters of the captions that this site has no type for.
    left_out = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = FilmJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["montage", "seconds", "shape"], name="one_film_of_each_kind"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | (~Q(file="") & ~Q(digest="") & Q(level__in=["code", "public"])),
                name="ready_film_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state="ready") | Q(file="", is_shared=False),
                name="only_a_ready_film_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s, {self.get_shape_display()}"

    @property
    def is_ready(self) -> bool:
        return self.state == FilmState.READY

    @property
    def is_waiting(self) -> bool:
        return self.state in {FilmState.WANTED, FilmState.DOING}

    @property
    def size(self) -> film.Screen:
        return film.SCREENS[film.Shape(self.shape)]

    def facts(self) -> ItemFacts:
        """A film for the policy: the keeper's alone, or as its strictest picture when shared."""
        level = Level[self.level.upper()] if self.is_shared else Level.ONLY_ME
        return ItemFacts(ready=self.is_ready, level=level, variants=frozenset({FILE}))
