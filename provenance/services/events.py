"""The one way an act is put on record: an Event in the act's own transaction."""

import base64
import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from provenance.canonical import canonical_bytes
from provenance.models.log import Event, Pseudonym, new_nonce
from provenance.models.maker import Maker
from provenance.models.piece import Piece


def record(
    kind: str,
    *,
    by: User | None,
    maker: Maker | None,
    piece: Piece | None = None,
    facts: dict[str, Any] | None = None,
    digest: bytes | None = None,
    at: datetime | None = None,
) -> Event:
    """Append an event. `digest` (32 bytes) names what was signed; else it is of the statement."""
    at = at or timezone.now()
    nonce = new_nonce()
    statement = canonical_bytes(
        {
            "kind": kind,
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "piece": piece.public_id if piece else None,
            "maker": maker.public_id if maker else None,
            "facts": facts or {},
            "nonce": base64.urlsafe_b64encode(nonce).decode().rstrip("="),
        }
    )
    return Event.objects.create(
        kind=kind,
        at=at,
        actor=pseudonym_of(by) if by else "",
        maker=maker,
        piece=piece,
        nonce=nonce,
        statement=statement,
        digest=digest or hashlib.sha256(statement).digest(),
    )


def pseudonym_of(user: User) -> str:
    """The random name that events use for this account; it dies with the account."""
    pseudonym, _ = Pseudonym.objects.get_or_create(user=user)
    return str(pseudonym.value)
