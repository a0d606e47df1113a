"""A montage that somebody prepares for whoever will claim the piece."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from memories.models.montage import Montage
from provenance.models.keeping import ClaimCode, Keeper


class Gift(models.Model):
    """Begun by showing the code of the card, which stays unspent until the recipient claims."""

    montage = models.OneToOneField(Montage, on_delete=models.CASCADE, related_name="gift")
    code = models.OneToOneField(ClaimCode, on_delete=models.PROTECT, related_name="gift")
    giver = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="gifts")
    # What the recipient reads on the sealed cover.
    sender = models.CharField(max_length=60, blank=True)
    greeting = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sealed_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True)
                | Q(claimed_at__isnull=False, opened_at__gte=F("claimed_at")),
                name="gift_is_opened_after_its_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"gift for whoever claims {self.montage.piece}"
