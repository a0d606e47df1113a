"""The maker is told when unusually many opened a code: calmly, and once in thirty days."""

import logging
import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from tags.models.tag import Tag
from tags.models.tap import Opening
from tags.services import telling
from tests.factories import make_certificate

pytestmark = pytest.mark.django_db


def opened(tag: Tag, *, times: int = 40, networks: int = 12) -> Tag:
    """Written as the counting writes it."""
    day, each = timezone.now().date(), times // networks
    for number in range(networks):
        more = times - each * networks if number == 0 else 0
        network = number.to_bytes(8, "big")
        Opening.objects.create(tag=tag, day=day, network=network, times=each + more, country="GB")
    tag.times_opened += times
    tag.most_networks = max(tag.most_networks, networks)
    tag.save(update_fields=["times_opened", "most_networks"])
    return tag


def code_of_a_ring() -> Tag:
    return Tag.objects.get(piece=make_certificate().piece)


def tell(capture, *, later: timedelta = timedelta(0)) -> int:
    with time_machine.travel(timezone.now() + later), capture(execute=True):
        return telling.tell_makers(now=timezone.now())


@pytest.fixture
def tells(django_capture_on_commit_callbacks):
    return lambda **when: tell(django_capture_on_commit_callbacks, **when)


def test_the_letter_says_what_was_seen_and_where_to_look(tells, mailoutbox):
    tag = opened(code_of_a_ring())

    tells()

    (letter,) = mailoutbox
    assert letter.to == [tag.piece.maker.user.email]
    assert letter.subject == "The code of the Marlowe ring was opened often."
    assert "opened 40 times, from at least 12 networks." in letter.body
    assert f"https://touchmark.example/workshop/tags/{tag.public_id}" in letter.body


def test_the_letter_names_no_place_and_no_network(tells, mailoutbox):
    opened(code_of_a_ring())

    tells()

    body = mailoutbox[0].body
    assert "GB" not in body
    assert "/24" not in body


def test_what_a_few_friends_opened_is_worth_no_letter(tells, mailoutbox):
    opened(code_of_a_ring(), times=19, networks=12)
    opened(Tag.objects.get(piece=make_certificate_of_another()), times=40, networks=7)

    assert tells() == 0
    assert mailoutbox == []


def make_certificate_of_another():
    maker = Tag.objects.get().piece.maker
    return make_certificate(maker, title="Lantern ring").piece


def test_one_letter_in_thirty_days_is_enough(tells, mailoutbox):
    tag = opened(code_of_a_ring())
    tells()
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        opened(tag)

    soon = tells(later=timedelta(days=29))
    later = tells(later=timedelta(days=31))

    assert (soon, later) == (0, 1)
    assert len(mailoutbox) == 2


def test_what_is_long_over_is_told_no_second_time(tells, mailoutbox):
    opened(code_of_a_ring())
    tells()

    assert tells(later=timedelta(days=60)) == 0


def test_of_a_code_that_ended_nobody_is_written_to(tells):
    tag = opened(code_of_a_ring())
    Tag.objects.filter(pk=tag.pk).update(state="retired", ended_at=timezone.now())

    assert tells() == 0


def test_two_workers_write_one_letter(tells, mailoutbox):
    tag, now = opened(code_of_a_ring()), timezone.now()
    stale = list(telling._opened_often(now))
    tells()

    second = telling._tell(stale[0], now)

    assert stale == [tag]
    assert not second
    assert len(mailoutbox) == 1


def test_nothing_leaves_before_the_row_stands(mailoutbox, django_capture_on_commit_callbacks):
    opened(code_of_a_ring())

    with django_capture_on_commit_callbacks() as waiting:
        telling.tell_makers(now=timezone.now())

    assert len(waiting) == 1
    assert mailoutbox == []


def test_a_post_that_is_down_stops_nothing_and_betrays_no_address(tells, monkeypatch, caplog):
    tag = opened(code_of_a_ring())

    def refuse(*_):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with caplog.at_level(logging.WARNING):
        tells()

    assert "a letter was not sent: SMTPServerDisconnected" in caplog.text
    assert tag.piece.maker.user.email not in caplog.text


def test_the_worker_writes_it(mailoutbox, django_capture_on_commit_callbacks):
    opened(code_of_a_ring())

    with django_capture_on_commit_callbacks(execute=True):
        call_command("run_worker", once=True)

    assert len(mailoutbox) == 1
