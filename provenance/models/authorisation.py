"""Authorisations: that a person, by a passkey, allowed one act on one thing, once."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from provenance.identifiers import new_public_id


class Act(models.TextChoices):
    """What is authorised: always an act with a digest of what it is done to."""

    SIGN_PIECE = "sign_piece", "sign a certificate"
    SIGN_BATCH = "sign_batch", "sign a batch of certificates"


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def unspent(self, *, since: datetime) -> "AuthorisationQuerySet":
        return self.filter(spent_at__isnull=True, at__gt=since)


class Authorisation(models.Model):
    """A passkey's assertion as it came, with all that is needed to check it again.

    The challenge it signed is derived from act, digest and nonce, so that it covers these and
    nothing else. It is kept after the passkey is taken away: the public key is in `credential`.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=20, choices=Act.choices)
    digest = models.BinaryField(max_length=32)
    nonce = models.BinaryField(max_length=16)
    challenge = models.BinaryField(max_length=32)
    credential = models.BinaryField()
    authenticator_data = models.BinaryField()
    client_data = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)
    spent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = AuthorisationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "act"],
                condition=Q(spent_at__isnull=True),
                name="authorisations_unspent",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["challenge"], name="one_authorisation_per_challenge"),
            models.CheckConstraint(condition=Q(act__in=Act.values), name="authorised_act_is_known"),
            models.CheckConstraint(
                condition=Q(spent_at__isnull=True) | Q(spent_at__gte=F("at")),
                name="authorisation_is_spent_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, {self.at:%Y-%m-%d %H:%M}"
