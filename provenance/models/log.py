"""Events: every act on a piece, certificate, tag or custody, appended and never changed."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.maker import Maker
from provenance.models.piece import Piece


def new_nonce() -> bytes:
    return secrets.token_bytes(16)


class Pseudonym(models.Model):
    """The random name events use for a person. Deleting the account deletes this row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pseudonym"
    )
    value = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)

    def __str__(self) -> str:
        return self.value


class Event(models.Model):
    """One act, written in the act's own transaction; the database refuses UPDATE and DELETE.

    `statement` is the canonical JSON of what happened, with the nonce in it, so that a digest
    of it can stand in a public log and tell nothing to who cannot guess 128 bits.
    """

    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=22, blank=True)
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, null=True, related_name="+")
    piece = models.ForeignKey(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    nonce = models.BinaryField(max_length=16, default=new_nonce, editable=False)
    statement = models.BinaryField(editable=False)
    digest = models.BinaryField(max_length=32, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
