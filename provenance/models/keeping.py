"""Keeping: who a piece is on record with, and the one-time code that makes the first keeper."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from provenance.identifiers import new_public_id
from provenance.models.piece import Piece


class Keeper(models.Model):
    """A person in the role of keeping pieces. Public pages never name them."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="keeper"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.public_id


class Custody(models.Model):
    """Keeper number n of a piece, from a moment until another; one is open at most."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="custodies")
    keeper = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="custodies")
    number = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "custodies"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "number"], name="one_custody_per_number"),
            models.UniqueConstraint(
                fields=["piece"], condition=Q(until__isnull=True), name="one_keeper_at_a_time"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="custody_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"keeper {self.number} of {self.piece}"


class ClaimCode(models.Model):
    """The one-time code on a card; only its hash is kept. Printing again voids the last one."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="claim_codes")
    code_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["piece"],
                condition=Q(voided_at__isnull=True),
                name="one_valid_claim_code_per_piece",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | Q(claimed_at__isnull=True),
                name="claimed_code_is_not_voided",
            ),
        ]

    def __str__(self) -> str:
        return f"claim code of {self.piece}"
