"""Ninety days after a tap or an opening only the number of its month is left."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from provenance.verdict import TagAnswer
from tags.models.tap import Counted, MonthCount, Opening, Tap
from tags.services.visitors import forget_past_keys

KEPT = timedelta(days=90)
MOST_AT_ONCE = 1000


class _Month(NamedTuple):
    tag: int
    month: date
    what: Counted


def prune(*, now: datetime) -> int:
    """Count and delete what is older than ninety days, in steps; how many rows went."""
    forget_past_keys(now.astimezone(UTC).date())
    many = 0
    while done := _prune_taps(now - KEPT) + _prune_openings((now - KEPT).date()):
        many += done
    return many


@transaction.atomic
def _prune_taps(before: datetime) -> int:
    # Rows are written in the order of time, so the oldest stand first by their key.
    old = Tap.objects.filter(at__lt=before).order_by("pk").select_for_update(skip_locked=True)
    taps = list(old[:MOST_AT_ONCE])
    counts: Counter[_Month] = Counter()
    for tap in taps:
        month = tap.at.astimezone(UTC).date().replace(day=1)
        for what in _counted(tap):
            counts[_Month(tap.tag_id, month, what)] += 1
    return _exchange(counts, Tap, [tap.pk for tap in taps])


@transaction.atomic
def _prune_openings(before: date) -> int:
    old = Opening.objects.filter(day__lt=before).order_by("pk").select_for_update(skip_locked=True)
    openings = list(old[:MOST_AT_ONCE])
    counts: Counter[_Month] = Counter()
    for each in openings:
        counts[_Month(each.tag_id, each.day.replace(day=1), Counted.OPENINGS)] += each.times
    return _exchange(counts, Opening, [each.pk for each in openings])


def _counted(tap: Tap) -> list[Counted]:
    counted = []
    if tap.answer == TagAnswer.LIVE:
        counted.append(Counted.TAPS)
    if tap.answer == TagAnswer.USED_LINK:
        counted.append(Counted.USED_LINKS)
    if tap.is_conflict:
        counted.append(Counted.CONFLICTS)
    return counted


def _exchange(counts: "Counter[_Month]", model: type[Tap] | type[Opening], keys: list[int]) -> int:
    """Write the numbers, and delete the rows that they are of."""
    for (tag, month, what), times in counts.items():
        row, is_new = MonthCount.objects.get_or_create(
            tag_id=tag, month=month, what=what, defaults={"times": times}
        )
        if not is_new:
            MonthCount.objects.filter(pk=row.pk).update(times=F("times") + times)
    model.objects.filter(pk__in=keys).delete()
    return len(keys)
