"""Make a photograph that a stranger uploaded safe to show: read it apart, keep only new pixels."""

import base64
import hashlib
import importlib.util
import io
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import fast_thumbhash
from PIL import Image

from memories import media_credentials, media_headers, media_source, media_worker
from memories.errors import (
    MediaTimeoutError,
    MediaUnavailableError,
    PictureTooLargeError,
    TruncatedPictureError,
    UnreadablePictureError,
    UnsafeUploadError,
)
from memories.framing import WHOLE, Frame
from memories.media_credentials import Credentials
from memories.media_headers import Header
from memories.media_picture import TINY_SIDE
from memories.media_plan import MEGABYTE, MEGAPIXEL, USUAL, Limits, Variant

ROOM = Path(__file__).resolve().parent.parent
LONGEST_ANSWER = 256 * 1024
LONGEST_COMPLAINT = 2_000
PLACEHOLDER_QUALITY = 40

REFUSALS: dict[str, UnsafeUploadError] = {
    refusal.code: refusal
    for refusal in (
        TruncatedPictureError(media_headers.CUT_SHORT),
        PictureTooLargeError("This photograph needs more memory to open than we allow."),
    )
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Derivative:
    """One file we made: its pixels, and our own mark where it shows no photograph."""

    name: str
    path: Path
    width: int
    height: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class SafePicture:
    """What is kept of an upload. `width` and `height` are those of the upload, upright, in pixels.

    `taken_at` is the camera's own clock, without a zone. `digital_source_type` is the IPTC term
    by which the file said how it came about, in its XMP or its content credentials.
    `network_isolated` tells whether this machine let the worker leave the network.
    """

    width: int
    height: int
    taken_at: datetime | None
    digital_source_type: str | None
    credentials: Credentials
    thumbhash: bytes
    placeholder: str
    variants: tuple[Derivative, ...]
    source_kind: str
    network_isolated: bool


def make_safe(
    source: Path,
    *,
    into: Path,
    plan: Sequence[Variant],
    limits: Limits = USUAL,
    said: str | None = None,
    crop: Frame = WHOLE,
) -> SafePicture:
    """Make the planned derivatives of an upload, or refuse it with a sentence for the keeper.

    1. It has bytes, and not too many.
    2. Its content, never its name, is a photograph of a kind we open.
    3. Its header promises no more pixels, no longer side and no more frames than the limits.
    4. It is decoded in a process of its own: memory, time, files and network bounded, no secrets.
    5. The answer of that process is read again with suspicion: it may have been taken over.
    6. Only then the new files stand in `into`, an existing folder; a refusal leaves nothing there.

    The placeholder is a `data:` address a few hundred bytes long. A derivative is never larger
    than the upload. `said` is the IPTC term by which a person says how it came about: a picture
    of which the person or the file says that AI or a computer made it is marked so in every
    derivative. Nothing outside `crop` is in any derivative, the placeholder or the sizes. Raises a
    child of UnsafeUploadError when the file is at fault, and MediaUnavailableError when we are.
    """
    with source.open("rb") as file, tempfile.TemporaryDirectory(dir=into) as bench:
        header = check_upload(file, limits=limits)  # 1, 2, 3
        task = media_worker.Task(header.kind, tuple(plan), limits, said, crop)
        answer = _run_worker(task, file, bench=Path(bench))  # 4
        thumbhash = _thumbhash(answer)
        mark = media_source.mark_of(media_source.strongest((answer.digital_source_type, said)))
        made = [_inspect(Path(bench) / variant.name, variant, mark) for variant in plan]  # 5
        derivatives = tuple(_stand(derivative, into) for derivative in made)  # 6
    return SafePicture(
        width=answer.width,
        height=answer.height,
        taken_at=datetime.fromisoformat(answer.taken_at) if answer.taken_at else None,
        digital_source_type=answer.digital_source_type,
        credentials=media_credentials.believe(answer.credentials),
        thumbhash=thumbhash,
        placeholder=draw_placeholder(thumbhash),
        variants=derivatives,
        source_kind=header.kind,
        network_isolated=answer.network_isolated,
    )


def check_upload(file: BinaryIO, *, limits: Limits = USUAL) -> Header:
    """Refuse from the first bytes what need not be opened at all (clauses 1 to 3 of make_safe)."""
    size = os.fstat(file.fileno()).st_size
    if size > limits.max_bytes:
        most = limits.max_bytes // MEGABYTE
        raise PictureTooLargeError(f"This file is larger than {most} MB, the most we take.")
    header = media_headers.read_header(file)
    if not limits.allow(header.kind, header.width, header.height):
        raise PictureTooLargeError(_too_many_pixels(header, limits))
    if header.frames > limits.max_frames:
        raise PictureTooLargeError(
            f"This picture moves through {header.frames:,} frames; we take {limits.max_frames}."
        )
    return header


def reads_credentials() -> bool:
    """Whether the library that reads content credentials is installed."""
    return importlib.util.find_spec("c2pa") is not None


def draw_placeholder(thumbhash: bytes) -> str:
    """Draw a thumbhash as a `data:` address, to stand where the photograph will appear."""
    width, height, rgba = fast_thumbhash.thumb_hash_to_rgba(thumbhash)
    drawn = io.BytesIO()
    picture = Image.frombytes("RGBA", (width, height), bytes(rgba))
    picture.save(drawn, "WEBP", quality=PLACEHOLDER_QUALITY, method=6)
    return "data:image/webp;base64," + base64.b64encode(drawn.getvalue()).decode("ascii")


def _too_many_pixels(header: Header, limits: Limits) -> str:
    found = header.width * header.height / MEGAPIXEL
    return (
        f"This picture says it is {header.width:,} by {header.height:,} pixels "
        f"({found:,.0f} megapixels), more than we open. Please upload a smaller copy."
    )


def _run_worker(task: media_worker.Task, file: BinaryIO, *, bench: Path) -> media_worker.Answer:
    file.seek(0)
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complained:
        command = [sys.executable, "-P", "-m", "memories.media_worker"]
        try:
            done = subprocess.run(
                [*command, media_worker.write_task(task)],
                stdin=file,
                stdout=told,
                stderr=complained,
                cwd=bench,
                env=_worker_environment(),
                timeout=task.limits.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise _timeout() from problem
        if done.returncode:
            raise _diagnosis(done.returncode, _tail(complained))
        return _read_answer(told, task.limits)


def _worker_environment() -> dict[str, str]:
    """Nothing of ours goes along: no secret, no proxy, no database address."""
    return {
        "PYTHONPATH": str(ROOM),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_CONCURRENCY": "1",
        # libvips would otherwise spill large pictures into a file outside the bench.
        "VIPS_DISC_THRESHOLD": "1g",
        "MALLOC_ARENA_MAX": "2",
    }


def _timeout() -> MediaTimeoutError:
    return MediaTimeoutError("This photograph took too long to open. Please upload a simpler copy.")


def _diagnosis(returncode: int, complaint: str) -> UnsafeUploadError | MediaUnavailableError:
    if returncode == -signal.SIGXCPU:
        return _timeout()
    if returncode < 0:
        log.warning("the picture worker died of signal %d: %s", -returncode, complaint)
        return UnreadablePictureError("We could not open this photograph safely.")
    log.error("the picture worker failed: %s", complaint)
    return MediaUnavailableError("We could not read photographs just now. Please try again later.")


def _tail(file: BinaryIO) -> str:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - LONGEST_COMPLAINT))
    return file.read().decode("utf-8", "replace")


def _read_answer(told: BinaryIO, limits: Limits) -> media_worker.Answer:
    told.seek(0)
    try:
        answer = json.loads(told.read(LONGEST_ANSWER))
        if "refused" in answer:
            raise _refusal(answer["refused"])
        return _believed(media_worker.Answer(**answer), limits)
    except (ValueError, TypeError, KeyError) as problem:
        raise UnreadablePictureError("We could not open this photograph safely.") from problem


def _refusal(code: object) -> UnsafeUploadError | MediaUnavailableError:
    if code == MediaUnavailableError.code:
        return MediaUnavailableError("This site cannot open photographs of this kind yet.")
    return REFUSALS[str(code)]


def _believed(answer: media_worker.Answer, limits: Limits) -> media_worker.Answer:
    """Accept only values that an honest worker could have said; ValueError for all others."""
    _check_side(answer.width, limits.max_side)
    _check_side(answer.height, limits.max_side)
    width, height, spelled = answer.tiny
    _check_side(width, TINY_SIDE)
    _check_side(height, TINY_SIDE)
    if len(base64.b64decode(spelled, validate=True)) != width * height * 4:
        raise ValueError("a tiny picture of another size")
    if answer.taken_at is not None:
        datetime.fromisoformat(answer.taken_at)
    if answer.digital_source_type not in media_source.TERMS | {None}:
        raise ValueError("an unknown source type")
    media_credentials.believe(answer.credentials)
    if not isinstance(answer.network_isolated, bool):
        raise TypeError("neither isolated nor not")
    return answer


def _check_side(side: object, most: int) -> None:
    if not isinstance(side, int) or not 0 < side <= most:
        raise ValueError("an impossible side")


def _thumbhash(answer: media_worker.Answer) -> bytes:
    width, height, spelled = answer.tiny
    return bytes(fast_thumbhash.rgba_to_thumb_hash(width, height, base64.b64decode(spelled)))


def _inspect(path: Path, variant: Variant, mark: bytes) -> Derivative:
    if path.is_symlink() or not path.is_file():
        raise UnreadablePictureError("We could not open this photograph safely.")
    written = path.read_bytes()
    header = media_headers.read_header(io.BytesIO(written))
    fits = header.kind == variant.kind and max(header.width, header.height) <= variant.longest_side
    if not fits or mark not in written:
        raise UnreadablePictureError("We could not open this photograph safely.")
    digest = hashlib.sha256(written).hexdigest()
    return Derivative(variant.name, path, header.width, header.height, len(written), digest)


def _stand(derivative: Derivative, into: Path) -> Derivative:
    target = into / derivative.name
    derivative.path.replace(target)
    return Derivative(**{**vars(derivative), "path": target})
