"""The third way of docs/how-to/program-a-tag.md is gone word for word, and ends as it says."""

import doctest
import io
import re
import shlex
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from tags.models.tag import Tag
from tests.documented import ROOT
from tests.factories import make_certificate, make_mira
from tests.tags.chips import path_of

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "how-to" / "program-a-tag.md").read_text()
THIRD_WAY = PAGE.partition("## With the virtual tag")[2]


@pytest.fixture
def demonstration(settings, tmp_path, monkeypatch):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    monkeypatch.chdir(tmp_path)


def run(line: str, **words: str) -> str:
    """One line of the page, with the words in capitals replaced by what they stand for."""
    for name, value in words.items():
        line = line.replace(name, value)
    first = shlex.split(line)
    assert first[:3] == ["python", "-m", "config.demo"]
    out = io.StringIO()
    call_command(*first[3:], stdout=out)
    return out.getvalue().strip()


def text(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def press(client: Client, page: str, button: str, sent: dict[str, object]):
    """Press a button that is really there, with its form filled in."""
    assert button in text(client.get(page))
    return client.post(page, sent, follow=True)


def test_the_third_way_leads_where_the_page_says(client, demonstration):
    lines = re.findall(r"^\$ (.+)$", THIRD_WAY, re.MULTILINE)
    mira = make_mira()
    client.force_login(mira.user)
    play_vendor, tap, forge = lines

    press(client, "/workshop/tags/write", "Set them aside", {"what": "ring", "count": "2"})
    assert "For a vendor or a writer app" in text(client.get("/workshop/tags/write"))
    archive = client.get("/workshop/tags/export.zip")
    assert 'filename="touchmark-tags.zip"' in archive["Content-Disposition"]
    Path("touchmark-tags.zip").write_bytes(archive.content)
    assert run(play_vendor) == "2 written, each tapped once; result.csv"

    brought = {"table": SimpleUploadedFile("result.csv", Path("result.csv").read_bytes())}
    looked = press(client, "/workshop/tags/results", "Look at it", brought)
    assert "Put 2 on record" in text(looked)
    client.post("/workshop/tags/results", {"text": looked.context["text"]})
    first, _ = Tag.objects.in_stock_of(mira).filter(state="verified")

    piece = make_certificate(mira).piece
    desk = f"/workshop/{piece.public_id}"
    assert "Put a chip or NFC tag on it" in text(client.get(desk))
    press(client, f"{desk}/tag", "Put it there", {"tag": first.public_id, "place": "band"})
    link = path_of(run(tap, CODE=first.code))
    live = Client().get(link, follow=True)
    again = Client().get(link, follow=True)
    forged = Client().get(path_of(run(forge, CODE=first.code)))

    for said, answer in [
        ("The chip answered just now.", live),
        ("This link was opened before.", again),
        ("No valid chip signature.", forged),
    ]:
        assert f"*{said}*" in PAGE
        assert said in text(answer)


def test_the_lines_of_python_do_what_they_say():
    (session,) = re.findall(r"```pycon\n(.*?)```", THIRD_WAY, re.DOTALL)
    lines = doctest.DocTestParser().get_doctest(session, {}, "program-a-tag", None, 0)

    done = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(lines)

    assert done.attempted >= 7
    assert done.failed == 0


def test_the_page_names_every_column_of_the_table(client):
    from_the_page = re.findall(r"^\| (`.+`) \|", PAGE, re.MULTILINE)
    named = {name for cell in from_the_page for name in re.findall(r"`([^`]+)`", cell)}

    make = make_mira()
    client.force_login(make.user)
    client.post("/workshop/tags/write", {"what": "ring", "count": "1"})
    archive = client.get("/workshop/tags/export.zip").content
    head = archive[archive.index(b"code,kind") :].partition(b"\r\n")[0].decode()

    assert set(head.split(",")) <= named


@pytest.mark.parametrize("command", [["tap_tag", "0000000000000"], ["play_vendor", "a", "b"]])
def test_beyond_the_demonstration_nothing_is_played(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError):
        call_command(*command)


@pytest.mark.parametrize("code", ["0000000000000", "nonsense"])
def test_a_code_without_a_chip_is_told(demonstration, code):
    with pytest.raises(CommandError):
        call_command("tap_tag", code)


def test_plain_tags_are_played_too(client, demonstration):
    mira = make_mira()
    client.force_login(mira.user)
    client.post("/workshop/tags/write", {"what": "plain", "count": "1"})
    Path("touchmark-tags.zip").write_bytes(client.get("/workshop/tags/export.zip").content)

    call_command("play_vendor", "touchmark-tags.zip", "result.csv", stdout=io.StringIO())
    client.post("/workshop/tags/results", {"text": Path("result.csv").read_text()})

    assert Tag.objects.in_stock_of(mira).get().state == "verified"


def test_a_played_chip_keeps_no_key(client, demonstration, settings, tmp_path):
    client.force_login(make_mira().user)
    client.post("/workshop/tags/write", {"what": "ring", "count": "1"})
    Path("touchmark-tags.zip").write_bytes(client.get("/workshop/tags/export.zip").content)

    call_command("play_vendor", "touchmark-tags.zip", "result.csv", stdout=io.StringIO())

    (kept,) = (tmp_path / "chips").glob("*.json")
    ring = settings.TAGS_PROFILES[0]
    for _, key in (*ring.meta_keys, *ring.file_keys):
        assert key.lower() not in kept.read_text().lower()
