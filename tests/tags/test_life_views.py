"""A maker pauses, lifts, replaces and retires a tag; the old link and code stay honest."""

import pytest
from django.test import Client
from django.utils import timezone

from provenance.canonical import parse_object
from provenance.models.log import Event
from tags.models.tag import Tag
from tags.services import binding
from tags.services.moves import TagStateError
from tests.factories import (
    code_address,
    make_certificate,
    make_chip,
    make_mira,
    make_otto,
)
from tests.tags.chips import make_answering_chip

pytestmark = pytest.mark.django_db

WHY = "The clasp was torn off."
ENDS = {"reason": WHY, "sure": "on"}
ACTS = ("pause", "lift", "replace", "retire")


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


@pytest.fixture
def chip(mira):
    return make_answering_chip(make_certificate(mira).piece)


def address(tag, act="") -> str:
    return f"/workshop/tags/{tag.public_id}{act and '/'}{act}"


def printed_code(piece) -> Tag:
    found: Tag = Tag.objects.get(piece=piece, place="card", state="active")
    return found


def ready(maker) -> Tag:
    return make_chip(maker, state="verified", verified_at=timezone.now())


def do(desk, tag, act, /, **typed):
    answer = desk.post(address(tag, act), typed, follow=True)
    tag.refresh_from_db()
    return answer


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def opened(link) -> str:
    """What a stranger is told there, wherever it leads."""
    return text(Client().get(link, follow=True))


def reasons(kind) -> list[str]:
    statements = Event.objects.filter(kind=kind).values_list("statement", flat=True)
    return [parse_object(bytes(each))["facts"]["reason"] for each in statements]


def test_a_paused_chip_proves_nothing_until_the_pause_is_lifted(desk, chip):
    paused = do(desk, chip.tag, "pause", reason=WHY)
    while_paused = opened(chip.tap())
    lifted = do(desk, chip.tag, "lift", reason="Found again.")
    afterwards = opened(chip.tap())

    assert "It is paused." in text(paused)
    assert "This tag was paused." in while_paused
    assert "The pause is lifted." in text(lifted)
    assert "The chip answered just now." in afterwards


def test_a_paused_code_says_so(desk, mira):
    tag = printed_code(make_certificate(mira).piece)

    do(desk, tag, "pause", reason=WHY)

    assert "This tag was paused." in opened(code_address(tag.piece))


def test_a_retired_chip_and_its_old_links_say_so_for_ever(desk, chip):
    link = chip.tap()
    Client().get(link)

    retired = do(desk, chip.tag, "retire", **ENDS)

    assert "It is retired." in text(retired)
    assert "Its life is over." in text(retired)
    assert "This tag was retired." in opened(chip.tap())
    assert "This tag was retired." in opened(link)


def test_a_replaced_chip_leaves_its_place_to_one_that_was_tried(desk, mira, chip):
    fresh = ready(mira)

    done = do(desk, chip.tag, "replace", tag=fresh.public_id, **ENDS)

    fresh.refresh_from_db()
    assert "It is replaced." in text(done)
    assert chip.tag.replaced_by == fresh
    assert (fresh.piece, fresh.place, fresh.state) == (chip.tag.piece, chip.tag.place, "active")
    assert "This tag was replaced." in opened(chip.tap())


def test_a_replaced_code_says_so_and_the_new_one_names_the_piece(desk, mira):
    tag = printed_code(make_certificate(mira).piece)
    old = code_address(tag.piece)

    do(desk, tag, "replace", **ENDS)

    assert tag.state == "replaced"
    assert tag.replaced_by == printed_code(tag.piece)
    assert "This tag was replaced." in opened(old)
    assert "This code names the ring." in opened(f"/t/{tag.replaced_by.code}")


def test_a_new_code_is_on_the_desk_at_once(desk, mira):
    piece = make_certificate(mira).piece
    tag = printed_code(piece)

    do(desk, tag, "replace", **ENDS)

    drawn = desk.get(f"/workshop/{piece.public_id}/code.svg")
    assert drawn.status_code == 200
    assert tag.replaced_by.public_id in text(desk.get(f"/workshop/{piece.public_id}"))


def test_without_a_printed_code_the_desk_says_how_to_get_one(desk, mira):
    piece = make_certificate(mira).piece

    do(desk, printed_code(piece), "retire", **ENDS)

    page = text(desk.get(f"/workshop/{piece.public_id}"))
    assert "Its printed code is out of use." in page
    assert "code.svg" not in page


def test_what_was_typed_is_on_record_with_the_act(desk, mira, chip):
    do(desk, chip.tag, "pause", reason=WHY)
    do(desk, chip.tag, "lift", reason="Found again.")
    do(desk, chip.tag, "replace", tag=ready(mira).public_id, **ENDS)
    do(desk, printed_code(chip.tag.piece), "replace", **ENDS)
    do(desk, printed_code(chip.tag.piece), "retire", **ENDS)

    assert reasons("tag.suspended") == [WHY]
    assert reasons("tag.reinstated") == ["Found again."]
    assert reasons("tag.replaced") == [WHY, WHY]
    assert reasons("tag.retired") == [WHY]


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("pause", {"reason": " "}, "A tag is not paused without a reason."),
        ("retire", {"sure": "on"}, "A tag does not end without a reason."),
        ("retire", {"reason": WHY}, "Say that you are sure"),
        ("replace", {"reason": WHY, "sure": "on"}, "Choose the tag."),
        ("replace", {"reason": WHY, "sure": "on", "tag": "0000"}, "This tag is not ready."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_changes(desk, chip, act, typed, words):
    answer = do(desk, chip.tag, act, **typed)

    assert answer.status_code == 400
    assert words in text(answer)
    assert chip.tag.state == "active"


def test_a_pause_is_not_lifted_without_a_reason(desk, chip):
    do(desk, chip.tag, "pause", reason=WHY)

    answer = do(desk, chip.tag, "lift", reason="")

    assert answer.status_code == 400
    assert chip.tag.state == "suspended"


def test_with_none_ready_the_page_leads_to_writing(desk, chip):
    page = text(desk.get(address(chip.tag, "replace")))

    assert "No tag is ready." in page


def test_whoever_comes_second_is_told_how_it_stands(desk, mira, chip):
    binding.retire_tag(tag=Tag.objects.get(pk=chip.tag.pk), reason="Lost.", by=mira.user)

    pages = [text(do(desk, chip.tag, act, tag="", **ENDS)) for act in ACTS]

    assert all("This tag is retired. Nothing has changed." in page for page in pages)
    assert reasons("tag.retired") == ["Lost."]


def test_two_who_pause_at_once_are_told_and_leave_one_event(desk, mira, chip, monkeypatch):
    act = binding.suspend_tag

    def just_before(**facts):
        act(tag=Tag.objects.get(pk=chip.tag.pk), reason="Lost.", by=mira.user)
        return act(**facts)

    monkeypatch.setattr(binding, "suspend_tag", just_before)

    answer = do(desk, chip.tag, "pause", reason=WHY)

    assert "This tag is paused. Nothing has changed." in text(answer)
    assert reasons("tag.suspended") == ["Lost."]


def test_a_pause_that_was_lifted_again_meanwhile_is_told_too(desk, chip, monkeypatch):
    def refuse(**_):
        raise TagStateError("this tag was paused a moment ago")

    monkeypatch.setattr(binding, "suspend_tag", refuse)

    answer = do(desk, chip.tag, "pause", reason=WHY)

    assert "This tag is active. Nothing has changed." in text(answer)


def test_a_tag_that_somebody_else_took_replaces_nothing(desk, mira, chip, monkeypatch):
    fresh, act = ready(mira), binding.replace_tag

    def just_after_another(**facts):
        Tag.objects.filter(pk=fresh.pk).update(state="retired", ended_at=timezone.now())
        return act(**facts)

    monkeypatch.setattr(binding, "replace_tag", just_after_another)

    answer = do(desk, chip.tag, "replace", tag=fresh.public_id, **ENDS)

    assert answer.status_code == 400
    assert "This tag is not ready any more." in text(answer)
    assert chip.tag.state == "active"


def test_another_makers_tag_is_no_choice(desk, chip):
    theirs = ready(make_mira("another"))

    answer = do(desk, chip.tag, "replace", tag=theirs.public_id, **ENDS)

    assert "This tag is not ready." in text(answer)
    assert chip.tag.state == "active"


@pytest.mark.parametrize("act", ["", *ACTS])
def test_another_maker_finds_no_such_tag(client, chip, act):
    client.force_login(make_mira("another").user)

    read = client.get(address(chip.tag, act))
    written = client.post(address(chip.tag, act), ENDS)

    assert read.status_code == 404
    assert written.status_code in (404, 405)
    assert Tag.objects.get(pk=chip.tag.pk).state == "active"


@pytest.mark.parametrize("act", ["", *ACTS])
def test_sana_is_led_to_the_door_and_otto_to_open_a_workshop(client, chip, act):
    nobody = client.get(address(chip.tag, act))
    client.force_login(make_otto())

    assert "/accounts/login" in nobody["Location"]
    assert client.get(address(chip.tag, act))["Location"] == "/workshop/begin"


@pytest.mark.parametrize("name", ["0", "x" * 22, "write-tags"])
def test_a_name_of_no_tag_is_not_found(desk, name):
    assert desk.get(f"/workshop/tags/{name}").status_code == 404


def test_a_tag_in_the_drawer_can_be_given_up(desk, mira):
    tag = make_chip(mira)

    page = text(desk.get(address(tag)))
    do(desk, tag, "retire", **ENDS)

    assert "Replace it" not in page
    assert tag.state == "retired"


def test_every_list_leads_to_the_tag(desk, chip):
    on_the_list = text(desk.get("/workshop/tags"))
    at_the_piece = text(desk.get(f"/workshop/{chip.tag.piece.public_id}"))

    assert f'href="{address(chip.tag)}"' in on_the_list
    assert f'href="{address(chip.tag)}"' in at_the_piece
