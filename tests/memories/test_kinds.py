"""Films, voice notes and music on a keeper's page, from the upload to the visitor's ear."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from memories.errors import LeaseLostError, MusicAlreadyError
from memories.models.item import Item, ItemKind, ItemState
from memories.models.montage import Montage
from memories.services import prepare, receive, storage
from tests.factories import make_montage
from tests.memories import clips, pictures

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def montage() -> Montage:
    return make_montage()


@pytest.fixture
def otto(montage) -> Client:
    client = Client()
    client.force_login(montage.keeper.user)
    return client


@pytest.fixture
def without_ffmpeg(settings):
    settings.FFMPEG_PATH = "/nowhere/ffmpeg"


def bring(montage, content, name="IMG_0001.jpg") -> Item:
    return receive.receive_file(montage=montage, upload=SimpleUploadedFile(name, content))


def bring_music(client, montage, content, **said):
    file = SimpleUploadedFile("song.mp3", content)
    return client.post(f"/keep/{montage.piece.public_id}/music", {"music": file, **said})


def type_of(client, item, name):
    answer = client.get(f"/media/{item.public_id}/{name}")
    assert answer.getvalue()
    return answer["Content-Type"]


def work() -> None:
    while prepare.prepare_next():
        pass


def names(item: Item) -> set[str]:
    return set(item.renditions.values_list("name", flat=True))


def test_a_film_becomes_a_memory_with_posters_whatever_its_name_says(otto, montage):
    item = bring(montage, clips.make_film(), name="holiday.jpg")

    work()

    item.refresh_from_db()
    assert (item.kind, item.state, item.is_refined) == (ItemKind.FILM, ItemState.READY, True)
    assert (item.width, item.height, item.when, item.length) == (320, 180, "May 2019", "0:02")
    assert names(item) == {"film.mp4", "480.webp", "1080.webp", "2048.webp"}
    assert type_of(otto, item, "film.mp4") == "video/mp4"
    page = otto.get(f"/keep/{montage.piece.public_id}/items/{item.public_id}").content.decode()
    assert f'src="/media/{item.public_id}/film.mp4"' in page
    assert "Erase this film" in page
    desk = otto.get(f"/keep/{montage.piece.public_id}").content.decode()
    assert "Film, 0:02" in desk


def test_a_voice_note_is_heard_and_seen_on_the_desk_and_is_no_picture_of_the_page(otto, montage):
    item = bring(montage, clips.SOUNDS["webm"](), name="note")

    work()

    item.refresh_from_db()
    assert (item.kind, item.length) == (ItemKind.VOICE, "0:02")
    assert names(item) == {"sound.m4a", "waveform.webp"}
    assert type_of(otto, item, "sound.m4a") == "audio/mp4"
    assert type_of(otto, item, "waveform.webp") == "image/webp"
    page = otto.get(f"/keep/{montage.piece.public_id}/items/{item.public_id}").content.decode()
    assert "<audio controls" in page
    assert otto.get(f"/m/{montage.piece.public_id}").status_code == 200


def test_music_is_brought_once_by_who_says_they_may_use_it(otto, montage):
    song = clips.make_sound("note.mp3")

    unsaid = bring_music(otto, montage, song)
    first = bring_music(otto, montage, song, rights="yes")
    second = bring_music(otto, montage, song, rights="yes")
    work()

    item = montage.items.get()
    assert (unsaid.status_code, first.status_code, second.status_code) == (400, 303, 400)
    assert "may use this music" in unsaid.content.decode()
    assert "has its music" in second.content.decode()
    assert (item.kind, item.state, item.seconds is not None) == ("music", "ready", True)
    assert item.rights_said_at is not None
    assert (
        "Music behind the page" not in otto.get(f"/keep/{montage.piece.public_id}").content.decode()
    )


def test_music_that_was_refused_makes_room_for_another(montage):
    def bring_song(content):
        file = SimpleUploadedFile("song.mp3", content)
        return receive.receive_music(montage=montage, upload=file, has_rights=True)

    refused = bring_song(pictures.make_jpeg())
    with pytest.raises(MusicAlreadyError):
        bring_song(clips.make_sound("note.mp3"))
    work()
    bring_song(clips.make_sound("note.mp3"))
    work()

    refused.refresh_from_db()
    assert "no sound in this file" in refused.refusal
    assert montage.items.get(state=ItemState.READY).kind == ItemKind.MUSIC


def test_a_form_without_music_says_so(otto, montage):
    answer = bring_music(otto, montage, b"", rights="yes")
    nothing = otto.post(f"/keep/{montage.piece.public_id}/music", {"rights": "yes"})

    assert "This file is empty" in answer.content.decode()
    assert "Choose a piece of music" in nothing.content.decode()
    assert {answer.status_code, nothing.status_code} == {400}


def test_without_ffmpeg_films_are_declined_in_a_sentence_and_photographs_go_on(
    otto, montage, without_ffmpeg
):
    files = [
        SimpleUploadedFile("film.mp4", clips.make_film()),
        SimpleUploadedFile("one.jpg", pictures.make_jpeg()),
    ]

    answer = otto.post(f"/keep/{montage.piece.public_id}/photographs", {"photographs": files})
    work()

    assert answer.status_code == 400
    assert "cannot open films and sound yet" in answer.content.decode()
    item = montage.items.get()
    assert (item.kind, item.state) == (ItemKind.PHOTOGRAPH, ItemState.READY)


def test_a_motion_photo_is_kept_as_its_picture_and_the_keeper_is_told(otto, montage):
    upload = pictures.make_jpeg() + pictures.VIDEO + b"MotionPhoto_Data"
    item = bring(montage, upload)

    work()

    page = otto.get(f"/keep/{montage.piece.public_id}/items/{item.public_id}").content.decode()
    assert "A motion photo: the picture is shown" in page
    assert "film.mp4" not in names(item)


def test_a_film_is_held_for_as_long_as_it_takes_and_tells_how_far_it_is(montage):
    item = bring(montage, clips.make_film())
    task = prepare.take_task()
    early = timezone.now() + prepare.LEASE - prepare.RENEWED_AFTER - timedelta(seconds=1)
    Item.objects.filter(pk=item.pk).update(leased_until=early)
    task.until = early

    task.renew(40)

    item.refresh_from_db()
    assert item.progress == 40
    assert item.leased_until == item.due_at == task.until > early


def test_a_film_that_was_erased_while_it_was_made_stops_being_made(montage):
    item = bring(montage, clips.make_film())
    task = prepare.take_task()
    task.until -= prepare.LEASE
    item.delete()

    with pytest.raises(LeaseLostError):
        task.renew(40)


def test_a_refused_film_leaves_nothing_in_the_storage(montage):
    item = bring(montage, clips.make_film()[:2000])

    work()

    item.refresh_from_db()
    assert item.state == ItemState.FAILED
    assert "may be damaged" in item.refusal
    assert storage.private().listdir(storage.folder_of(item))[1] == []
