"""A hundred photographs at once: sent as a telephone sends them, and ready to look at.

The site is a real one, with its server and two workers; the sender is the client `tuspy`. Beside
it stand the same hundred files made by `sharp`, one process on as many cores, sent nowhere.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tusclient.client import TusClient

from bench.media import make_photograph
from bench.table import Row, print_table
from memories.media import ROOM
from tests.memories.desks import open_desk
from tests.sites import Site, running_site

MOST_SECONDS = 90
PHOTOGRAPHS, FEW = 100, 20
PATIENCE = 600  # seconds

# Asked by one process that stays, so that asking costs the workers little.
WAIT = """
import time
from memories.models.item import Item, ItemState
until = time.monotonic() + {patience}
while Item.objects.filter(state=ItemState.READY).count() < {many}:
    assert not Item.objects.filter(state=ItemState.FAILED).exists(), "a photograph was refused"
    assert time.monotonic() < until, "the workers are not at work"
    time.sleep(0.25)
"""

SHARP = """
import sharp from "sharp";
const [photograph, into, many] = process.argv.slice(1);
for (let number = 0; number < many; number++)
  await Promise.all([2048, 1080, 480].map((side) =>
    sharp(photograph).rotate().resize(side, side, { fit: "inside" })
      .webp({ quality: 80, effort: 2 }).toFile(`${into}/${number}-${side}.webp`)));
"""


def measure(*, quick: bool = False) -> list[Row]:
    """By the clock: from the first byte that is sent until the last photograph can be seen."""
    many = FEW if quick else PHOTOGRAPHS
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), is_demo=False) as site:
        photograph = Path(folder) / "photograph.jpg"
        make_photograph(photograph)
        with _second_worker(site):
            ours = _ready(site, photograph, many)
        theirs = _sharp(photograph, Path(folder), many)
    return [
        Row(
            f"{many} photographs of 12 MP sent and ready, two workers",
            ours,
            "s",
            "sharp, sent nowhere",
            theirs,
            ours / theirs,
            f"<= {MOST_SECONDS} s for {PHOTOGRAPHS}" if quick else f"<= {MOST_SECONDS} s",
        )
    ]


@contextmanager
def _second_worker(site: Site) -> Iterator[None]:
    command = [sys.executable, "manage.py", "run_worker", "--name", "second"]
    worker = subprocess.Popen(command, cwd=ROOM, env=site.environment)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _ready(site: Site, photograph: Path, many: int) -> float:
    endpoint, headers = open_desk(site)
    desk = TusClient(endpoint, headers=headers)
    began = time.perf_counter()
    for number in range(many):
        named = {"filename": f"{number}.jpg"}
        desk.uploader(
            str(photograph), chunk_size=photograph.stat().st_size, metadata=named
        ).upload()
    site.manage("shell", "--verbosity", "0", "-c", WAIT.format(many=many, patience=PATIENCE))
    return time.perf_counter() - began


def _sharp(photograph: Path, folder: Path, many: int) -> float:
    into = folder / "sharp"
    into.mkdir()
    command = [
        "node",
        "--input-type=module",
        "--eval",
        SHARP,
        "--",
        str(photograph),
        str(into),
        str(many),
    ]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOM, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    print_table(measure())
