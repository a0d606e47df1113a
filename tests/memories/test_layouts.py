"""Three templates and three lights for one montage: complete without a script."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from memories.models.item import Item, ItemKind
from memories.models.montage import Montage, MontageLevel, Template, Theme
from memories.services import chapters
from tests.factories import code_address, make_memory, make_open_montage

pytestmark = pytest.mark.django_db


@pytest.fixture
def montage() -> Montage:
    made = make_open_montage(title="The long way to Wells", words="From the café")
    made.items.all().delete()
    return made


@pytest.fixture
def visitor(montage, client) -> Client:
    client.get(code_address(montage.piece))
    return client


def page_of(visitor: Client, montage: Montage) -> str:
    answer = visitor.get(f"/m/{montage.piece.public_id}")
    assert answer.status_code == 200
    return answer.content.decode()


def in_template(montage: Montage, template: Template) -> None:
    Montage.objects.filter(pk=montage.pk).update(template=template)


@pytest.mark.parametrize("template", Template.values)
def test_each_template_shows_all_words_and_pictures_without_a_script(montage, visitor, template):
    in_template(montage, template)
    make_memory(montage, caption="Four hours.", when="June 2020", alt="Two cups")
    make_memory(montage, caption="", when="", alt="")
    chapters.begin(montage, "The winter of the ring")
    make_memory(montage, caption="Snow.", position=9)

    page = page_of(visitor, montage)

    for words in ("The long way to Wells", "From the café", "Four hours.", "June 2020", "Snow."):
        assert words in page
    assert "The winter of the ring" in page
    assert 'alt="Two cups"' in page
    assert len(re.findall(r'id="m\d+"', page)) == 3
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "Three photographs." in page


@pytest.mark.parametrize("theme", Theme.values)
def test_each_theme_is_a_class_of_the_page(montage, visitor, theme):
    Montage.objects.update(theme=theme)
    make_memory(montage)

    assert f"in-{theme}" in page_of(visitor, montage)


def test_the_timeline_stands_by_date_and_what_has_none_stands_last(montage, visitor):
    in_template(montage, Template.TIMELINE)
    for caption, when in (
        ("Undated", "once upon a time"),
        ("Late", "Christmas 2020"),
        ("Early", "2018"),
        ("Middle", "spring 2020"),
    ):
        make_memory(montage, caption=caption, when=when)

    page = page_of(visitor, montage)

    captions = ["Early", "Middle", "Late", "Undated"]
    assert sorted(captions, key=page.index) == captions
    assert [page.count(f"<h2>{year}</h2>") for year in ("2018", "2020", "Without a date")] == [
        1,
        1,
        1,
    ]
    assert "once upon a time" in page


def test_a_chapter_of_which_a_visitor_may_see_nothing_does_not_even_tell_its_title(
    montage, visitor
):
    make_memory(montage)
    chapters.begin(montage, "The surprise")
    make_memory(montage, level=MontageLevel.ONLY_ME, position=9)
    otto = Client()
    otto.force_login(montage.keeper.user)

    for template in Template:
        in_template(montage, template)

        assert "The surprise" not in page_of(visitor, montage)
        assert "The surprise" in page_of(otto, montage)


def test_the_focal_point_is_in_the_one_style_block(montage, visitor):
    in_template(montage, Template.STORY)
    make_memory(montage, focus_x=0.2, focus_y=0.75)

    page = page_of(visitor, montage)

    assert "#m1{--at:20.0% 75.0%}" in page
    assert page.count("<style") == 1


def test_a_placeholder_that_is_none_reaches_no_style_block_of_any_template(montage, visitor):
    make_memory(montage, placeholder="red}</style><script>alert(1)</script>")

    for template in Template:
        in_template(montage, template)

        assert "alert(1)" not in page_of(visitor, montage)


def test_a_memory_that_arrives_hangs_in_the_last_chapter_even_if_that_is_empty(montage):
    make_memory(montage)
    last = chapters.begin(montage, "The winter of the ring")

    arrived = make_memory(montage, position=1)

    told = chapters.told(montage.items.all(), montage.chapters.all())
    assert [each.title for each in told] == ["", "The winter of the ring"]
    assert told[1].items == [arrived]
    assert chapters.chapter_of(arrived, montage.chapters.all()) == last


def test_memories_and_chapters_move_on_one_line(montage):
    first, second = make_memory(montage), make_memory(montage)
    summer = chapters.begin(montage, "Summer")

    chapters.move(montage, second.public_id, "down")
    chapters.put_into(montage, first.public_id, summer.public_id)

    told = chapters.told(Item.objects.all(), montage.chapters.all())
    assert [each.items for each in told] == [[second, first]]


def test_chapters_change_places_with_what_they_hold(montage):
    summer = chapters.begin(montage, "Summer")
    boat = make_memory(montage, position=1)
    winter = chapters.begin(montage, "Winter")
    snow = make_memory(montage, position=3)

    chapters.move(montage, winter.public_id, "up")

    told = chapters.told(Item.objects.all(), montage.chapters.all())
    assert [(each.chapter, each.items) for each in told] == [(winter, [snow]), (summer, [boat])]


@pytest.mark.parametrize("template", Template.values)
def test_films_voices_and_music_play_when_asked_and_fetch_nothing_before(
    montage, visitor, template
):
    in_template(montage, template)
    make_memory(montage)
    film = make_memory(montage, kind=ItemKind.FILM, seconds=12, alt="A boat", caption="")
    voice = make_memory(montage, kind=ItemKind.VOICE, seconds=42, caption="Lina, reading")
    music = make_memory(
        montage, kind=ItemKind.MUSIC, seconds=60, rights_said_at=timezone.now(), caption="A waltz"
    )

    page = page_of(visitor, montage)

    assert f'src="/media/{film.public_id}/film.mp4" aria-label="A boat"' in page
    assert f'src="/media/{voice.public_id}/sound.m4a" aria-label="Lina, reading"' in page
    assert f'src="/media/{music.public_id}/sound.m4a" aria-label="Music"' in page
    assert page.count("controls") == page.count('preload="none"') == 3
    assert "autoplay" not in page
    assert "A waltz" not in page
    assert "One photograph, one film and one voice note." in page


def test_music_for_the_keeper_alone_is_not_on_the_page_of_others(montage, visitor):
    make_memory(montage)
    make_memory(
        montage,
        kind=ItemKind.MUSIC,
        seconds=60,
        rights_said_at=timezone.now(),
        level=MontageLevel.ONLY_ME,
    )

    assert "sound.m4a" not in page_of(visitor, montage)
