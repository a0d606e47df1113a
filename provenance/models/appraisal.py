"""What somebody was told a piece is worth: private to who wrote it down, and never certified."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from provenance.identifiers import new_public_id
from provenance.models.piece import Piece


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    def of(self, author: models.Model) -> "AppraisalQuerySet":
        """The appraisals this person wrote down; nobody else has any business with them."""
        return self.filter(author_id=author.pk)


class Appraisal(models.Model):
    """A value on a day, for a purpose, by an appraiser; it dies with the account (rule P2)."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    date = models.DateField()
    purpose = models.CharField(max_length=120)
    appraiser = models.CharField(max_length=120)
    note = models.TextField(max_length=600, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="appraisal_is_positive"),
            # ISO 4217.
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="currency_is_three_letters"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="appraisal_has_a_purpose"),
            models.CheckConstraint(
                condition=~Q(appraiser=""), name="appraisal_names_its_appraiser"
            ),
        ]

    def __str__(self) -> str:
        # Never the amount: this may end up in a log.
        return f"Appraisal of {self.date}"
