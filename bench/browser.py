"""The first verdict in a browser after a file is chosen, beside the command line's on that file."""

import http.client
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from bench.table import Row, print_table
from tests.chromium import CHROMIUM, Visitor, chromium
from tests.sites import Site, running_site

ROOT = Path(__file__).parents[1]
RUNS = 15
MAKE_ONE = (
    "from tests.factories import make_certificate; print(make_certificate().public_id, end='')"
)
NAME = "first verdict"


def measure(*, quick: bool = False) -> list[Row]:
    """The middle of fifteen files chosen one after the other; `quick` takes five."""
    if not CHROMIUM.exists():
        return [Row(NAME, 0, "ms", "not measured: no Chromium, sudo apt-get install chromium")]
    runs = RUNS // 3 if quick else RUNS
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(Path(folder), is_demo=False) as site,
    ):
        bundle = Path(folder) / "bundle.json"
        bundle.write_bytes(_bundle_of(site))
        here = in_browser(site, bundle, runs=runs)
        there = median(_asked_on_a_laptop(bundle) for _ in range(max(3, runs // 3)))
    peer = "python -m provenance verify"
    return [Row(NAME, here, "ms", peer, there, here / there, "< 300 ms")]


def _bundle_of(site: Site) -> bytes:
    number = site.manage("shell", "--verbosity", "0", "--command", MAKE_ONE)
    server = http.client.HTTPConnection(site.url.removeprefix("http://"))
    server.request("GET", f"/c/{number}/bundle.json")
    return server.getresponse().read()


def in_browser(site: Site, bundle: Path, *, runs: int) -> float:
    """Milliseconds from choosing the file to the ribbon, with all that is asked of the site."""
    with chromium() as browser:
        page = Visitor(browser).page
        return median(_chosen(page, site, bundle) for _ in range(runs))


def _chosen(page: Page, site: Site, bundle: Path) -> float:
    page.goto(f"{site.url}/verify")
    page.get_by_text("The file is read on this device.").wait_for()
    began = time.perf_counter()
    page.set_input_files("input[name=file]", files=str(bundle))
    page.locator(".ribbon").wait_for()
    return (time.perf_counter() - began) * 1000


def _asked_on_a_laptop(bundle: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "provenance", "verify", str(bundle)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    print_table(measure())
