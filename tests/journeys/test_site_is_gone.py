"""The site is down, or the maker is gone: a laptop without network still checks what was saved."""

import json
import random
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from provenance.__main__ import main
from provenance.keys import fingerprint, read_multikey
from tests.sites import ROOT, running_site

pytestmark = [pytest.mark.slow]
# The program itself, on a machine on which every socket is refused.
WITHOUT_NETWORK = """
import runpy, socket, sys
def refuse(*_, **__): raise OSError("no network here")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
sys.argv[0] = "provenance"
runpy.run_module("provenance", run_name="__main__")
"""


@dataclass(frozen=True)
class Saved:
    """What Otto saved while the site was there: two files, and what his card says."""

    bundle: Path
    paper: Path
    card: str
    at: datetime

    def check(self, file: Path, *options: str) -> tuple[int, str]:
        command = [sys.executable, "-c", WITHOUT_NETWORK, "verify", str(file), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """The site runs while he saves, and is stopped before anybody checks."""
    folder = tmp_path_factory.mktemp("saved")
    with running_site(tmp_path_factory.mktemp("site"), is_demo=True) as site:
        doors = json.loads((site.folder / "demo.json").read_text(encoding="utf-8"))
        for name in ("bundle.json", "certificate.pdf"):
            ending = "/bundle.json" if name.endswith("json") else ".pdf"
            with urllib.request.urlopen(doors["certificate"] + ending, timeout=60) as answer:
                (folder / name).write_bytes(answer.read())
        with urllib.request.urlopen(f"{site.url}/.well-known/did.json", timeout=10) as answer:
            method = json.loads(answer.read())["assertionMethod"][0]
    card = fingerprint(read_multikey(method.partition("#")[2]))
    bundle = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    told = min(each["validFrom"] for each in bundle["statusLists"])
    at = datetime.fromisoformat(told)
    yield Saved(folder / "bundle.json", folder / "certificate.pdf", card, at)


def moment(at: datetime) -> str:
    return f"--at={at:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("kind", ["bundle", "paper"])
def test_the_file_verifies_by_the_fingerprint_on_the_card(saved: Saved, kind: str) -> None:
    file = getattr(saved, kind)

    code, told = saved.check(file, "--trust-key", saved.card)

    assert code == 0, told


def test_the_file_alone_proves_nothing(saved: Saved) -> None:
    code, told = saved.check(saved.bundle)

    assert code == 3
    assert "The key came with the file" in told


def test_when_its_status_lists_are_too_old_it_is_unconfirmed(saved: Saved) -> None:
    later = moment(saved.at + timedelta(hours=25))

    code, told = saved.check(saved.bundle, "--trust-key", saved.card, later)
    same_day = saved.check(saved.bundle, "--trust-key", saved.card, moment(saved.at))

    assert (code, same_day[0]) == (3, 0)
    assert "not checked" in told


def test_one_changed_byte_of_the_certificate_fails(saved: Saved, tmp_path: Path) -> None:
    content = saved.bundle.read_bytes()
    certificate = json.loads(content)["certificate"]
    signed = json.dumps(certificate, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    start = content.index(signed.encode())
    places = random.Random(12).sample(range(start, start + len(signed.encode())), 150)

    codes = {}
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1
        (tmp_path / "changed.json").write_bytes(changed)
        codes[place] = main(["verify", str(tmp_path / "changed.json"), "--trust-key", saved.card])

    assert {place: code for place, code in codes.items() if code not in (1, 2)} == {}
