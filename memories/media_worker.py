"""The process that opens one stranger's picture: a task in, plain files and a JSON answer out.

Run as `python -m memories.media_worker TASK` by `media.py`, with the picture as standard input,
an empty folder as working directory and an environment without secrets. It closes its doors
before it imports a decoder. One stays open: it can still read and write files as the user who
runs it, so that user should own no signing key.
"""

import base64
import importlib
import json
import sys
from dataclasses import dataclass
from datetime import datetime

from memories import media_embedded, media_isolation
from memories.errors import MediaUnavailableError, MontageError, PictureTooLargeError
from memories.media_picture import Decoder, Picture
from memories.media_plan import Limits, Variant

DECODERS = ("memories.media_vips", "memories.media_pillow")
HEIF_DECODER = "memories.media_heif"


@dataclass(frozen=True)
class Task:
    kind: str
    plan: tuple[Variant, ...]
    limits: Limits


@dataclass(frozen=True)
class Answer:
    """What the worker reports of a picture it opened; sizes in pixels, upright."""

    width: int
    height: int
    taken_at: str | None
    digital_source_type: str | None
    tiny: tuple[int, int, str]
    network_isolated: bool


def write_task(task: Task) -> str:
    return json.dumps(
        {
            "kind": task.kind,
            "plan": [vars(variant) for variant in task.plan],
            "limits": vars(task.limits),
        }
    )


def read_task(text: str) -> Task:
    told = json.loads(text)
    plan = tuple(Variant(**variant) for variant in told["plan"])
    return Task(told["kind"], plan, Limits(**told["limits"]))


def load_decoder() -> Decoder:
    """Load libvips where it is installed, else Pillow alone."""
    for name in DECODERS:
        try:
            decoder: Decoder = importlib.import_module(name)
        except (ImportError, OSError):  # pyvips without its library raises OSError
            continue
        return decoder
    raise MediaUnavailableError("neither pyvips nor Pillow is installed")


def open_picture(task: Task) -> Picture:
    decoder = load_decoder()
    longest = max(variant.longest_side for variant in task.plan)
    if task.kind != "heic":
        return decoder.open_picture(0, task.kind, longest_side=longest)
    try:
        heif = importlib.import_module(HEIF_DECODER)
    except (ImportError, OSError) as problem:
        raise MediaUnavailableError("pillow-heif is not installed") from problem
    return decoder.take_pixels(heif.decode(0), longest_side=longest)


def make_derivatives(task: Task, *, network_isolated: bool) -> Answer:
    picture = open_picture(task)
    # The header was checked before; a decoder that finds more than it said is told so here.
    if not task.limits.allow(task.kind, picture.width, picture.height):
        raise PictureTooLargeError("the picture is larger than its header said")
    for variant in sorted(task.plan, key=lambda variant: -variant.longest_side):
        picture.write(variant)
    tiny = picture.tiny()
    return Answer(
        width=picture.width,
        height=picture.height,
        taken_at=_spell(media_embedded.read_capture_date(picture.exif)),
        digital_source_type=media_embedded.read_digital_source_type(picture.xmp),
        tiny=(tiny.width, tiny.height, base64.b64encode(tiny.rgba).decode("ascii")),
        network_isolated=network_isolated,
    )


def _spell(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def main(task: Task) -> dict[str, object]:
    media_isolation.limit_resources(
        memory_bytes=task.limits.memory_bytes, cpu_seconds=task.limits.cpu_seconds
    )
    network_isolated = media_isolation.leave_network()
    try:
        # Imported only now: decoders start threads, and a process with threads cannot leave
        # its network.
        return vars(make_derivatives(task, network_isolated=network_isolated))
    except MemoryError:
        return {"refused": PictureTooLargeError.code}
    except MontageError as refusal:
        return {"refused": refusal.code}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(read_task(sys.argv[1]))))
