"""Photographs and a film made safe: processor time and memory, beside sharp and Pillow."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pillow_heif
from PIL import Image

from bench.table import Row, print_table
from memories import ffmpeg
from memories.media import ROOM
from tests.memories import credentialed

MOST_SECONDS = 0.7
MOST_MEGABYTES = 150
MOST_HEIC_SECONDS = 3.5
MOST_HEIC_MEGABYTES = 350
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

# The same three files by the library that most sites use, one pipeline a file as its manual says.
SHARP = """
import sharp from "sharp";
const [photograph, into] = process.argv.slice(1);
for (const side of [2048, 1080, 480]) {
  await sharp(photograph).rotate().resize(side, side, { fit: "inside" })
    .webp({ quality: 80, effort: 2 }).toFile(`${into}/${side}.webp`);
}
const used = process.resourceUsage();
console.log(JSON.stringify([(used.userCPUTime + used.systemCPUTime) / 1e6, used.maxRSS / 1024]));
"""


FILM = """
import json, resource, sys
from pathlib import Path
from memories import ffmpeg, media_clips
from memories.media_plan import ClipLimits
media_clips.make_safe(
    media_clips.Upload(Path(sys.argv[1]), "mov"), program=ffmpeg.find(), into=Path(sys.argv[2]),
    limits=ClipLimits(), as_sound=False, on_progress=lambda percent: None,
)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""

# As the worker does it: the library is loaded only for a file that has some.
CREDENTIALS = """
import json, os, resource, sys
from memories import media_worker
descriptor = os.open(sys.argv[1], os.O_RDONLY)
os.dup2(descriptor, media_worker.UPLOAD)
before = resource.getrusage(resource.RUSAGE_SELF)
media_worker.read_credentials("jpeg")
after = resource.getrusage(resource.RUSAGE_SELF)
seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps([seconds, after.ru_maxrss / 1024]))
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


def make_large_heic(path: Path, photograph: Path) -> None:
    """48 megapixels, as new telephones take them."""
    pillow_heif.register_heif_opener()
    with Image.open(photograph) as picture:
        picture.resize((8000, 6000), Image.Resampling.BICUBIC).save(path, "HEIF", quality=60)


def make_film(path: Path) -> None:
    """Twenty seconds of 1,920 by 1,080 pixels at 30 frames, moving everywhere, with sound."""
    moving = "testsrc2=s=1920x1080:r=30:d=20,noise=alls=8:allf=t"
    command = [str(ffmpeg.find()), "-hide_banner", "-loglevel", "error", "-y"]
    command += ["-f", "lavfi", "-i", moving, "-f", "lavfi", "-i", "sine=d=20"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*command, str(path)], check=True, stdin=subprocess.DEVNULL)


def _cheapest(program: str, photograph: Path, runs: int) -> Cost:
    """The cheapest of a few runs, since other work on the machine only ever adds."""
    with tempfile.TemporaryDirectory() as into:
        costs = [_run(program, photograph, into) for _ in range(runs)]
    return Cost(min(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def _median_seconds(program: str, photograph: Path, runs: int) -> float:
    return median(_run(program, photograph, "").seconds for _ in range(runs))


def _run(program: str, photograph: Path, into: str) -> Cost:
    by_node = ["node", "--input-type=module", "--eval", program, "--"]
    command = by_node if program is SHARP else [sys.executable, "-c", program]
    told = subprocess.run(
        [*command, photograph, into],
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
        return [
            *_photograph_rows(photograph, runs),
            _credentials_row(photograph, runs),
            *_large_rows(photograph, runs),
            *_film_rows(Path(folder) / "film.mp4"),
        ]


def _photograph_rows(photograph: Path, runs: int) -> list[Row]:
    ours, sharp, pillow = (_cheapest(each, photograph, runs) for each in (OURS, SHARP, PILLOW))
    return [
        Row(
            name="12 MP JPEG to three WebP, processor time",
            value=ours.seconds,
            unit="s",
            compared_to="sharp",
            peer_value=sharp.seconds,
            ratio=ours.seconds / sharp.seconds,
            promise=f"<= {MOST_SECONDS} s, <= 1",
        ),
        Row(
            name="The same",
            value=ours.seconds,
            unit="s",
            compared_to="Pillow",
            peer_value=pillow.seconds,
            ratio=ours.seconds / pillow.seconds,
        ),
        Row(
            name="12 MP JPEG to three WebP, peak memory",
            value=ours.megabytes,
            unit="MB",
            compared_to="sharp",
            peer_value=sharp.megabytes,
            ratio=ours.megabytes / sharp.megabytes,
            promise=f"<= {MOST_MEGABYTES} MB",
        ),
    ]


def _credentials_row(photograph: Path, runs: int) -> Row:
    signed = photograph.with_name("signed.jpg")
    signed.write_bytes(
        credentialed.sign(credentialed.created("digitalCapture"), photograph.read_bytes())
    )
    return Row(
        name="Content credentials of a 12 MP JPEG, processor time",
        value=_median_seconds(CREDENTIALS, signed, runs),
        unit="s",
        compared_to="the same without any",
        peer_value=_median_seconds(CREDENTIALS, photograph, runs),
    )


def _large_rows(photograph: Path, runs: int) -> list[Row]:
    large = photograph.with_name("large.heic")
    make_large_heic(large, photograph)
    heic = _cheapest(OURS, large, runs)
    return [
        Row(
            name="48 MP HEIC to three WebP, processor time",
            value=heic.seconds,
            unit="s",
            promise=f"<= {MOST_HEIC_SECONDS} s",
        ),
        Row(
            name="48 MP HEIC to three WebP, peak memory",
            value=heic.megabytes,
            unit="MB",
            promise=f"<= {MOST_HEIC_MEGABYTES} MB",
        ),
    ]


def _film_rows(moving: Path) -> list[Row]:
    make_film(moving)
    film = _cheapest(FILM, moving, 1)
    return [
        Row(name="20 s of film at 1080p made safe, processor time", value=film.seconds, unit="s"),
        Row(name="20 s of film at 1080p made safe, peak memory", value=film.megabytes, unit="MB"),
    ]


if __name__ == "__main__":
    print_table(measure(quick=False))
