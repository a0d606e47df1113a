"""Certificates: the signed bytes, what became of them, and their places in the status lists."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from provenance.identifiers import new_public_id
from provenance.models.maker import Maker
from provenance.models.piece import Piece


def new_seed() -> bytes:
    return secrets.token_bytes(32)


class StatusBatch(models.Model):
    """Three status lists that fill together: revocation, suspension, refresh.

    Places are drawn by a keyed permutation of `seed`, so that an index tells nothing about
    the order of issue. The lists themselves are computed from the certificates.
    """

    seed = models.BinaryField(max_length=32, default=new_seed, editable=False)
    used = models.PositiveIntegerField(default=0)
    # Grows with every bit that changes, so that a cached list is known to be old at once.
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=131072), name="batch_holds_131072"
            )
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Actor(models.TextChoices):
    MAKER = "maker", "its maker"
    STAFF = "staff", "the platform"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def current(self) -> "CertificateQuerySet":
        """Those that no newer certificate replaces."""
        return self.filter(superseded_by__isnull=True)

    def paused(self) -> "CertificateQuerySet":
        """Those whose pause nobody lifted yet."""
        return self.filter(suspensions__in=Suspension.objects.open())


class Certificate(models.Model):
    """One signed body, never changed. Revocation is set once and stays."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # Its constraints below begin with the piece and with the batch: indexes enough.
    piece = models.ForeignKey(
        Piece, on_delete=models.PROTECT, related_name="certificates", db_index=False
    )
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    body = models.BinaryField(editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    valid_from = models.DateTimeField()
    status_batch = models.ForeignKey(
        StatusBatch, on_delete=models.PROTECT, related_name="certificates", db_index=False
    )
    status_index = models.PositiveIntegerField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=5, choices=Actor.choices, blank=True)
    revocation_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        indexes = [
            models.Index(
                fields=["status_batch"],
                condition=Q(revoked_at__isnull=False),
                name="revoked_of_a_batch",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["piece", "version"], name="one_certificate_per_piece_and_version"
            ),
            models.UniqueConstraint(
                fields=["status_batch", "status_index"], name="one_certificate_per_status_index"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="", revocation_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="") & ~Q(revocation_reason="")),
                name="revocation_has_actor_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True)
                | Q(version__gt=1, supersedes__isnull=False),
                name="later_version_supersedes",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def open(self) -> "SuspensionQuerySet":
        return self.filter(lifted_at__isnull=True)


class Suspension(models.Model):
    """A pause of a certificate with its reason; it is never changed, only lifted, once."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="suspensions"
    )
    by = models.CharField(max_length=5, choices=Actor.choices)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=5, choices=Actor.choices, blank=True)
    lift_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(lifted_at__isnull=True),
                name="one_open_suspension_per_certificate",
            ),
            models.CheckConstraint(
                condition=Q(by__in=Actor.values) & ~Q(reason=""),
                name="suspension_has_actor_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="", lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__in=Actor.values) & ~Q(lift_reason="")),
                name="lifting_has_actor_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("since")),
                name="lifted_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"pause of {self.certificate}"


class ProofKind(models.TextChoices):
    PLATFORM = "platform", "the platform’s"
    MAKER = "maker", "the maker’s own"


class CertificateProof(models.Model):
    """One Data Integrity proof over a certificate's body, as canonical bytes."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=8, choices=ProofKind.choices)
    verification_method = models.CharField(max_length=300)
    proof = models.BinaryField(editable=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} proof of {self.certificate}"


class CertificateFile(models.Model):
    """The certificate with one set of proofs, as the exact bytes we serve; the newest counts."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="files")
    content = models.BinaryField(editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"file of {self.certificate}"
