"""The process that opens one stranger's picture: a task in, plain files and a JSON answer out.

Run as `python -m memories.media_worker TASK` by `media.py`, with the picture as standard input,
an empty folder as working directory and an environment without secrets. It closes its doors
before it imports a decoder. One stays open: it can still read and write files as the user who
runs it, so that user should own no signing key.
"""

import base64
import importlib
import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from memories import (
    media_credentials,
    media_embedded,
    media_isolation,
    media_manifest,
    media_source,
)
from memories.errors import MediaUnavailableError, MontageError, PictureTooLargeError
from memories.framing import WHOLE, Frame
from memories.media_credentials import NO_CREDENTIALS, Credentials, unread
from memories.media_picture import Decoder, Picture
from memories.media_plan import Limits, Variant

DECODERS = ("memories.media_vips", "memories.media_pillow")
HEIF_DECODER = "memories.media_heif"
CREDENTIALS_READER = "memories.media_c2pa"
# A crop is made from more of the picture than is shown of it, within the worker's memory.
MOST_HELD = 4096
UPLOAD = 0
"""The descriptor on which the picture comes."""


@dataclass(frozen=True)
class Task:
    """`said`: the IPTC term by which a person says how the picture came about, if one did.

    Nothing outside `crop` gets into any derivative.
    """

    kind: str
    plan: tuple[Variant, ...]
    limits: Limits
    said: str | None = None
    crop: Frame = WHOLE

    @property
    def longest_side(self) -> int:
        """How large the whole picture must be held for the largest derivative of what is left."""
        largest = max(variant.longest_side for variant in self.plan)
        kept = min(self.crop.width, self.crop.height)
        return largest if self.crop.is_whole else min(MOST_HELD, ceil(largest / kept))


@dataclass(frozen=True)
class Answer:
    """What the worker reports of a picture it opened; sizes in pixels, upright."""

    width: int
    height: int
    taken_at: str | None
    digital_source_type: str | None
    credentials: dict[str, str]
    tiny: tuple[int, int, str]
    network_isolated: bool


def write_task(task: Task) -> str:
    return json.dumps(
        {
            "kind": task.kind,
            "plan": [vars(variant) for variant in task.plan],
            "limits": vars(task.limits),
            "said": task.said,
            "crop": vars(task.crop),
        }
    )


def read_task(text: str) -> Task:
    told = json.loads(text)
    plan = tuple(Variant(**variant) for variant in told["plan"])
    limits, crop = Limits(**told["limits"]), Frame(**told["crop"])
    return Task(told["kind"], plan, limits, told["said"], crop)


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
    longest = task.longest_side
    if task.kind != "heic":
        return decoder.open_picture(UPLOAD, task.kind, longest_side=longest)
    try:
        heif = importlib.import_module(HEIF_DECODER)
    except (ImportError, OSError) as problem:
        raise MediaUnavailableError("pillow-heif is not installed") from problem
    return decoder.take_pixels(heif.decode(UPLOAD), longest_side=longest)


def read_credentials(kind: str) -> Credentials:
    """Read the content credentials of the picture; the library only opens what has some."""
    _rewind()
    with os.fdopen(UPLOAD, "rb", closefd=False) as file:
        size = media_manifest.find_manifest(file)
    if size is None:
        return NO_CREDENTIALS
    if size > media_manifest.MOST_BYTES:
        return unread(media_manifest.TOO_LARGE)
    try:
        reader = importlib.import_module(CREDENTIALS_READER)
    except (ImportError, OSError, RuntimeError):  # its native half is missing or does not load
        return unread(media_manifest.NO_READER)
    _rewind()
    credentials: Credentials = reader.read(UPLOAD, kind)
    return credentials


def _rewind() -> None:
    # Whoever read the file before us, here or in the other process, left it somewhere.
    os.lseek(UPLOAD, 0, os.SEEK_SET)


def make_derivatives(task: Task, *, network_isolated: bool) -> Answer:
    credentials = read_credentials(task.kind)
    _rewind()
    picture = open_picture(task)
    # The header was checked before; a decoder that finds more than it said is told so here.
    if not task.limits.allow(task.kind, picture.width, picture.height):
        raise PictureTooLargeError("the picture is larger than its header said")
    if not task.crop.is_whole:
        picture.cut(task.crop)
    if credentials == NO_CREDENTIALS and media_embedded.names_manifest_elsewhere(picture.xmp):
        credentials = unread(media_manifest.KEPT_ELSEWHERE)
    declared = media_source.strongest(
        (credentials.digital_source_type, media_source.read_xmp(picture.xmp))
    )
    mark = media_source.mark_of(media_source.strongest((declared, task.said)))
    for variant in sorted(task.plan, key=lambda variant: -variant.longest_side):
        picture.write(variant, mark)
    tiny = picture.tiny()
    return Answer(
        width=picture.width,
        height=picture.height,
        taken_at=_spell(media_embedded.read_capture_date(picture.exif)),
        digital_source_type=declared,
        credentials=media_credentials.spell(credentials),
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
