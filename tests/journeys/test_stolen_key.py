"""A maker's key is stolen on 1 October: what she signed before stays good, what came later does
not, she goes on with a new key; site, API and a laptop without network say the same.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from provenance.__main__ import main
from provenance.keys import multikey
from provenance.models.certificate import Certificate
from provenance.models.keys import SigningKey
from provenance.models.maker import Maker
from provenance.services import drafting, platform, reproof
from tests.factories import MAKER_PASSPHRASE, make_draft, make_mira

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NEW_PASSPHRASE = "behind the blue enamel jar"
SEPTEMBER = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
EARLY_OCTOBER = datetime(2027, 10, 2, 14, 0, tzinfo=UTC)
MID_OCTOBER = datetime(2027, 10, 15, 9, 0, tzinfo=UTC)
NOVEMBER = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)


class Desk:
    """Mira's browser, at whatever moment it is."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def post(self, moment: datetime, address: str, typed: dict[str, str]) -> None:
        with time_machine.travel(moment, tick=False):
            client = Client()
            client.force_login(self.maker.user)
            answer = client.post(address, typed)
        assert answer.status_code == 303, answer.content.decode()

    def make_key(self, moment: datetime, passphrase: str) -> None:
        self.post(moment, "/workshop/keys/held", {"passphrase": passphrase, "again": passphrase})

    def sign(self, moment: datetime, title: str, passphrase: str) -> Certificate:
        with time_machine.travel(moment, tick=False):
            piece = make_draft(self.maker, title=title)
            shown = drafting.shown_digest(piece)
        typed = {"shown": shown, "passphrase": passphrase}
        self.post(moment, f"/workshop/{piece.public_id}/sign", typed)
        found: Certificate = Certificate.objects.get(piece=piece)
        return found


def answers(folder: Path, certificate: Certificate, capsys: Any, at: datetime) -> list[Any]:
    """What the site, the API and the laptop say: the answer, and the outcome of each check."""
    with time_machine.travel(at, tick=False):
        client = Client()
        page = client.get(f"/c/{certificate.public_id}")
        on_record = client.get(f"/api/v1/certificates/{certificate.public_id}").json()["verdict"]
        bundle = client.get(f"/c/{certificate.public_id}/bundle.json").content
        brought = client.post(
            "/api/v1/verifications", bundle, content_type="application/json"
        ).json()
        did = client.get("/.well-known/did.json").content
    (folder / "bundle.json").write_bytes(bundle)
    (folder / "did.json").write_bytes(did)
    told = [_checks(page.context["checks"]), *(_answer(each) for each in (on_record, brought))]
    for trust in (
        ["--trust-key", platform.fingerprint()],
        ["--trust", str(folder / "did.json")],
    ):
        main(["verify", str(folder / "bundle.json"), *trust, "--json", f"--at={at:%Y-%m-%dT%XZ}"])
        told.append(_answer(json.loads(capsys.readouterr().out)))
    assert told[0] == told[1][1]
    assert all(each == told[1] for each in told[2:])
    return [told[1][0], told[1][1][5], on_record["checks"][4]["reason"]]


def _answer(told: dict[str, Any]) -> tuple[str, dict[int, str]]:
    return told["answer"], {each["number"]: each["outcome"] for each in told["checks"]}


def _checks(checks: Any) -> dict[int, str]:
    return {each.number: str(each.outcome) for each in checks}


def test_a_stolen_key_of_a_maker_costs_only_what_came_after(tmp_path, capsys, settings):
    settings.MAKER_KEYS_DIR = tmp_path / "makers"
    with time_machine.travel(SEPTEMBER, tick=False):
        desk = Desk(make_mira())
    desk.make_key(SEPTEMBER, MAKER_PASSPHRASE)
    early = desk.sign(SEPTEMBER, "Harbour ring", MAKER_PASSPHRASE)
    late = desk.sign(EARLY_OCTOBER, "Lantern ring", MAKER_PASSPHRASE)
    before = [answers(tmp_path, each, capsys, EARLY_OCTOBER)[:2] for each in (early, late)]

    stolen = SigningKey.objects.get(maker=desk.maker)
    desk.post(MID_OCTOBER, "/workshop/keys/stolen", _report(stolen))
    noted = answers(tmp_path, early, capsys, MID_OCTOBER)
    lost = answers(tmp_path, late, capsys, MID_OCTOBER)

    desk.make_key(NOVEMBER, NEW_PASSPHRASE)
    shown = reproof.what_is_signed_again(desk.maker)
    desk.post(NOVEMBER, "/workshop/keys/again", {"passphrase": NEW_PASSPHRASE, "shown": shown})
    new = desk.sign(NOVEMBER, "Tide ring", NEW_PASSPHRASE)
    after = [answers(tmp_path, each, capsys, NOVEMBER)[:2] for each in (early, late, new)]

    assert before == [["current", "passed"]] * 2
    assert noted[:2] == ["current", "passed"]
    assert noted[2].endswith("was reported stolen as of 2027-10-01 00:00 UTC.")
    assert lost[:2] == ["unreliable", "failed"]
    assert "2027-10-01 00:00 UTC" in lost[2]
    assert after == [["current", "passed"], ["unreliable", "failed"], ["current", "passed"]]
    assert Certificate.objects.get(pk=early.pk).files.count() == 2
    assert Certificate.objects.get(pk=late.pk).files.count() == 1


def _report(key: SigningKey) -> dict[str, str]:
    return {
        "key": multikey(bytes(key.public_key)),
        "at": "2027-10-01T00:00",
        "reason": "The laptop was stolen from the van.",
        "sure": "on",
    }
