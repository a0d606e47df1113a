"""Cropping: what was cut away leaves with no file, and is not lost for its keeper."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from memories import media, media_pillow, media_vips
from memories.framing import Frame
from memories.media_plan import Variant
from memories.models.item import Item, ItemState
from memories.models.montage import Montage
from memories.services import cropping, prepare, receive, storage
from tests.factories import code_address, make_memory, make_open_montage, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

RIGHT_HALF = {"left": 50, "top": 0, "right": 100, "bottom": 100}


def two_colours(width: int = 1200, height: int = 800) -> bytes:
    """Red on its left, blue on its right."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    return file.getvalue()


def share_of_red(content: bytes) -> float:
    picture = Image.open(io.BytesIO(content)).convert("RGB").resize((40, 40))
    pixels = picture.tobytes()
    reds = zip(pixels[0::3], pixels[2::3], strict=True)
    return sum(red > 128 and blue < 128 for red, blue in reds) / 1600


def work() -> None:
    while prepare.prepare_next():
        pass


@pytest.fixture
def montage() -> Montage:
    made = make_open_montage()
    made.items.all().delete()
    return made


@pytest.fixture
def item(montage) -> Item:
    file = SimpleUploadedFile("IMG_0001.jpg", two_colours())
    received = receive.receive_file(montage=montage, upload=file)
    work()
    received.refresh_from_db()
    return received


@pytest.fixture
def otto(montage) -> Client:
    client = Client()
    client.force_login(montage.keeper.user)
    return client


def cut(otto: Client, item: Item, **edges):
    revision = Montage.objects.get(pk=item.montage_id).revision
    return otto.post(address(item, "crop"), {"revision": revision, **edges})


def address(item: Item, act: str) -> str:
    return f"/keep/{item.montage.piece.public_id}/items/{item.public_id}/{act}"


def files_of(item: Item) -> list[Path]:
    folder = Path(storage.private().location) / storage.folder_of(item)
    return [
        file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("upload-")
    ]


def test_no_file_holds_what_was_cut_away(otto, item, django_capture_on_commit_callbacks):
    assert share_of_red(_bytes_of(item)) > 0.4

    with django_capture_on_commit_callbacks(execute=True):
        answer = cut(otto, item, **RIGHT_HALF)
    work()

    item.refresh_from_db()
    assert answer.status_code == 303
    assert (item.state, item.width, item.height) == (ItemState.READY, 600, 800)
    assert item.renditions.count() == len(files_of(item)) == 6
    for file in files_of(item):
        assert share_of_red(file.read_bytes()) == 0, file.name


def _bytes_of(item: Item) -> bytes:
    with storage.private().open(item.renditions.get(name="480.webp").file) as file:
        return file.read()


def test_until_it_is_cut_nobody_gets_the_photograph_at_all(
    otto, item, client, django_capture_on_commit_callbacks
):
    client.get(code_address(item.montage.piece))
    before = client.get(f"/media/{item.public_id}/480.webp")
    before.getvalue()

    with django_capture_on_commit_callbacks(execute=True):
        cut(otto, item, **RIGHT_HALF)

    assert before.status_code == 200
    assert client.get(f"/media/{item.public_id}/480.webp").status_code == 404
    page = client.get(f"/m/{item.montage.piece.public_id}").content.decode()
    assert item.public_id not in page
    assert files_of(item) == []


def test_the_whole_picture_is_for_its_keeper_alone_and_comes_back(
    otto, item, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        cut(otto, item, **RIGHT_HALF)
    work()
    sana = Client()
    sana.force_login(make_user("sana"))
    client.get(code_address(item.montage.piece))

    whole = otto.get(address(item, "whole"))
    strangers = [sana.get(address(item, "whole")), client.get(address(item, "whole"))]

    assert share_of_red(whole.content) > 0.4
    assert "no-store" in whole["Cache-Control"]
    assert [answer.status_code for answer in strangers] == [404, 302]
    with django_capture_on_commit_callbacks(execute=True):
        cut(otto, item, **RIGHT_HALF, whole="yes")
    work()
    item.refresh_from_db()
    assert (item.width, item.height) == (1200, 800)
    assert item.crop.is_whole


@pytest.mark.parametrize(
    "edges",
    [
        {**RIGHT_HALF, "left": 98},
        {**RIGHT_HALF, "left": 101},
        {**RIGHT_HALF, "top": -1},
        {**RIGHT_HALF, "left": "x"},
        {"left": 0},
    ],
)
def test_a_cut_that_leaves_nothing_is_refused_and_changes_nothing(otto, montage, edges):
    item = make_memory(montage, upload_file="upload")

    answer = cut(otto, item, **edges)

    item.refresh_from_db()
    assert answer.status_code == 400
    assert item.crop.is_whole
    assert item.is_ready


def test_what_has_no_original_cannot_be_cut(otto, montage):
    item = make_memory(montage)

    answer = cut(otto, item, **RIGHT_HALF)

    assert answer.status_code == 409
    assert item.renditions.count() == 3
    assert otto.get(address(item, "whole")).status_code == 404


def test_attack_a_worker_that_was_at_the_old_frame_brings_nothing_of_it(
    otto, item, django_capture_on_commit_callbacks
):
    Item.objects.filter(pk=item.pk).update(is_refined=False, due_at=timezone.now())
    finer = item.renditions.filter(name__endswith=".avif")
    for rendition in finer:
        storage.private().delete(rendition.file)
    finer.delete()
    task = prepare.take_task()

    with django_capture_on_commit_callbacks(execute=True):
        cut(otto, item, **RIGHT_HALF)
    prepare._attempt(task)

    assert item.renditions.count() == 0
    assert files_of(item) == []


def test_a_cut_that_fails_loses_no_original(otto, item, monkeypatch):
    cut(otto, item, **RIGHT_HALF)
    Item.objects.filter(pk=item.pk).update(attempts=prepare.MOST_ATTEMPTS)

    work()

    item.refresh_from_db()
    assert item.state == ItemState.FAILED
    assert "Its original is kept" in item.refusal
    assert item.upload_file
    assert share_of_red(cropping.whole_picture(item)) > 0.4
    assert (
        address(item, "crop") in otto.get(f"/keep/{item.montage.piece.public_id}").content.decode()
    )


@pytest.mark.parametrize("decoder", [media_vips, media_pillow])
def test_both_decoders_cut_alike(decoder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "upload.jpg").write_bytes(two_colours())
    with (tmp_path / "upload.jpg").open("rb") as file:
        picture = decoder.open_picture(file.fileno(), "jpeg", longest_side=480)

    picture.cut(Frame(0.5, 0.25, 0.5, 0.5))
    picture.write(Variant("cut.webp", 480, "webp", 80), b"")

    written = (tmp_path / "cut.webp").read_bytes()
    assert (picture.width, picture.height) == (600, 400)
    assert Image.open(io.BytesIO(written)).size == (240, 160)
    assert share_of_red(written) == 0


def test_a_small_part_is_cut_from_as_many_pixels_as_there_are(tmp_path):
    source = tmp_path / "upload.jpg"
    source.write_bytes(two_colours(4000, 3000))

    made = media.make_safe(
        source,
        into=tmp_path,
        plan=[Variant("2048.webp", 2048, "webp", 80)],
        crop=Frame(0.5, 0.0, 0.5, 0.5),
    )

    assert (made.width, made.height) == (2000, 1500)
    assert made.variants[0].width >= 1900
