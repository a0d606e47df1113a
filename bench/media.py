"""A 12-megapixel photograph into three WebP: processor time and memory, beside Pillow alone."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from bench.table import Row, print_table
from memories.media import ROOM

MOST_SECONDS = 0.7
MOST_MEGABYTES = 150
RUNS = 3

# Both run in a fresh process each time. Ours reports its worker, start of the process and all.
OURS = """
import json, resource, sys
from pathlib import Path
from memories import media
from memories.media_plan import FIRST
media.make_safe(Path(sys.argv[1]), into=Path(sys.argv[2]), plan=FIRST)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""

PILLOW = """
import json, resource, sys
from PIL import Image, ImageOps
with Image.open(sys.argv[1]) as photograph:
    picture = ImageOps.exif_transpose(photograph)
for side in (2048, 1080, 480):
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    picture.save(f"{sys.argv[2]}/{side}.webp", quality=80, method=2)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


class Cost(NamedTuple):
    seconds: float
    megabytes: float


def make_photograph(path: Path) -> None:
    """Write 4,000 by 3,000 pixels with the softness and the grain of a telephone's camera."""
    soft = Image.effect_noise((80, 60), 90).resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((2000, 1500), 24).resize((4000, 3000), Image.Resampling.BILINEAR)
    light = Image.blend(soft, grain, 0.35)
    flipped = light.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture = Image.merge("RGB", (light, Image.blend(light, flipped, 0.3), flipped))
    picture.save(path, "JPEG", quality=88)


def _cheapest(program: str, photograph: Path, runs: int) -> Cost:
    """The cheapest of a few runs, since other work on the machine only ever adds."""
    with tempfile.TemporaryDirectory() as into:
        costs = [_run(program, photograph, into) for _ in range(runs)]
    return Cost(min(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def _run(program: str, photograph: Path, into: str) -> Cost:
    told = subprocess.run(
        [sys.executable, "-c", program, photograph, into],
        cwd=ROOM,
        capture_output=True,
        check=True,
    )
    return Cost(*json.loads(told.stdout))


def measure(*, quick: bool) -> list[Row]:
    runs = 1 if quick else RUNS
    with tempfile.TemporaryDirectory() as folder:
        photograph = Path(folder) / "photograph.jpg"
        make_photograph(photograph)
        ours = _cheapest(OURS, photograph, runs)
        pillow = _cheapest(PILLOW, photograph, runs)
    return [
        Row(
            name="12 MP JPEG to three WebP, processor time",
            value=ours.seconds,
            unit="s",
            compared_to="Pillow",
            peer_value=pillow.seconds,
            ratio=ours.seconds / pillow.seconds,
            promise=f"<= {MOST_SECONDS} s",
        ),
        Row(
            name="12 MP JPEG to three WebP, peak memory",
            value=ours.megabytes,
            unit="MB",
            compared_to="Pillow",
            peer_value=pillow.megabytes,
            ratio=ours.megabytes / pillow.megabytes,
            promise=f"<= {MOST_MEGABYTES} MB",
        ),
    ]


if __name__ == "__main__":
    print_table(measure(quick=False))
