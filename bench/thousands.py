"""Certificates into the database: by the ten thousand, and among a million others.

`make bench` runs it on SQLite and, where TEST_POSTGRES_URL names a server, on PostgreSQL too.
"""

import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import connection

from bench.certificates import signing
from bench.crowd import Random, copies, look_at_them
from bench.site import open_site
from bench.table import Row, print_table
from provenance import jewelry
from provenance.keys import Signer
from provenance.models.certificate import Certificate, StatusBatch
from provenance.models.log import Event
from provenance.models.maker import Maker
from provenance.services.issue_many import CHUNK, Draft, issue_many
from provenance.services.register_many import KeptPicture, Laid, register_many
from provenance.statuslist import LENGTH
from tests.factories import MARLOWE, make_held_key, make_mira

LEAST_RATE, MOST_MEGABYTES, MOST_GROWTH = 1500, 200, 1.2
MANY, FEW = 10_000, 2_000
MILLION, QUICK_CROWD = 1_000_000, 50_000
AMONG_THEM = 10
DIGEST = "ab" * 32


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise, on the scratch database of the run.

    With status places and events; the drafts are registered in between.
    """
    open_site()
    many, crowd = (FEW, QUICK_CROWD) if quick else (MANY, MILLION)
    recorded, held = make_mira("mira-of-the-thousands"), make_mira("mira-with-a-key")
    return [
        *_rows_of(recorded, many, "one proof", None),
        *_rows_of(held, many, "two proofs", make_held_key(held)),
        _row_among(recorded, crowd),
    ]


def _rows_of(maker: Maker, many: int, proofs: str, signer: Signer | None) -> list[Row]:
    chunks = _registered(maker, many + CHUNK)
    _seconds_to_sign(next(chunks), maker, signer)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = [_seconds_to_sign(drafts, maker, signer) for drafts in chunks]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rate, bare = many / sum(took), _rate_of_signing()
    fifth = max(1, len(took) // 5)
    return [
        Row(
            f"{many:,} certificates of {proofs} into {connection.display_name}",
            rate,
            "/s",
            "Ed25519 sign",
            bare,
            rate / bare,
            f">= {LEAST_RATE:,}/s",
        ),
        _growth(f"the last {CHUNK} of them", took[-fifth:], "the first", took[:fifth]),
        Row("memory grown over them", grown, "MB", promise=f"< {MOST_MEGABYTES} MB"),
    ]


def _row_among(maker: Maker, crowd: int) -> Row:
    chunks = _registered(maker, 2 * AMONG_THEM * CHUNK)
    first = [_seconds_to_sign(next(chunks), maker, None) for _ in range(AMONG_THEM)]
    _stand_beside(maker, crowd)
    after = [_seconds_to_sign(drafts, maker, None) for drafts in chunks]
    return _growth(f"{CHUNK} more, among {crowd:,}", after, "among the first", first)


def _growth(name: str, after: Iterable[float], there: str, before: Iterable[float]) -> Row:
    # The best of some, so that nothing else the machine did meanwhile is taken for growth.
    last, first = min(after), min(before)
    return Row(name, last, "s", there, first, last / first, f"<= {MOST_GROWTH}")


def _seconds_to_sign(drafts: list[Draft], maker: Maker, signer: Signer | None) -> float:
    began = time.perf_counter()
    issue_many(maker=maker, drafts=drafts, tags={}, by=maker.user, maker_signer=signer)
    return time.perf_counter() - began


def _registered(maker: Maker, many: int) -> Iterator[list[Draft]]:
    pictures = tuple(_picture(role) for role in ("front", "scale"))
    photographs = tuple(
        jewelry.Photograph(each.role, DIGEST, each.width, each.height, each.source)
        for each in pictures
    )
    for first in range(0, many, CHUNK):
        numbers = range(first, min(first + CHUNK, many))
        laid = [
            Laid(replace(MARLOWE, title=f"Marlowe ring {n}"), pictures=pictures) for n in numbers
        ]
        pieces = register_many(maker=maker, laid=laid, by=maker.user)
        yield [
            Draft(piece, replace(each.facts, photographs=photographs))
            for piece, each in zip(pieces, laid, strict=True)
        ]


def _picture(role: str) -> KeptPicture:
    rendition: dict[str, object] = {"file": "none", "width": 8, "height": 8, "sha256": DIGEST}
    return KeptPicture(
        role, "digitalCapture", "", DIGEST, 1638, 2048, "data:,", {"480.webp": rendition}
    )


def _rate_of_signing() -> float:
    act, began = signing(), time.perf_counter()
    for _ in range(2000):
        act()
    return 2000 / (time.perf_counter() - began)


# -- a crowd ------------------------------------------------------------------------------------


def _stand_beside(maker: Maker, many: int) -> None:
    """Fill every table a certificate is written into with rows like those of one.

    Their signed bytes are short: nothing looks for them, and full ones would take gigabytes.
    """
    like = Certificate.objects.filter(maker=maker).latest("pk")
    # Those that come later have their places in lists of their own.
    StatusBatch.objects.create()
    pieces = copies(like.piece, many, public_id=Random.ID)
    certificates = copies(
        like,
        many,
        public_id=Random.ID,
        piece_id=pieces,
        body=Random.DIGEST,
        digest=Random.DIGEST,
        status_index=2 * LENGTH,
    )
    copies(like.proofs.get(), many, certificate_id=certificates, proof=Random.DIGEST)
    copies(like.files.get(), many, certificate_id=certificates, content=Random.DIGEST)
    event = Event.objects.filter(piece=like.piece).latest("pk")
    copies(event, many, piece_id=pieces, digest=Random.DIGEST)
    look_at_them()


if __name__ == "__main__":
    print_table(measure())
