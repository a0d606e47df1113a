"""Makers: who speaks in a certificate, how well we know them, and how their programs sign in."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from provenance.identifiers import new_public_id


def new_log_nonce() -> bytes:
    return secrets.token_bytes(16)


class IdentityLevel(models.TextChoices):
    """Certificates, keys and identity: how far the maker's identity was checked."""

    I0 = "I0", "e-mail confirmed"
    I1 = "I1", "domain proven"
    I2 = "I2", "mark or register number checked by us"
    I3 = "I3", "co-signed by a guild or a second verified maker"


class Maker(models.Model):
    """A workshop that signs for its pieces."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="maker"
    )
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField("workshop name", max_length=80)
    person = models.CharField("your name", max_length=80)
    town = models.CharField(max_length=60)
    country = models.CharField("country", max_length=2, help_text="Two letters, ISO 3166-1.")
    sponsors_mark = models.CharField("sponsor’s mark", max_length=8, blank=True)
    about = models.TextField("about the workshop", max_length=1200, blank=True)
    identity_level = models.CharField(
        max_length=2, choices=IdentityLevel.choices, default=IdentityLevel.I0
    )
    log_nonce = models.BinaryField(max_length=16, default=new_log_nonce, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("slug"), name="one_maker_per_slug"),
            models.CheckConstraint(
                condition=Q(identity_level__in=IdentityLevel.values),
                name="identity_level_is_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="maker_has_a_name"),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="country_is_two_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IdentityDecision(models.Model):
    """One change of a maker's identity level by staff, with its reason; never edited."""

    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="identity_decisions")
    level = models.CharField(max_length=2, choices=IdentityLevel.choices)
    reason = models.CharField(max_length=300)
    # The guild or second maker who vouched, for I3.
    co_signer = models.CharField("co-signed by", max_length=120, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="identity_decision_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(level="I3") | ~Q(co_signer=""), name="level_i3_names_its_co_signer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.maker}: {self.level}"


class ApiToken(models.Model):
    """A program's key to a maker's desk; only its SHA-256 is kept."""

    maker = models.ForeignKey(Maker, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=60)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class IdempotencyRecord(models.Model):
    """The answer given to one Idempotency-Key, so that a repeat has no second effect."""

    maker = models.ForeignKey(Maker, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["maker", "key"], name="one_answer_per_key"),
            models.CheckConstraint(
                condition=Q(status__isnull=True, body__isnull=True)
                | Q(status__isnull=False, body__isnull=False),
                name="answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.key
