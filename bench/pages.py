"""The first pages on a slow phone: Lighthouse's mobile preset, simulated slow 4G, this site."""

import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.table import Row, print_table
from tests.chromium import CHROMIUM
from tests.sites import Site, running_site

ROOT = Path(__file__).parents[1]
LIGHTHOUSE = ROOT / "node_modules" / ".bin" / "lighthouse"
RUNS = 3
# Run on the demonstration: where its two pages stand, and how many photographs wait for AVIF.
WHERE = (
    "import json; from provenance.models.piece import Piece; "
    "pieces = Piece.objects.issued(); "
    "found = {p.sku: (p.public_id, p.tags.get(place='card').code) for p in pieces}; "
    "print(json.dumps(found))"
)
WAITING = (
    "from memories.models.item import Item; "
    "print(Item.objects.filter(is_refined=False).count(), end='')"
)
PATIENCE = 180
SCANNED, KEPT = "MAR-03", "BRA-01"


class Seen(NamedTuple):
    """What Lighthouse saw: seconds, layout shift, milliseconds, points of a hundred."""

    lcp: float
    shift: float
    blocking: float
    accessibility: float


def measure(*, quick: bool = False) -> list[Row]:
    """Three runs of each page and their medians; `quick` takes one."""
    if missing := what_is_missing():
        return [Row("pages on slow 4G", 0, "", missing)]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(Path(folder), is_demo=True) as site,
    ):
        scan, montage, cookie = opened(site)
        wait_for_the_worker(site)
        return [
            row
            for name, url in (("scan page", scan), ("montage of 11", montage))
            for row in rows_of(name, url, cookie, runs=1 if quick else RUNS)
        ]


def what_is_missing() -> str:
    if not CHROMIUM.exists():
        return "not measured: no Chromium, sudo apt-get install chromium"
    if shutil.which("node") is None or not LIGHTHOUSE.exists():
        return "not measured: no Lighthouse, run npm ci"
    return ""


def opened(site: Site) -> tuple[str, str, str]:
    """The addresses of the scan and of the montage, and the cookie that opens the montage."""
    found = json.loads(ask(site, WHERE))
    (_, code), (piece, montage_code) = found[SCANNED], found[KEPT]
    line = http.client.HTTPConnection(site.url.removeprefix("http://"))
    line.request("GET", f"/t/{montage_code}")
    given = line.getresponse().headers["Set-Cookie"]
    line.close()
    return f"{site.url}/t/{code}", f"{site.url}/m/{piece}", given.partition(";")[0]


def wait_for_the_worker(site: Site) -> None:
    until = time.monotonic() + PATIENCE
    while ask(site, WAITING) != "0" and time.monotonic() < until:
        time.sleep(2)


def ask(site: Site, question: str) -> str:
    return site.manage("shell", "--verbosity", "0", "--command", question)


def rows_of(name: str, url: str, cookie: str, *, runs: int) -> list[Row]:
    every = [seen_by_lighthouse(url, cookie) for _ in range(runs)]
    seen = Seen(*(median(values) for values in zip(*every, strict=True)))
    return [
        Row(f"{name}, largest paint", seen.lcp, "s", "slow 4G", promise="<= 2.0 s"),
        Row(f"{name}, layout shift", seen.shift, "", promise="<= 0.02"),
        Row(f"{name}, blocked", seen.blocking, "ms", promise="<= 100 ms"),
        Row(f"{name}, accessibility", seen.accessibility, "", "axe", promise="100"),
    ]


def seen_by_lighthouse(url: str, cookie: str) -> Seen:
    done = subprocess.run(
        [
            str(LIGHTHOUSE),
            url,
            "--quiet",
            "--output=json",
            "--only-categories=performance,accessibility",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
        ],
        env=os.environ | {"CHROME_PATH": str(CHROMIUM)},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    audits = report["audits"]
    return Seen(
        audits["largest-contentful-paint"]["numericValue"] / 1000,
        audits["cumulative-layout-shift"]["numericValue"],
        audits["total-blocking-time"]["numericValue"],
        report["categories"]["accessibility"]["score"] * 100,
    )


if __name__ == "__main__":
    print_table(measure())
