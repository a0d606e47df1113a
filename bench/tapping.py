"""A whole tap over HTTP: beside Flask that stores it and Flask that does not, and among many tags.

All stand behind the same server with one worker, and are told in processor time of that worker.
"""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Any

from django.utils import timezone

from bench.crowd import Random, copies, look_at_them
from bench.served import Served, served
from bench.site import HOST, open_site
from bench.table import Row, print_table
from provenance.models.piece import Piece
from tags import keyring
from tags.codes import new_code
from tags.life import TagState
from tags.models.tag import Tag, TagKind
from tags.virtual import VirtualTag
from tests.factories import make_certificate, make_mira
from tests.sites import environment_of_this_database

LEAST_RATE = 1_000
CHIPS = 50
FEW_TAGS = 1_000
MANY_TAGS, QUICK_TAGS = 1_000_000, 100_000
PROFILE = "ring"
UID_BYTES = 7
# Processor time is told in steps of a hundredth of a second, so each turn takes many of them.
TAPS_AT_ONCE = 500
Taps = Iterator[str]


def measure(*, quick: bool) -> list[Row]:
    open_site()
    rounds, most = (5, QUICK_TAGS) if quick else (15, MANY_TAGS)
    piece = make_certificate(make_mira("mira-of-the-taps")).piece
    taps = tapping(chips_of(piece))
    stock(piece.maker_id, FEW_TAGS)
    with (
        tempfile.TemporaryDirectory() as folder,
        served("config.wsgi", environment_of_this_database()) as site,
        served("bench.flask_peer:app", {"PEER_DATABASE": f"{folder}/peer.sqlite3"}) as peer,
    ):
        first = beside(site, peer, taps, rounds=rounds)
        stock(piece.maker_id, most)
        after = beside(site, peer, taps, rounds=rounds)
    return [
        _row("Flask, stores it", first.ours, first.storing, ""),
        _row("Flask, stores nothing", first.ours, first.empty, PROMISE),
        Row(
            f"the same among {most:,} tags",
            after.ours,
            "/s",
            f"{FEW_TAGS:,} tags",
            first.ours,
            # Beside a peer both times, so that the machine's other work stays out of it.
            (after.ours / after.storing) / (first.ours / first.storing),
            "flat",
        ),
    ]


PROMISE = f">= {LEAST_RATE:,}/s and no slower"


def _row(peer: str, ours: float, theirs: float, promise: str) -> Row:
    return Row("tap over HTTP, stored", ours, "/s", peer, theirs, ours / theirs, promise)


def chips_of(piece: Piece) -> list[VirtualTag]:
    """Chips on one piece, each at a place of its own."""
    kind = keyring.kind_called(PROFILE)
    keys, chips, rows = kind.versions[0], [], []
    for number in range(CHIPS):
        uid = b"\x04" + secrets.token_bytes(UID_BYTES - 1)
        chip = VirtualTag(uid=uid)
        chip.encode(kind.profile, meta_key=keys.meta, master=keys.file)
        chips.append(chip)
        rows.append(row_of(piece.maker_id, uid) | {"piece": piece, "place": f"place {number}"})
    Tag.objects.bulk_create(
        Tag(**row | {"state": TagState.ACTIVE, "bound_at": timezone.now()}) for row in rows
    )
    return chips


def stock(maker: int, many: int) -> None:
    """Fill the maker's drawer with rows like one, each with a chip and a code of its own."""
    like = Tag.objects.create(**row_of(maker, secrets.token_bytes(UID_BYTES)))
    copies(like, many, public_id=Random.ID, uid_digest=Random.DIGEST, code=Random.CODE)
    look_at_them()


def row_of(maker: int, uid: bytes) -> dict[str, Any]:
    version = keyring.kind_called(PROFILE).versions[0].version
    return {
        "maker_id": maker,
        "kind": TagKind.NTAG424,
        "state": TagState.VERIFIED,
        "place": "",
        "bound_at": None,
        "verified_at": timezone.now(),
        "code": new_code(),
        "profile": PROFILE,
        "key_version": version,
        "uid_digest": keyring.uid_digest(uid),
    }


def tapping(chips: list[VirtualTag]) -> Taps:
    """Links that nobody opened yet, chip by chip, without end."""
    while True:
        for chip in chips:
            yield chip.tap()


@dataclass(frozen=True)
class Rates:
    """Taps in a second of processor time: here, where a peer stores them, where it does not."""

    ours: float
    storing: float
    empty: float


def beside(site: Served, peer: Served, taps: Taps, *, rounds: int) -> Rates:
    """By turns, so that whatever else the machine does slows all alike."""
    turns = [
        (rate(site, taps, 303), rate(peer, taps, 200, door="/w/"), rate(peer, taps, 200))
        for _ in range(rounds)
    ]
    return Rates(*(median(each) for each in zip(*turns, strict=True)))


def rate(
    server: Served, taps: Taps, expected: int, *, door: str = "/s/", many: int = TAPS_AT_ONCE
) -> float:
    links = [
        link.removeprefix(f"https://{HOST}").replace("/s/", door, 1) for link in islice(taps, many)
    ]
    before = server.processor_seconds()
    statuses = {server.ask(link)[0] for link in links}
    took = server.processor_seconds() - before
    if statuses != {expected}:
        raise RuntimeError(f"taps answered {statuses}")
    return many / took


if __name__ == "__main__":
    print_table(measure(quick=False))
