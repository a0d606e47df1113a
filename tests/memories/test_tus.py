"""Resumable uploads: what the protocol promises, number by number, and what it must not open."""

import base64
import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from memories import tus
from memories.errors import OffsetError, QuotaError, TusRequestError
from memories.models.item import Item, ItemKind, ItemState
from memories.models.montage import Montage
from memories.models.upload import Upload
from memories.services import erasing, originals, prepare, receive, resumable, spool
from tests.factories import make_montage, make_user
from tests.memories.pictures import make_jpeg

pytestmark = pytest.mark.django_db

PICTURE = make_jpeg()
LENGTH = len(PICTURE)
BODY = tus.BODY_TYPE


@pytest.fixture(autouse=True)
def uploads_dir(settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return settings.UPLOADS_DIR


@pytest.fixture
def montage() -> Montage:
    return make_montage()


@pytest.fixture
def otto(montage) -> Client:
    client = Client()
    client.force_login(montage.keeper.user)
    return client


@pytest.fixture
def address(montage) -> str:
    return f"/keep/{montage.piece.public_id}/uploads"


def spelled(**said: str) -> str:
    pairs = [f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items()]
    return ",".join(pairs)


def ask(client, method, address, *, body=b"", version="1.0.0", content_type=BODY, **headers):
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    if version:
        named["Tus-Resumable"] = version
    # The test client leaves the type out where there is no body; real ones do not.
    typed = {"CONTENT_TYPE": content_type}
    return client.generic(method, address, body, content_type, headers=named, **typed)


def begin(client, address, *, length=LENGTH, **headers):
    return ask(client, "POST", address, content_type="", Upload_Length=length, **headers)


def patch(client, address, body, *, at, **headers):
    return ask(client, "PATCH", address, body=body, Upload_Offset=at, **headers)


def offset(client, address) -> int:
    return int(ask(client, "HEAD", address)["Upload-Offset"])


def test_an_upload_in_three_pieces_becomes_a_memory(otto, address, montage, uploads_dir):
    begun = begin(otto, address, Upload_Metadata=spelled(filename="Übersee.jpg"))
    place = begun["Location"]
    thirds = [PICTURE[:1000], PICTURE[1000:2000], PICTURE[2000:]]

    answers = [
        patch(otto, place, body, at=at) for body, at in zip(thirds, (0, 1000, 2000), strict=True)
    ]

    assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
    assert [answer.status_code for answer in answers] == [204] * 3
    assert [answer["Upload-Offset"] for answer in answers] == ["1000", "2000", str(len(PICTURE))]
    item = montage.items.get()
    assert (item.upload_name, item.upload_bytes) == ("Übersee.jpg", len(PICTURE))
    assert b"".join(originals.read(item)) == PICTURE
    assert list(uploads_dir.iterdir()) == []
    while prepare.prepare_next():
        pass
    item.refresh_from_db()
    assert item.state == ItemState.READY


def test_options_tell_what_is_spoken(otto, address):
    answer = ask(otto, "OPTIONS", address, version="")

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert (
        answer["Tus-Extension"] == "creation,creation-with-upload,expiration,termination,checksum"
    )
    assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert int(answer["Tus-Max-Size"]) == 500 * 1024**2


def test_head_tells_length_offset_and_metadata_and_is_never_stored(otto, address):
    said = spelled(filename="sea.jpg")
    place = begin(otto, address, Upload_Metadata=said)["Location"]
    patch(otto, place, PICTURE[:10], at=0)

    answer = ask(otto, "HEAD", place)

    assert (answer.status_code, answer["Upload-Offset"]) == (200, "10")
    assert answer["Upload-Length"] == str(len(PICTURE))
    assert answer["Upload-Metadata"] == said
    assert "no-store" in answer["Cache-Control"]
    assert "Upload-Expires" in answer


def test_creation_with_upload_keeps_the_first_bytes_or_all_of_them(otto, address, montage):
    some = ask(otto, "POST", address, body=PICTURE[:100], Upload_Length=len(PICTURE))
    whole = ask(otto, "POST", address, body=PICTURE, Upload_Length=len(PICTURE))

    assert (some.status_code, some["Upload-Offset"]) == (201, "100")
    assert offset(otto, some["Location"]) == 100
    assert (whole.status_code, whole["Upload-Offset"]) == (201, str(len(PICTURE)))
    assert montage.items.count() == 1


@pytest.mark.parametrize(
    ("request_of", "status"),
    [
        (lambda c, p: patch(c, p, b"x", at=5), 409),
        (lambda c, p: patch(c, p, b"x", at="-1"), 400),
        (lambda c, p: patch(c, p, b"x", at="0x1"), 400),
        (lambda c, p: ask(c, "PATCH", p, body=b"x"), 400),
        (lambda c, p: patch(c, p, b"x", at=0, content_type="text/plain"), 415),
        (lambda c, p: patch(c, p, b"x", at=0, version="0.2.2"), 412),
        (lambda c, p: patch(c, p, b"x", at=0, version=""), 412),
        (lambda c, p: patch(c, p, b"x" * 9000000, at=0), 413),
        (lambda c, p: patch(c, p, b"x", at=0, Upload_Checksum="sha1 AAAA"), 460),
        (lambda c, p: patch(c, p, b"x", at=0, Upload_Checksum="crc32 AAAA"), 400),
        (lambda c, p: patch(c, p, b"x", at=0, Upload_Checksum="sha1 ?"), 400),
        (lambda c, p: ask(c, "PUT", p), 405),
        (lambda c, p: ask(c, "HEAD", p[:-3] + "AAA"), 404),
    ],
)
def test_what_the_protocol_refuses_has_its_number_and_loses_nothing(
    otto, address, request_of, status
):
    place = begin(otto, address)["Location"]

    answer = request_of(otto, place)

    assert answer.status_code == status
    assert offset(otto, place) == 0 if status != 413 else True
    assert patch(otto, place, PICTURE, at=offset(otto, place)).status_code in (204, 413)


def test_another_version_is_told_which_one_is_spoken(otto, address):
    answer = begin(otto, address, version="2.0.0")

    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Length": ""}, 400),
        ({"Upload_Length": "many"}, 400),
        ({"Upload_Length": "9" * 30}, 400),
        ({"Upload_Length": 0}, 422),
        ({"Upload_Length": 501 * 1024**2}, 413),
        ({"Upload_Length": 10, "Upload_Metadata": "filename ?"}, 400),
        ({"Upload_Length": 10, "Upload_Metadata": "a YQ==,a YQ=="}, 400),
        ({"Upload_Length": 10, "Upload_Metadata": "x" * 3000}, 400),
        ({"Upload_Length": 10, "Upload_Metadata": spelled(**{"as": "music"})}, 422),
    ],
)
def test_what_cannot_be_begun_reserves_nothing(otto, address, headers, status):
    answer = ask(otto, "POST", address, content_type="", **headers)

    assert answer.status_code == status
    assert not Upload.objects.exists()


@pytest.mark.parametrize("algorithm", tus.CHECKSUMS)
def test_a_piece_with_its_right_checksum_is_kept(otto, address, algorithm):
    place = begin(otto, address)["Location"]
    digest = base64.b64encode(hashlib.new(algorithm, PICTURE[:100]).digest()).decode()

    right = patch(otto, place, PICTURE[:100], at=0, Upload_Checksum=f"{algorithm} {digest}")
    wrong = patch(otto, place, PICTURE[100:300], at=100, Upload_Checksum=f"{algorithm} {digest}")

    assert (right.status_code, wrong.status_code) == (204, 460)
    assert offset(otto, place) == 100


def test_giving_up_deletes_what_arrived_and_frees_the_room(
    otto, address, montage, uploads_dir, django_capture_on_commit_callbacks
):
    place = begin(otto, address)["Location"]
    patch(otto, place, PICTURE[:100], at=0)

    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(otto, "DELETE", place)

    assert answer.status_code == 204
    assert ask(otto, "HEAD", place).status_code == 404
    assert receive.used_bytes(montage.keeper) == 0
    assert list(uploads_dir.iterdir()) == []


def test_an_upload_that_expired_is_gone_and_then_swept(
    otto, address, uploads_dir, django_capture_on_commit_callbacks
):
    place = begin(otto, address)["Location"]
    patch(otto, place, PICTURE[:100], at=0)
    before = timezone.now() - timedelta(days=9)
    Upload.objects.update(created_at=before, expires_at=before + timedelta(days=1))

    head, more = ask(otto, "HEAD", place), patch(otto, place, PICTURE[100:], at=100)
    with django_capture_on_commit_callbacks(execute=True):
        swept = resumable.tidy(now=timezone.now())

    assert (head.status_code, more.status_code) == (410, 410)
    assert swept
    assert ask(otto, "HEAD", place).status_code == 404
    assert list(uploads_dir.iterdir()) == []


def test_some_networks_let_only_post_through(otto, address):
    place = begin(otto, address)["Location"]

    answer = ask(
        otto, "POST", place, body=b"12345", Upload_Offset=0, X_HTTP_Method_Override="PATCH"
    )

    assert (answer.status_code, answer["Upload-Offset"]) == (204, "5")


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a\x00b\r\nX: y", "<b>\u202egpj.exe", ""])
def test_attack_a_hostile_name_is_text_and_never_a_path(otto, address, montage, name, uploads_dir):
    place = begin(otto, address, Upload_Metadata=spelled(filename=name))["Location"]
    assert [path.name for path in uploads_dir.iterdir()] == [place.rpartition("/")[2]]

    patch(otto, place, PICTURE, at=0)

    item = montage.items.get()
    assert item.upload_file.startswith(f"memories/{item.public_id}/upload-")
    assert item.upload_name.isprintable()
    assert item.upload_name


def test_attack_bytes_that_are_no_text_in_a_name_are_no_error():
    hostile = base64.b64encode(b"\xff\xfe\x00/..").decode()

    assert tus.read_metadata(f"filename {hostile}")["filename"]
    with pytest.raises(TusRequestError):
        tus.read_metadata("file name YQ==, ,")


def test_nobody_elses_upload_is_there_and_strangers_are_told_by_number(otto, address):
    place = begin(otto, address)["Location"]
    sana = Client()
    sana.force_login(make_user("sana"))

    for method in ("HEAD", "PATCH", "DELETE"):
        assert ask(sana, method, place, Upload_Offset=0).status_code == 404
        assert ask(Client(), method, place, Upload_Offset=0).status_code == 401
    assert begin(sana, address).status_code == 404
    assert offset(otto, place) == 0


def test_attack_a_page_of_another_site_cannot_begin_an_upload(montage, address):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(montage.keeper.user)

    assert begin(strict, address).status_code == 403
    assert not Upload.objects.exists()


def test_room_is_reserved_for_what_is_under_way(otto, address, montage, settings):
    settings.UPLOAD_QUOTA_BYTES = 1500

    first = begin(otto, address, length=1000)
    second = begin(otto, address, length=1000)
    third = begin(otto, address, length=500)

    assert [each.status_code for each in (first, second, third)] == [201, 413, 201]
    assert "are full" in second.json()["detail"]
    assert receive.used_bytes(montage.keeper) == 1500


def test_an_upload_that_arrived_is_counted_once(otto, address, montage):
    place = begin(otto, address)["Location"]
    patch(otto, place, PICTURE, at=0)

    assert receive.used_bytes(montage.keeper) == len(PICTURE)


def test_very_many_uploads_under_way_are_declined(otto, address, monkeypatch):
    monkeypatch.setattr(resumable, "MOST_UNDER_WAY", 2)

    answers = [begin(otto, address, length=10).status_code for _ in range(3)]

    assert answers == [201, 201, 422]


def test_a_client_that_lost_the_last_answer_learns_that_all_arrived(otto, address, montage):
    place = begin(otto, address)["Location"]
    patch(otto, place, PICTURE, at=0)

    again = patch(otto, place, b"", at=len(PICTURE))

    assert offset(otto, place) == len(PICTURE)
    assert again.status_code == 204
    assert montage.items.count() == 1


def test_a_photograph_too_large_for_its_kind_is_refused_by_its_first_bytes(
    otto, address, settings, uploads_dir, django_capture_on_commit_callbacks
):
    settings.UPLOAD_PHOTO_MAX_BYTES = 4000
    place = begin(otto, address, length=100_000)["Location"]

    with django_capture_on_commit_callbacks(execute=True):
        answer = patch(otto, place, PICTURE[:1000], at=0)

    assert answer.status_code == 413
    assert not Upload.objects.exists()
    assert list(uploads_dir.iterdir()) == []


def test_music_is_brought_the_same_way(otto, address, montage):
    said = spelled(filename="song.mp3", **{"as": "music", "rights": "yes"})
    first = begin(otto, address, Upload_Metadata=said)
    patch(otto, first["Location"], PICTURE, at=0)

    assert montage.items.get().kind == ItemKind.MUSIC
    assert begin(otto, address, Upload_Metadata=said).status_code == 422


# What happens when somebody is stopped in the middle.


def start(montage, length=LENGTH) -> Upload:
    return resumable.begin(
        montage=montage, length=length, name="sea.jpg", is_music=False, has_rights=False
    )


def test_what_arrived_before_the_line_broke_stays(montage):
    upload = start(montage)

    def breaking():
        yield PICTURE[:1000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        resumable.append(upload=upload, offset=0, body=breaking())

    assert resumable.offset_of(upload) == 1000


def test_the_offset_is_that_of_the_file_and_of_nothing_else(montage):
    upload = start(montage)
    resumable.append(upload=upload, offset=0, body=[PICTURE[:1000]])
    os.truncate(spool.path_of(upload), 600)

    assert resumable.offset_of(upload) == 600
    with pytest.raises(OffsetError, match="continues at 600"):
        resumable.append(upload=upload, offset=1000, body=[b"x"])


def test_a_request_whose_line_is_dead_cannot_keep_the_upload_from_going_on(montage):
    upload = start(montage)

    def hanging():
        yield PICTURE[:1000]
        # While this one waits for its next piece, the client has come back on a new line.
        resumable.append(upload=Upload.objects.get(), offset=1000, body=[PICTURE[1000:2000]])
        yield PICTURE[1000:3000]

    with pytest.raises(OffsetError, match="Another request"):
        resumable.append(upload=upload, offset=0, body=hanging())

    assert resumable.offset_of(upload) == 2000
    assert spool.path_of(upload).read_bytes() == PICTURE[:2000]


@pytest.mark.parametrize("stopped_at", ["the item", "the seal", "the last line"])
def test_a_finish_that_was_cut_off_is_done_again(montage, monkeypatch, stopped_at):
    upload = start(montage)
    resumable.append(upload=upload, offset=0, body=[PICTURE])

    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    where = {
        "the item": (receive, "new_item"),
        "the seal": (originals, "keep"),
        "the last line": (spool, "forget"),
    }[stopped_at]
    with monkeypatch.context() as patched:
        patched.setattr(*where, stop)
        with pytest.raises(KeyboardInterrupt):
            resumable.finish(upload=upload)

    soon = resumable.tidy(now=timezone.now())
    later = resumable.tidy(now=timezone.now() + timedelta(minutes=5))

    assert (soon, later) == (0, 1)
    assert b"".join(originals.read(montage.items.get())) == PICTURE
    assert spool.names() == []


def test_a_file_that_no_row_names_is_swept(montage, uploads_dir):
    start(montage)
    (uploads_dir / "nobodysUpload").write_bytes(b"x")

    assert resumable.tidy(now=timezone.now()) == 1
    assert len(spool.names()) == 1


def test_an_erased_page_takes_its_uploads_along(montage, django_capture_on_commit_callbacks):
    upload = start(montage)
    resumable.append(upload=upload, offset=0, body=[PICTURE[:1000]])

    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_montage(montage=montage)

    assert spool.names() == []
    assert not Upload.objects.exists()


def test_uploads_under_way_are_for_nobody_elses_eyes(montage, uploads_dir):
    upload = start(montage)

    assert uploads_dir.stat().st_mode & 0o777 == 0o700
    assert spool.path_of(upload).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_uploads_begun_at_once_never_take_more_room_than_there_is(settings):
    settings.UPLOAD_QUOTA_BYTES = 5_000
    montage = make_montage()

    def one(number: int) -> bool:
        try:
            start(montage, length=1000)
        except QuotaError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(one, range(16)))

    assert taken.count(True) == 5
    assert receive.used_bytes(montage.keeper) == 5_000


@pytest.mark.django_db(transaction=True)
def test_of_two_that_continue_at_once_the_file_is_still_the_one_that_was_sent(montage):
    upload = start(montage, length=200_000)
    content = bytes(range(200)) * 1000
    gate = threading.Barrier(2)

    def send(_: int) -> str:
        def body():
            gate.wait(timeout=5)
            for at in range(0, len(content), 10_000):
                yield content[at : at + 10_000]

        try:
            mine = Upload.objects.select_related("montage__keeper").get(pk=upload.pk)
            resumable.append(upload=mine, offset=0, body=body())
        except OffsetError:
            return "stopped"
        else:
            return "whole"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(send, range(2)))

    assert results == ["stopped", "whole"]
    assert spool.path_of(upload).read_bytes() == content
    assert Item.objects.count() == 0
