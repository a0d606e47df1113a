"""Proofs that a maker controls a domain: asked for, looked up by a worker, and looked up again."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from provenance.models.maker import Maker


class DomainState(models.TextChoices):
    """A look outside is a row first: wanted, being done under a lease, then proven or failed."""

    WANTED = "wanted", "waiting to be looked up"
    DOING = "doing", "being looked up"
    PROVEN = "proven", "proven"
    FAILED = "failed", "not proven"


class DomainWay(models.TextChoices):
    DNS = "dns", "a TXT record of the domain"
    FILE = "file", "a file on its web site"


class DomainProofQuerySet(models.QuerySet["DomainProof"]):
    def due(self, now: datetime) -> "DomainProofQuerySet":
        """What a worker may take: asked for, to be looked at again, or left by a dead worker."""
        return self.filter(due_at__lte=now).exclude(state=DomainState.FAILED)

    def proven(self) -> "DomainProofQuerySet":
        return self.filter(state=DomainState.PROVEN)


class DomainProof(models.Model):
    """One domain of one maker, and what the last look at it found.

    A proven domain stays proven while it is looked at again; `checked_at` is when it last held.
    """

    maker = models.OneToOneField(Maker, on_delete=models.CASCADE, related_name="domain_proof")
    domain = models.CharField(max_length=253)
    token = models.CharField(max_length=22)
    state = models.CharField(max_length=6, choices=DomainState.choices, default=DomainState.WANTED)
    way = models.CharField(max_length=4, choices=DomainWay.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = DomainProofQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="failed"), name="domain_proofs_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DomainState.values), name="domain_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=DomainState.FAILED) | ~Q(reason=""),
                name="unproven_domain_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=DomainState.PROVEN)
                | (Q(proven_at__isnull=False, checked_at__isnull=False) & ~Q(way="")),
                name="proven_domain_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at__isnull=True) | ~Q(state=DomainState.PROVEN),
                name="lapsed_domain_is_not_proven",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain}: {self.get_state_display()}"
