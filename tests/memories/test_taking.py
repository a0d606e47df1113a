"""Taking a page along: a ZIP with originals and a page that needs nothing else; erasing it."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from memories.models.chapter import Chapter
from memories.models.item import Item
from memories.models.montage import Montage
from memories.services import prepare, receive, storage, taking
from tests.chromium import chromium
from tests.factories import make_montage, make_user
from tests.memories import clips
from tests.memories.pictures import make_heic, make_jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def montage() -> Montage:
    return make_montage(title="Ours & <only> ours", words="That summer.\n\nAnd the next.")


@pytest.fixture
def otto(montage) -> Client:
    client = Client()
    client.force_login(montage.keeper.user)
    return client


def bring(montage, content) -> Item:
    upload = SimpleUploadedFile("../../evil.html", content)
    return receive.receive_file(montage=montage, upload=upload)


def work() -> None:
    while prepare.prepare_next():
        pass


def unpacked(client, montage) -> zipfile.ZipFile:
    answer = client.get(f"/keep/{montage.piece.public_id}/leave/memories.zip")
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


@pytest.fixture
def full(montage) -> dict[str, bytes]:
    """A page with one memory of each kind, and what was brought."""
    brought = {
        "001.jpg": make_jpeg(),
        "002.heic": make_heic(),
        "003.webm": clips.make_webm(),
        "004.ogg": clips.SOUNDS["ogg"](),
        "005.mp3": clips.SOUNDS["mp3"](),
    }
    *memories, song = brought.values()
    for content in memories:
        bring(montage, content)
    upload = SimpleUploadedFile("song", song)
    receive.receive_music(montage=montage, upload=upload, has_rights=True)
    work()
    Item.objects.filter(upload_bytes=len(brought["001.jpg"])).update(caption="The <b>first</b>")
    Chapter.objects.create(montage=montage, title="By the sea", position=2)
    return brought


def test_the_archive_holds_the_originals_as_they_came_and_a_page_that_needs_nothing_else(
    otto, montage, full
):
    archive = unpacked(otto, montage)

    names = set(archive.namelist())
    assert archive.testzip() is None
    assert all(re.fullmatch(r"memories/(index\.html|(shown|originals)/[\w.-]+)", n) for n in names)
    for name, content in full.items():
        assert archive.read(f"memories/originals/{name}") == content
    page = archive.read("memories/index.html").decode()
    named = {f"memories/{name}" for name in re.findall(r'(?:src|poster|href)="([^"]+)"', page)}
    assert named == names - {"memories/index.html"}
    assert "<script" not in page
    assert "http" not in page
    assert "Ours &amp; &lt;only&gt; ours" in page
    assert "The &lt;b&gt;first&lt;/b&gt;" in page
    assert page.index("By the sea") < page.index("003.mp4")


def test_an_archive_is_never_whole_in_memory(montage, full):
    pieces = list(taking.archive(montage=montage, now=timezone.now()))

    assert len(b"".join(pieces)) > 100_000
    assert max(len(piece) for piece in pieces) <= taking.PIECE + 64 * 1024


def test_an_original_that_does_not_open_is_left_out_and_said(otto, montage):
    item = bring(montage, make_jpeg())
    work()
    item.refresh_from_db()
    storage.private().delete(item.upload_file)

    archive = unpacked(otto, montage)

    assert "memories/shown/001.webp" in archive.namelist()
    assert "could not be opened" in archive.read("memories/index.html").decode()


def test_the_desk_leads_there_and_an_empty_page_says_so(otto, montage):
    desk = otto.get(f"/keep/{montage.piece.public_id}").content.decode()
    page = otto.get(f"/keep/{montage.piece.public_id}/leave").content.decode()

    assert f'href="/keep/{montage.piece.public_id}/leave"' in desk
    assert "nothing on this page yet" in page
    assert unpacked(otto, montage).namelist() == ["memories/index.html"]


def test_nobody_else_takes_or_erases_it(montage):
    sana = Client()
    sana.force_login(make_user("sana"))
    for name in ("leave", "leave/memories.zip", "leave/erase"):
        address = f"/keep/{montage.piece.public_id}/{name}"
        assert sana.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert sana.post(f"/keep/{montage.piece.public_id}/leave/erase").status_code == 404
    assert Montage.objects.filter(pk=montage.pk).exists()


def test_a_page_is_asked_for_once_and_then_erased(
    otto, montage, django_capture_on_commit_callbacks
):
    item = bring(montage, make_jpeg())
    work()
    address = f"/keep/{montage.piece.public_id}/leave/erase"

    asked = otto.get(address)
    with django_capture_on_commit_callbacks(execute=True):
        done = otto.post(address)

    assert "We cannot bring it back" in asked.content.decode()
    assert (done.status_code, done["Location"]) == (303, "/keep")
    assert not Montage.objects.filter(pk=montage.pk).exists()
    with pytest.raises(FileNotFoundError):
        storage.private().listdir(storage.folder_of(item))


@pytest.mark.browser
def test_the_page_opens_from_a_folder_and_film_and_voice_play(otto, montage, full, tmp_path):
    unpacked(otto, montage).extractall(tmp_path)
    index = Path(tmp_path / "memories" / "index.html")

    with chromium() as browser:
        page = browser.new_page(java_script_enabled=True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(index.as_uri())
        page.evaluate("[...document.images].forEach((each) => { each.loading = 'eager' })")
        page.wait_for_function("[...document.images].every((img) => img.naturalWidth > 0)")
        lengths = page.evaluate(PLAY)

    assert len(lengths) == 3
    assert all(length > 0.5 for length in lengths)
    assert {url.partition(":")[0] for url in asked} == {"file"}


PLAY = """Promise.all([...document.querySelectorAll('video, audio')].map(async (one) => {
  one.muted = true;
  await one.play();
  return one.duration;
}))"""
