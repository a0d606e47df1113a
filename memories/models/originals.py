"""The keys of the originals: a small table of their own, so that its backups can be short."""

from django.db import models
from django.utils import timezone

from memories.models.montage import Montage


class MontageKey(models.Model):
    """The data key of one montage, wrapped by the site's key. Erasing it erases the originals.

    Backups of this table are kept for 30 days at most: after that no backup of the files can be
    opened any more.
    """

    montage = models.OneToOneField(Montage, on_delete=models.CASCADE, related_name="data_key")
    wrapped = models.BinaryField(max_length=60)
    # Which site key opens it: its fingerprint.
    site_key = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"key {self.pk}"
