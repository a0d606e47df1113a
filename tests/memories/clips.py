"""Films and sounds made for tests: good ones with a place in their metadata, and hostile ones."""

import functools
import subprocess
import tempfile
from array import array
from pathlib import Path

import imageio_ffmpeg

CANARY = "CANARY-51.4545N"
PLACE = "+51.4545-002.5879+011.000/"
MADE = "2019-05-04T10:11:12Z"
PLACED = (
    *("-metadata", f"location={PLACE}", "-metadata", f"title={CANARY}"),
    *("-metadata", f"comment={CANARY}", "-metadata", f"creation_time={MADE}"),
    *("-metadata", f"com.apple.quicktime.location.ISO6709={PLACE}"),
)
WRITER = imageio_ffmpeg.get_ffmpeg_exe


@functools.cache
def make(name: str, *arguments: str) -> bytes:
    """Have ffmpeg write a file of this name's kind."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        command = [WRITER(), "-hide_banner", "-loglevel", "error", "-y", *arguments, str(target)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return target.read_bytes()


def make_film(
    name: str = "film.mp4",
    *,
    size: str = "320x180",
    seconds: float = 2,
    codec: tuple[str, ...] = ("-c:v", "libx264", "-preset", "ultrafast"),
    sound: tuple[str, ...] = ("-c:a", "aac"),
    extra: tuple[str, ...] = (),
) -> bytes:
    """A film as a telephone makes it: its upper half is red, and a place stands in its tags."""
    half = f"color=c=blue:s={size}:r=24:d={seconds},drawbox=w=iw:h=ih/2:color=red:t=fill"
    return make(
        name,
        *("-f", "lavfi", "-i", half),
        *("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"),
        *codec,
        *sound,
        *("-pix_fmt", "yuv420p", "-shortest"),
        *PLACED,
        *(("-movflags", "use_metadata_tags") if name.endswith(("mp4", "mov")) else ()),
        *extra,
    )


def make_webm(seconds: float = 1) -> bytes:
    return make_film(
        "film.webm",
        seconds=seconds,
        codec=("-c:v", "libvpx", "-b:v", "200k", "-deadline", "realtime"),
        sound=("-c:a", "libopus"),
    )


@functools.cache
def make_turned_film() -> bytes:
    """A film held upright: stored lying, with a matrix that turns it by a quarter."""
    with tempfile.TemporaryDirectory() as folder:
        lying = Path(folder) / "lying.mp4"
        lying.write_bytes(make_film())
        turned = ("-display_rotation:v:0", "90", "-i", str(lying), "-c", "copy")
        return make("turned.mp4", *turned)


def make_sound(name: str = "note.m4a", *, seconds: float = 2, codec: tuple[str, ...] = ()) -> bytes:
    tone = f"sine=frequency=440:duration={seconds},volume='if(lt(t,{seconds}/2),0.1,1)':eval=frame"
    return make(name, "-f", "lavfi", "-i", tone, *codec, *PLACED)


SOUNDS = {
    "m4a": lambda: make_sound("note.m4a"),
    "webm": lambda: make_sound("note.webm", codec=("-c:a", "libopus")),
    "ogg": lambda: make_sound("note.ogg", codec=("-c:a", "libopus")),
    "wav": lambda: make_sound("note.wav"),
    "mp3": lambda: make_sound("note.mp3"),
    "aac": lambda: make_sound("note.aac"),
    "flac": lambda: make_sound("note.flac"),
}


@functools.cache
def make_sound_with_cover() -> bytes:
    """A song with a cover picture in it, which is no film."""
    with tempfile.TemporaryDirectory() as folder:
        song = Path(folder) / "song.mp3"
        song.write_bytes(make_sound("note.mp3"))
        cover = ("-f", "lavfi", "-i", "color=c=green:s=64x64:d=1:r=1")
        return make(
            "song.mp3",
            *("-i", str(song), *cover, "-map", "0:a", "-map", "1:v", "-frames:v", "1"),
            *("-c:a", "copy", "-c:v", "mjpeg", "-disposition:v", "attached_pic"),
        )


def make_bright_film() -> bytes:
    """High dynamic range, as new telephones film: BT.2020 with hybrid log-gamma."""
    return make(
        "bright.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=1", "-pix_fmt", "yuv420p10le"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
        *("-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"),
    )


def loudness(path: Path, start: float, length: float) -> int:
    """The loudest sample of a part of a film, of 32,768."""
    told = _decoded("-ss", start, "-t", length, "-i", path, "-ac", "1", "-f", "s16le")
    return max(map(abs, array("h", told)), default=0)


def colour_in_the_middle(path: Path, seconds: float) -> tuple[int, int, int]:
    """Red, green and blue in the middle of a film at this time."""
    middle = ("-vf", "crop=2:2,scale=1:1", "-pix_fmt", "rgb24", "-f", "rawvideo")
    red, green, blue = _decoded("-ss", seconds, "-i", path, "-frames:v", 1, *middle)
    return red, green, blue


def _decoded(*arguments: object) -> bytes:
    command = [WRITER(), *map(str, arguments), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout
