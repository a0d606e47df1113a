"""Taps at the door that a WSGI server opens, in front of Django: answered as Django would."""

import io
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.http.cookie import SimpleCookie

from tags import presence, tap_door, tap_views
from tags.models.tag import Tag
from tags.models.tap import Tap
from tags.tap_door import TapDoor
from tests.factories import make_draft
from tests.tags.chips import make_answering_chip

pytestmark = pytest.mark.django_db
HEADERS = ("Location", "Cache-Control", "Referrer-Policy", "X-Content-Type-Options", "Content-Type")


class Asked:
    """Who was asked for an answer, and what it was."""

    def __init__(self) -> None:
        self.django = 0

    def ask(self, link, **environ):
        parts = urlsplit(link)
        told = []
        body = TapDoor(self._django)(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "SERVER_NAME": "touchmark.example",
                "SERVER_PORT": "443",
                "HTTP_HOST": "touchmark.example",
                "REMOTE_ADDR": "203.0.113.7",
                "wsgi.url_scheme": "https",
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": io.StringIO(),
                **environ,
            },
            lambda *answer: told.append(answer),
        )
        ((status, headers),) = told
        self.body = b"".join(body).decode()
        self.cookies = SimpleCookie("; ".join(v for name, v in headers if name == "Set-Cookie"))
        self.headers = dict(headers)
        return int(status[:3])

    def _django(self, environ, start_response):
        self.django += 1
        return WSGIHandler()(environ, start_response)


@pytest.fixture
def door(monkeypatch):
    """The door, with the connection of the test left open, as Django's test client leaves it."""
    monkeypatch.setattr(tap_door, "close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Asked()
    for signal in signals:
        signal.connect(close_old_connections)


def counter_of(chip) -> int:
    return Tag.objects.get(pk=chip.tag.pk).last_counter


def test_a_tap_that_leads_to_a_record_is_answered_before_django(door):
    chip = make_answering_chip()

    status = door.ask(chip.tap())

    assert (status, door.headers["Location"], door.django) == (303, chip.page, 0)
    assert counter_of(chip) == 1


def test_the_door_answers_with_the_headers_and_the_cookie_of_the_view(client, door):
    chip = make_answering_chip()
    theirs = client.get(chip.tap(), secure=True)

    door.ask(chip.tap())

    assert {name: door.headers.get(name) for name in HEADERS} == {
        name: theirs.headers.get(name) for name in HEADERS
    }
    ours, cookie = door.cookies[presence.COOKIE], theirs.cookies[presence.COOKIE]
    for name in ("httponly", "max-age", "path", "samesite", "secure"):
        assert str(ours[name]) == str(cookie[name])


def test_over_https_the_door_says_so_for_a_year(door, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    chip = make_answering_chip()

    door.ask(chip.tap())

    assert door.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_tap_without_https_is_led_there_and_spends_nothing(door, settings):
    settings.SECURE_SSL_REDIRECT = True
    chip = make_answering_chip()
    link = chip.tap()

    status = door.ask(link, **{"wsgi.url_scheme": "http"})

    assert (status, door.headers["Location"]) == (301, f"https://touchmark.example{link}")
    assert counter_of(chip) == -1


def test_the_same_browser_is_known_at_the_door(door):
    chip = make_answering_chip()
    link = chip.tap()
    door.ask(link)
    cookie = f"{presence.COOKIE}={door.cookies[presence.COOKIE].value}"

    door.ask(link, HTTP_COOKIE=cookie)
    door.ask(chip.tap(), HTTP_COOKIE=cookie)

    assert list(Tap.objects.order_by("pk").values_list("counter", "is_second")) == [
        (1, False),
        (2, True),
    ]


def test_a_chip_without_a_record_is_spent_once_and_told_by_django(door):
    chip = make_answering_chip(make_draft(), state="bound")

    status = door.ask(chip.tap())

    assert (status, door.django) == (200, 1)
    assert "Not attached to a piece yet." in door.body
    assert counter_of(chip) == 1
    assert Tap.objects.count() == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"REQUEST_METHOD": "HEAD"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_USER_AGENT": "WhatsApp/2.23.20.0 A"},
    ],
)
def test_who_only_looks_gets_the_button_from_django(door, asked):
    chip = make_answering_chip()

    assert (door.ask(chip.tap(), **asked), door.django) == (200, 1)
    assert counter_of(chip) == -1


@pytest.mark.parametrize("link", ["/s/ring?e=00&c=11", "/s/ring", "/S/RING?", "/s/", "/s", "/"])
def test_whatever_is_no_good_tap_is_left_to_django(door, link):
    door.ask(link)

    assert door.django == 1


@pytest.mark.parametrize("debug", [True, False])
def test_a_fault_at_the_door_is_the_site_s_own_error_page(door, settings, monkeypatch, debug):
    settings.DEBUG = debug
    chip = make_answering_chip()
    link = chip.tap()

    def breaks(*_, **__):
        raise OperationalError("the file is locked")

    monkeypatch.setattr(tap_views, "take_tap", breaks)

    assert (door.ask(link), door.django) == (500, 0)
    assert link.partition("e=")[2][:32] not in door.body
    assert chip.virtual.uid.hex() not in door.body.lower()
