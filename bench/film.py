"""A film of 30 seconds on one core, beside ffmpeg's own plain encode of as many frames."""

import json
import os
import subprocess
import sys
import tempfile
from typing import NamedTuple

from bench.table import Row, print_table
from memories.media import ROOM

LEAST_REALTIME = 0.65
MOST_MEGABYTES = 300
SECONDS = 30
PICTURES = ROOM / "config" / "demo" / "pictures"

# In a fresh process each, held to one core. Memory is that of the process that makes the frames,
# and of ffmpeg beside it.
OURS = """
import json, resource, sys, time
from pathlib import Path
from PIL import Image
from config.demo.memories import MEMORIES, TITLE
from memories import ffmpeg, film, film_making
from memories.film_frames import Shot
from memories.framing import MIDDLE
from tags.fonts import unpack_fonts
pictures, bench = Path(sys.argv[1]), Path(sys.argv[2])
unpack_fonts(Path("node_modules/@fontsource"), into=bench / "fonts")
shots, page = [], []
for memory in MEMORIES:
    still = bench / f"{memory.file}.webp"
    if not still.exists():
        with Image.open(pictures / memory.file) as picture:
            picture.save(still, "WEBP", quality=80)
    with Image.open(still) as picture:
        page.append(film.Picture(*picture.size, MIDDLE, memory.caption))
    shots.append(Shot(still, caption=memory.caption, when=memory.when))
plan = film.plan_film(page, seconds=int(sys.argv[3]), screen=film.SCREENS[film.Shape.TALL])
script = film_making.Script(plan, shots, TITLE, bench / "fonts")
began = time.perf_counter()
program = ffmpeg.find()
film_making.make_film(script, program=program, into=bench, on_progress=lambda percent: None)
spent = time.perf_counter() - began
mine, child = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
used = sum(each.ru_utime + each.ru_stime for each in (mine, child))
print(json.dumps([spent, used, (mine.ru_maxrss + child.ru_maxrss) / 1024]))
"""

PLAIN = """
import json, resource, subprocess, sys, time
from memories import ffmpeg, film_making
moving = f"testsrc2=s=1080x1920:r=25:d={sys.argv[3]}"
coding = [*film_making.VIDEO, "-f", "mp4", "-y", f"{sys.argv[2]}/plain.mp4"]
began = time.perf_counter()
source = ["-loglevel", "error", "-f", "lavfi", "-i", moving]
subprocess.run([ffmpeg.find(), *source, *coding], check=True, stdin=subprocess.DEVNULL)
spent = time.perf_counter() - began
child = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([spent, child.ru_utime + child.ru_stime, child.ru_maxrss / 1024]))
"""


class Cost(NamedTuple):
    """Seconds of the clock and of the processor, and megabytes at the most."""

    seconds: float
    processor: float
    megabytes: float


def measure(*, quick: bool = False) -> list[Row]:
    """One film and one plain encode; `quick` makes them of 10 seconds."""
    seconds = SECONDS // 3 if quick else SECONDS
    with tempfile.TemporaryDirectory() as bench:
        ours = _run(OURS, bench, seconds)
        plain = _run(PLAIN, bench, seconds)
    peer = "ffmpeg -f lavfi testsrc2"
    speed, theirs = seconds / ours.processor, seconds / plain.processor
    return [
        Row(
            f"film of {seconds} s, 1080x1920, by processor time of one core",
            speed,
            "x realtime",
            peer,
            theirs,
            speed / theirs,
            f">= {LEAST_REALTIME} x",
        ),
        Row("the same, by the clock", seconds / ours.seconds, "x realtime"),
        Row(
            "the same, peak memory with ffmpeg",
            ours.megabytes,
            "MB",
            peer,
            plain.megabytes,
            ours.megabytes / plain.megabytes,
            f"<= {MOST_MEGABYTES} MB",
        ),
    ]


def _run(program: str, bench: str, seconds: int) -> Cost:
    """Run it on one core, where the system can be asked for that."""
    core = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    told = subprocess.run(
        [sys.executable, "-c", program, PICTURES, bench, str(seconds)],
        cwd=ROOM,
        capture_output=True,
        check=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None,
    )
    return Cost(*json.loads(told.stdout))


if __name__ == "__main__":
    print_table(measure())
