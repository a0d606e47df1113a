"""A season at once: certificates by the ten thousand, and 500 rows from the table to labels."""

import resource
import time
from collections.abc import Iterator
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from bench.certificates import signing
from bench.site import open_site, visit
from bench.table import Row, print_table
from provenance import jewelry, season_work
from provenance.keys import Signer
from provenance.models.maker import Maker
from provenance.models.season import Season
from provenance.season_file import read_season
from provenance.season_pictures import receive_season
from provenance.services import season as seasons
from provenance.services.issue_many import CHUNK, Draft, issue_many
from provenance.services.register_many import KeptPicture, Laid, register_many
from tests.factories import MARLOWE, make_held_key, make_mira
from tests.memories.pictures import make_jpeg
from tests.provenance.seasons import bands, packed, table

LEAST_CERTIFICATES, MOST_MEGABYTES = 1500, 200
MOST_SECONDS, MOST_SECONDS_TO_PRINT = 60, 20
MANY, FEW = 10_000, 2_000
ROWS, PAIRS = 500, 15
DIGEST = "ab" * 32


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise, on the scratch database of the run."""
    site = open_site()
    return [*_certificates(FEW if quick else MANY), *_whole_seasons(site)]


# -- certificates into the database -------------------------------------------------------------


def _certificates(many: int) -> list[Row]:
    """With status places and events; the drafts are registered in between."""
    recorded, held = make_mira("mira-of-the-thousands"), make_mira("mira-with-a-key")
    signer = make_held_key(held)
    return [
        *_issued(recorded, many, "one proof", None),
        *_issued(held, many, "two proofs", signer),
    ]


def _issued(maker: Maker, many: int, proofs: str, signer: Signer | None) -> list[Row]:
    chunks = _registered(maker, many + CHUNK)
    issue_many(maker=maker, drafts=next(chunks), tags={}, by=maker.user, maker_signer=signer)
    before, took = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
    for drafts in chunks:
        began = time.perf_counter()
        issue_many(maker=maker, drafts=drafts, tags={}, by=maker.user, maker_signer=signer)
        took.append(time.perf_counter() - began)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rate, bare = many / sum(took), _rate_of_signing()
    # The best of some, so that nothing else the machine did meanwhile is taken for growth.
    fifth = max(1, len(took) // 5)
    first, last = min(took[:fifth]), min(took[-fifth:])
    return [
        Row(
            f"{many:,} certificates of {proofs} into the database",
            rate,
            "/s",
            "Ed25519 sign",
            bare,
            rate / bare,
            f">= {LEAST_CERTIFICATES:,}/s",
        ),
        Row(
            f"the last {CHUNK} of them, {proofs}",
            last,
            "s",
            "the first",
            first,
            last / first,
            "<= 1.2",
        ),
        Row(
            f"memory grown over {many:,} of {proofs}", grown, "MB", promise=f"< {MOST_MEGABYTES} MB"
        ),
    ]


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


# -- a whole season -----------------------------------------------------------------------------


def _whole_seasons(site: WSGIHandler) -> list[Row]:
    few = [("front.jpg", "scale.jpg")]
    more = [(f"front-{n}.jpg", f"scale-{n}.jpg") for n in range(PAIRS)]
    signed, printed = _season(site, "few", few)
    longer, _ = _season(site, "more", more)
    each = (longer - signed) / (2 * PAIRS - 2)
    return [
        Row(
            f"{ROWS} rows from the table to their labels, 2 photographs",
            signed + printed,
            "s",
            promise=f"<= {MOST_SECONDS} s",
        ),
        Row(
            f"{ROWS} labels on their sheets",
            printed,
            "s",
            promise=f"<= {MOST_SECONDS_TO_PRINT} s",
        ),
        Row("every photograph more, of 12 megapixels, by one worker", each, "s"),
    ]


def _season(site: WSGIHandler, name: str, files: list[tuple[str, str]]) -> tuple[float, float]:
    """Seconds from the upload to the last certificate, with one worker; and to print the labels."""
    maker = make_mira(f"mira-of-{name}")
    rows = [
        row | {"photo_front": files[n % len(files)][0], "photo_scale": files[n % len(files)][1]}
        for n, row in enumerate(bands(ROWS))
    ]
    photograph = make_jpeg(3000, 4000)
    photographs = packed(**{file: photograph for pair in files for file in pair})
    cookie = _signed_in(maker)
    began = time.perf_counter()
    season = receive_season(
        maker=maker,
        name=name,
        file=read_season(table(*rows)),
        photographs=SimpleUploadedFile("photographs.zip", photographs),
    )
    _work()
    shown = seasons.what_is_confirmed(season)
    seasons.confirm_season(season=season, shown=shown, by=maker.user)
    _work()
    took = time.perf_counter() - began
    if Season.objects.get(pk=season.pk).state != "done":
        raise RuntimeError("the season did not come to its end")
    return took, visit(site, f"/workshop/season/{season.public_id}/labels.pdf", cookie=cookie)


def _signed_in(maker: Maker) -> str:
    browser = Client()
    browser.force_login(maker.user)
    return f"sessionid={browser.cookies['sessionid'].value}"


def _work() -> None:
    while season_work.work_next():
        pass


if __name__ == "__main__":
    print_table(measure())
