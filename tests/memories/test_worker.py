"""The worker: it may die at any moment, and still every photograph is made safe once."""

import contextlib
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from memories import media
from memories.errors import MediaUnavailableError
from memories.models.item import Item, ItemState, Rendition
from memories.models.montage import Montage
from memories.models.worker import WorkerSign
from memories.services import arrange, prepare, receive, storage
from tests.factories import make_montage
from tests.memories.pictures import CANARY, encode, make_jpeg, make_picture, make_xmp
from tests.sites import ROOT, Site, environment_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST = {"480.webp", "1080.webp", "2048.webp"}
ALL = FIRST | {"480.avif", "720.avif", "1080.avif"}


@pytest.fixture
def montage() -> Montage:
    return make_montage()


def upload(montage: Montage, content: bytes | None = None) -> Item:
    file = SimpleUploadedFile("IMG_0001.jpg", make_jpeg() if content is None else content)
    item = receive.receive_file(montage=montage, upload=file)
    item.refresh_from_db()
    return item


def work() -> None:
    call_command("run_worker", "--once")


def names(item: Item) -> set[str]:
    return set(item.renditions.values_list("name", flat=True))


def files_of(item: Item) -> list[Path]:
    folder = Path(storage.private().location) / storage.folder_of(item)
    return [file for file in folder.rglob("*") if file.is_file()]


def made_of(item: Item) -> list[Path]:
    """What was made of it; the sealed original lies beside that."""
    return [file for file in files_of(item) if not file.name.startswith("upload-")]


def expire(item: Item) -> None:
    Item.objects.filter(pk=item.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_photograph_becomes_safe_renditions_and_its_upload_stays_sealed(montage):
    item = upload(montage)

    work()

    item.refresh_from_db()
    assert (item.state, item.is_refined) == (ItemState.READY, True)
    assert (item.width, item.height, item.when) == (640, 480, "May 2019")
    assert item.placeholder.startswith("data:image/")
    assert names(item) == ALL
    assert {file.name for file in made_of(item)} == ALL
    assert len(files_of(item)) == len(ALL) + 1
    assert CANARY not in b"".join(file.read_bytes() for file in files_of(item))


def test_an_ai_image_is_kept_as_one_and_marked_in_every_rendition(montage):
    statement = make_xmp("trainedAlgorithmicMedia")
    item = upload(montage, encode(make_picture(), "JPEG", xmp=statement))

    work()

    item.refresh_from_db()
    assert item.source == "trainedAlgorithmicMedia"
    assert names(item) == ALL
    assert all(b"/trainedAlgorithmicMedia" in file.read_bytes() for file in made_of(item))


def test_everybodys_photographs_are_seen_before_anybodys_get_finer(montage):
    first, second = upload(montage), upload(montage)

    prepare.prepare_next()
    prepare.prepare_next()

    assert (names(first), names(second)) == (FIRST, FIRST)


def test_a_date_the_keeper_wrote_meanwhile_stays(montage):
    item = upload(montage)
    Item.objects.filter(pk=item.pk).update(when="Spring, I think")

    work()

    item.refresh_from_db()
    assert item.when == "Spring, I think"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        make_jpeg()[:2000],
    ],
)
def test_what_is_no_photograph_is_refused_and_nothing_of_it_stays(montage, content):
    item = upload(montage, content)

    work()

    item.refresh_from_db()
    assert item.state == ItemState.FAILED
    assert item.refusal.endswith(".")
    assert files_of(item) == []
    assert names(item) == set()


def test_one_bad_photograph_does_not_hold_up_the_good_ones(montage):
    bad, good = upload(montage, b"nothing of the kind"), upload(montage)

    work()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (ItemState.FAILED, ItemState.READY)


def test_a_task_is_taken_by_one_worker_only(montage):
    upload(montage)

    first, second = prepare.take_task(), prepare.take_task()

    assert first is not None
    assert second is None


def test_what_a_dead_worker_left_is_taken_again_when_its_lease_ends(montage):
    item = upload(montage)
    prepare.take_task()
    expire(item)

    work()

    item.refresh_from_db()
    assert (item.state, names(item)) == (ItemState.READY, ALL)


def test_a_worker_that_comes_back_too_late_changes_nothing_and_leaves_no_files(montage):
    item = upload(montage)
    late = prepare.take_task()
    expire(item)
    work()
    stood = sorted(files_of(item))

    prepare._attempt(late)

    assert sorted(files_of(item)) == stood
    assert Rendition.objects.filter(item=item).count() == len(ALL)


def test_a_photograph_erased_while_it_is_prepared_leaves_nothing(
    montage, monkeypatch, django_capture_on_commit_callbacks
):
    item = upload(montage)
    whole = media.make_safe

    def erased_meanwhile(*args, **kwargs):
        made = whole(*args, **kwargs)
        with django_capture_on_commit_callbacks(execute=True):
            arrange.erase_item(item=Item.objects.get(pk=item.pk))
        return made

    monkeypatch.setattr(media, "make_safe", erased_meanwhile)

    work()

    assert not Item.objects.exists()
    assert not storage.private().exists(storage.folder_of(item))


def test_our_own_trouble_is_tried_again_later_each_time_a_little_later(montage, monkeypatch):
    item = upload(montage)
    monkeypatch.setattr(media, "make_safe", unavailable)
    pauses = []

    for _ in range(prepare.MOST_ATTEMPTS - 1):
        work()
        item.refresh_from_db()
        pauses.append(item.due_at - timezone.now())
        assert item.state == ItemState.WANTED
        expire(item)

    assert pauses == sorted(pauses)
    assert pauses[0] > timedelta(seconds=10)


def unavailable(*args, **kwargs):
    raise MediaUnavailableError("the reader is missing")


def test_after_the_last_try_the_keeper_is_told_and_the_upload_is_gone(montage, monkeypatch):
    item = upload(montage)
    monkeypatch.setattr(media, "make_safe", unavailable)

    for _ in range(prepare.MOST_ATTEMPTS):
        work()
        expire(item)

    item.refresh_from_db()
    assert (item.state, item.refusal) == (ItemState.FAILED, prepare.NOT_PREPARED)
    assert files_of(item) == []


def test_a_photograph_that_kills_every_worker_is_laid_aside(montage):
    item = upload(montage)
    for _ in range(prepare.MOST_ATTEMPTS):
        prepare.take_task()
        expire(item)

    work()

    item.refresh_from_db()
    assert (item.state, item.refusal) == (ItemState.FAILED, prepare.NOT_PREPARED)


def test_a_ready_photograph_stays_ready_when_its_finer_copies_fail(montage, monkeypatch):
    item = upload(montage)
    prepare.prepare_next()
    monkeypatch.setattr(media, "make_safe", unavailable)

    for _ in range(prepare.MOST_ATTEMPTS):
        work()
        expire(item)

    item.refresh_from_db()
    assert (item.state, item.is_refined, names(item)) == (ItemState.READY, True, FIRST)
    assert {file.name for file in made_of(item)} == FIRST


def test_an_upload_that_never_arrived_whole_is_said_so(montage):
    item = receive.reserve(montage, name="IMG_0001.jpg", size=10)
    expire(item)

    work()

    item.refresh_from_db()
    assert (item.state, item.refusal) == (ItemState.FAILED, prepare.NOT_ARRIVED)


def test_a_worker_leaves_a_sign_of_life():
    call_command("run_worker", "--once", "--name", "bench")

    assert WorkerSign.objects.get().name == "bench"
    assert timezone.now() - WorkerSign.objects.get().seen_at < timedelta(minutes=1)


@pytest.mark.slow
def test_a_worker_killed_at_work_loses_nothing_and_one_told_to_stop_stops(tmp_path):
    site = Site(
        "http://localhost", tmp_path, environment_of("http://localhost", tmp_path, is_demo=False)
    )
    site.manage("migrate", "--verbosity", "0")
    site.manage("make_platform_key")
    site.manage("shell", "--verbosity", "0", "-c", UPLOAD)
    victim = start_worker(site)
    wait_until(lambda: asked(site, "state") == "doing")
    victim.kill()
    victim.wait()
    left = asked(site, "state")
    let_the_lease_end(site)

    heir = start_worker(site)
    wait_until(lambda: asked(site, "is_refined") == 1)
    heir.terminate()

    assert left == "doing"
    assert heir.wait(timeout=20) == 0
    assert asked(site, "state") == "ready"
    assert asked(site, "renditions") == len(ALL)


UPLOAD = """
from django.core.files.uploadedfile import SimpleUploadedFile
from memories.services import receive
from tests.factories import make_montage
from tests.memories.pictures import make_jpeg
large = SimpleUploadedFile("large.jpg", make_jpeg(6000, 4000))
receive.receive_file(montage=make_montage(), upload=large)
"""


LOOK = """
SELECT *, (SELECT count(*) FROM memories_rendition) AS renditions FROM memories_item
"""


def start_worker(site: Site) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"], cwd=ROOT, env=site.environment
    )


def wait_until(is_so) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def asked(site: Site, column: str) -> object:
    """Look at the one item from outside, so that no worker notices."""
    with contextlib.closing(connect(site)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(LOOK).fetchone()[column]


def let_the_lease_end(site: Site) -> None:
    with contextlib.closing(connect(site)) as database, database:
        database.execute("UPDATE memories_item SET due_at = '2020-01-01 00:00:00'")


def connect(site: Site) -> sqlite3.Connection:
    return sqlite3.connect(site.folder / "touchmark.sqlite3", timeout=20)
