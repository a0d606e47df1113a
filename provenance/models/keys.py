"""Signing keys as the public may know them, and certificates that wait for a maker's own proof."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.certificate import StatusBatch
from provenance.models.maker import Maker
from provenance.models.piece import Piece

IN_USE = Q(retired_at__isnull=True, compromised_at__isnull=True)


class KeyLevel(models.TextChoices):
    """Who holds the private key: the platform its own, the platform a maker's, or the maker."""

    PLATFORM = "platform", "the platform’s"
    HELD = "held", "a maker’s, kept here under a passphrase"
    OWN = "own", "a maker’s own, kept elsewhere"


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def in_use(self) -> "SigningKeyQuerySet":
        return self.filter(IN_USE)

    def of_platform(self) -> "SigningKeyQuerySet":
        return self.filter(maker__isnull=True)


class SigningKey(models.Model):
    """One public key for ever. The private one is in `file` at most, encrypted, never here.

    From `compromised_at` on nothing signed with it may be believed; `compromise_recorded_at` is
    when we learnt of it.
    """

    maker = models.ForeignKey(
        Maker, on_delete=models.PROTECT, null=True, blank=True, related_name="keys"
    )
    public_key = models.BinaryField(max_length=32, unique=True, editable=False)
    level = models.CharField(max_length=8, choices=KeyLevel.choices)
    file = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    compromised_at = models.DateTimeField(null=True, blank=True)
    compromise_reason = models.CharField(max_length=300, blank=True)
    compromise_recorded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["maker"], condition=IN_USE, name="one_key_in_use_per_maker"
            ),
            models.UniqueConstraint(
                fields=["level"],
                condition=IN_USE & Q(level="platform"),
                name="one_platform_key_in_use",
            ),
            models.CheckConstraint(
                condition=Q(maker__isnull=True, level="platform")
                | Q(maker__isnull=False, level__in=["held", "own"]),
                name="key_level_fits_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(level="own", file="") | (~Q(level="own") & ~Q(file="")),
                name="only_our_keys_have_a_file",
            ),
            models.CheckConstraint(
                condition=Exact(Length("public_key"), 32), name="public_key_has_32_bytes"
            ),
            models.CheckConstraint(
                condition=Q(
                    compromised_at__isnull=True,
                    compromise_reason="",
                    compromise_recorded_at__isnull=True,
                )
                | (
                    Q(compromised_at__isnull=False, compromise_recorded_at__isnull=False)
                    & ~Q(compromise_reason="")
                ),
                name="compromise_has_moment_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} key {self.pk}"

    @property
    def is_in_use(self) -> bool:
        return self.retired_at is None and self.compromised_at is None


class PendingCertificate(models.Model):
    """A body that waits for the proof its maker makes elsewhere; gone once that has come."""

    piece = models.OneToOneField(Piece, on_delete=models.CASCADE, related_name="pending")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    body = models.BinaryField(editable=False)
    status_batch = models.ForeignKey(StatusBatch, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    prepared_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("prepared_at")),
                name="prepared_before_it_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"prepared {self.public_id}"
