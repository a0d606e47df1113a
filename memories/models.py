"""Memories: a keeper's montage behind one piece, its items, and the work of making them safe."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from memories.montage import ItemFacts, Level, MontageFacts
from provenance.identifiers import new_public_id
from provenance.models.keeping import Keeper
from provenance.models.piece import Piece


class MontageLevel(models.TextChoices):
    """Who may see; more levels stand between these two once they are built."""

    ONLY_ME = "only_me", "Only me"
    CODE = "code", "Anyone who ever saw the code"


class Opening(models.TextChoices):
    COVER = "cover", "The cover of the memories"
    CERTIFICATE = "certificate", "The certificate"


class MontageQuerySet(models.QuerySet["Montage"]):
    def kept_by(self, keeper: Keeper) -> "MontageQuerySet":
        """Montages of the pieces this keeper holds today, made by this keeper."""
        return self.filter(
            keeper=keeper,
            piece__custodies__keeper=keeper,
            piece__custodies__until__isnull=True,
        )

    def standing(self) -> "MontageQuerySet":
        """Montages made by whoever keeps the piece today; a former keeper's are not among them."""
        return self.filter(
            piece__custodies__keeper=F("keeper"), piece__custodies__until__isnull=True
        )


class Montage(models.Model):
    """One keeper's page behind one piece: private until published."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="montages")
    keeper = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="montages")
    title = models.CharField(max_length=80, blank=True)
    words = models.TextField("a few words", max_length=2000, blank=True)
    level = models.CharField(
        max_length=10, choices=MontageLevel.choices, default=MontageLevel.ONLY_ME
    )
    opening = models.CharField(max_length=12, choices=Opening.choices, default=Opening.COVER)
    published_at = models.DateTimeField(null=True, blank=True)
    # Counts every change, so that two phones never overwrite each other.
    revision = models.PositiveIntegerField(default=1)
    # In every capability: it dies on level change, unpublishing and hand-over.
    access_epoch = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = MontageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["piece", "keeper"], name="one_montage_per_keeper"),
            models.CheckConstraint(
                condition=Q(level__in=MontageLevel.values), name="montage_level_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"memories of {self.piece}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def facts(self) -> MontageFacts:
        return MontageFacts(
            published=self.is_published,
            level=Level[self.level.upper()],
            access_epoch=self.access_epoch,
        )


class ItemState(models.TextChoices):
    """A slow act is a row first: wanted, being done under a lease, then ready or failed."""

    WANTED = "wanted", "waiting"
    DOING = "doing", "being made safe"
    READY = "ready", "ready"
    FAILED = "failed", "refused"


class ItemQuerySet(models.QuerySet["Item"]):
    def ready(self) -> "ItemQuerySet":
        return self.filter(state=ItemState.READY)

    def due(self, now: datetime) -> "ItemQuerySet":
        """What a worker may take: new, to be tried again, or left by a worker that died."""
        return self.filter(due_at__lte=now, is_refined=False).exclude(state=ItemState.FAILED)


class Item(models.Model):
    """One photograph of a montage. The upload is deleted once its renditions stand."""

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="items")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    position = models.PositiveIntegerField()
    caption = models.CharField(max_length=240, blank=True)
    alt = models.CharField("in words", max_length=240, blank=True)
    when = models.CharField("when", max_length=40, blank=True)
    level = models.CharField(max_length=10, choices=MontageLevel.choices, blank=True)
    # The name the keeper's device gave; shown back to the keeper only, never a path.
    upload_name = models.CharField(max_length=200)
    upload_bytes = models.PositiveBigIntegerField()
    upload_file = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    placeholder = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=6, choices=ItemState.choices, default=ItemState.WANTED)
    refusal = models.CharField(max_length=300, blank=True)
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
    def is_waiting(self) -> bool:
        return self.state in {ItemState.WANTED, ItemState.DOING}

    def facts(self, variants: frozenset[str] = frozenset()) -> ItemFacts:
        """What the policy must know; `variants` are the names of the renditions that stand."""
        level = Level[self.level.upper()] if self.level else None
        return ItemFacts(ready=self.is_ready, level=level, variants=variants)


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


class WorkerSign(models.Model):
    """The last sign of life of a worker, for /readyz."""

    name = models.CharField(max_length=60, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
