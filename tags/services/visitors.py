"""Counting networks without knowing one: a keyed hash whose key is deleted when its day ends."""

import hmac
from datetime import UTC, date, datetime
from functools import lru_cache

from tags.models.tap import DayKey
from tags.networks import network_of

DIGEST_BYTES = 8


def network_digest(address: str, *, at: datetime) -> bytes:
    """The 8 bytes by which the network of an address is counted on this day, and never after."""
    key = _key_of(at.astimezone(UTC).date())
    # Not `hmac.digest`: it lets other threads in, which takes longer than the digest.
    return hmac.new(key, network_of(address).encode(), "sha256").digest()[:DIGEST_BYTES]


def forget_past_keys(today: date) -> int:
    """Delete the keys of every day that is over."""
    gone, _ = DayKey.objects.filter(day__lt=today).delete()
    return gone


@lru_cache(maxsize=1)
def _key_of(day: date) -> bytes:
    # Also where no worker runs, yesterday's key goes as soon as today's is wanted.
    forget_past_keys(day)
    row, _ = DayKey.objects.get_or_create(day=day)
    return bytes(row.key)
