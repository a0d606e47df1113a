"""Tags: the printed codes (later also chips) that lead from a piece of metal to its record."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.piece import Piece


class TagKind(models.TextChoices):
    QR = "qr", "printed code"


class TagState(models.TextChoices):
    """The life cycle of spec "tags"; a printed code begins bound, since printing needs no bench."""

    BOUND = "bound", "bound"
    ACTIVE = "active", "active"
    SUSPENDED = "suspended", "paused"
    REPLACED = "replaced", "replaced"
    RETIRED = "retired", "retired"


TERMINAL = [TagState.REPLACED, TagState.RETIRED]


class TagQuerySet(models.QuerySet["Tag"]):
    def standing(self) -> "TagQuerySet":
        return self.exclude(state__in=TERMINAL)


class Tag(models.Model):
    """A mark that names one piece. `public_id` stands in the certificate, `code` on the card."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="tags")
    kind = models.CharField(max_length=10, choices=TagKind.choices, default=TagKind.QR)
    place = models.CharField(max_length=40, default="card")
    code = models.CharField(max_length=13, unique=True)
    state = models.CharField(max_length=10, choices=TagState.choices, default=TagState.BOUND)
    # Part of the capability cookie: a new epoch makes every cookie of this code worthless.
    epoch = models.PositiveIntegerField(default=1)
    bound_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["piece", "place"],
                condition=~Q(state__in=["replaced", "retired"]),
                name="one_standing_tag_per_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["replaced", "retired"], ended_at__isnull=False)
                | (~Q(state__in=["replaced", "retired"]) & Q(ended_at__isnull=True)),
                name="ended_tag_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.piece}"
