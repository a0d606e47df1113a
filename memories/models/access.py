"""Invitations to a montage, and reports about one."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from memories.models.montage import Montage
from provenance.identifiers import new_public_id


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self, now: datetime) -> "InvitationQuerySet":
        """Neither taken back, nor over, nor made before access last changed."""
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=now, epoch=F("montage__access_epoch")
        )


class Invitation(models.Model):
    """A link by which somebody may look, and perhaps add. Only the hash of its token is kept."""

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="invitations")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # Whom the keeper meant; shown to the keeper alone.
    name = models.CharField(max_length=60)
    # Where it was sent; empty for a link that the keeper passes on.
    email = models.EmailField(blank=True)
    may_add = models.BooleanField(default=False)
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    # The access epoch in which it was made, and with which it dies.
    epoch = models.PositiveIntegerField()
    times_redeemed = models.PositiveSmallIntegerField(default=0)
    most_redeemed = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(times_redeemed__lte=F("most_redeemed")),
                name="invitation_is_redeemed_so_often_at_most",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class ReportReason(models.TextChoices):
    ME = "me", "I am in it and do not want to be shown"
    CHILD = "child", "A child is shown"
    HARM = "harm", "It hurts or threatens somebody"
    OTHER = "other", "Something else"


class ReportAnswer(models.TextChoices):
    SHOWN = "shown", "shown again"
    CLOSED = "closed", "closed"


class AnsweredBy(models.TextChoices):
    KEEPER = "keeper", "its keeper"
    STAFF = "staff", "the staff"


class Report(models.Model):
    """What a visitor found wrong with a page. Nothing is kept of who said it."""

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="reports")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    reason = models.CharField(max_length=6, choices=ReportReason.choices)
    words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.CharField(max_length=6, choices=ReportAnswer.choices, blank=True)
    answered_by = models.CharField(max_length=6, choices=AnsweredBy.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by="", answered_at__isnull=True)
                | (~Q(answer="") & ~Q(answered_by="") & Q(answered_at__isnull=False)),
                name="answered_report_says_how_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ReportReason.values), name="report_has_a_known_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
