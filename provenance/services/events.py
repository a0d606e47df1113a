"""The one way an act is put on record: an Event in the act's own transaction."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from provenance.canonical import canonical_bytes
from provenance.models.log import Event, Pseudonym, new_nonce
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services.insert import insert_columns


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
    actor = pseudonym_of(by) if by else ""
    at = at or timezone.now()
    return Event.objects.create(**_event(kind, actor, maker, piece, facts or {}, digest, at))


@dataclass(frozen=True)
class Act:
    """One of many acts of a kind, put on record together."""

    maker: Maker | None
    piece: Piece | None
    facts: dict[str, Any] = field(default_factory=dict)
    digest: bytes | None = None


def record_all(kind: str, acts: Iterable[Act], *, by: User | None, at: datetime) -> None:
    """Append an event for each act, all at once."""
    actor, acts = pseudonym_of(by) if by else "", list(acts)
    insert_columns(
        Event,
        [_event(kind, actor, act.maker, act.piece, act.facts, act.digest, at) for act in acts],
    )


def _event(
    kind: str,
    actor: str,
    maker: Maker | None,
    piece: Piece | None,
    facts: dict[str, Any],
    digest: bytes | None,
    at: datetime,
) -> dict[str, Any]:
    """The columns of one event."""
    nonce = new_nonce()
    # The draft of a correction is gone once it is signed or given up; its piece stays.
    piece = piece.original if piece else None
    statement = canonical_bytes(
        {
            "kind": kind,
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "piece": piece.public_id if piece else None,
            "maker": maker.public_id if maker else None,
            "facts": facts,
            "nonce": base64.urlsafe_b64encode(nonce).decode().rstrip("="),
        }
    )
    return {
        "kind": kind,
        "at": at,
        "actor": actor,
        "maker_id": maker.pk if maker else None,
        "piece_id": piece.pk if piece else None,
        "nonce": nonce,
        "statement": statement,
        "digest": digest or hashlib.sha256(statement).digest(),
    }


def pseudonym_of(user: User) -> str:
    """The random name that events use for this account; it dies with the account."""
    pseudonym, _ = Pseudonym.objects.get_or_create(user=user)
    return str(pseudonym.value)
