"""What is never written down: a canary in each secret, and a look into everything that is kept."""

import http.client
import logging
import re

import pytest
from django.core import mail
from django.test import Client

from config.discretion import Discretion, discreet
from provenance.models.log import Event
from tags import tap_views
from tags.models.tag import Tag
from tags.models.tap import Tap
from tests.doors import at_the_door, enter_with_app
from tests.factories import make_staff
from tests.sites import serving_the_test_database
from tests.tags.chips import make_answering_chip

KEYS = ("A1" * 16, "A2" * 16, "B1" * 16, "B2" * 16, "75" * 16)


def secrets_of(link: str, uid: bytes) -> list[str]:
    """The canaries of a tap: its hidden UID and count, its signature, and the UID in the clear."""
    _, picc, mac = re.fullmatch(r"(.*)\?e=(\w+)&c=(\w+)", link).groups()
    return [picc, mac, uid.hex(), *KEYS]


def sings(canaries: list[str], text: str) -> list[str]:
    return [each for each in canaries if each.lower() in text.lower()]


class BrokenBenchError(Exception):
    """Something of ours broke."""


@pytest.fixture
def broken(monkeypatch):
    """A fault right behind the signature, where every secret of a tap is at hand."""

    def breaks(signed, **_):
        secret_counter = signed[0].counter
        raise BrokenBenchError(f"broke at {secret_counter >= 0}")

    monkeypatch.setattr(tap_views, "take_tap", breaks)


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_tells_nothing_of_a_tap(client, settings, broken, debug):
    settings.DEBUG = debug
    chip = make_answering_chip()
    link = chip.tap()
    client.raise_request_exception = False

    page = client.get(link, HTTP_REFERER=f"https://touchmark.example{link}")

    assert page.status_code == 500
    assert sings(secrets_of(link, chip.virtual.uid), page.content.decode()) == []


@pytest.mark.django_db
def test_a_mail_to_the_operator_tells_nothing_of_a_tap(client, settings, broken):
    settings.ADMINS = [("Op", "op@touchmark.example")]
    chip = make_answering_chip()
    link = chip.tap()
    client.raise_request_exception = False

    client.get(link)

    (sent,) = mail.outbox
    told = sent.body + sent.subject + "".join(str(each) for each in sent.alternatives)
    assert "BrokenBenchError" in told
    assert sings(secrets_of(link, chip.virtual.uid), told) == []


@pytest.mark.django_db
def test_no_log_tells_of_a_tap(client, caplog, broken):
    caplog.set_level(logging.DEBUG)
    chip = make_answering_chip()
    link = chip.tap()
    client.raise_request_exception = False

    client.get(link)
    client.get(link[:-1] + "G")

    assert "BrokenBenchError" in caplog.text
    assert sings(secrets_of(link, chip.virtual.uid), caplog.text) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_server_that_writes_down_everything_writes_no_tap_and_no_code(tmp_path):
    chip = make_answering_chip()
    link, code = chip.tap(), chip.tag.piece.tags.get(place="card").code

    with (
        (tmp_path / "log").open("w") as log,
        serving_the_test_database(processes=1, log=log) as (port,),
    ):
        for path in (link, link, f"/t/{code}", f"{link}%zz", "/s/ring?e=1"):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            referer = {"Referer": f"https://touchmark.example{link}"}
            line.request("GET", path, headers={"Host": "touchmark.example"} | referer)
            line.getresponse().read()
            line.close()

    told = (tmp_path / "log").read_text()
    assert "GET '/s/ring' 303" in told
    assert "GET '/t/...'" in told
    assert sings([*secrets_of(link, chip.virtual.uid), code], told) == []


@pytest.mark.django_db
def test_the_staff_desk_shows_no_uid_no_key_and_no_code(client):
    chip = make_answering_chip()
    client.get(chip.tap())
    staff = make_staff()
    desk = at_the_door(Client())
    enter_with_app(desk, staff)

    pages = [
        desk.get(f"/staff/admin/tags/{page}").content.decode()
        for page in ("tag/", f"tag/{chip.tag.pk}/change/")
    ]

    digest = bytes(chip.tag.uid_digest).hex()
    assert "ring" in pages[1]
    assert sings([chip.virtual.uid.hex(), digest, chip.tag.code, *KEYS], "".join(pages)) == []


@pytest.mark.django_db
def test_no_row_and_no_event_holds_a_uid_a_key_or_a_link(client):
    chip = make_answering_chip()
    link = chip.tap()
    client.get(link)

    rows = [*Tag.objects.values(), *Tap.objects.values(), *Event.objects.values()]
    told = "".join(
        bytes(v).hex() + repr(bytes(v)) if isinstance(v, bytes | memoryview) else repr(v)
        for row in rows
        for v in row.values()
    )
    assert sings(secrets_of(link, chip.virtual.uid), told) == []


def test_the_page_after_a_tap_does_not_repeat_it(client, db):
    chip = make_answering_chip()
    link = chip.tap()

    page = client.get(link, follow=True)
    pressed = Client().get(chip.tap(), HTTP_PURPOSE="prefetch")
    refused = Client().get(link[:-1] + "G")

    told = "".join(each.content.decode() for each in (page, pressed, refused))
    assert sings(secrets_of(link, chip.virtual.uid), told) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /s/ring?e=9A1B&c=77AA HTTP/1.1", "GET /s/ring?... HTTP/1.1"),
        ("/S/ring?u=04DE&n=000001&c=77AA", "/S/ring?..."),
        ('"https://touchmark.example/s/x?e=9A"', '"https://touchmark.example/s/x?..."'),
        ("GET /t/K7QM2XRA9FT88 200", "GET /t/... 200"),
        ("GET /p/abc?record HTTP/1.1", "GET /p/abc?record HTTP/1.1"),
    ],
)
def test_what_is_said_is_kept_but_for_the_secret_in_it(said, kept):
    record = logging.LogRecord("a", logging.INFO, "a.py", 1, "%s", (said,), None)

    Discretion().filter(record)

    assert discreet(said) == kept == record.getMessage()
