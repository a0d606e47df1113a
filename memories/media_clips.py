"""Make a film or a sound that a stranger uploaded safe: only pixels and samples go over."""

import hashlib
import logging
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw

from memories import ffmpeg, media, media_plan, media_streams
from memories.errors import (
    ClipTooLongError,
    FfmpegFailedError,
    FfmpegTimeoutError,
    MediaTimeoutError,
    NotAClipError,
    PictureTooLargeError,
    UnreadableClipError,
)
from memories.ffmpeg_confined import MEGABYTE, Bounds
from memories.media import Derivative
from memories.media_plan import ClipLimits
from memories.media_streams import Streams

FILM: Final = "film.mp4"
SOUND: Final = "sound.m4a"
WAVEFORM: Final = "waveform.webp"

LOOKING: Final = Bounds(
    wall_seconds=30, cpu_seconds=20, memory_bytes=512 * MEGABYTE, output_bytes=MEGABYTE
)
# Decoders that are ever asked; a container may name three hundred more.
VIDEO_DECODERS: Final = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,mpeg4,h263,mjpeg,prores"
SOUND_DECODERS: Final = (
    "aac,mp3float,mp3,opus,libopus,vorbis,libvorbis,flac,alac,amrnb,amrwb,pcm_s16le,pcm_s16be,"
    "pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,pcm_alaw,pcm_mulaw"
)
# Nothing goes over but pictures and samples: no tags, places, chapters, subtitles or data, and
# no name of the program that wrote it.
STRIPPED: Final = (
    *("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-sn", "-dn"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
)
# libx264 signs twice: in the description of the stream, and, with all its settings, in a unit of
# supplemental information (ITU-T H.264 table 7-1: type 6), which no player needs.
UNSIGNED: Final = ("-metadata:s:v", "encoder=H.264", "-bsf:v", "filter_units=remove_types=6")
TO_PLAY: Final = ("-movflags", "+faststart", "-f", "mp4")
VIDEO: Final = (
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "8M", "-bufsize", "16M"),
    *("-profile:v", "high", "-pix_fmt", "yuv420p", "-fpsmax", "30", "-g", "60", "-threads", "2"),
    *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"),
    *UNSIGNED,
)
SPEECH: Final = ("-c:a", "aac", "-b:a", "96k", "-ac", "1", "-ar", "48000")
MUSIC: Final = ("-c:a", "aac", "-b:a", "160k", "-ac", "2", "-ar", "48000")
# Square pixels first; then within 1920 by 1080, lying or upright, never larger than it was.
UPRIGHT_FULL_HD: Final = (
    "scale=w='iw*sar':h=ih,setsar=1,"
    "scale=w='min(iw,if(gt(iw,ih),1920,1080))':h='min(ih,if(gt(iw,ih),1080,1920))'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2"
)
# High dynamic range is brought into the range that every screen shows, as a camera's JPEG is.
TO_USUAL_RANGE: Final = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
WHOLE: Final = 0.8
"""As much of the time that a file says it lasts must be in it; sound may end before pictures."""
POSTER_AT: Final = 1.0
POSTER_AMONG: Final = 24
"""A poster is the most usual of so many frames, so that it is rarely the black first one."""

BARS: Final = 96
BAR_WIDTH: Final = 6
BAR_STEP: Final = 10
WAVEFORM_SIZE: Final = (BARS * BAR_STEP, 160)
WAVEFORM_INK: Final = (0xC0, 0x8D, 0x49)
"""Brass, which shows on paper and at night."""
WAVEFORM_RATE: Final = 8_000

CANNOT_OPEN: Final = (
    "We could not open this film or sound. It may be damaged, or cut short on the way. "
    "Please upload it again, or another copy of it."
)

log = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""Is told how many percent are done."""


@dataclass(frozen=True)
class SafeClip:
    """What is kept of an upload: a film with its posters, or a sound with its waveform.

    `width` and `height` are those of the film we made, upright, in pixels; a sound has those of
    its waveform. `taken_at` is the clock of whatever made it, without a zone.
    """

    kind: Literal["film", "sound"]
    width: int
    height: int
    seconds: float
    taken_at: datetime | None
    placeholder: str
    files: tuple[Derivative, ...]


@dataclass(frozen=True)
class Upload:
    """A stored upload, and the one demuxer that may read it (media_sniff)."""

    path: Path
    demuxer: str


def make_safe(
    upload: Upload,
    *,
    program: Path,
    into: Path,
    limits: ClipLimits,
    as_sound: bool,
    on_progress: Progress,
) -> SafeClip:
    """Make a film or a sound of an upload in the folder `into`, or refuse it with a sentence.

    1. The bytes are no more than the limit of its kind; `as_sound`: pictures are not taken.
    2. What it says of itself is read by a bounded process; too long or too large is refused.
    3. It is decoded by one demuxer and a few decoders, bounded in pixels, time, memory and output.
    4. What was really in it is counted again: a duration that was a lie is refused.
    5. Nothing but pixels and samples is in the new files; the posters are photographs of ours.

    Raises a child of UnsafeUploadError when the file is at fault, and FfmpegMissingError when we
    are.
    """
    workshop = _Workshop(program, upload, into, limits, on_progress)
    streams = workshop.look()
    if streams.has_pictures and not as_sound:
        return workshop.make_film(streams)
    if not streams.has_sound:
        raise NotAClipError("There is neither a film nor a sound in this file.")
    return workshop.make_sound(streams, MUSIC if as_sound else SPEECH)


@dataclass(frozen=True)
class _Workshop:
    """One upload on the bench, and what it is worked with."""

    program: Path
    upload: Upload
    into: Path
    limits: ClipLimits
    on_progress: Progress

    def look(self) -> Streams:
        """Read what the upload says it holds, without decoding anything of it."""
        return self._look_at(self.upload.path, self.upload.demuxer)

    def make_film(self, streams: Streams) -> SafeClip:
        self._check_bytes(self.limits.film_bytes)
        self._check_seconds(streams.seconds, self.limits.film_seconds)
        if (streams.width or 0) * (streams.height or 0) > self.limits.film_pixels:
            raise PictureTooLargeError(
                "This film has more pixels than we open. Please upload it in 4K or smaller."
            )
        made = self._make(FILM, self._film_arguments(streams), streams, self.limits.film_seconds)
        width, height, seconds = made.width, made.height, made.seconds or 0
        if width is None or height is None:
            raise UnreadableClipError(CANNOT_OPEN)
        poster = self._poster(seconds)
        files = (_derivative(self.into / FILM, width, height), *poster.variants)
        return SafeClip("film", width, height, seconds, streams.made_at, poster.placeholder, files)

    def _film_arguments(self, streams: Streams) -> list[str]:
        filters = [UPRIGHT_FULL_HD, *([TO_USUAL_RANGE] if streams.is_high_range else [])]
        return [
            *("-map", "0:V:0", "-map", "0:a:0?", "-vf", ",".join(filters)),
            *VIDEO,
            *MUSIC,
        ]

    def _look_at(self, path: Path, demuxer: str) -> Streams:
        source = ffmpeg.read_from(path, demuxer)
        try:
            printed = ffmpeg.describe(self.program, source, bench=self.into, bounds=LOOKING)
        except FfmpegFailedError as problem:
            raise _refusal(problem) from problem
        return media_streams.read_streams(printed)

    def _poster(self, seconds: float) -> media.SafePicture:
        """Frames of our own film, through the same door as every photograph."""
        still = self.into / "still.png"
        source = ffmpeg.read_from(self.into / FILM, "mov")
        seek = ["-ss", f"{min(POSTER_AT, seconds / 3):.3f}"]
        choose = ["-vf", f"thumbnail=n={POSTER_AMONG}", "-frames:v", "1", *STRIPPED, str(still)]
        self._run([*seek, *source, "-map", "0:v:0", *choose], lambda made: None)
        try:
            return media.make_safe(still, into=self.into, plan=media_plan.FIRST)
        finally:
            still.unlink(missing_ok=True)

    def make_sound(self, streams: Streams, coding: tuple[str, ...]) -> SafeClip:
        self._check_bytes(self.limits.sound_bytes)
        self._check_seconds(streams.seconds, self.limits.sound_seconds)
        arguments = ["-map", "0:a:0", "-vn", *coding]
        made = self._make(SOUND, arguments, streams, self.limits.sound_seconds)
        self._draw_waveform()
        width, height = WAVEFORM_SIZE
        files = (
            _derivative(self.into / SOUND, 0, 0),
            _derivative(self.into / WAVEFORM, width, height),
        )
        return SafeClip("sound", width, height, made.seconds or 0, streams.made_at, "", files)

    def _draw_waveform(self) -> None:
        raw = self.into / "samples.raw"
        samples = ["-map", "0:a:0", "-ac", "1", "-ar", str(WAVEFORM_RATE), "-f", "s16le", str(raw)]
        source = ffmpeg.read_from(self.into / SOUND, "mov")
        self._run([*source, *samples], lambda made: None)
        draw_waveform(read_peaks(raw), self.into / WAVEFORM)
        raw.unlink()

    def _make(
        self, name: str, arguments: list[str], streams: Streams, most_seconds: int
    ) -> Streams:
        """Decode the upload into one file of ours; what is in that: the length it really had."""
        whole = min(streams.seconds or most_seconds, most_seconds)
        source = [
            *("-max_pixels", str(self.limits.film_pixels)),
            *("-codec_whitelist", f"{VIDEO_DECODERS},{SOUND_DECODERS}"),
            # One second more than we take tells a film that is too long from one that just fits.
            *("-t", str(most_seconds + 1)),
            *ffmpeg.read_from(self.upload.path, self.upload.demuxer),
        ]
        self._run(
            [*source, *arguments, *STRIPPED, *TO_PLAY, name],
            lambda seconds: self.on_progress(min(99, int(100 * seconds / whole))),
        )
        # What ffmpeg tells while it works lacks the frames it still holds back.
        made = self._look_at(self.into / name, "mov")
        seconds = made.seconds or 0
        self._check_seconds(seconds, most_seconds)
        # ffmpeg plays what is left of a file whose end is missing, and calls it well done.
        if seconds <= 0 or seconds < (streams.seconds or 0) * WHOLE:
            raise UnreadableClipError(CANNOT_OPEN)
        return made

    def _run(self, arguments: list[str], on_progress: Callable[[float], None]) -> float:
        bounds = self.limits.bounds
        try:
            return ffmpeg.run(
                self.program, arguments, bench=self.into, bounds=bounds, on_progress=on_progress
            )
        except FfmpegFailedError as problem:
            raise _refusal(problem) from problem

    def _check_bytes(self, most: int) -> None:
        if self.upload.path.stat().st_size > most:
            raise PictureTooLargeError(
                f"This file is larger than {most // MEGABYTE} MB, the most we take of its kind."
            )

    def _check_seconds(self, seconds: float | None, most: int) -> None:
        if seconds is not None and seconds >= most + 0.5:
            raise ClipTooLongError(
                f"This is longer than {_spoken(most)}, the most we take. Please upload a part."
            )


def _spoken(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"


def _refusal(problem: FfmpegFailedError) -> MediaTimeoutError | UnreadableClipError:
    """What the keeper reads; why, which may quote the file, is for a debug log alone."""
    if isinstance(problem, FfmpegTimeoutError):
        return MediaTimeoutError("This took too long to open. Please upload a shorter copy.")
    log.debug("a clip was refused: %s", problem)
    return UnreadableClipError(CANNOT_OPEN)


def _derivative(path: Path, width: int, height: int) -> Derivative:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Derivative(path.name, path, width, height, path.stat().st_size, digest)


def read_peaks(raw: Path) -> list[float]:
    """The loudest sample in each of BARS equal parts, 0 to 1, the loudest of all being 1.

    `raw` holds 16-bit samples in the byte order of this machine (s16le on all we run on).
    """
    part = max(1, raw.stat().st_size // 2 // BARS)
    peaks = []
    with raw.open("rb") as file:
        for _ in range(BARS):
            samples = array("h")
            samples.frombytes(_even(file.read(part * 2)))
            peaks.append(max(max(samples), -min(samples)) if samples else 0)
    loudest = max(peaks) or 1
    return [peak / loudest for peak in peaks]


def _even(data: bytes) -> bytes:
    return data[: len(data) // 2 * 2]


def draw_waveform(peaks: list[float], target: Path) -> None:
    """Draw the peaks as round bars on nothing, so that it lies on any ground."""
    width, height = WAVEFORM_SIZE
    picture = Image.new("RGBA", (width, height), (*WAVEFORM_INK, 0))
    pen = ImageDraw.Draw(picture)
    for number, peak in enumerate(peaks):
        left = number * BAR_STEP + (BAR_STEP - BAR_WIDTH) // 2
        reach = max(BAR_WIDTH / 2, peak * height / 2)
        box = (left, height / 2 - reach, left + BAR_WIDTH - 1, height / 2 + reach - 1)
        pen.rounded_rectangle(box, radius=BAR_WIDTH / 2, fill=(*WAVEFORM_INK, 255))
    picture.save(target, "WEBP", lossless=True)
