"""Making a film: small ones with the real ffmpeg, looked at frame by frame."""

from dataclasses import replace
from itertools import pairwise

import pytest
from django.conf import settings
from PIL import Image, ImageDraw

from memories import ffmpeg, film, film_frames, media_streams
from memories import film_letters as letters
from memories.errors import FfmpegFailedError
from memories.film import Picture, Screen
from memories.film_frames import Bench, Shot
from memories.film_making import Music, Script, make_film
from memories.framing import Point
from tags.fonts import unpack_fonts
from tests.memories import clips

SCREEN = Screen(216, 384, side=12, above=24, below=40)
SECONDS = 5
RED, BLUE = (200, 30, 30), (30, 40, 200)


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    unpack_fonts(settings.BASE_DIR / "node_modules" / "@fontsource", into=folder)
    letters.use_fonts(folder)
    return folder


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "made").mkdir()
    return tmp_path


@pytest.fixture
def bench(folder):
    return Bench(ffmpeg.find(), folder / "made")


def photograph(folder, colour=RED, size=(300, 400), name="photograph.webp"):
    Image.new("RGB", size, colour).save(folder / name, lossless=True)
    return Shot(folder / name)


def clip(folder, seconds=1.0):
    """A clip whose upper half is red and whose lower half is blue."""
    path = folder / "clip.mp4"
    path.write_bytes(clips.make_film(size="320x180", seconds=seconds))
    still = photograph(folder, size=(320, 180), name="poster.webp")
    return replace(still, clip=path)


def picture_of(shot, focus=(0.5, 0.5), seconds=None):
    with Image.open(shot.still) as still:
        width, height = still.size
    return Picture(width, height, Point(*focus), shot.caption or shot.when, "", seconds)


def script_of(fonts, *shots, title="", music=None, seconds=SECONDS, clip_seconds=1.0):
    pictures = [picture_of(shot, seconds=clip_seconds if shot.clip else None) for shot in shots]
    plan = film.plan_film(pictures, seconds=seconds, screen=SCREEN)
    return Script(plan, shots, title, fonts, music)


def make(script, bench, on_progress=lambda percent: None):
    return make_film(script, program=bench.program, into=bench.folder, on_progress=on_progress)


def look(script, bench, *at):
    """These frames as RGB pictures, before they are encoded."""
    seen = {}
    frames = film_frames.frames_of(script.plan, script.shots, title=script.title, bench=bench)
    for number, data in enumerate(frames):
        if number in at:
            seen[number] = picture_from(data)
        if number >= max(at):
            frames.close()
            break
    return [seen[number] for number in at]


def picture_from(data):
    size = (SCREEN.width, SCREEN.height)
    half = (size[0] // 2, size[1] // 2)
    light = Image.frombytes("L", size, data[: size[0] * size[1]])
    colours = data[size[0] * size[1] :]
    middle = len(colours) // 2
    parts = [Image.frombytes("L", half, part) for part in (colours[:middle], colours[middle:])]
    return light, *parts


def streams(path, bench):
    source = ffmpeg.read_from(path, "mov")
    return ffmpeg.describe(bench.program, source, bench=bench.folder)


def test_a_film_is_what_every_player_plays_and_as_long_as_asked(fonts, folder, bench):
    shot = photograph(folder)

    made = make(script_of(fonts, shot, shot, title="A year"), bench)

    told = streams(made.path, bench)
    content = made.path.read_bytes()
    assert media_streams.read_streams(told).seconds == pytest.approx(SECONDS, abs=0.03)
    assert "h264 (High)" in told
    assert "yuv420p(tv, bt709" in told
    assert "216x384" in told
    assert "25 fps" in told
    assert "Audio: aac" in told
    assert content.index(b"moov") < content.index(b"mdat")
    assert [name for name in (b"Lavf", b"Lavc", b"x264 -") if name in content] == []


def test_how_far_it_is_is_told_and_stopping_it_stops_ffmpeg(fonts, folder, bench):
    told = []

    class CancelledError(Exception):
        pass

    def stop(percent):
        told.append(percent)
        raise CancelledError

    with pytest.raises(CancelledError):
        make(script_of(fonts, photograph(folder), seconds=30), bench, on_progress=stop)

    assert told[0] < 100


def test_of_a_rendition_that_is_gone_no_half_film_is_made(fonts, folder, bench):
    here, gone = photograph(folder), photograph(folder, name="gone.webp")
    script = script_of(fonts, here, gone, seconds=8)
    gone.still.unlink()

    with pytest.raises(FileNotFoundError):
        make(script, bench)


def test_colours_come_out_as_they_went_in(fonts, folder, bench):
    script = script_of(fonts, photograph(folder, (255, 255, 255)))

    [(light, blue, red)] = look(script, bench, script.plan.opening + 10)

    assert (light.getpixel((100, 100)), blue.getpixel((50, 50)), red.getpixel((50, 50))) == (
        pytest.approx(235, abs=1),
        pytest.approx(128, abs=1),
        pytest.approx(128, abs=1),
    )


def test_a_picture_moves_by_parts_of_a_pixel_and_never_jumps(fonts, folder, bench):
    """The middle of a soft bright line, from frame to frame: its speed hardly ever changes."""
    line = Image.new("RGB", (600, 800))
    ImageDraw.Draw(line).rectangle((150, 0, 170, 800), fill="white")
    line.save(folder / "line.webp", lossless=True)
    script = script_of(fonts, Shot(folder / "line.webp"))
    numbers = range(script.plan.opening + 1, script.plan.opening + 31)

    seen = [light for light, _, _ in look(script, bench, *numbers)]

    places = [middle_of(light.crop((0, 200, 216, 201))) for light in seen]
    speeds = [after - before for before, after in pairwise(places)]
    assert max(map(abs, speeds)) > 0.02
    assert max(speeds) - min(speeds) < 0.1


def middle_of(row):
    weights = [max(0, value - 16) for value in row.tobytes()]
    return sum(place * weight for place, weight in enumerate(weights)) / sum(weights)


def test_one_picture_fades_into_the_next_and_the_end_is_dark(fonts, folder, bench):
    white = photograph(folder, (255, 255, 255), name="white.webp")
    black = photograph(folder, (0, 0, 0), name="black.webp")
    script = script_of(fonts, black, white, seconds=8)
    start = script.plan.scenes[1].start

    numbers = (start - 1, start + film.FADE // 2, start + film.FADE, script.plan.frames - 1)
    lights = [light.getpixel((108, 150)) for light, _, _ in look(script, bench, *numbers)]

    assert lights[0] == 16
    assert lights[0] < lights[1] < lights[2] == 235
    assert lights[3] == 16


def test_a_clip_plays_and_its_last_frame_stays(fonts, folder, bench):
    script = script_of(fonts, clip(folder))

    early, late = look(script, bench, script.plan.opening + 1, script.plan.frames - 30)

    pane = script.plan.scenes[0].pane
    above, below = (pane.top + pane.height // 4) // 2, (pane.top + pane.height * 3 // 4) // 2
    for _, blue, red in (early, late):
        assert red.getpixel((54, above)) > 200
        assert blue.getpixel((54, below)) > 200


def test_a_clip_that_cannot_be_read_is_an_error_and_no_black_hole(fonts, folder, bench):
    shot = clip(folder)
    shot.clip.write_bytes(b"no film" * 100)

    with pytest.raises(FfmpegFailedError):
        make(script_of(fonts, shot), bench)


def test_words_come_after_their_picture_and_are_gone_before_the_next(fonts, folder, bench):
    first = replace(photograph(folder, (60, 60, 60)), caption="Six in the morning")
    script = script_of(fonts, first, photograph(folder, (60, 60, 60)), seconds=8)
    scene = script.plan.scenes[0]

    numbers = (scene.start, scene.start + 30, script.plan.scenes[1].start + film.FADE - 1)
    brightest = [light.getextrema()[1] for light, _, _ in look(script, bench, *numbers)]

    assert brightest[0] < 100
    assert brightest[1] > 200
    assert brightest[2] < 100


def test_words_on_the_whitest_picture_can_be_read(fonts, folder, bench):
    shot = replace(photograph(folder, (255, 255, 255)), caption="Six")
    script = script_of(fonts, shot)

    [(light, _, _)] = look(script, bench, script.plan.opening + 30)

    words = script.plan.scenes[0].words
    around = light.crop((0, words.bottom - 30, 10, words.bottom))
    assert contrast(235, around.getextrema()[1]) >= 4.5


def contrast(one, other):
    """WCAG 2, for two greys in limited range."""

    def luminance(light):
        share = (light - 16) / 219
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return (luminance(one) + 0.05) / (luminance(other) + 0.05)


def test_what_a_picture_is_stands_on_it_from_its_first_frame_to_its_last(fonts, folder, bench):
    shot = replace(photograph(folder, (120, 120, 120)), note="computer image")
    script = script_of(fonts, shot)

    seen = look(script, bench, script.plan.opening, script.plan.frames - film.CLOSING - 1)

    assert all(light.getextrema()[1] > 200 for light, _, _ in seen)


def test_music_plays_and_is_faded_out_at_the_end(fonts, folder, bench):
    sound = folder / "sound.m4a"
    sound.write_bytes(clips.make("sound.m4a", "-f", "lavfi", "-i", "sine=duration=20"))

    made = make(script_of(fonts, photograph(folder), music=Music(sound, 20.0)), bench)

    assert clips.loudness(made.path, 1, 1) > 2000
    assert clips.loudness(made.path, SECONDS - 0.1, 0.1) < 400


def test_music_shorter_than_the_film_ends_softly_and_silence_follows(fonts, folder, bench):
    sound = folder / "sound.m4a"
    sound.write_bytes(clips.make("sound.m4a", "-f", "lavfi", "-i", "sine=duration=2"))

    made = make(script_of(fonts, photograph(folder), music=Music(sound, 2.0)), bench)

    assert clips.loudness(made.path, 3, 1) < 10
    assert media_streams.read_streams(streams(made.path, bench)).seconds == pytest.approx(
        SECONDS, abs=0.03
    )


def test_letters_that_no_type_has_are_left_out_and_told(fonts, folder, bench):
    shot = replace(photograph(folder), caption="Our day \U0010fff0 at sea")

    made = make(script_of(fonts, shot, title="A\ufdd1B"), bench)

    assert made.left_out == "\ufdd1\U0010fff0"
