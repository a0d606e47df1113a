"""A film of 60 seconds on one core, beside ffmpeg's own plain encode of as many frames.

Photographs, a clip and music go into it, as on a keeper's page. A shorter one for a post follows.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.table import Row, print_table
from memories.media import ROOM

LEAST_REALTIME = 0.65
MOST_MEGABYTES = 300
QUICK_SECONDS = 10
LOOK_EVERY = 0.05
PICTURES = ROOM / "config" / "demo" / "pictures"

# What a page holds: our renditions of photographs, of one clip and of the music.
PAGE = """
import subprocess, sys
from pathlib import Path
from PIL import Image
from config.demo.memories import MEMORIES
from memories import ffmpeg, media_clips
from tags.fonts import unpack_fonts
pictures, bench = Path(sys.argv[1]), Path(sys.argv[2])
unpack_fonts(Path("node_modules/@fontsource"), into=bench / "fonts")
for memory in MEMORIES:
    with Image.open(pictures / memory.file) as picture:
        picture.save(bench / f"{memory.file}.webp", "WEBP", quality=80)
source = ["-loglevel", "error", "-f", "lavfi", "-i"]
for made in (
    ["testsrc2=s=1080x1920:r=30:d=8", *media_clips.VIDEO, f"{bench}/clip.mp4"],
    ["sine=frequency=330:duration=90", *media_clips.MUSIC, f"{bench}/sound.m4a"],
):
    subprocess.run([ffmpeg.find(), *source, *made], check=True, stdin=subprocess.DEVNULL)
"""

# In a fresh process each, held to one core.
OURS = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from PIL import Image
from config.demo.memories import MEMORIES, TITLE
from memories import ffmpeg, film, film_making
from memories.film_frames import Shot
from memories.framing import MIDDLE
bench, seconds, shape = Path(sys.argv[2]), int(sys.argv[3]), film.Shape(sys.argv[4])
shots, page = [], []
for memory in MEMORIES:
    still = bench / f"{memory.file}.webp"
    with Image.open(still) as picture:
        page.append(film.Picture(*picture.size, MIDDLE, memory.caption))
    shots.append(Shot(still, caption=memory.caption, when=memory.when))
page[0] = film.Picture(1080, 1920, MIDDLE, page[0].caption, seconds=8.0)
shots[0] = replace(shots[0], clip=bench / "clip.mp4")
plan = film.plan_film(page, seconds=seconds, screen=film.SCREENS[shape])
music = film_making.Music(bench / "sound.m4a", 90.0)
script = film_making.Script(plan, shots, TITLE, bench / "fonts", music)
began, before = time.perf_counter(), time.process_time()
film_making.make_film(
    script, program=ffmpeg.find(), into=bench, on_progress=lambda percent: None
)
spent, mine = time.perf_counter() - began, time.process_time() - before
child = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([spent, mine + child.ru_utime + child.ru_stime]))
"""

PLAIN = """
import json, resource, subprocess, sys, time
from memories import ffmpeg, film, film_making
screen = film.SCREENS[film.Shape(sys.argv[4])]
moving = f"testsrc2=s={screen.width}x{screen.height}:r={film.FPS}:d={sys.argv[3]}"
coding = [*film_making.VIDEO, "-f", "mp4", "-y", f"{sys.argv[2]}/plain.mp4"]
began = time.perf_counter()
source = ["-loglevel", "error", "-f", "lavfi", "-i", moving]
subprocess.run([ffmpeg.find(), *source, *coding], check=True, stdin=subprocess.DEVNULL)
spent = time.perf_counter() - began
child = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([spent, child.ru_utime + child.ru_stime]))
"""
PEER = "ffmpeg -f lavfi testsrc2"


class Cost(NamedTuple):
    """Seconds of the clock and of the processor, and megabytes at the most."""

    seconds: float
    processor: float
    megabytes: float


def measure(*, quick: bool = False) -> list[Row]:
    """One film of each shape, and as much plainly encoded; `quick` makes them of 10 seconds."""
    with tempfile.TemporaryDirectory() as bench:
        subprocess.run([sys.executable, "-c", PAGE, PICTURES, bench], cwd=ROOM, check=True)
        tall = _rows(bench, QUICK_SECONDS if quick else 60, "tall", "1080x1920")
        return [*tall, *_rows(bench, QUICK_SECONDS if quick else 30, "post", "1080x1350")]


def _rows(bench: str, seconds: int, shape: str, size: str) -> list[Row]:
    ours = _run(OURS, bench, str(seconds), shape)
    plain = _run(PLAIN, bench, str(seconds), shape)
    speed, theirs = seconds / ours.processor, seconds / plain.processor
    return [
        Row(
            f"film of {seconds} s, {size}, by processor time of one core",
            speed,
            "x realtime",
            PEER,
            theirs,
            speed / theirs,
            f">= {LEAST_REALTIME} x",
        ),
        Row("the same, by the clock", seconds / ours.seconds, "x realtime"),
        Row(
            "the same, peak memory with every ffmpeg beside it",
            ours.megabytes,
            "MB",
            PEER,
            plain.megabytes,
            ours.megabytes / plain.megabytes,
            f"<= {MOST_MEGABYTES} MB",
        ),
    ]


def _run(program: str, *words: str) -> Cost:
    """Run it on one core, where the system can be asked for that."""
    core = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    with subprocess.Popen(
        [sys.executable, "-c", program, PICTURES, *words],
        cwd=ROOM,
        stdout=subprocess.PIPE,
        preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None,
    ) as child:
        peak = 0
        while child.poll() is None:
            peak = max(peak, sum(_kilobytes(each) for each in _family(child.pid)))
            time.sleep(LOOK_EVERY)
        assert child.returncode == 0
        assert child.stdout
        seconds, processor = json.loads(child.stdout.read())
        return Cost(seconds, processor, peak / 1024)


def _family(pid: int) -> Iterator[int]:
    """A process and all that it started, itself or through another (proc_pid_task_children(5))."""
    yield pid
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(told).split():
            yield from _family(int(child))


def _kilobytes(pid: int) -> int:
    """Its part of the memory, what it shares being shared out (proc_pid_smaps(5))."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _read(path: Path) -> str:
    """Nothing of a process that has ended meanwhile."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


if __name__ == "__main__":
    print_table(measure())
