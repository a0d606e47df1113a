"""Readings: taps of chips, openings of codes, and what is left of both after ninety days."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from provenance.verdict import TagAnswer
from tags.models.tag import Tag

# What a tap with a valid signature can come to.
ANSWERS = [
    each.value
    for each in (
        TagAnswer.LIVE,
        TagAnswer.USED_LINK,
        TagAnswer.TAMPERED,
        TagAnswer.NOT_BOUND,
        TagAnswer.SUSPENDED,
        TagAnswer.REPLACED,
        TagAnswer.RETIRED,
        TagAnswer.WITHDRAWN,
    )
]


def new_day_key() -> bytes:
    return secrets.token_bytes(32)


class DayKey(models.Model):
    """The key under which the networks of one day are counted; it is deleted when the day ends."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32, default=new_day_key, editable=False)

    def __str__(self) -> str:
        return f"{self.day}"


class Tap(models.Model):
    """A chip's valid signature and what it came to; kept ninety days.

    `session` is the digest of a cookie that lives ten minutes, `network` a digest under the key
    of its day, `reads` how far the counter had gone on since the last tap on record.
    """

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taps", db_index=False)
    key_version = models.PositiveSmallIntegerField()
    counter = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=[(each, each) for each in ANSWERS])
    is_consumed = models.BooleanField(default=False)
    session = models.BinaryField(max_length=16, editable=False)
    network = models.BinaryField(max_length=8, editable=False)
    country = models.CharField(max_length=2, blank=True)
    reads = models.PositiveIntegerField(null=True, blank=True)
    # The second of two rising answers to one browser within two minutes.
    is_second = models.BooleanField(default=False)
    # Two browsers brought answers that cannot both be of one chip in one hand.
    is_conflict = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["tag", "at"], name="taps_of_a_tag"),
            models.Index(fields=["session", "at"], name="taps_of_a_session"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "key_version", "counter"],
                condition=Q(is_consumed=True),
                name="one_tap_per_counter",
            ),
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="tap_answer_is_known"),
            models.CheckConstraint(
                condition=~Q(answer__in=[TagAnswer.LIVE.value, TagAnswer.TAMPERED.value])
                | Q(is_consumed=True),
                name="only_a_spent_counter_is_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} at {self.at:%Y-%m-%d %H:%M}"


class Opening(models.Model):
    """How often one network opened a printed code on one day; kept ninety days."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="openings", db_index=False)
    day = models.DateField(db_index=True)
    network = models.BinaryField(max_length=8, editable=False)
    country = models.CharField(max_length=2, blank=True)
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "day", "network"], name="one_opening_row_per_network_and_day"
            ),
            models.CheckConstraint(condition=Q(times__gt=0), name="opening_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.times} on {self.day}"


class Counted(models.TextChoices):
    """What a month is counted by."""

    TAPS = "taps", "taps that were live"
    USED_LINKS = "used_links", "links that were opened before"
    CONFLICTS = "conflicts", "answers that contradict each other"
    OPENINGS = "openings", "openings of the code"


class MonthCount(models.Model):
    """What is left of the readings of one tag in one month: numbers."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="months", db_index=False)
    month = models.DateField(help_text="Its first day.")
    what = models.CharField(max_length=10, choices=Counted.choices)
    times = models.PositiveIntegerField()

    objects: ClassVar = models.Manager["MonthCount"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "month", "what"], name="one_count_per_month_and_kind"
            ),
            models.CheckConstraint(condition=Q(what__in=Counted.values), name="count_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.times} {self.what} in {self.month:%Y-%m}"
