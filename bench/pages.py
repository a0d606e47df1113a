"""The first pages on a slow phone: Lighthouse's mobile preset, slow 4G, and what they weigh."""

import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from bench.table import Row, print_table
from tests.chromium import CHROMIUM, chromium
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
MOST_AT_FIRST, MOST_TO_ITS_END = 200, 1200
# Lighthouse's own telephone.
TELEPHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
}
TO_ITS_END = """
window.scrollBy(0, 400);
window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 1
"""
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
        rows = [
            row
            for name, url in (("scan page", scan), ("montage of 11", montage))
            for row in rows_of(name, url, cookie, runs=1 if quick else RUNS)
        ]
        first, whole = weighed(montage, cookie)
    return [
        *rows,
        Row("montage of 11, before anybody scrolls", first, "kB", promise=f"<= {MOST_AT_FIRST} kB"),
        Row("montage of 11, to its end", whole, "kB", promise=f"<= {MOST_TO_ITS_END} kB for 12"),
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


def weighed(url: str, cookie: str) -> tuple[float, float]:
    """Kilobytes over the line: until the page rests, and when it was scrolled to its end."""
    with chromium() as browser:
        page = browser.new_page(**TELEPHONE, extra_http_headers={"Cookie": cookie})
        line = page.context.new_cdp_session(page)
        arrived: list[float] = []
        line.on("Network.loadingFinished", lambda told: arrived.append(told["encodedDataLength"]))
        line.send("Network.enable")
        page.goto(url, wait_until="networkidle")
        first = sum(arrived)
        while not page.evaluate(TO_ITS_END):
            page.wait_for_timeout(100)
        page.wait_for_load_state("networkidle")
        return first / 1000, sum(arrived) / 1000


if __name__ == "__main__":
    print_table(measure())
