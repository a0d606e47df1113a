"""What a montage was like after each change, so that its keeper can go back."""

from django.db import models
from django.utils import timezone

from memories.models.montage import Montage


class Version(models.Model):
    """How a page was arranged: its words, its look, its order, and what was said of each memory.

    Who may see it is not in here: going back never opens a page, and never closes one.
    """

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # The number that "Undo" goes back to; none for the first one.
    before = models.PositiveIntegerField(null=True)
    said = models.CharField("what was changed", max_length=120)
    body = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["montage", "number"], name="one_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.said}"
