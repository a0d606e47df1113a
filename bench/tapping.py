"""A whole tap over HTTP: beside Flask that stores nothing, Flask that does, and among many tags.

We stand behind the server we ship, the peer behind gunicorn as its manual says, and once more
behind ours: each with one worker of eight threads, told in processor time of that worker.
As many ask at once as it has threads, since a site that many tap is what the promise is about;
one that asks alone is told beside.
"""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection
from itertools import islice
from statistics import median
from typing import Any

from django.utils import timezone

from bench.crowd import Random, copies, look_at_them
from bench.served import Served, Server, served
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
TAPS_A_TURN = 800
# As many as the server has threads.
PEOPLE = 8
Taps = Iterator[str]


def measure(*, quick: bool) -> list[Row]:
    open_site()
    rounds, most = (5, QUICK_TAGS) if quick else (15, MANY_TAGS)
    piece = make_certificate(make_mira("mira-of-the-taps")).piece
    chips = chips_of(piece)
    # Each has chips of their own, or one would bring what another one's tap made old.
    alone, together = [tapping(chips)], [tapping(chips[n::PEOPLE]) for n in range(PEOPLE)]
    stock(piece.maker_id, FEW_TAGS)
    with (
        tempfile.TemporaryDirectory() as folder,
        served("config.wsgi", environment_of_this_database()) as site,
        served(PEER, {"PEER_DATABASE": f"{folder}/peer.sqlite3"}) as moved,
        served(PEER, {}, server=Server.GUNICORN) as peer,
    ):
        doors = Doors(site=site, peer=peer, moved=moved)
        one = beside(doors, alone, rounds=rounds)
        first = beside(doors, together, rounds=rounds)
        stock(piece.maker_id, most)
        after = beside(doors, together, rounds=rounds)
    here = f"tap over HTTP, {PEOPLE} at once"
    return [
        _row(here, "Flask, stores nothing", first.ours, first.peer, PROMISE),
        _row(here, "the same behind our server", first.ours, first.moved),
        _row(here, "that, storing it", first.ours, first.storing),
        _row("tap over HTTP, alone", "Flask, stores nothing", one.ours, one.peer),
        Row(
            f"{PEOPLE} at once among {most:,} tags",
            after.ours,
            "/s",
            f"{FEW_TAGS:,} tags",
            first.ours,
            # Beside a peer both times, so that the machine's other work stays out of it.
            (after.ours / after.moved) / (first.ours / first.moved),
            "flat",
        ),
    ]


PEER = "bench.flask_peer:app"
PROMISE = f">= {LEAST_RATE:,}/s and no slower"


def _row(name: str, peer: str, ours: float, theirs: float, promise: str = "") -> Row:
    return Row(name, ours, "/s", peer, theirs, ours / theirs, promise)


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
class Doors:
    """Our site; the peer behind the server of its manual; the peer moved behind ours."""

    site: Served
    peer: Served
    moved: Served


@dataclass(frozen=True)
class Rates:
    """Taps in a second of processor time: here, and where a peer keeps nothing or stores them."""

    ours: float
    peer: float
    moved: float
    storing: float


def beside(doors: Doors, people: Sequence[Taps], *, rounds: int) -> Rates:
    """By turns, so that whatever else the machine does slows all alike."""
    turns = [
        (
            rate(doors.site, people, 303),
            rate(doors.peer, people, 200),
            rate(doors.moved, people, 200),
            rate(doors.moved, people, 200, door="/w/"),
        )
        for _ in range(rounds)
    ]
    return Rates(*(median(each) for each in zip(*turns, strict=True)))


def rate(server: Served, people: Sequence[Taps], expected: int, *, door: str = "/s/") -> float:
    """Taps in a second of processor time, where these people tap at once."""
    each = TAPS_A_TURN // len(people)
    links = [
        [
            link.removeprefix(f"https://{HOST}").replace("/s/", door, 1)
            for link in islice(taps, each)
        ]
        for taps in people
    ]
    before = server.processor_seconds()
    with ThreadPoolExecutor(len(people)) as pool:
        statuses = set().union(*pool.map(partial(statuses_of, server), links))
    took = server.processor_seconds() - before
    if statuses != {expected}:
        raise RuntimeError(f"taps answered {statuses}")
    return each * len(people) / took


def statuses_of(server: Served, links: list[str]) -> set[int]:
    """What one person gets, over a connection of their own."""
    line = HTTPConnection(server.connection.host, server.connection.port)
    theirs = replace(server, connection=line)
    try:
        return {theirs.ask(link)[0] for link in links}
    finally:
        line.close()


if __name__ == "__main__":
    print_table(measure(quick=False))
