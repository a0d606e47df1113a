"""Workers say here that they live."""

from django.db import models


class WorkerSign(models.Model):
    """The last sign of life of a worker, for /readyz."""

    name = models.CharField(max_length=60, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
