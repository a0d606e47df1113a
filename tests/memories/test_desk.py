"""The keeper's desk: Otto arranges, Mira and Sana find nothing, two phones do not fight."""

import pytest
from django.test import Client

from memories.models.item import ItemState
from memories.models.montage import Montage, MontageLevel
from tests.factories import (
    make_certificate,
    make_memory,
    make_montage,
    make_open_montage,
    make_user,
)

pytestmark = pytest.mark.django_db

WORDS = {"title": "The long way to Wells", "words": "", "opening": "cover"}


@pytest.fixture
def montage() -> Montage:
    return make_montage()


@pytest.fixture
def otto(montage) -> Client:
    return signed_in(montage.keeper.user)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk(montage: Montage, rest: str = "") -> str:
    return f"/keep/{montage.piece.public_id}{rest}"


def test_an_empty_desk_says_how_a_piece_comes_to_it():
    page = signed_in(make_user("sana")).get("/keep")

    assert "Nothing is on record with you yet." in page.content.decode()


def test_otto_sees_the_pieces_he_keeps_and_how_their_memories_stand(otto, montage):
    make_memory(montage)

    page = otto.get("/keep").content.decode()

    assert "Marlowe ring" in page
    assert "Draft: only you." in page


def test_the_desk_asks_the_database_the_same_few_times_for_one_piece_and_for_three(
    otto, montage, django_assert_num_queries
):
    for title in ("Leaf pendant", "Signet ring"):
        other = make_certificate(montage.piece.maker, title=title).piece
        other.custodies.create(keeper=montage.keeper, number=1, since=montage.created_at)

    with django_assert_num_queries(6):
        page = otto.get("/keep")

    assert len(page.context["kept"]) == 3


def test_an_empty_page_says_that_nobody_knows_of_it(otto, montage):
    page = otto.get(desk(montage)).content.decode()

    assert "Nothing here yet, and nobody knows this page exists." in page
    assert "no-store" in otto.get(desk(montage))["Cache-Control"]


def test_the_page_of_a_piece_needs_eight_questions_however_many_photographs(
    otto, montage, django_assert_num_queries
):
    for _ in range(12):
        make_memory(montage)

    with django_assert_num_queries(8):
        otto.get(desk(montage))


def test_otto_says_what_the_page_is_called(otto, montage):
    answer = otto.post(desk(montage, "/words"), {**WORDS, "revision": 1})

    montage.refresh_from_db()
    assert answer.status_code == 303
    assert montage.title == "The long way to Wells"


def test_the_second_phone_sees_its_words_again_and_may_save_them_knowingly(otto, montage):
    otto.post(desk(montage, "/words"), {**WORDS, "revision": 1})
    mine = {**WORDS, "title": "Mine", "revision": 1}

    refused = otto.post(desk(montage, "/words"), mine)
    again = otto.post(
        desk(montage, "/words"), {**mine, "revision": refused.context["form"]["revision"].value()}
    )

    assert refused.status_code == 409
    assert "changed on another device" in refused.content.decode()
    assert 'value="Mine"' in refused.content.decode()
    assert again.status_code == 303


@pytest.mark.parametrize(
    "bad",
    [
        {"opening": "door"},
        {"title": "x" * 81},
        {"title": "\x00"},
        {"words": "x" * 2001},
        {"revision": "first"},
        {"revision": "-1"},
    ],
)
def test_what_a_page_cannot_be_is_said_beside_the_field(otto, montage, bad):
    answer = otto.post(desk(montage, "/words"), {**WORDS, "revision": 1, **bad})

    montage.refresh_from_db()
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(bad)
    assert montage.revision == 1


def test_otto_writes_a_caption_a_date_and_what_can_be_seen(otto, montage):
    item = make_memory(montage, caption="")
    said = {"caption": "The only witness", "when": "Summer 2019", "alt": "A paper boat"}

    answer = otto.post(
        desk(montage, f"/items/{item.public_id}"), {**said, "level": "only_me", "revision": 1}
    )

    item.refresh_from_db()
    assert answer.status_code == 303
    assert (item.caption, item.when, item.alt, item.level) == (*said.values(), "only_me")


def test_as_the_page_is_kept_as_no_level_of_its_own(otto, montage):
    item = make_memory(montage, level=MontageLevel.ONLY_ME)

    otto.post(desk(montage, f"/items/{item.public_id}"), {"level": "page", "revision": 1})

    item.refresh_from_db()
    assert item.level == ""


@pytest.mark.parametrize("bad", [{"caption": "x" * 241}, {"when": "x" * 41}, {"level": "public"}])
def test_what_a_memory_cannot_say_is_said_beside_the_field(otto, montage, bad):
    item = make_memory(montage)

    answer = otto.post(
        desk(montage, f"/items/{item.public_id}"), {"level": "page", "revision": 1, **bad}
    )

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(bad)


def test_a_caption_from_the_second_phone_overwrites_nothing(otto, montage):
    item = make_memory(montage)
    otto.post(desk(montage, "/words"), {**WORDS, "revision": 1})

    answer = otto.post(
        desk(montage, f"/items/{item.public_id}"),
        {"caption": "Late", "level": "page", "revision": 1},
    )

    item.refresh_from_db()
    assert answer.status_code == 409
    assert item.caption == "Four hours in this café."


def test_the_buttons_move_a_memory_without_a_script(otto, montage):
    first, second = make_memory(montage, caption="a"), make_memory(montage, caption="b")

    down = otto.post(desk(montage, "/order"), {"down": first.public_id, "revision": 1})
    up = otto.post(desk(montage, "/order"), {"up": first.public_id, "revision": 2})
    page = otto.get(desk(montage))

    assert (down.status_code, up.status_code) == (303, 303)
    assert [row.item.pk for row in page.context["rows"]] == [first.pk, second.pk]


def test_a_drag_is_answered_with_the_new_revision(otto, montage):
    a, b = make_memory(montage), make_memory(montage)

    answer = otto.post(
        desk(montage, "/order"),
        {"order": f"{b.public_id} {a.public_id}", "revision": 1},
        headers={"Accept": "application/json"},
    )

    assert answer.json() == {"revision": 2}
    assert [item.pk for item in montage.items.all()] == [b.pk, a.pk]


@pytest.mark.parametrize("said", [{}, {"revision": "x"}, {"revision": "9" * 40}, {"up": "\x00"}])
def test_a_strange_order_changes_nothing(otto, montage, said):
    make_memory(montage)

    answer = otto.post(desk(montage, "/order"), {"revision": 1, **said})

    montage.refresh_from_db()
    assert answer.status_code == 409
    assert montage.revision == 1


def test_a_stale_drag_is_refused_as_json(otto, montage):
    item = make_memory(montage)

    answer = otto.post(
        desk(montage, "/order"),
        {"order": item.public_id, "revision": 7},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "montage_changed_elsewhere"


def test_publishing_too_early_says_what_is_left(otto, montage):
    make_memory(montage)

    answer = otto.post(desk(montage, "/publish"), {"revision": 1})

    assert answer.status_code == 409
    assert "Choose who else may" in answer.content.decode()


def test_otto_publishes_and_closes_the_page_again(otto, montage):
    make_memory(montage)
    otto.post(desk(montage, "/who"), {"level": "code", "revision": 1})

    otto.post(desk(montage, "/publish"), {"revision": 2})
    opened = otto.get(desk(montage)).content.decode()
    otto.post(desk(montage, "/unpublish"))
    closed = otto.get(desk(montage)).content.decode()

    assert "Open: anyone who ever saw the code." in opened
    assert "Draft: only you." in closed


def test_erasing_asks_once_then_erases(otto, montage):
    item = make_memory(montage)
    address = desk(montage, f"/items/{item.public_id}/erase")

    asked = otto.get(address)
    kept = montage.items.count()
    erased = otto.post(address)

    assert "We cannot bring it back." in asked.content.decode()
    assert (kept, erased.status_code, montage.items.count()) == (1, 303, 0)


def test_a_refused_upload_says_why_and_can_be_taken_off(otto, montage):
    item = make_memory(montage)
    montage.items.update(state=ItemState.FAILED, refusal="This is not a photograph.")

    page = otto.get(desk(montage)).content.decode()

    assert "This is not a photograph." in page
    assert desk(montage, f"/items/{item.public_id}/erase") in page


def test_words_are_shown_as_words_whatever_they_contain(otto, montage):
    make_memory(montage, caption="<script>alert(1)</script>")
    otto.post(desk(montage, "/words"), {**WORDS, "title": "<b>Us</b>", "revision": 1})

    page = otto.get(desk(montage)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;Us&lt;/b&gt;" in page


def test_a_forged_form_of_another_site_does_nothing(montage):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(montage.keeper.user)

    answer = strict.post(desk(montage, "/unpublish"))

    assert answer.status_code == 403


def test_another_keeper_cannot_reach_ottos_page_through_her_own():
    ottos = make_open_montage()
    sanas = make_montage(maker=ottos.piece.maker, user=make_user("sana"))
    item = ottos.items.get()
    client = signed_in(sanas.keeper.user)

    answers = [
        client.get(desk(ottos)),
        client.get(desk(sanas, f"/items/{item.public_id}")),
        client.post(desk(sanas, f"/items/{item.public_id}/erase")),
        client.post(desk(ottos, "/unpublish")),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert ottos.items.count() == 1


def test_the_desk_says_of_an_ai_image_what_it_is(montage):
    item = make_memory(montage, alt="A paper boat", source="trainedAlgorithmicMedia")
    otto, desk = signed_in(montage.keeper.user), f"/keep/{montage.piece.public_id}"

    pages = [
        otto.get(address).content.decode() for address in (desk, f"{desk}/items/{item.public_id}")
    ]

    assert all('alt="AI image, not a photo. A paper boat"' in page for page in pages)
    assert "AI image, not a photo." in pages[0]
    assert '<span class="strip">AI image, not a photo</span>' in pages[1]


def test_an_ai_image_does_not_stand_for_the_piece_on_the_desk(montage):
    front = montage.piece.photographs.get(role="front")
    otto = signed_in(montage.keeper.user)
    assert front.public_id in otto.get("/keep").content.decode()

    montage.piece.photographs.update(source="trainedAlgorithmicMedia")

    assert front.public_id not in otto.get("/keep").content.decode()
