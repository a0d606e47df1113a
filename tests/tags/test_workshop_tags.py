"""The maker's view of all tags: the drawer, the pieces, and what is worth a look."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tags.models.tag import Tag, TagKind
from tags.patterns import Seen, advice_on
from tags.services import bench
from tests.factories import make_certificate, make_chip, make_mira, make_user
from tests.tags.chips import make_answering_chip

pytestmark = pytest.mark.django_db
HERE = "/workshop/tags"


def desk_of(maker) -> Client:
    client = Client()
    client.force_login(maker.user)
    return client


def read(maker) -> str:
    answer = desk_of(maker).get(HERE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_workshop_is_told_what_will_lie_here():
    page = read(make_mira())

    assert "The drawer is empty." in page
    assert "No piece of yours carries a tag yet." in page
    assert "All quiet." in page


def test_the_drawer_is_counted_by_kind_and_state():
    maker = make_mira()
    tags = bench.add_stock(maker=maker, kind=TagKind.NTAG424, count=3, by=maker.user)
    bench.reserve_tag(tag=tags[0], profile="ring", by=maker.user)

    page = " ".join(read(maker).split())

    assert '<dt>Chip, blank</dt><dd class="num">2</dd>' in page
    assert '<dt>Chip, waiting to be written</dt><dd class="num">1</dd>' in page


def test_a_chip_tells_when_it_answered_last():
    chip = make_answering_chip()
    maker = chip.tag.piece.maker
    before = read(maker)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        now = timezone.now()
        Client().get(chip.tap())

    after = read(maker)

    assert "Not tapped in the last ninety days." in before
    assert "Answered last on" in after
    assert f"{now:%H:%M} UTC" in after


def test_a_forwarded_link_is_told_once_it_was_opened_often():
    chip = make_answering_chip()
    maker, link = chip.tag.piece.maker, chip.tap()
    for _ in range(3):
        Client().get(link)
    quiet = read(maker)

    Client().get(link)

    assert "All quiet." in quiet
    assert "Links of its chip were opened again 3 times." in read(maker)


def test_answers_that_contradict_each_other_are_told():
    chip = make_answering_chip()
    kept_back = chip.tap()
    Client().get(chip.tap())
    Client().get(kept_back)

    assert "Once two phones brought its answers in the wrong order." in read(chip.tag.piece.maker)


def test_a_code_that_many_opened_is_told():
    piece = make_certificate().piece
    Tag.objects.filter(piece=piece).update(times_opened=40, most_networks=12)

    page = read(piece.maker)

    assert "Its code was opened 40 times, from at least 12 networks." in page


def test_an_opened_seal_is_told_with_its_day():
    piece = make_certificate().piece
    make_chip(piece=piece, state="tampered", tampered_at="2027-05-03T10:00:00Z")

    assert "Its seal was opened on or before 3 May 2027." in read(piece.maker)


def test_a_tag_that_ended_is_no_longer_watched():
    piece = make_certificate().piece
    make_chip(
        piece=piece,
        state="retired",
        tampered_at="2027-05-03T10:00:00Z",
        ended_at="2027-05-04T10:00:00Z",
    )

    assert "All quiet." in read(piece.maker)


def test_what_is_another_makers_is_not_here():
    other = make_answering_chip().tag.piece.maker
    bench.add_stock(maker=other, kind=TagKind.NFC, count=2, by=other.user)

    page = read(make_mira("nib"))

    assert "Marlowe" not in page
    assert "The drawer is empty." in page


def test_sana_is_led_to_the_door_and_otto_to_open_a_workshop(client):
    nobody = client.get(HERE)
    client.force_login(make_user("otto"))

    assert "/accounts/login" in nobody["Location"]
    assert client.get(HERE)["Location"] == "/workshop/begin"


def test_many_tags_cost_no_more_queries(django_assert_max_num_queries):
    maker = make_mira()
    for number in range(3):
        piece = make_certificate(maker, title=f"Ring {number}").piece
        make_chip(piece=piece, state="tampered", tampered_at=timezone.now())
    desk = desk_of(maker)

    with django_assert_max_num_queries(9):
        desk.get(HERE)


def test_nothing_is_said_of_a_tag_that_lives_quietly():
    assert advice_on(Seen(times_opened=19, most_networks=30, used_links=2)) == ()


def test_the_gravest_stands_first():
    everything = Seen(40, 12, used_links=9, conflicts=2, tampered_at=timezone.now())

    first, second, *_ = advice_on(everything)

    assert "seal" in first.noticed
    assert second.noticed.startswith("2 times two phones")
