"""The items of a montage, their renditions, and the work of making them safe."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from memories import media_source
from memories.framing import Frame, Point
from memories.models.access import Invitation
from memories.models.montage import Montage, MontageLevel
from memories.montage import ItemFacts, Level
from provenance.identifiers import new_public_id


class ItemState(models.TextChoices):
    """A slow act is a row first: wanted, being done under a lease, then ready or failed."""

    WANTED = "wanted", "waiting"
    DOING = "doing", "being made safe"
    READY = "ready", "ready"
    FAILED = "failed", "refused"


class ItemKind(models.TextChoices):
    """What a memory is. What its bytes are decides, never its name; but music is chosen."""

    PHOTOGRAPH = "photograph", "photograph"
    FILM = "film", "film"
    VOICE = "voice", "voice note"
    MUSIC = "music", "music"


# What has a picture of itself, and so a place among the pictures of a page.
PICTURED = (ItemKind.PHOTOGRAPH, ItemKind.FILM)
SOUNDING = (ItemKind.VOICE, ItemKind.MUSIC)


class ItemQuerySet(models.QuerySet["Item"]):
    def ready(self) -> "ItemQuerySet":
        return self.filter(state=ItemState.READY)

    def to_see(self) -> "ItemQuerySet":
        """Memories that stand on the page; its music only sounds behind it."""
        return self.exclude(kind=ItemKind.MUSIC)

    def due(self, now: datetime) -> "ItemQuerySet":
        """What a worker may take: new, to be tried again, or left by a worker that died."""
        return self.filter(due_at__lte=now, is_refined=False).exclude(state=ItemState.FAILED)


class Item(models.Model):
    """One memory of a montage; its upload stays as the original, sealed."""

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="items")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=10, choices=ItemKind.choices, default=ItemKind.PHOTOGRAPH)
    position = models.PositiveIntegerField()
    caption = models.CharField(max_length=240, blank=True)
    alt = models.CharField("in words", max_length=240, blank=True)
    when = models.CharField("when", max_length=40, blank=True)
    level = models.CharField(max_length=10, choices=MontageLevel.choices, blank=True)
    # A child is never shown to more people than those who know the PIN.
    has_child = models.BooleanField("a child is in it", default=False)
    # A guest brought it; held until the keeper lets it in.
    brought_by = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="brought"
    )
    is_held = models.BooleanField(default=False)
    # The name the keeper's device gave; shown back to the keeper only, never a path.
    upload_name = models.CharField(max_length=200)
    upload_bytes = models.PositiveBigIntegerField()
    # Where it lies, sealed under the montage's key (services.originals); never served to others.
    upload_file = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    placeholder = models.TextField(max_length=4000, blank=True)
    # The point to keep in sight, and what is left of the photograph; fractions of the whole of it.
    focus_x = models.FloatField(default=0.5)
    focus_y = models.FloatField(default=0.5)
    crop_left = models.FloatField(default=0.0)
    crop_top = models.FloatField(default=0.0)
    crop_width = models.FloatField(default=1.0)
    crop_height = models.FloatField(default=1.0)
    # How long a film or a sound lasts.
    seconds = models.FloatField(null=True, blank=True)
    # A photograph came with a few moving seconds, which were left out.
    had_motion = models.BooleanField(default=False)
    # When the keeper said that they may use this music.
    rights_said_at = models.DateTimeField(null=True, blank=True)
    # The IPTC term by which the file said how it came about; empty where it said nothing.
    source = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=6, choices=ItemState.choices, default=ItemState.WANTED)
    refusal = models.CharField(max_length=300, blank=True)
    # Percent of the work on it; a film takes a while.
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    # Once the first renditions stand, the finer ones (AVIF) are wanted until they stand too.
    is_refined = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(is_refined=False) & ~Q(state="failed"),
                name="items_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                # SQL lets an unknown pass a check: that it is there must be asked for itself.
                condition=~Q(state="ready")
                | Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0),
                name="ready_item_has_a_size",
            ),
            models.CheckConstraint(
                condition=Q(focus_x__gte=0, focus_x__lte=1, focus_y__gte=0, focus_y__lte=1),
                name="focus_lies_on_the_picture",
            ),
            models.CheckConstraint(
                # A hair of room: two fractions that make one seldom make it exactly.
                condition=Q(
                    crop_left__gte=0,
                    crop_top__gte=0,
                    crop_width__gt=0,
                    crop_height__gt=0,
                    crop_left__lte=1.000001 - F("crop_width"),
                    crop_top__lte=1.000001 - F("crop_height"),
                ),
                name="crop_lies_on_the_picture",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(kind="photograph", seconds__isnull=True)
                | Q(kind__in=["film", "voice", "music"], seconds__isnull=False, seconds__gt=0),
                name="what_plays_has_a_length",
            ),
            models.CheckConstraint(
                condition=Q(kind="music", rights_said_at__isnull=False)
                | (~Q(kind="music") & Q(rights_said_at__isnull=True)),
                name="music_has_its_rights_said",
            ),
            models.UniqueConstraint(
                fields=["montage"],
                condition=Q(kind="music") & ~Q(state="failed"),
                name="one_music_per_montage",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ItemKind.values), name="item_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(refusal=""), name="refusal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(level="") | Q(level__in=MontageLevel.values),
                name="item_level_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.upload_name

    @property
    def is_ready(self) -> bool:
        return self.state == ItemState.READY

    @property
    def crop(self) -> Frame:
        return Frame(self.crop_left, self.crop_top, self.crop_width, self.crop_height)

    @property
    def focus(self) -> Point:
        """The point to keep in sight, on what is left of the photograph."""
        return self.crop.seen_from_inside(Point(self.focus_x, self.focus_y))

    @property
    def is_pictured(self) -> bool:
        return self.kind in PICTURED

    @property
    def is_sounding(self) -> bool:
        return self.kind in SOUNDING

    @property
    def length(self) -> str:
        """How long it lasts, as a clock shows it; empty for a photograph."""
        if self.seconds is None:
            return ""
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"{minutes}:{seconds:02d}"

    @property
    def note(self) -> str:
        """What the picture is, on it and before its words; empty for a photograph."""
        if self.source in media_source.AI:
            return "AI image, not a photo"
        return "computer image" if self.source in media_source.COMPUTER else ""

    @property
    def in_words(self) -> str:
        """The text that stands in for the picture, and says too what the picture is."""
        return self.after_note(self.alt)

    def after_note(self, words: str) -> str:
        return ". ".join(filter(None, (self.note, words)))

    @property
    def own_audience(self) -> str:
        """Who may see it, where that differs from the page; for the keeper's own list."""
        said = MontageLevel(self.level).label if self.level else ""
        return ". ".join(filter(None, (said, "A child is in it" if self.has_child else "")))

    @property
    def is_waiting(self) -> bool:
        return self.state in {ItemState.WANTED, ItemState.DOING}

    def facts(self, variants: frozenset[str] = frozenset()) -> ItemFacts:
        """What the policy must know; `variants` are the names of the renditions that stand."""
        level = Level[self.level.upper()] if self.level else None
        return ItemFacts(
            ready=self.is_ready,
            level=level,
            variants=variants,
            has_child=self.has_child,
            is_waiting=self.is_held,
        )


class Rendition(models.Model):
    """One derivative of an item, re-encoded by us; leaves only through the policy."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=20)
    file = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="one_rendition_per_name")
        ]

    def __str__(self) -> str:
        return self.name
