"""The drill of docs/how-to/rotate-keys.md is run word for word, and ends as the page says."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from provenance import __main__ as offline
from provenance import keys
from provenance.models.certificate import Certificate
from provenance.models.keys import SigningKey
from provenance.services import platform
from tests.documented import ROOT
from tests.factories import make_held_certificate, make_held_key, make_mira

pytestmark = pytest.mark.django_db
PAGE = ROOT / "docs" / "how-to" / "rotate-keys.md"
SEPTEMBER = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
TODAY = datetime(2027, 10, 4, 9, 0, tzinfo=UTC)


def fingerprint(key: SigningKey) -> str:
    return keys.fingerprint(bytes(key.public_key))


def run(line: str, folder: Path) -> int:
    """One line of the page, with the words in capitals replaced by what they stand for."""
    first, *_ = SigningKey.objects.of_platform().order_by("pk")
    hers = SigningKey.objects.get(maker__isnull=False)
    certificate = Certificate.objects.get().public_id
    line = line.replace("OLD_FINGERPRINT", fingerprint(first))
    line = line.replace("MAKER_FINGERPRINT", fingerprint(hers))
    line = line.replace("FINGERPRINT", platform.fingerprint())
    words = shlex.split(line.replace("CERTIFICATE", certificate))
    if words[:2] == ["python", "manage.py"]:
        call_command(*words[2:])
        return 0
    if words[0] == "curl":
        address = words[3].removeprefix("https://touchmark.example")
        (folder / words[2]).write_bytes(Client().get(address).content)
        return 0
    assert words[:3] == ["python", "-m", "provenance"]
    return offline.main([*words[3:], f"--at={TODAY:%Y-%m-%dT%XZ}"])


def test_the_drill_does_what_its_page_says(tmp_path, settings, monkeypatch):
    settings.PLATFORM_KEY_PATH = tmp_path / "platform.pem"
    settings.MAKER_KEYS_DIR = tmp_path / "makers"
    keys.write_key_file(
        settings.PLATFORM_KEY_PATH, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )
    lines = re.findall(r"^\$ (.+)$", PAGE.read_text(), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    with time_machine.travel(SEPTEMBER, tick=False):
        mira = make_mira()
        make_held_certificate(mira, make_held_key(mira))

    with time_machine.travel(TODAY, tick=False):
        # `echo $?` tells the code of the line before it.
        ended = [run(line, tmp_path) for line in lines if line != "echo $?"]

    assert len(ended) >= 7
    assert set(ended) == {0}
    stolen = SigningKey.objects.filter(compromised_at__isnull=False)
    assert stolen.count() == 3
    assert platform.did_document()["assertionMethod"] == [platform.signer().verification_method]
