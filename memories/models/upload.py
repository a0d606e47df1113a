"""Uploads under way: what was promised, and how far it came is in the file itself."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from memories.models.item import Item
from memories.models.montage import Montage
from provenance.identifiers import new_public_id


class UploadQuerySet(models.QuerySet["Upload"]):
    def under_way(self) -> "UploadQuerySet":
        return self.filter(item__isnull=True)

    def expired(self, now: datetime) -> "UploadQuerySet":
        return self.filter(expires_at__lte=now)


class Upload(models.Model):
    """A resumable upload. Its room is reserved until it is an item, given up, or expired."""

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="uploads")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # What it became; the row stays a while so that a client that lost the answer may ask.
    item = models.OneToOneField(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="upload"
    )
    name = models.CharField(max_length=200)
    length = models.PositiveBigIntegerField()
    metadata = models.TextField(max_length=2000, blank=True)
    rights_said_at = models.DateTimeField(null=True, blank=True)
    # Which request writes; a later one takes over, and the earlier one stops.
    writer = models.CharField(max_length=22, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()

    objects: ClassVar = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(length__gt=0), name="upload_has_a_length"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="upload_expires_later"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="uploads_expiring")]

    def __str__(self) -> str:
        return f"upload {self.public_id}"
