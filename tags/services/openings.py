"""Openings of printed codes: counted in memory, written within seconds, never in the request."""

import logging
import threading
from collections import Counter
from datetime import UTC, date
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from tags.models.tag import Tag
from tags.models.tap import Opening
from tags.services.visitors import network_digest

MOST_WAITING = 10_000

log = logging.getLogger(__name__)


class _Opened(NamedTuple):
    tag: int
    address: str
    country: str


class _Waiting:
    """What was counted and is not written yet, and the clock that will write it.

    Addresses stay here for seconds; what is written is a digest of the network around one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[_Opened] = Counter()
        self._clock: threading.Timer | None = None

    def add(self, opened: _Opened) -> None:
        with self._lock:
            if len(self._counted) < MOST_WAITING:
                self._counted[opened] += 1
            if self._clock is None and settings.SCANS_FLUSHED_AFTER:
                self._clock = threading.Timer(settings.SCANS_FLUSHED_AFTER, _write_in_a_thread)
                self._clock.daemon = True
                self._clock.start()

    def take(self) -> Counter[_Opened]:
        with self._lock:
            counted, self._counted, self._clock = self._counted, Counter(), None
            return counted


_waiting = _Waiting()


def count(tag: int, address: str, country: str = "") -> None:
    """Note that the code of the tag with this key was opened from an address."""
    _waiting.add(_Opened(tag, address, country))


def flush() -> None:
    """Write what was counted so far."""
    now = timezone.now()
    day, counted = now.astimezone(UTC).date(), _waiting.take()
    by_network: Counter[_Row] = Counter()
    for opened, times in counted.items():
        network = network_digest(opened.address, at=now)
        by_network[_Row(opened.tag, day, network, opened.country)] += times
    for row, times in by_network.items():
        with transaction.atomic():
            _add(row, times)


class _Row(NamedTuple):
    tag: int
    day: date
    network: bytes
    country: str


def _add(row: _Row, times: int) -> None:
    one = {"tag_id": row.tag, "day": row.day, "network": row.network}
    found, is_new = Opening.objects.get_or_create(
        **one, defaults={"times": times, "country": row.country}
    )
    if not is_new:
        Opening.objects.filter(pk=found.pk).update(times=F("times") + times)
    networks = Opening.objects.filter(tag=row.tag, day=row.day).count()
    Tag.objects.filter(pk=row.tag).update(
        times_opened=F("times_opened") + times,
        most_networks=Greatest("most_networks", networks),
    )


def _write_in_a_thread() -> None:
    try:
        flush()
    except DatabaseError:
        log.warning("Openings of codes could not be counted just now.")
    finally:
        connections.close_all()
