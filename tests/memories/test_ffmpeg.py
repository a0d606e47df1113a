"""ffmpeg: found in one of three places, and run within bounds, without network and secrets."""

import subprocess
import sys
import time

import pytest

from memories import ffmpeg
from memories.errors import FfmpegFailedError, FfmpegMissingError, FfmpegTimeoutError
from memories.ffmpeg import Bounds

TONE = ["-f", "lavfi", "-i", "sine=frequency=440:duration=3"]


@pytest.fixture
def program(tmp_path):
    """A program of ours in the place of ffmpeg, to see what it is given."""

    def write(body):
        path = tmp_path / "program"
        path.write_text(f"#!{sys.executable}\n{body}\n")
        path.chmod(0o755)
        return path

    return write


def test_the_program_of_the_setting_comes_first(program):
    assert ffmpeg.find(str(program(""))) == program("").resolve()


def test_then_the_one_on_the_path(program, monkeypatch, tmp_path):
    program("").rename(tmp_path / "ffmpeg")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert ffmpeg.find() == (tmp_path / "ffmpeg").resolve()


def test_then_the_one_of_the_wheel(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    found = ffmpeg.find()

    assert "imageio_ffmpeg" in str(found)


def test_without_any_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)

    with pytest.raises(FfmpegMissingError, match="group “video”"):
        ffmpeg.find()
    assert not ffmpeg.is_available()


def test_a_program_that_is_named_and_missing_is_never_replaced_by_another():
    with pytest.raises(FfmpegMissingError, match="FFMPEG_PATH names no program"):
        ffmpeg.find("/nowhere/ffmpeg")


def test_it_makes_what_is_asked_and_tells_how_far_it_is(tmp_path):
    told = []

    made = ffmpeg.run(ffmpeg.find(), [*TONE, "tone.wav"], bench=tmp_path, on_progress=told.append)

    assert made == pytest.approx(3, abs=0.1)
    assert told[-1] == made
    assert (tmp_path / "tone.wav").read_bytes().startswith(b"RIFF")


def test_it_is_fed_through_a_pipe(tmp_path):
    raw = ["-f", "s16le", "-ar", "8000", "-ac", "1", "-i", "pipe:0", "out.wav"]

    made = ffmpeg.run(
        ffmpeg.find(), raw, bench=tmp_path, feed=(bytes(16_000) for second in range(2))
    )

    assert made == pytest.approx(2, abs=0.1)


def test_a_failure_says_why_for_the_log(tmp_path):
    with pytest.raises(FfmpegFailedError, match="nowhere"):
        ffmpeg.run(ffmpeg.find(), ["-i", "nowhere.mp4", "out.mp4"], bench=tmp_path)


def test_attack_a_run_without_end_is_ended(tmp_path, program):
    bounds = Bounds(wall_seconds=0.5)
    began = time.monotonic()

    with pytest.raises(FfmpegTimeoutError):
        ffmpeg.run(program("while True: pass"), [], bench=tmp_path, bounds=bounds)

    assert time.monotonic() - began < 5


def test_attack_a_run_that_burns_the_processor_is_ended(tmp_path, program):
    bounds = Bounds(cpu_seconds=1)

    with pytest.raises(FfmpegTimeoutError):
        ffmpeg.run(program("while True: pass"), [], bench=tmp_path, bounds=bounds)


def test_attack_a_run_cannot_take_all_memory(tmp_path, program):
    bounds = Bounds(memory_bytes=128 * 1024**2)

    with pytest.raises(FfmpegFailedError, match="MemoryError"):
        ffmpeg.run(program("bytes(512 * 1024**2)"), [], bench=tmp_path, bounds=bounds)


def test_attack_a_run_cannot_fill_the_disk(tmp_path):
    endless = ["-f", "lavfi", "-i", "sine", "-f", "s16le", "out.raw"]

    with pytest.raises(FfmpegFailedError):
        ffmpeg.run(ffmpeg.find(), endless, bench=tmp_path, bounds=Bounds(output_bytes=1024**2))

    assert (tmp_path / "out.raw").stat().st_size <= 1024**2


def test_attack_a_run_inherits_no_secret(tmp_path, program, monkeypatch):
    monkeypatch.setenv("SITE_SECRET", "tell nobody")
    looking = program("import os; open('seen', 'w').write(repr(dict(os.environ)))")

    ffmpeg.run(looking, [], bench=tmp_path)

    assert "LC_ALL" in (tmp_path / "seen").read_text()
    assert "tell nobody" not in (tmp_path / "seen").read_text()


def test_attack_a_run_finds_no_network(tmp_path, program):
    alone = (
        "from memories import media_isolation as door; raise SystemExit(not door.leave_network())"
    )
    if subprocess.run([sys.executable, "-c", alone], cwd=ffmpeg.ROOM, check=False).returncode:
        pytest.skip("this machine lets no process leave its network")
    looking = program("import socket\nsocket.create_connection(('127.0.0.1', 9), timeout=1)")

    with pytest.raises(FfmpegFailedError, match="unreachable"):
        ffmpeg.run(looking, [], bench=tmp_path)


def test_attack_a_list_of_other_files_is_no_film(tmp_path):
    """A playlist that calls itself a film would have ffmpeg read whatever it names."""
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    for content in (
        "ffconcat version 1.0\nfile secret.wav\n",
        "#EXTM3U\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n",
    ):
        (tmp_path / "film.mp4").write_text(content)
        for format in ("mov", "matroska", "ogg", "wav"):
            with pytest.raises(FfmpegFailedError):
                ffmpeg.run(
                    ffmpeg.find(),
                    [*ffmpeg.read_from(tmp_path / "film.mp4", format), "out.wav"],
                    bench=tmp_path,
                )


def test_what_goes_wrong_while_progress_is_told_ends_the_run(tmp_path):
    def stop(seconds):
        raise KeyError(seconds)

    with pytest.raises(KeyError):
        ffmpeg.run(
            ffmpeg.find(),
            ["-re", "-f", "lavfi", "-i", "sine", "out.wav"],
            bench=tmp_path,
            on_progress=stop,
        )


def test_frames_come_one_by_one_and_a_cut_last_one_is_dropped(program, tmp_path):
    write = program("import os\nos.write(1, b'aaabbbc')")

    assert list(ffmpeg.frames(write, [], bench=tmp_path, size=3)) == [b"aaa", b"bbb"]


def test_who_has_seen_enough_frames_ends_the_program(tmp_path):
    endless = ["-f", "lavfi", "-i", "color=s=16x16", "-pix_fmt", "gray"]

    frames = ffmpeg.frames(ffmpeg.find(), endless, bench=tmp_path, size=256)
    first = next(frames)
    frames.close()

    assert len(first) == 256


def test_a_program_that_fails_among_its_frames_is_told(program, tmp_path):
    fails = program("import os, sys\nos.write(1, b'aaa')\nsys.exit('no more')")

    with pytest.raises(FfmpegFailedError, match="no more"):
        list(ffmpeg.frames(fails, [], bench=tmp_path, size=3))


def test_where_the_feed_fails_the_run_fails_with_it(tmp_path):
    def feed():
        yield b"\0" * 256
        raise FileNotFoundError("a picture is gone")

    raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", "16x16", "-i", "pipe:0"]

    with pytest.raises(FileNotFoundError, match="a picture is gone"):
        ffmpeg.run(ffmpeg.find(), [*raw, "-f", "null", "-"], bench=tmp_path, feed=feed())
