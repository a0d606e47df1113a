"""Make the film of a plan: frames go through a pipe into ffmpeg, and an MP4 comes out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from memories import ffmpeg, film, media_clips
from memories import film_letters as letters
from memories.ffmpeg_confined import MEGABYTE, Bounds
from memories.film import Plan
from memories.film_frames import Bench, Shot, frames_of

NAME: Final = "film.mp4"
# One core makes a film in about its own length; this is for the slowest machine on a bad day.
BOUNDS: Final = Bounds(wall_seconds=900, cpu_seconds=900, output_bytes=256 * MEGABYTE)
# "superfast" takes two thirds of the time of "veryfast" for pictures that move this slowly, and
# without frames that look ahead a quarter of the memory is never asked for.
VIDEO: Final = (
    *("-c:v", "libx264", "-preset", "superfast", "-crf", "22", "-bf", "0"),
    *(
        "-maxrate",
        "10M",
        "-bufsize",
        "20M",
        "-profile:v",
        "high",
        "-pix_fmt",
        "yuv420p",
        "-g",
        str(2 * film.FPS),
    ),
    *("-threads", "1", "-color_range", "tv", "-color_primaries", "bt709"),
    *("-color_trc", "bt709", "-colorspace", "bt709"),
    *media_clips.UNSIGNED,
)
SILENCE: Final = ("-f", "lavfi", "-i", "anullsrc=channel_layout=stereo:sample_rate=48000")
FADE_IN: Final = 0.8
FADE_OUT: Final = 3.0

Progress = Callable[[int], None]
"""Is told how many percent are done."""


@dataclass(frozen=True)
class Music:
    """Our own rendition of the sound that goes with it, and how many seconds it lasts."""

    path: Path
    seconds: float


@dataclass(frozen=True)
class Script:
    """All that goes into one film. `fonts` is a folder filled by tags.fonts.unpack_fonts."""

    plan: Plan
    shots: Sequence[Shot]
    title: str
    fonts: Path
    music: Music | None = None


@dataclass(frozen=True)
class MadeFilm:
    """The film, and the letters that no type of this site has, which are not in it."""

    path: Path
    left_out: str


def make_film(script: Script, *, program: Path, into: Path, on_progress: Progress) -> MadeFilm:
    """Make the film in the folder `into`. Nothing but our own renditions is read.

    Raises FfmpegFailedError, FfmpegTimeoutError, OSError when a rendition is gone, and whatever
    `on_progress` raises, after ending the work.
    """
    letters.use_fonts(script.fonts)
    script, left_out = _readable(script)
    plan = script.plan
    seconds = plan.frames / film.FPS
    ffmpeg.run(
        program,
        [
            *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-color_range", "tv"),
            *("-s", f"{plan.screen.width}x{plan.screen.height}", "-r", str(film.FPS)),
            *("-i", "pipe:0", *_sound(script.music, seconds)),
            *("-map", "0:v:0", "-map", "1:a:0", *VIDEO, *media_clips.MUSIC),
            *("-t", f"{seconds:.3f}", *media_clips.STRIPPED, *media_clips.TO_PLAY, NAME),
        ],
        bench=into,
        bounds=BOUNDS,
        feed=frames_of(plan, script.shots, title=script.title, bench=Bench(program, into)),
        on_progress=lambda made: on_progress(min(99, int(100 * made / seconds))),
    )
    return MadeFilm(into / NAME, left_out)


def _sound(music: Music | None, seconds: float) -> list[str]:
    """The music, faded out with the film or with its own end; else silence, as players expect."""
    if music is None:
        return list(SILENCE)
    end = min(seconds, music.seconds)
    out = min(FADE_OUT, end / 2)
    return [
        *ffmpeg.read_from(music.path.resolve(), "mov"),
        "-af",
        f"afade=t=in:d={min(FADE_IN, end / 4):.3f},"
        f"afade=t=out:st={end - out:.3f}:d={out:.3f},apad=whole_dur={seconds:.3f}",
    ]


def _readable(script: Script) -> tuple[Script, str]:
    """The script without letters that no type has, and those letters."""
    titles = [scene.title for scene in script.plan.scenes]
    said = [script.title, *titles, *(shot.caption + shot.when + shot.note for shot in script.shots)]
    missing = letters.missing_from("".join(said))
    if not missing:
        return script, ""

    def cleared(text: str) -> str:
        return letters.leave_out(text, missing)

    shots = [
        replace(shot, caption=cleared(shot.caption), when=cleared(shot.when))
        for shot in script.shots
    ]
    scenes = tuple(replace(scene, title=cleared(scene.title)) for scene in script.plan.scenes)
    plan = replace(script.plan, scenes=scenes)
    return replace(script, plan=plan, shots=shots, title=cleared(script.title)), missing
