"""Openings of a printed code: counted beside the request, told where they are many, then pruned."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from tags.models.tag import Tag
from tags.models.tap import Counted, DayKey, MonthCount, Opening, Tap
from tags.services import openings, retention, visitors
from tests.factories import make_certificate
from tests.tags.chips import make_answering_chip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_waits():
    openings._waiting.take()
    visitors._key_of.cache_clear()


def scan(tag: Tag, *, times: int = 1, networks: int = 1, **headers: str) -> None:
    for number in range(times):
        address = f"10.0.{number % networks}.7"
        Client().get(f"/t/{tag.code}", REMOTE_ADDR=address, **headers)
    openings.flush()


def code_of_a_ring() -> Tag:
    return Tag.objects.get(piece=make_certificate().piece)


def test_a_code_opened_forty_times_from_twelve_networks_says_so(client):
    tag = code_of_a_ring()

    scan(tag, times=40, networks=12)

    page = client.get(f"/t/{tag.code}").content.decode()
    assert "This code was opened 40 times, from at least 12 networks." in page


def test_a_card_that_was_shown_to_a_few_says_nothing(client):
    tag = code_of_a_ring()

    scan(tag, times=19, networks=7)
    scan(tag, times=20, networks=2)

    assert "was opened" not in client.get(f"/t/{tag.code}").content.decode()


def test_one_network_on_two_days_is_counted_as_one_at_least():
    tag = code_of_a_ring()
    scan(tag, times=4, networks=2)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        scan(tag, times=4, networks=2)

    tag.refresh_from_db()
    assert (tag.times_opened, tag.most_networks) == (8, 2)
    assert DayKey.objects.count() == 1


def test_who_only_looks_is_not_counted():
    tag = code_of_a_ring()

    scan(tag, HTTP_USER_AGENT="WhatsApp/2.23")
    scan(tag, HTTP_SEC_PURPOSE="prefetch")
    Client().head(f"/t/{tag.code}")
    openings.flush()

    assert not Opening.objects.exists()


def test_a_code_that_names_nothing_is_not_counted():
    Client().get("/t/K7QM2XRA9FT88")
    openings.flush()

    assert not Opening.objects.exists()


def test_a_scan_writes_nothing_in_the_request(client, django_assert_num_queries):
    tag = code_of_a_ring()
    client.get(f"/t/{tag.code}")

    with django_assert_num_queries(1):
        client.get(f"/t/{tag.code}")


def test_a_flood_waits_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(openings, "MOST_WAITING", 3)
    for number in range(10):
        openings.count(1, f"10.0.{number}.7")

    assert len(openings._waiting.take()) == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_clock_writes_what_was_counted_by_itself(settings):
    settings.SCANS_FLUSHED_AFTER = 0.1
    tag = code_of_a_ring()

    openings.count(tag.pk, "10.0.0.7")
    clock = openings._waiting._clock
    clock.join()

    assert Opening.objects.get().times == 1


# -- ninety days later --------------------------------------------------------------------------


def test_after_ninety_days_only_the_numbers_of_a_month_are_left(client):
    chip = make_answering_chip()
    with time_machine.travel("2027-01-10T10:00:00Z"):
        link = chip.tap()
        Client().get(link)
        Client().get(link)
        scan(chip.tag.piece.tags.get(place="card"), times=5, networks=2)
    with time_machine.travel("2027-02-01T10:00:00Z"):
        Client().get(chip.tap())

    with time_machine.travel("2027-04-12T10:00:00Z"):
        call_command("prune_taps", verbosity=0)
        call_command("prune_taps", verbosity=0)

    assert Tap.objects.count() == 1
    assert not Opening.objects.exists()
    assert set(MonthCount.objects.values_list("month", "what", "times")) == {
        (date(2027, 1, 1), Counted.TAPS, 1),
        (date(2027, 1, 1), Counted.USED_LINKS, 1),
        (date(2027, 1, 1), Counted.OPENINGS, 5),
    }


def test_pruning_in_steps_counts_each_row_once(monkeypatch):
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    chip = make_answering_chip()
    with time_machine.travel("2027-01-10T10:00:00Z"):
        for _ in range(5):
            Client().get(chip.tap())

    with time_machine.travel("2027-06-01T10:00:00Z"):
        retention.prune(now=timezone.now())

    assert MonthCount.objects.aggregate(all=Sum("times"))["all"] == 5


def test_the_key_of_a_day_is_gone_on_the_next():
    visitors.network_digest("203.0.113.7", at=timezone.now())

    retention.prune(now=timezone.now() + timedelta(days=1))

    assert not DayKey.objects.exists()


def test_networks_of_two_days_cannot_be_compared():
    now = timezone.now()

    today = visitors.network_digest("203.0.113.7", at=now)
    tomorrow = visitors.network_digest("203.0.113.7", at=now + timedelta(days=1))

    assert today != tomorrow
