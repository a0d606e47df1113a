"""Films and sounds: made safe to play, upright, without a place, never longer than we take."""

from dataclasses import replace
from datetime import datetime

import pytest
from PIL import Image

from memories import ffmpeg, media_clips, media_sniff, media_streams
from memories.errors import (
    ClipTooLongError,
    NotAClipError,
    PictureTooLargeError,
    UnreadableClipError,
)
from memories.media_clips import Upload
from memories.media_plan import ClipLimits
from tests.memories import clips, pictures

pytestmark = pytest.mark.slow

LIMITS = ClipLimits()
POSTERS = {"480.webp", "1080.webp", "2048.webp"}


def make_safe(shelf, content, *, limits=LIMITS, as_sound=False, told=None, program=None):
    (shelf / "upload").write_bytes(content)
    sniffed = media_sniff.sniff(content[: media_sniff.SNIFFED_BYTES])
    return media_clips.make_safe(
        Upload(shelf / "upload", sniffed.demuxer),
        program=program or ffmpeg.find(),
        into=shelf / "made",
        limits=limits,
        as_sound=as_sound,
        on_progress=(told if told is not None else []).append,
    )


def described(shelf, name):
    source = ffmpeg.read_from(shelf / "made" / name, "mov")
    return ffmpeg.describe(ffmpeg.find(), source, bench=shelf)


def boxes(content):
    """The names of the outermost boxes in their order (ISO/IEC 14496-12 §4.2)."""
    at, names = 0, []
    while at < len(content):
        names.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4], "big")
    return names


PLACES = (b"CANARY", b"51.4545", b"\xa9xyz", b"loci", b"ISO6709")
WRITERS = (b"Lavf", b"Lavc", b"x264 -")


def assert_tells_no_place(shelf):
    for path in (shelf / "made").iterdir():
        written = path.read_bytes()
        for trace in (*PLACES, *WRITERS):
            assert trace not in written


def test_a_film_is_made_to_play_at_once_everywhere_and_tells_no_place(shelf):
    assert b"51.4545" in clips.make_film()

    film = make_safe(shelf, clips.make_film())

    printed = described(shelf, "film.mp4")
    assert (film.kind, film.width, film.height) == ("film", 320, 180)
    assert film.seconds == pytest.approx(2, abs=0.2)
    assert film.taken_at == datetime.fromisoformat("2019-05-04T10:11:12")
    assert {each.name for each in film.files} == {"film.mp4", *POSTERS}
    assert film.placeholder.startswith("data:image/webp;base64,")
    assert "Video: h264" in printed
    assert "Audio: aac" in printed
    assert boxes((shelf / "made" / "film.mp4").read_bytes())[:2] == [b"ftyp", b"moov"]
    assert_tells_no_place(shelf)


def test_every_kind_of_film_a_telephone_makes_is_taken(shelf):
    film = make_safe(shelf, clips.make_webm())

    assert (film.kind, film.width) == ("film", 320)
    assert "Video: h264" in described(shelf, "film.mp4")


def test_a_film_held_upright_stands_upright_and_so_does_its_poster(shelf):
    film = make_safe(shelf, clips.make_turned_film())

    assert (film.width, film.height) == (180, 320)
    assert "rotation" not in described(shelf, "film.mp4")
    with Image.open(shelf / "made" / "480.webp") as poster:
        assert poster.size == (180, 320)
        left, right = poster.convert("RGB").getpixel((20, 160)), poster.getpixel((160, 160))
    assert left[0] > 180 > 100 > left[2]
    assert right[2] > 180 > 100 > right[0]


def test_a_film_larger_than_full_hd_is_made_smaller_lying_or_upright(shelf):
    large = clips.make_film(size="2560x1440", seconds=0.5)
    lying = make_safe(shelf, large)
    (shelf / "again" / "made").mkdir(parents=True)
    tall = make_safe(shelf / "again", clips.make_film(size="1440x2560", seconds=0.5))

    assert (lying.width, lying.height) == (1920, 1080)
    assert (tall.width, tall.height) == (1080, 1920)


def test_a_film_of_high_dynamic_range_is_brought_into_the_usual_one(shelf):
    make_safe(shelf, clips.make_bright_film())

    printed = described(shelf, "film.mp4")
    assert "yuv420p(" in printed
    assert "bt709" in printed
    assert "arib" not in printed


def test_a_film_without_sound_is_a_film(shelf):
    silent = clips.make_film(sound=("-an",))

    assert make_safe(shelf, silent).kind == "film"
    assert "Audio" not in described(shelf, "film.mp4")


@pytest.mark.parametrize("kind", clips.SOUNDS)
def test_a_voice_note_of_every_kind_becomes_sound_with_a_picture_of_it(shelf, kind):
    note = make_safe(shelf, clips.SOUNDS[kind]())

    assert (note.kind, note.placeholder) == ("sound", "")
    assert note.seconds == pytest.approx(2, abs=0.2)
    assert {each.name for each in note.files} == {"sound.m4a", "waveform.webp"}
    assert "Audio: aac" in described(shelf, "sound.m4a")
    assert_tells_no_place(shelf)


def test_the_picture_of_a_sound_is_low_where_it_is_quiet(shelf):
    make_safe(shelf, clips.make_sound("note.wav"))

    with Image.open(shelf / "made" / "waveform.webp") as drawn:
        alpha = drawn.getchannel("A")
        width, height = drawn.size
        heights = [alpha.crop((at, 0, at + width // 2, height)).getbbox() for at in (0, width // 2)]
    quiet, loud = (box[3] - box[1] for box in heights)
    assert quiet < loud / 4


def test_a_song_with_a_cover_is_a_sound(shelf):
    assert make_safe(shelf, clips.make_sound_with_cover()).kind == "sound"


def test_music_stays_in_stereo_and_its_pictures_are_left_out(shelf):
    music = make_safe(shelf, clips.make_film(), as_sound=True)

    assert music.kind == "sound"
    assert "stereo" in described(shelf, "sound.m4a")


def test_what_lasts_longer_than_we_take_is_refused(shelf):
    short = replace(LIMITS, film_seconds=1, sound_seconds=1)

    with pytest.raises(ClipTooLongError, match="longer than 1 seconds"):
        make_safe(shelf, clips.make_film(), limits=short)
    with pytest.raises(ClipTooLongError):
        make_safe(shelf, clips.make_sound(), limits=short)


def test_attack_a_film_that_lies_about_its_length_is_counted(shelf):
    """The duration in 'mvhd', 'tkhd' and 'mdhd' is only a number; the frames are not."""
    short = replace(LIMITS, film_seconds=1)
    endless = clips.make_film("film.webm", seconds=4, codec=("-c:v", "libvpx"), sound=("-an",))
    at = endless.index(b"\x44\x89\x88") + 3
    lying = endless[:at] + b"\x40\x59\x00\x00\x00\x00\x00\x00" + endless[at + 8 :]

    with pytest.raises(ClipTooLongError):
        make_safe(shelf, lying, limits=short)


def test_attack_a_film_of_too_many_pixels_is_refused_before_it_is_decoded(shelf):
    small = replace(LIMITS, film_pixels=10_000)

    with pytest.raises(PictureTooLargeError, match="4K"):
        make_safe(shelf, clips.make_film(), limits=small)


def test_a_film_of_too_many_bytes_is_refused(shelf):
    with pytest.raises(PictureTooLargeError, match="0 MB"):
        make_safe(shelf, clips.make_film(), limits=replace(LIMITS, film_bytes=1000))


def test_a_film_cut_short_is_refused_in_a_sentence(shelf):
    film = clips.make_film()

    with pytest.raises(UnreadableClipError, match="upload it again"):
        make_safe(shelf, film[: len(film) // 2])


def test_a_container_without_film_and_sound_is_refused(shelf):
    silent = clips.make_film(sound=("-an",))

    with pytest.raises(NotAClipError):
        make_safe(shelf, silent, as_sound=True)


def test_it_tells_how_far_it_is(shelf):
    told = []

    make_safe(shelf, clips.make_film(seconds=4), told=told)

    assert told == sorted(told)
    assert all(0 <= percent <= 99 for percent in told)
    assert told


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\x0b", "\x0c"])
def test_attack_a_tag_that_looks_like_a_stream_is_not_read_as_one(shelf, line_end):
    said = f"title=x{line_end}  Stream #0:0: Video: h264, 9999x9999"
    note = clips.make("note.m4a", "-f", "lavfi", "-i", "sine=duration=1", "-metadata", said)
    (shelf / "made" / "note.m4a").write_bytes(note)

    printed = described(shelf, "note.m4a")

    assert "9999x9999" in printed
    assert not media_streams.read_streams(printed).has_pictures
    assert media_streams.read_streams(printed).has_sound


def test_attack_a_film_whose_end_is_missing_is_not_taken_for_the_whole(shelf):
    film = clips.make_film(seconds=8, extra=("-movflags", "+faststart"))

    with pytest.raises(UnreadableClipError):
        make_safe(shelf, film[: len(film) // 3])


@pytest.mark.parametrize(
    ("start", "family"),
    [
        (pictures.make_jpeg(64, 48), "photograph"),
        (pictures.make_heic(64, 48), "photograph"),
        (clips.make_sound("note.mp3"), "clip"),
        (clips.make_sound("note.aac"), "clip"),
    ],
)
def test_photographs_and_clips_are_told_apart_by_content(start, family):
    assert media_sniff.sniff(start[: media_sniff.SNIFFED_BYTES]).family == family
