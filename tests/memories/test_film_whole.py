"""Whole films at their full size, from what a keeper uploads to the file that is sent on."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from memories import ffmpeg, film, media_streams
from memories.film import Shape
from memories.models.film import FilmJob
from memories.models.item import Item
from memories.models.montage import Montage, MontageLevel
from memories.services import filming, films, prepare, receive, storage
from memories.services.films import Wish
from tests.factories import make_montage
from tests.memories import clips
from tests.sites import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PICTURES = ("misty-lake", "two-bicycles", "snowy-bench", "birthday-cake")
CLIP_SECONDS, MUSIC_SECONDS = 6, 90
# What tells of a place, a day, a name or a program, as film makers write it: ISO 14496-12 section
# 8.10, 3GPP TS 26.244 section 8, and the four letters of QuickTime.
TELLING = (b"loci", b"\xa9xyz", b"\xa9too", b"uuid", b"Lavf", b"Lavc", b"x264")
EMPTY_LIST = b"\x00\x00\x00\x08ilst"


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path, settings):
    private = settings.STORAGES["private"]
    options = {**private.get("OPTIONS", {}), "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**private, "OPTIONS": options}}


@pytest.fixture
def montage() -> Montage:
    """A page with four photographs, an upright clip in their middle, and music."""
    montage = make_montage(level=MontageLevel.CODE, published_at=timezone.now())
    for name in PICTURES[:2]:
        bring(montage, f"{name}.jpg", photograph(name))
    bring(montage, "dancing.mp4", red_then_blue())
    for name in PICTURES[2:]:
        bring(montage, f"{name}.jpg", photograph(name))
    tone = f"sine=duration={MUSIC_SECONDS}"
    sound = clips.make("ours.m4a", "-f", "lavfi", "-i", tone, *clips.PLACED)
    song = SimpleUploadedFile("ours.m4a", sound)
    receive.receive_music(montage=montage, upload=song, has_rights=True)
    while prepare.prepare_next():
        pass
    assert not montage.items.exclude(state="ready").exists()
    montage.items.filter(position=0).update(caption="Six in the morning, at the lake.")
    return montage


def bring(montage: Montage, name: str, content: bytes) -> Item:
    return receive.receive_file(montage=montage, upload=SimpleUploadedFile(name, content))


def photograph(name: str) -> bytes:
    return (ROOT / "config" / "demo" / "pictures" / f"{name}.jpg").read_bytes()


def red_then_blue() -> bytes:
    """A clip as a telephone makes it, upright and with its place; half-way it turns blue."""
    colours = [f"color=c={each}:s=1080x1920:r=30:d={CLIP_SECONDS / 2}" for each in ("red", "blue")]
    return clips.make(
        "dancing.mp4",
        *("-f", "lavfi", "-i", f"{colours[0]}[a];{colours[1]}[b];[a][b]concat"),
        *("-f", "lavfi", "-i", f"sine=frequency=330:duration={CLIP_SECONDS}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-shortest"),
        *clips.PLACED,
        *("-movflags", "use_metadata_tags"),
    )


@pytest.mark.parametrize(
    ("seconds", "shape", "size"), [(60, Shape.TALL, (1080, 1920)), (30, Shape.POST, (1080, 1350))]
)
def test_a_whole_film_is_what_was_asked_for_and_tells_nothing_else(
    montage, tmp_path, seconds, shape, size
):
    wish = Wish(seconds, shape, has_music=True)
    job = films.ask_for(montage=montage, wish=wish)

    assert filming.film_next()

    job = FilmJob.objects.get(pk=job.pk)
    path = Path(storage.private().path(job.file))
    printed = ffmpeg.describe(ffmpeg.find(), ffmpeg.read_from(path, "mov"), bench=tmp_path)
    told = media_streams.read_streams(printed)
    assert (job.state, job.pictures) == ("ready", len(PICTURES) + 1)
    assert told.seconds == pytest.approx(seconds, abs=0.5)
    assert (told.width, told.height) == size
    assert "h264 (High)" in printed
    assert "Audio: aac" in printed
    assert told.made_at is None
    _begins_to_play_before_it_is_there(path)
    _tells_nothing_else(path)
    _shows_the_clip(path, films.cast_of(montage).plan(wish))
    _sounds_to_its_end(path, seconds)


def _begins_to_play_before_it_is_there(path: Path) -> None:
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def _tells_nothing_else(path: Path) -> None:
    content = path.read_bytes()
    # What is said of the whole comes first, and what encoders say of themselves with their first
    # samples; any four letters may come about by chance further on.
    beginning = content[: content.index(b"mdat") + 1024**2]
    assert [words for words in TELLING if words in beginning] == []
    assert beginning.count(b"ilst") == beginning.count(EMPTY_LIST)
    said = (clips.CANARY, clips.PLACE, clips.MADE)
    assert [words for words in said if words.encode() in content] == []


def _shows_the_clip(path: Path, plan: film.Plan) -> None:
    scene = plan.scenes[len(PICTURES) // 2]
    begin = (scene.start + film.FADE) / film.FPS
    early = clips.colour_in_the_middle(path, begin + 0.5)
    late = clips.colour_in_the_middle(path, begin + CLIP_SECONDS / 2 + 1)
    assert early[0] > 200 > early[2]
    assert late[2] > 200 > late[0]


def _sounds_to_its_end(path: Path, seconds: int) -> None:
    assert clips.loudness(path, seconds / 2, 1) > 1000
    assert clips.loudness(path, seconds - 0.1, 0.1) < 400
