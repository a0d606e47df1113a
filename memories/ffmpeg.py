"""Find ffmpeg and run it within bounds: as a child without secrets, without network, for a while.

ffmpeg is a program of its own, never linked. It is found by a setting, on PATH, or in the wheel of
`imageio-ffmpeg`, which brings no ffprobe: durations are read from headers or from what it prints.
"""

import importlib
import io
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Final

from memories import ffmpeg_confined
from memories.errors import FfmpegFailedError, FfmpegMissingError, FfmpegTimeoutError
from memories.ffmpeg_confined import MEGABYTE, Bounds

ROOM: Final = Path(__file__).resolve().parent.parent
USUAL: Final = Bounds()
LONGEST_COMPLAINT: Final = 4_000
LONGEST_DESCRIPTION: Final = 256 * 1024
MICROSECONDS: Final = 1_000_000
WHAT_TO_INSTALL: Final = (
    "This site cannot open films and sound yet: ffmpeg is not installed. Install ffmpeg, or the "
    "group “video” of this project, or name the program in FFMPEG_PATH."
)
# Nothing is asked, nothing is read from a terminal, and progress is told on standard output.
QUIET: Final = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
TELLING: Final = ("-nostats", "-progress", "pipe:1")

_TOLD_TIME = re.compile(rb"out_time_us=(\d{1,18})\s*")

log = logging.getLogger(__name__)

Progress = Callable[[float], None]
"""Is told how many seconds of the result have been made."""


def find(named: str = "") -> Path:
    """Find the program: the one that is `named`, one on PATH, or the one of `imageio-ffmpeg`.

    A program that is named and not there is an error, never replaced by another in silence.
    Raises FfmpegMissingError with what to install.
    """
    if named:
        return _named(named)
    on_path = shutil.which("ffmpeg")
    if on_path:
        return Path(on_path).resolve()
    return _from_wheel()


def is_available(named: str = "") -> bool:
    try:
        find(named)
    except FfmpegMissingError:
        return False
    return True


def _named(named: str) -> Path:
    found = shutil.which(named)
    if found is None:
        raise FfmpegMissingError(f"FFMPEG_PATH names no program that can be run. {WHAT_TO_INSTALL}")
    return Path(found).resolve()


def _from_wheel() -> Path:
    try:
        wheel = importlib.import_module("imageio_ffmpeg")
        return Path(wheel.get_ffmpeg_exe()).resolve()
    except (ImportError, OSError, RuntimeError) as problem:
        raise FfmpegMissingError(WHAT_TO_INSTALL) from problem


def read_from(source: Path, format: str) -> list[str]:
    """Arguments that open a file as this format only, whatever it says of itself.

    `format` is the name of ffmpeg's own demuxer (`mov`, `matroska`, `ogg`, `wav`, `mp3`). A
    playlist or a list of other files is then no more than a damaged film, and no protocol but
    `file` and `pipe` answers.
    """
    return ["-protocol_whitelist", "file,pipe", "-f", format, "-i", f"file:{source}"]


def describe(program: Path, source: Sequence[str], *, bench: Path, bounds: Bounds = USUAL) -> str:
    """What ffmpeg prints of a file that `read_from` opens: its streams, tags and duration.

    Nothing is decoded. Tags are the file's own words: see media_streams for what is read of them.
    Raises FfmpegTimeoutError and FfmpegFailedError; the latter too where no stream is found.
    """
    looking = ["-hide_banner", "-nostdin", "-loglevel", "info", *source]
    nothing = ["-map", "0:v?", "-map", "0:a?", "-c", "copy", "-t", "0", "-f", "null", "-"]
    with tempfile.TemporaryFile() as printed:
        with _child(program, [*looking, *nothing], bench, bounds, printed) as child:
            # Only the file that is described may be read: there is no other input.
            _pipe(child.stdin).close()
            _pipe(child.stdout).read(LONGEST_COMPLAINT)
            code = child.wait()
        _check(code, printed)
        printed.seek(0)
        return printed.read(LONGEST_DESCRIPTION).decode("utf-8", "replace")


def run(
    program: Path,
    arguments: Sequence[str],
    *,
    bench: Path,
    bounds: Bounds = USUAL,
    feed: Iterable[bytes] = (),
    on_progress: Progress | None = None,
) -> float:
    """Run ffmpeg in the folder `bench`; answer with the seconds it made.

    `arguments` are those after the options of every run (QUIET, TELLING). Standard input holds
    what `feed` gives, for `-i pipe:0`. Standard output tells progress, so results go to files. A
    run that fails may leave a part of its output in the bench. Raises FfmpegTimeoutError and
    FfmpegFailedError, whose words are for the log, and whatever `on_progress` raises, after
    ending the run.
    """
    with tempfile.TemporaryFile() as complained:
        with _child(program, [*QUIET, *TELLING, *arguments], bench, bounds, complained) as child:
            feeder = _Feeder(child, feed)
            feeder.start()
            made = 0.0
            for made in _told_seconds(_pipe(child.stdout)):
                if on_progress:
                    on_progress(made)
            feeder.join()
            code = child.wait()
        if feeder.problem:
            raise feeder.problem
        _check(code, complained)
    return made


def frames(
    program: Path, arguments: Sequence[str], *, bench: Path, size: int, bounds: Bounds = USUAL
) -> Iterator[bytes]:
    """The frames of a film, each of `size` bytes, as they are decoded; a cut last one is dropped.

    `arguments` name source and filters; the output, raw video through a pipe, is ours. Closing the
    iterator ends the program. Raises FfmpegTimeoutError and FfmpegFailedError at the end.
    """
    with tempfile.TemporaryFile() as complained:
        # Whoever reads is slower than any decoder: frames that wait would only take memory.
        waiting = ("-thread_queue_size", "1")
        asked = [*QUIET, *arguments, *waiting, "-f", "rawvideo", "pipe:1"]
        with _child(program, asked, bench, bounds, complained) as child:
            _pipe(child.stdin).close()
            decoded = _pipe(child.stdout)
            while len(frame := decoded.read(size)) == size:
                yield frame
            code = child.wait()
        _check(code, complained)


@contextmanager
def _child(
    program: Path, arguments: Sequence[str], bench: Path, bounds: Bounds, complained: BinaryIO
) -> Iterator[subprocess.Popen[bytes]]:
    """The running program, which does not outlive this block nor its time."""
    door = [sys.executable, "-P", "-m", "memories.ffmpeg_confined"]
    child = subprocess.Popen(
        [*door, ffmpeg_confined.write_bounds(bounds), str(program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complained,
        cwd=bench,
        env=_environment(),
    )
    clock = threading.Timer(bounds.wall_seconds, child.send_signal, [signal.SIGALRM])
    clock.daemon = True
    clock.start()
    try:
        with child:
            try:
                yield child
            finally:
                # Whoever waited for it has it ended by now; whoever stopped early has not.
                child.kill()
                # What it was to be given still lies in our buffer, and would be written on closing.
                _close_quietly(_pipe(child.stdin))
    finally:
        clock.cancel()


def _environment() -> dict[str, str]:
    """Nothing of ours goes along: no secret, no proxy, no database address."""
    return {
        "PYTHONPATH": str(ROOM),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        # mallopt(3): the memory of each frame goes back at once, and no heap grows around it.
        "MALLOC_MMAP_THRESHOLD_": str(MEGABYTE),
    }


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    return pipe or io.BytesIO()


class _Feeder(threading.Thread):
    """Gives standard input what it is fed with. Where that fails, so does the run."""

    def __init__(self, child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
        super().__init__(daemon=True)
        self._child = child
        self._chunks = chunks
        self.problem: Exception | None = None

    def run(self) -> None:
        pipe = _pipe(self._child.stdin)
        try:
            for chunk in self._chunks:
                try:
                    pipe.write(chunk)
                except (BrokenPipeError, ValueError):
                    # The program ended first; why, it says itself.
                    break
            _close_quietly(pipe)
        except Exception as problem:
            # Handed over to whoever started the run. Half a film must not pass for a whole one.
            self.problem = problem
            self._child.kill()
        finally:
            close = getattr(self._chunks, "close", None)
            if close:
                close()


def _close_quietly(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError, ValueError):
        pipe.close()


def _told_seconds(told: IO[bytes]) -> Iterator[float]:
    for line in told:
        found = _TOLD_TIME.fullmatch(line)
        if found:
            yield int(found[1]) / MICROSECONDS


def _check(code: int, complained: BinaryIO) -> None:
    if code == 0:
        return
    if code in (-signal.SIGALRM, -signal.SIGXCPU):
        raise FfmpegTimeoutError("ffmpeg took longer than its bounds")
    raise FfmpegFailedError(f"ffmpeg ended with {code}: {_tail(complained)}")


def _tail(file: BinaryIO) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_COMPLAINT))
    return file.read().decode("utf-8", "replace").strip()
