"""The chapters of a montage: headings on the one line that its memories hang on."""

from django.db import models
from django.db.models import Q

from memories.models.montage import Montage
from provenance.identifiers import new_public_id


class Chapter(models.Model):
    """A heading. It reaches from its place on the line to the next heading.

    Its position counts on the same line as the positions of the memories; where both are the
    same the heading comes first.
    """

    montage = models.ForeignKey(Montage, on_delete=models.CASCADE, related_name="chapters")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    title = models.CharField(max_length=80)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="chapter_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title
