"""Films of a page: who gets one, what is in it, and how it ends when the page changes."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from memories import ffmpeg, film, film_making
from memories.errors import FfmpegFailedError, FfmpegMissingError, NothingToFilmError
from memories.film import Screen, Shape
from memories.models.film import FilmJob, FilmState
from memories.models.item import Item, ItemKind, Rendition
from memories.models.montage import Montage, MontageLevel
from memories.services import arrange, erasing, filming, films, sharing, storage
from memories.services.films import Wish
from tests.factories import make_film, make_memory, make_montage, make_open_montage, make_user
from tests.memories import clips
from tests.memories.doors import choose, knows_the_pin
from tests.memories.test_access import body, holder_of_the_code, look, signed_in

pytestmark = pytest.mark.django_db

WISH = Wish(30, Shape.TALL)


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path, settings):
    """Films of another test are not this one's."""
    private = settings.STORAGES["private"]
    options = {**private.get("OPTIONS", {}), "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**private, "OPTIONS": options}}


@pytest.fixture
def small(monkeypatch):
    """Films of this site are small and short, so that making one takes no time."""
    for shape in Shape:
        monkeypatch.setitem(film.SCREENS, shape, Screen(108, 192, side=6, above=8, below=16))
    monkeypatch.setattr(film, "FPS", 5)
    monkeypatch.setattr(film, "OPENING", 5)
    monkeypatch.setattr(film, "LEAST", 10)


@pytest.fixture
def montage():
    montage = make_montage(level=MontageLevel.CODE, published_at=timezone.now())
    add_photograph(montage)
    add_photograph(montage)
    return montage


def add_photograph(montage: Montage, **fields) -> Item:
    picture = io.BytesIO()
    Image.new("RGB", (120, 90), (120, 60, 30)).save(picture, "WEBP")
    return make_memory(montage, content=picture.getvalue(), **fields)


def add_music(montage: Montage, **fields) -> Item:
    item = make_memory(
        montage, kind=ItemKind.MUSIC, seconds=2.0, rights_said_at=timezone.now(), **fields
    )
    content = clips.make("sound.m4a", "-f", "lavfi", "-i", "sine=duration=2")
    file = storage.private().save(f"{storage.folder_of(item)}/sound.m4a", ContentFile(content))
    Rendition.objects.create(
        item=item, name="sound.m4a", file=file, width=0, height=0, bytes=len(content)
    )
    return item


def ask(montage: Montage, wish: Wish = WISH) -> FilmJob:
    return films.ask_for(montage=montage, wish=wish)


def again(job: FilmJob) -> FilmJob:
    return FilmJob.objects.get(pk=job.pk)


def address(job: FilmJob) -> str:
    return f"/films/{job.public_id}"


def desk(montage: Montage, rest: str = "") -> str:
    return f"/keep/{montage.piece.public_id}/films{rest}"


def keeper_of(montage: Montage) -> Client:
    return signed_in(montage.keeper.user)


def films_on_disk() -> list[Path]:
    folder = Path(storage.private().location) / storage.FILMS
    return [file for file in folder.rglob("*") if file.is_file()] if folder.exists() else []


def change_title(montage: Montage) -> None:
    montage.refresh_from_db()
    words = arrange.PageWords("Another title", "", "cover")
    arrange.describe_page(montage=montage, revision=montage.revision, words=words)


# --- making ---------------------------------------------------------------------------------


def test_a_wish_becomes_a_film_that_the_keeper_watches(montage, small):
    job = ask(montage)

    assert filming.film_next()

    job = again(job)
    answer = keeper_of(montage).get(address(job))
    assert (job.state, job.progress, job.pictures, job.level) == ("ready", 100, 2, "code")
    assert answer.headers["Content-Type"] == "video/mp4"
    assert body(answer)[4:8] == b"ftyp"
    assert job.bytes == len(body(keeper_of(montage).get(address(job))))


def test_a_film_has_the_music_when_it_is_wanted_and_may_be_heard(montage, small, monkeypatch):
    add_music(montage)
    asked = []
    whole = film_making.make_film
    monkeypatch.setattr(
        film_making,
        "make_film",
        lambda script, **rest: asked.append(script.music) or whole(script, **rest),
    )
    for has_music in (True, False):
        ask(montage, Wish(30, Shape.TALL, has_music))
        filming.film_next()

    assert [music is not None for music in asked] == [True, False]


def test_the_worker_does_what_else_is_due_first(montage, small):
    from django.core.management import call_command

    job = ask(montage)

    call_command("run_worker", "--once")

    assert again(job).is_ready


def test_a_wish_is_taken_by_one_worker_only(montage):
    ask(montage)

    first, second = filming.take_task(), filming.take_task()

    assert first is not None
    assert second is None


def test_what_a_dead_worker_left_is_taken_again_when_its_lease_ends(montage, small):
    job = ask(montage)
    filming.take_task()
    FilmJob.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    filming.film_next()

    assert again(job).is_ready


def test_a_film_that_cannot_be_made_is_tried_again_and_then_said_so(montage, monkeypatch):
    job = ask(montage)

    def fail(*args, **kwargs):
        raise FfmpegFailedError("broken")

    monkeypatch.setattr(film_making, "make_film", fail)
    states = []
    for _ in range(filming.MOST_ATTEMPTS):
        FilmJob.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        filming.film_next()
        states.append(again(job).state)

    assert states == ["wanted", "wanted", "failed"]
    assert films_on_disk() == []


def test_cancelled_while_it_is_made_it_leaves_nothing(montage, small, monkeypatch):
    job = ask(montage)
    whole = film_making.make_film

    def cancelled_meanwhile(*args, **kwargs):
        made = whole(*args, **kwargs)
        films.erase(again(job))
        return made

    monkeypatch.setattr(film_making, "make_film", cancelled_meanwhile)

    filming.film_next()

    assert not FilmJob.objects.exists()
    assert films_on_disk() == []


def test_of_a_page_that_changes_while_it_is_filmed_no_old_film_stands(montage, small, monkeypatch):
    job = ask(montage)
    whole = film_making.make_film

    def changed_meanwhile(*args, **kwargs):
        made = whole(*args, **kwargs)
        change_title(montage)
        return made

    monkeypatch.setattr(film_making, "make_film", changed_meanwhile)

    filming.film_next()

    assert again(job).state == FilmState.WANTED
    assert again(job).due_at > timezone.now()
    assert films_on_disk() == []


def test_the_same_wish_again_takes_the_place_of_the_film_before(
    montage, django_capture_on_commit_callbacks
):
    before = make_film(montage)

    with django_capture_on_commit_callbacks(execute=True):
        ask(montage)

    assert not FilmJob.objects.filter(pk=before.pk).exists()
    assert films_on_disk() == []


# --- what is in it ----------------------------------------------------------------------------


def test_only_what_whoever_has_the_code_may_see_is_in_a_film(montage):
    add_photograph(montage, has_child=True)
    add_photograph(montage, level=MontageLevel.INVITED)
    public = add_photograph(montage, level=MontageLevel.PUBLIC)

    cast = films.cast_of(montage)

    assert [role.item.pk for role in cast.roles][2:] == [public.pk]
    assert len(cast.roles) == 3


@pytest.mark.parametrize(
    "level", [MontageLevel.ONLY_ME, MontageLevel.INVITED, MontageLevel.PIN, MontageLevel.TAP]
)
def test_of_a_page_for_fewer_people_there_is_no_film_and_it_is_said_why(level):
    montage = make_montage()
    add_photograph(montage)
    Montage.objects.filter(pk=montage.pk).update(level=level, pin_hash="x")
    montage.refresh_from_db()

    with pytest.raises(NothingToFilmError):
        ask(montage)
    answer = keeper_of(montage).get(desk(montage))
    assert "Whoever has a film can pass it on" in answer.content.decode()
    assert "Make the film" not in answer.content.decode()


def test_of_an_empty_page_there_is_no_film():
    montage = make_montage(level=MontageLevel.CODE)

    with pytest.raises(NothingToFilmError, match="no photograph"):
        ask(montage)


def test_without_ffmpeg_the_page_says_what_is_missing_and_the_rest_works(montage, monkeypatch):
    monkeypatch.setattr(settings, "FFMPEG_PATH", "/nowhere/ffmpeg")
    client = keeper_of(montage)

    answer = client.get(desk(montage))

    assert "ffmpeg" in answer.content.decode()
    assert client.get(f"/keep/{montage.piece.public_id}").status_code == 200
    assert client.post(desk(montage), {"seconds": "30", "shape": "tall"}).status_code == 409
    with pytest.raises(FfmpegMissingError):
        ask(montage)


# --- its end ----------------------------------------------------------------------------------


CHANGES = {
    "a title": change_title,
    "a caption": lambda montage: arrange.describe_item(
        item=montage.items.first(),
        revision=montage.revision,
        words=arrange.ItemWords("Other words", "", "", ""),
    ),
    "the order": lambda montage: arrange.move_item(
        montage=montage,
        revision=montage.revision,
        item=montage.items.first().public_id,
        direction="down",
    ),
    "a memory erased": lambda montage: arrange.erase_item(item=montage.items.first()),
    "access": lambda montage: sharing.choose(
        montage=montage, revision=montage.revision, choice=sharing.Choice(MontageLevel.ONLY_ME)
    ),
    "the page closed": lambda montage: arrange.unpublish(montage=montage),
    "the page erased": lambda montage: erasing.erase_montage(montage=montage),
}


@pytest.mark.parametrize("change", CHANGES)
def test_as_soon_as_the_page_changes_its_film_is_erased(
    change, montage, django_capture_on_commit_callbacks
):
    job = make_film(montage)
    client = keeper_of(montage)
    assert look(client, address(job)).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[change](montage)

    assert look(client, address(job)).status_code == 404
    assert films_on_disk() == []


UNSEEN = {
    "a caption": lambda montage: montage.items.update(caption="Other words"),
    "a new memory": add_photograph,
    "a look": lambda montage: Montage.objects.update(template="story"),
    "a focal point": lambda montage: montage.items.update(focus_x=0.1),
    "access": lambda montage: montage.items.update(level="only_me"),
}


@pytest.mark.parametrize("change", UNSEEN)
def test_a_change_that_nobody_told_of_is_found_when_the_film_is_asked_for(
    change, montage, django_capture_on_commit_callbacks
):
    job = make_film(montage)

    UNSEEN[change](montage)

    with django_capture_on_commit_callbacks(execute=True):
        assert look(keeper_of(montage), address(job)).status_code == 404
    assert again(job).state == FilmState.OUTDATED
    assert films_on_disk() == []


def test_an_outdated_film_is_said_to_be_so(montage, django_capture_on_commit_callbacks):
    make_film(montage)
    change_title(montage)

    shown = keeper_of(montage).get(desk(montage)).content.decode()

    assert "The page changed since" in shown


def test_what_a_try_left_behind_is_swept_and_a_film_that_stands_stays(montage):
    job = make_film(montage)
    left = storage.private().save(storage.new_film_name(job), ContentFile(b"half"))

    erasing.sweep(now=timezone.now() + 2 * erasing.LEFT_AFTER)

    assert not storage.private().exists(left)
    assert storage.private().exists(again(job).file)


def test_the_sweep_finds_films_of_pages_that_changed_unseen(
    montage, django_capture_on_commit_callbacks
):
    make_film(montage)
    montage.items.update(caption="Other words")

    with django_capture_on_commit_callbacks(execute=True):
        erasing.sweep(now=timezone.now())

    assert films_on_disk() == []


# --- who sees it ------------------------------------------------------------------------------


def test_a_film_is_the_keepers_alone_until_it_is_shared(montage):
    job = make_film(montage)
    holder = holder_of_the_code(montage)

    before = look(holder, address(job)).status_code
    films.share(job, is_shared=True)

    assert (before, look(holder, address(job)).status_code) == (404, 200)
    assert look(Client(), address(job)).status_code == 404


def test_a_shared_film_asks_for_as_much_as_the_strictest_memory_in_it(montage):
    choose(montage, MontageLevel.PUBLIC)
    montage.items.filter(pk=montage.items.first().pk).update(level=MontageLevel.CODE)
    montage.refresh_from_db()
    job = make_film(montage, is_shared=True)

    assert Client().get(f"/m/{montage.piece.public_id}").status_code == 200
    assert look(Client(), address(job)).status_code == 404
    assert look(holder_of_the_code(montage), address(job)).status_code == 200


def test_who_knows_the_pin_of_a_stricter_page_finds_no_film_of_it_any_more(montage):
    job = make_film(montage, is_shared=True)
    choose(montage, MontageLevel.PIN, pin="739205")

    assert look(knows_the_pin(montage), address(job)).status_code == 404


def test_a_shared_film_is_found_on_the_page_by_whoever_may_see_it(montage):
    job = make_film(montage)
    holder, page = holder_of_the_code(montage), f"/m/{montage.piece.public_id}"

    before = holder.get(page).content.decode()
    films.share(job, is_shared=True)

    assert address(job) not in before
    assert address(job) in holder.get(page).content.decode()


@pytest.mark.parametrize(
    "headers", [{"Range": "bytes=0-1"}, {"If-None-Match": "*"}, {"If-Range": '"x"'}]
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_attack_no_way_of_asking_gives_a_stranger_anything_of_a_film(montage, method, headers):
    job = make_film(montage)

    answer = getattr(holder_of_the_code(montage), method)(address(job), headers=headers)

    assert answer.status_code == 404


def test_a_part_of_a_film_is_sent_when_a_player_asks_for_it(montage):
    job = make_film(montage, content=b"0123456789")

    answer = keeper_of(montage).get(address(job), headers={"Range": "bytes=2-4"})

    assert (answer.status_code, body(answer)) == (206, b"234")
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("title", ["A year, and a half", '六 "х"'])
def test_a_film_that_is_kept_is_called_as_its_page(montage, title):
    Montage.objects.filter(pk=montage.pk).update(title=title)
    montage.refresh_from_db()
    job = make_film(montage)

    answer = look(keeper_of(montage), address(job))

    name = "a-year-and-a-half" if title.isascii() else "film"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}-30s-tall.mp4"'


@pytest.mark.parametrize("rest", ["", "/now"])
def test_the_films_of_a_page_lie_on_its_keepers_desk_alone(montage, rest):
    make_film(montage)

    assert keeper_of(montage).get(desk(montage, rest)).status_code == 200
    assert signed_in(make_user("sana")).get(desk(montage, rest)).status_code == 404
    assert Client().get(desk(montage, rest)).status_code == 302


@pytest.mark.parametrize("act", ["erase", "share"])
def test_attack_nobody_elses_film_is_shared_or_erased(montage, act):
    job = make_film(montage)
    other = make_open_montage(user=make_user("sana"), maker=montage.piece.maker)

    answer = keeper_of(other).post(desk(other, f"/{job.public_id}/{act}"), {"shared": "yes"})

    assert answer.status_code == 404
    assert (again(job).is_ready, again(job).is_shared) == (True, False)


# --- the desk ---------------------------------------------------------------------------------


def test_the_keeper_makes_watches_shares_and_erases_a_film(
    montage, small, django_capture_on_commit_callbacks
):
    client = keeper_of(montage)
    asked = client.post(desk(montage), {"seconds": "30", "shape": "post"})
    waiting = client.get(desk(montage)).content.decode()
    filming.film_next()
    [job] = montage.films.all()

    ready = client.get(desk(montage, "/now")).content.decode()
    client.post(desk(montage, f"/{job.public_id}/share"), {"shared": "yes"})
    shared = client.get(desk(montage)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(desk(montage, f"/{job.public_id}/erase"))

    assert asked.status_code == 303
    assert "Waiting for its turn" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert address(job) in ready
    assert "On the page." in shared
    assert not montage.films.exists()
    assert films_on_disk() == []


@pytest.mark.parametrize(
    "said", [{}, {"seconds": "31", "shape": "tall"}, {"seconds": "30", "shape": "round"}]
)
def test_a_wish_that_is_none_is_said_back(montage, said):
    answer = keeper_of(montage).post(desk(montage), said)

    assert answer.status_code == 400
    assert not FilmJob.objects.exists()


def test_letters_left_out_are_told_to_the_keeper(montage):
    make_film(montage, left_out="<☃>")

    shown = keeper_of(montage).get(desk(montage)).content.decode()

    assert "&lt;☃&gt;" in shown
    assert "no type for" in shown


def test_how_far_a_film_is_can_be_read(montage):
    job = ask(montage)
    task = filming.take_task()
    task.until -= timedelta(seconds=30)
    FilmJob.objects.filter(pk=job.pk).update(leased_until=task.until)

    task.renew(42)

    assert "42 %" in keeper_of(montage).get(desk(montage, "/now")).content.decode()


def test_the_program_that_makes_films_is_really_there():
    assert ffmpeg.is_available()
