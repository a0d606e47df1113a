"""The editor: chapters, look, focal point, versions, and two phones at once."""

import pytest
from django.test import Client

from memories.models.item import Item
from memories.models.montage import Montage, MontageLevel
from memories.models.version import Version
from memories.services import arrange, chapters, editing, versions
from tests.factories import make_memory, make_montage

pytestmark = pytest.mark.django_db

LOOK = {"template": "story", "theme": "dusk"}


@pytest.fixture
def montage() -> Montage:
    return make_montage(title="The long way to Wells")


@pytest.fixture
def otto(montage) -> Client:
    client = Client()
    client.force_login(montage.keeper.user)
    return client


def desk(montage: Montage, rest: str = "") -> str:
    return f"/keep/{montage.piece.public_id}{rest}"


def revision_of(montage: Montage) -> int:
    montage.refresh_from_db()
    return montage.revision


def send(otto: Client, montage: Montage, rest: str, **said):
    return otto.post(desk(montage, rest), {"revision": revision_of(montage), **said})


def words_of(caption: str = "", level: str = "") -> arrange.ItemWords:
    return arrange.ItemWords(caption, "", "", level)


def describe(item: Item, caption: str) -> None:
    montage = Montage.objects.get(pk=item.montage_id)
    item.refresh_from_db()
    item.montage = montage
    arrange.describe_item(item=item, revision=montage.revision, words=words_of(caption))


def said_of(montage: Montage) -> list[tuple[str, list[str]]]:
    told = chapters.told(montage.items.all(), montage.chapters.all())
    return [(each.title, [item.caption for item in each.items]) for each in told]


def test_otto_chooses_how_the_page_looks(otto, montage):
    answer = send(otto, montage, "/look", **LOOK)

    montage.refresh_from_db()
    assert answer.status_code == 303
    assert (montage.template, montage.theme) == ("story", "dusk")


def test_a_look_that_is_none_is_refused_and_changes_nothing(otto, montage):
    answer = send(otto, montage, "/look", template="fresco", theme="neon")

    montage.refresh_from_db()
    assert answer.status_code == 400
    assert (montage.template, montage.theme) == ("collage", "paper")


def test_the_preview_is_the_real_page_in_another_look_and_writes_nothing(otto, montage):
    make_memory(montage, caption="Four hours.")

    answer = otto.get(desk(montage, "/preview?template=story&theme=garden"))

    page = answer.content.decode()
    assert "as-story" in page
    assert "in-garden" in page
    assert "Four hours." in page
    assert montage.template == "collage"
    assert revision_of(montage) == 1


def test_only_the_preview_may_stand_in_a_frame_and_only_in_one_of_ours(otto, montage):
    make_memory(montage)

    preview, page = otto.get(desk(montage, "/preview")), otto.get(f"/m/{montage.piece.public_id}")

    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "frame-src 'self'" in otto.get(desk(montage, "/look"))["Content-Security-Policy"]


def test_a_preview_of_nonsense_is_the_page_as_it_is(otto, montage):
    page = otto.get(desk(montage, "/preview?template=fresco&theme=neon")).content.decode()

    assert "in-paper as-collage" in page


def test_otto_begins_a_chapter_renames_it_and_takes_it_away(otto, montage):
    make_memory(montage, caption="a")
    send(otto, montage, "/chapters", title="That summer")
    chapter = montage.chapters.get()

    renamed = send(otto, montage, f"/chapters/{chapter.public_id}", title="Winter")
    assert said_of(montage) == [("", ["a"]), ("Winter", [])]
    away = send(otto, montage, f"/chapters/{chapter.public_id}", away="yes")

    assert (renamed.status_code, away.status_code) == (303, 303)
    assert said_of(montage) == [("", ["a"])]


def test_a_chapter_without_a_title_is_asked_for_one(otto, montage):
    answer = send(otto, montage, "/chapters", title=" ")

    assert answer.status_code == 400
    assert "Say what the chapter is called." in answer.content.decode()


def test_a_page_has_a_bound_of_chapters(otto, montage):
    for number in range(editing.MOST_CHAPTERS):
        chapters.begin(montage, f"{number}")

    answer = send(otto, montage, "/chapters", title="One more")

    assert answer.status_code == 409
    assert "room for 40 chapters" in answer.content.decode()
    assert montage.chapters.count() == editing.MOST_CHAPTERS


def test_a_memory_moves_past_a_heading_into_the_chapter_before_it(otto, montage):
    make_memory(montage, caption="a")
    chapters.begin(montage, "Summer")
    second = make_memory(montage, caption="b", position=2)

    send(otto, montage, "/order", up=second.public_id)

    assert said_of(montage) == [("", ["a", "b"]), ("Summer", [])]


def test_a_chapter_moves_with_its_memories_by_its_buttons(otto, montage):
    chapters.begin(montage, "Summer")
    make_memory(montage, caption="a", position=1)
    winter = chapters.begin(montage, "Winter")
    make_memory(montage, caption="b", position=3)

    send(otto, montage, "/order", up=winter.public_id)

    assert said_of(montage) == [("Winter", ["b"]), ("Summer", ["a"])]


def test_a_drag_orders_memories_and_headings_on_one_line(otto, montage):
    first, second = make_memory(montage, caption="a"), make_memory(montage, caption="b")
    summer = chapters.begin(montage, "Summer")

    order = " ".join(each.public_id for each in (second, summer, first))
    answer = send(otto, montage, "/order", order=order)

    assert answer.status_code == 303
    assert said_of(montage) == [("", ["b"]), ("Summer", ["a"])]


def test_a_memory_is_put_into_a_chapter_and_keeps_what_must_stay_in_sight(otto, montage):
    item = make_memory(montage)
    summer = chapters.begin(montage, "Summer")

    answer = send(
        otto,
        montage,
        f"/items/{item.public_id}",
        caption="a",
        level="page",
        chapter=summer.public_id,
        focus_left=20,
        focus_top=75,
    )

    item.refresh_from_db()
    assert answer.status_code == 303
    assert said_of(montage) == [("Summer", ["a"])]
    assert (item.focus_x, item.focus_y) == (0.2, 0.75)


@pytest.mark.parametrize(
    "wrong", [{"focus_left": 101}, {"focus_top": -1}, {"focus_top": "x"}, {"chapter": "nowhere"}]
)
def test_a_point_beside_the_picture_or_a_chapter_that_is_none_is_refused(otto, montage, wrong):
    item = make_memory(montage)

    answer = send(otto, montage, f"/items/{item.public_id}", caption="a", level="page", **wrong)

    assert answer.status_code == 400
    assert 'value="a"' in answer.content.decode()


def test_a_form_without_the_new_fields_leaves_them_as_they_are(otto, montage):
    item = make_memory(montage, focus_x=0.2, focus_y=0.75)

    send(otto, montage, f"/items/{item.public_id}", caption="a", level="page")

    item.refresh_from_db()
    assert (item.focus_x, item.focus_y) == (0.2, 0.75)


def test_undo_goes_back_change_by_change_to_how_it_was_at_first(otto, montage):
    item = make_memory(montage, caption="before")
    describe(item, "first")
    describe(item, "second")

    captions = []
    for _ in range(3):
        last = send(otto, montage, "/undo")
        item.refresh_from_db()
        captions.append(item.caption)

    assert captions == ["first", "before", "before"]
    assert last.status_code == 409
    assert "no earlier version" in last.content.decode()


def test_undo_brings_back_a_chapter_with_its_memories(otto, montage):
    make_memory(montage, caption="a")
    send(otto, montage, "/chapters", title="Summer")
    item = montage.items.get()
    send(otto, montage, "/order", down=item.public_id)
    assert said_of(montage) == [("Summer", ["a"])]
    send(otto, montage, f"/chapters/{montage.chapters.get().public_id}", away="yes")

    send(otto, montage, "/undo")

    assert said_of(montage) == [("Summer", ["a"])]


def test_what_was_undone_is_still_a_version_to_go_back_to(otto, montage):
    item = make_memory(montage, caption="before")
    describe(item, "first")
    undone = Version.objects.first()
    send(otto, montage, "/undo")

    send(otto, montage, f"/versions/{undone.number}")

    item.refresh_from_db()
    assert item.caption == "first"
    send(otto, montage, "/undo")
    item.refresh_from_db()
    assert item.caption == "before"


def test_the_list_of_versions_says_what_each_changed_and_which_one_is_now(otto, montage):
    describe(make_memory(montage, caption="before"), "first")
    send(otto, montage, "/look", **LOOK)

    page = otto.get(desk(montage, "/versions")).content.decode()

    for said in ("As it was at first", "One memory: first", "Look of the page"):
        assert said in page
    assert page.count("As it is now") == 1


def test_fifty_versions_are_kept_and_the_oldest_go(montage):
    item = make_memory(montage)
    for number in range(versions.MOST_KEPT + 5):
        describe(item, f"{number}")

    numbers = list(montage.versions.values_list("number", flat=True))
    assert len(numbers) == versions.MOST_KEPT
    assert max(numbers) - min(numbers) == versions.MOST_KEPT - 1


def test_a_version_that_is_no_longer_kept_is_said_to_be_gone(otto, montage):
    answer = send(otto, montage, "/versions/99")

    assert answer.status_code == 409
    assert "no longer kept" in answer.content.decode()


def test_attack_going_back_never_opens_what_was_closed(otto, montage):
    item = make_memory(montage, level=MontageLevel.CODE)
    Montage.objects.filter(pk=montage.pk).update(level=MontageLevel.CODE)
    describe(item, "open")
    montage.refresh_from_db()
    item.refresh_from_db()
    item.montage = montage
    closed = words_of("open", MontageLevel.ONLY_ME)
    arrange.describe_item(item=item, revision=montage.revision, words=closed)
    Montage.objects.filter(pk=montage.pk).update(level=MontageLevel.ONLY_ME)

    send(otto, montage, "/undo")
    send(otto, montage, "/undo")

    item.refresh_from_db()
    montage.refresh_from_db()
    assert item.level == montage.level == MontageLevel.ONLY_ME
    assert not montage.is_published


def test_what_is_erased_leaves_every_version(otto, montage):
    item = make_memory(montage)
    describe(item, "a word that must go")
    describe(make_memory(montage), "another")
    otto.post(desk(montage, f"/items/{item.public_id}/erase"))

    kept = "".join(str(version.body) for version in Version.objects.all())
    assert "must go" not in kept
    assert item.public_id not in kept
    assert send(otto, montage, "/undo").status_code == 303
    assert montage.items.count() == 1


def test_what_arrived_since_stays_when_one_goes_back(otto, montage):
    describe(make_memory(montage), "a")
    make_memory(montage, caption="b", position=5)

    send(otto, montage, "/undo")

    assert said_of(montage) == [("", ["Four hours in this café.", "b"])]


def test_two_phones_never_overwrite_each_other_and_nothing_typed_is_lost(otto, montage):
    item = make_memory(montage, caption="before")
    seen = revision_of(montage)
    describe(item, "by the first phone")

    answer = otto.post(
        desk(montage, f"/items/{item.public_id}"),
        {"revision": seen, "caption": "by the second phone", "level": "page"},
    )

    page = answer.content.decode()
    item.refresh_from_db()
    assert answer.status_code == 409
    assert item.caption == "by the first phone"
    assert "<dt>Caption</dt><dd>“by the first phone”</dd>" in page
    assert 'value="by the second phone"' in page
    assert f'name="revision" value="{revision_of(montage)}"' in page


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("/look", LOOK),
        ("/chapters", {"title": "Summer"}),
        ("/undo", {}),
        ("/versions/1", {}),
        ("/order", {"order": ""}),
    ],
)
def test_an_act_of_an_old_page_is_refused_whatever_it_is(otto, montage, rest, said):
    describe(make_memory(montage), "a")
    describe(montage.items.get(), "b")

    answer = otto.post(desk(montage, rest), {"revision": 1, **said})

    assert answer.status_code == 409
    assert "changed on another device" in answer.content.decode()
    assert [item.caption for item in montage.items.all()] == ["b"]


def test_a_chapter_that_is_not_there_is_not_found(otto, montage):
    assert otto.get(desk(montage, "/chapters/nothing")).status_code == 404
