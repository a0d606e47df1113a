"""A stone is swapped in repair: the first certificate gives way to a second. The code and the old
paper lead to the new one; the old file, checked again on site, by program and on a laptop, says so.
"""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from provenance.__main__ import main
from provenance.canonical import parse_object
from provenance.credentials import subject_of
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.services import platform
from tests.factories import code_address, make_draft, make_mira
from tests.provenance.bench import CAST_AND_SET, with_steps
from tests.provenance.programs import RING, Program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOVEMBER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MARCH = datetime(2027, 3, 12, 15, 0, tzinfo=UTC)
WHY = "The sapphire was chipped and exchanged."
SPINEL = {**RING["stones"][0], "species": "spinel", "variety": "", "treatment": ["none-known"]}


@pytest.fixture
def mira():
    return make_mira()


def at_the_desk(mira):
    desk = Client()
    desk.force_login(mira.user)
    return desk


def sign(desk, piece):
    shown = desk.get(f"/workshop/{piece}/sign").context["shown"]
    signed = desk.post(f"/workshop/{piece}/sign", {"shown": shown})
    assert signed.status_code == 303, signed.content.decode()
    return Certificate.objects.order_by("-version").first()


def first_certificate(mira):
    with time_machine.travel(NOVEMBER, tick=False):
        draft = with_steps(make_draft(mira), *CAST_AND_SET)
        return sign(at_the_desk(mira), draft.public_id)


def repaired(mira, first):
    """She puts the work on record, corrects what was signed, looks at it and signs."""
    desk, piece = at_the_desk(mira), first.piece.public_id
    typed = {
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-ident": "reset",
        "steps-0-kind": "set.stone",
        "steps-0-control": "hand",
        "steps-0-part": "head",
        "on": "2027-03-12",
        "reason": WHY,
        "act": "record",
    }
    recorded = desk.post(f"/workshop/{piece}/alterations", typed)
    assert recorded.status_code == 303, recorded.content.decode()
    asked = desk.get(f"/workshop/{piece}/correct").content.decode()
    assert WHY in asked
    desk.post(f"/workshop/{piece}/correct", {"reason": WHY})
    draft = Piece.objects.get(revises=first.piece)
    facts = RING | {"stones": [SPINEL, RING["stones"][1]], "revision": draft.revision}
    changed = Program(mira).put(f"pieces/{draft.public_id}", facts)
    assert changed.status_code == 200, changed.content
    return sign(desk, draft.public_id)


def on_the_laptop(folder, content, capsys, *, at):
    """What a laptop without network says of a file: its answer and its exit code."""
    file = folder / "file.json"
    file.write_bytes(content)
    code = main(
        [
            *("verify", str(file), "--trust-key", platform.fingerprint()),
            *("--at", at.isoformat().replace("+00:00", "Z"), "--json"),
        ]
    )
    return json.loads(capsys.readouterr().out)["answer"], code


def test_a_stone_is_swapped_and_every_way_leads_to_the_newer_certificate(mira, tmp_path, capsys):
    first = first_certificate(mira)
    buyer, paper = Client(), f"/c/{first.public_id}"
    with time_machine.travel(NOVEMBER, tick=False):
        old_file = b"".join(buyer.get(f"{paper}.json"))
        old_bundle = b"".join(buyer.get(f"{paper}/bundle.json"))
        code = code_address(first.piece)
        assert "This code names the ring." in buyer.get(code).content.decode()

    with time_machine.travel(MARCH, tick=False):
        second = repaired(mira, first)
        scanned = buyer.get(code).content.decode()
        printed = buyer.get(paper).content.decode()
        checked = buyer.post("/verify", {"text": old_file.decode()}).content.decode()
        told = Program().post("verifications", old_file).json()
        new_bundle = b"".join(buyer.get(f"{paper}/bundle.json"))

    # The code leads to the second, which says what is true now and what was done.
    assert "spinel" in scanned
    assert f"/c/{second.public_id}" in scanned
    assert "altered on 2027-03-12" in scanned
    assert f"12 March 2027, version 2: {WHY}" in scanned
    # The address on the old paper says so and leads on.
    assert "There is a newer certificate." in printed
    assert f'href="/c/{second.public_id}"' in printed
    # The old file, checked again.
    assert "<h1>There is a newer certificate.</h1>" in checked
    assert WHY in checked
    assert (told["answer"], told["cause"]["newer"]) == ("superseded", second.public_id)
    laptop = [
        on_the_laptop(tmp_path, new_bundle, capsys, at=MARCH),
        on_the_laptop(tmp_path, old_bundle, capsys, at=NOVEMBER),
        on_the_laptop(tmp_path, old_bundle, capsys, at=MARCH),
    ]
    assert laptop == [("superseded", 0), ("current", 0), ("unconfirmed", 3)]
    # Nothing that was signed has changed.
    first.refresh_from_db()
    assert subject_of(parse_object(bytes(first.body)))["stones"][0]["species"] == "corundum"
