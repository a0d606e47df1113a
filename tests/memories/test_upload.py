"""Uploads: rows first, room reserved, names that are never paths, sentences for the keeper."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from memories.errors import QuotaError
from memories.models.item import Item, ItemState
from memories.models.montage import Montage
from memories.services import arrange, prepare, receive, storage
from tests.factories import make_montage, make_user
from tests.memories.pictures import make_jpeg

pytestmark = pytest.mark.django_db


def photographs(*contents: bytes, name: str = "IMG_0001.jpg") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for content in contents]


def address(montage: Montage) -> str:
    return f"/keep/{montage.piece.public_id}/photographs"


@pytest.fixture
def montage() -> Montage:
    return make_montage()


@pytest.fixture
def otto(montage) -> Client:
    client = Client()
    client.force_login(montage.keeper.user)
    return client


def test_twelve_photographs_in_one_form_are_twelve_rows_in_their_order(otto, montage):
    contents = [make_jpeg(64 + number, 48) for number in range(12)]

    answer = otto.post(address(montage), {"photographs": photographs(*contents)})

    items = list(montage.items.all())
    assert answer.status_code == 303
    assert [item.position for item in items] == list(range(12))
    assert {item.state for item in items} == {ItemState.WANTED}
    assert [item.upload_bytes for item in items] == [len(content) for content in contents]


def test_a_script_sends_one_at_a_time_and_is_told_in_json(otto, montage):
    answer = otto.post(
        address(montage),
        {"photographs": photographs(make_jpeg(64, 48))},
        headers={"Accept": "application/json"},
    )

    assert (answer.status_code, json.loads(answer.content)) == (201, {"received": 1, "refused": []})


def test_the_list_shows_what_waits_and_then_what_stands(otto, montage):
    otto.post(address(montage), {"photographs": photographs(make_jpeg(64, 48))})
    fragment = f"/keep/{montage.piece.public_id}/items"

    before = otto.get(fragment).content.decode()
    while prepare.prepare_next():
        pass
    after = otto.get(fragment).content.decode()

    assert 'data-waiting="1"' in before
    assert "Being made ready" in before
    assert 'data-waiting="0"' in after
    assert f"/media/{montage.items.get().public_id}/480.webp" in after


def test_the_name_a_device_gives_is_text_and_never_a_path(otto, montage):
    hostile = "../../../etc/<b>passwd</b>\u202e.jpg"

    otto.post(address(montage), {"photographs": photographs(make_jpeg(64, 48), name=hostile)})

    item = montage.items.get()
    page = otto.get(f"/keep/{montage.piece.public_id}").content.decode()
    assert item.upload_file.startswith(f"memories/{item.public_id}/upload-")
    assert "passwd" not in item.upload_file
    assert "<b>passwd" not in page
    assert "\u202e" not in item.upload_name


def test_an_empty_file_is_refused_with_its_name_and_the_others_stay(otto, montage):
    files = [*photographs(make_jpeg(64, 48)), *photographs(b"", name="empty.jpg")]

    answer = otto.post(address(montage), {"photographs": files})

    assert answer.status_code == 400
    assert "empty.jpg: This file is empty." in answer.content.decode()
    assert montage.items.count() == 1


def test_a_file_above_the_cap_is_refused_in_a_sentence(otto, montage, settings):
    settings.UPLOAD_PHOTO_MAX_BYTES = 1024 * 1024

    answer = otto.post(
        address(montage),
        {"photographs": photographs(b"x" * (1024 * 1024 + 1))},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 400
    assert answer.json()["refused"][0]["code"] == "picture_too_large"
    assert montage.items.count() == 0


def test_what_the_room_cannot_hold_is_refused_and_erasing_makes_room(otto, montage, settings):
    settings.UPLOAD_QUOTA_BYTES = 1500
    first, second = photographs(b"x" * 1000, b"y" * 1000)

    receive.receive_file(montage=montage, upload=first)
    with pytest.raises(QuotaError):
        receive.receive_file(montage=montage, upload=second)
    arrange.erase_item(item=montage.items.get())
    receive.receive_file(montage=montage, upload=photographs(b"z" * 1000)[0])

    assert montage.items.count() == 1


def test_a_form_without_a_photograph_says_so(otto, montage):
    answer = otto.post(address(montage), {})

    assert answer.status_code == 400
    assert "Choose one file or more" in answer.content.decode()


def test_a_storage_that_is_full_leaves_no_row_and_says_try_again(otto, montage, monkeypatch):
    class FullDisk:
        def save(self, name, content):
            raise OSError(28, "No space left on device")

        def listdir(self, path):
            raise FileNotFoundError

    monkeypatch.setattr(storage, "private", FullDisk)

    answer = otto.post(address(montage), {"photographs": photographs(make_jpeg(64, 48))})

    assert answer.status_code == 400
    assert "try again" in answer.content.decode()
    assert not Item.objects.exists()


def test_a_worker_leaves_alone_what_is_still_arriving(montage):
    item = receive.reserve(montage, name="IMG_0001.jpg", size=10)

    taken = prepare.take_task()

    assert taken is None
    assert montage.items.get() == item


def test_who_uploads_without_end_is_slowed(otto, montage, monkeypatch):
    monkeypatch.setattr(
        "provenance.limits.NetworkThrottle.THROTTLE_RATES", {"upload": "2/min"}, raising=True
    )

    answers = [otto.post(address(montage), {}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 429]


def test_nobody_else_can_add_to_ottos_page(montage):
    for user in (make_user("sana"), montage.piece.maker.user):
        client = Client()
        client.force_login(user)

        answer = client.post(address(montage), {"photographs": photographs(make_jpeg(64, 48))})

        assert answer.status_code == 404
    assert not Item.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_uploads_at_once_never_take_more_room_than_there_is(settings):
    settings.UPLOAD_QUOTA_BYTES = 5_000
    montage = make_montage()

    def send(number: int) -> bool:
        try:
            receive.receive_file(montage=montage, upload=photographs(b"x" * 1000)[0])
        except QuotaError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(send, range(16)))

    assert taken.count(True) == 5
    assert receive.used_bytes(montage.keeper) == 5_000
    assert sorted(montage.items.values_list("position", flat=True)) == list(range(5))
