"""Originals: sealed where they lie, opened for their keeper alone, gone when they are erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from memories import keyring
from memories.errors import BadSealError, MemoriesKeyError
from memories.models.item import Item, ItemState
from memories.models.montage import Montage
from memories.models.originals import MontageKey
from memories.services import arrange, erasing, originals, prepare, receive, storage
from tests.factories import make_mira, make_montage, make_user
from tests.memories import stores
from tests.memories.pictures import CANARY, make_jpeg

pytestmark = pytest.mark.django_db

ELSEWHERE = "0f" * 31 + "aa"


@pytest.fixture(params=["files", "objects"])
def store(request, settings, tmp_path):
    """The storage of files, and one that is like S3; answers with what lies in it."""
    if request.param == "files":
        backend = "django.core.files.storage.FileSystemStorage"
        options = {"location": tmp_path, "base_url": None}
        private = {"BACKEND": backend, "OPTIONS": options}
    else:
        private = {"BACKEND": "tests.memories.stores.ObjectStore"}
        stores.OBJECTS.clear()
    settings.STORAGES = settings.STORAGES | {"private": private}

    def content() -> dict[str, bytes]:
        if request.param == "objects":
            return {name: held for name, (held, _) in stores.OBJECTS.items()}
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {str(path.relative_to(tmp_path)): path.read_bytes() for path in files}

    return content


@pytest.fixture
def montage() -> Montage:
    return make_montage()


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def bring(montage: Montage, content: bytes | None = None) -> Item:
    upload = SimpleUploadedFile("IMG_0001.jpg", make_jpeg() if content is None else content)
    item = receive.receive_file(montage=montage, upload=upload)
    item.refresh_from_db()
    return item


def work() -> None:
    while prepare.prepare_next():
        pass


def test_an_upload_is_sealed_from_its_arrival_on_and_opens_for_its_keeper(store, montage):
    item = bring(montage)
    arrived = store()
    work()

    item.refresh_from_db()
    assert item.state == ItemState.READY
    assert all(CANARY not in content for content in [*arrived.values(), *store().values()])
    assert b"".join(originals.read(item)) == make_jpeg()


def test_no_address_leads_to_an_original(montage):
    item = bring(montage)
    work()
    otto = Client()
    otto.force_login(montage.keeper.user)

    for name in ("original", "upload", Path(item.upload_file).name):
        assert otto.get(f"/media/{item.public_id}/{name}").status_code == 404


def test_attack_an_original_put_in_the_place_of_another_does_not_open(store, montage):
    mine, other = bring(montage), bring(montage)

    mine.upload_file = other.upload_file

    with pytest.raises(BadSealError):
        b"".join(originals.read(mine))


def test_an_original_that_was_damaged_is_refused_and_not_shown(store, montage):
    item = bring(montage)
    damaged = next(content for name, content in store().items() if name == item.upload_file)[:-1]
    storage.private().delete(item.upload_file)
    storage.private().save(item.upload_file, ContentFile(damaged))

    work()

    item.refresh_from_db()
    assert (item.state, "did not arrive whole" in item.refusal) == (ItemState.FAILED, True)


def test_every_montage_has_a_key_of_its_own_that_only_the_site_key_opens(montage, settings):
    other = make_montage(user=make_user("sana"), maker=make_mira("tidewell"))

    assert originals.key_of(montage) == originals.key_of(montage) != originals.key_of(other)
    wrapped = bytes(MontageKey.objects.get(montage=montage).wrapped)
    assert originals.key_of(montage) not in wrapped
    settings.MEMORIES_KEY = ELSEWHERE
    with pytest.raises(MemoriesKeyError):
        originals.key_of(montage)


def test_erasing_the_key_makes_every_copy_of_the_files_worthless(store, montage):
    item = bring(montage)
    backup = store()

    MontageKey.objects.all().delete()

    assert backup == store()
    with pytest.raises(BadSealError):
        b"".join(originals.read(item))


def test_an_erased_memory_is_nowhere_in_the_storage_and_its_neighbour_stays(
    store, montage, committing
):
    gone, stays = bring(montage), bring(montage)
    work()
    neighbours = {name for name in store() if stays.public_id in name}

    with committing(execute=True):
        arrange.erase_item(item=gone)

    assert set(store()) == neighbours != set()


def test_an_erased_page_leaves_no_row_no_file_and_no_key(store, montage, committing):
    before = set(store())
    bring(montage)
    work()
    bring(montage)
    bring(montage, b"not a picture")
    work()

    with committing(execute=True):
        erasing.erase_montage(montage=montage)

    assert set(store()) == before
    assert not Montage.objects.exists()
    assert not Item.objects.exists()
    assert not MontageKey.objects.exists()


def test_what_no_row_names_is_swept_and_what_is_named_or_new_stays(store, montage):
    item = bring(montage)
    work()
    named = set(store())
    private = storage.private()
    private.save("memories/nobodysItem00000000000/upload-1", ContentFile(CANARY))
    private.save("memories/nobodysItem00000000000/tried/480.webp", ContentFile(CANARY))
    private.save(f"{storage.folder_of(item)}/tried/480.webp", ContentFile(CANARY))

    soon = erasing.sweep(now=timezone.now())
    kept_for_now = set(store()) - named
    later = erasing.sweep(now=timezone.now() + timedelta(days=2))

    assert (soon, later) == (1, 1)
    assert kept_for_now == {f"{storage.folder_of(item)}/tried/480.webp"}
    assert set(store()) == named


def test_the_command_says_how_much_it_swept(store, montage, capsys):
    storage.private().save("memories/nobodysItem00000000000/upload-1", ContentFile(CANARY))

    call_command("sweep_memories")

    assert capsys.readouterr().out == "1 leftovers erased.\n"
    assert store() == {}


@pytest.mark.parametrize("key", ["", "abc", "0g" * 32, "11" * 32, "ab" * 16])
def test_without_a_good_key_uploads_are_declined_and_nothing_is_kept(store, montage, settings, key):
    settings.MEMORIES_KEY = key
    otto = Client()
    otto.force_login(montage.keeper.user)

    answer = otto.post(
        f"/keep/{montage.piece.public_id}/photographs",
        {"photographs": SimpleUploadedFile("one.jpg", make_jpeg())},
    )

    assert answer.status_code == 400
    assert "MEMORIES_KEY" in answer.content.decode()
    assert not Item.objects.exists()
    assert store() == {}
    assert not keyring.is_ready()


def told(**options) -> set[str]:
    return {each.id for each in run_checks(**options) if each.id.startswith("memories.")}


def test_the_checks_tell_of_a_missing_and_of_a_wrong_key(montage, settings):
    originals.key_of(montage)
    fine = told(include_deployment_checks=True)
    settings.MEMORIES_KEY = ELSEWHERE
    moved = told(include_deployment_checks=True)
    settings.MEMORIES_KEY = "11" * 32
    weak = told()
    settings.MEMORIES_KEY = ""
    settings.FFMPEG_PATH = "/nowhere/ffmpeg"
    missing = told(include_deployment_checks=True)

    assert fine == set()
    assert moved == {"memories.E002"}
    assert weak == {"memories.E001"}
    assert missing == {"memories.W001", "memories.I001"}
