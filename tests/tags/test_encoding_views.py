"""Writing tags at the desk: set aside, written by a phone or by hand, tried, written anew."""

import pytest

from provenance.models.log import Event
from tags import keyring
from tags.models.tag import Tag, TagKind
from tags.services import bench, stocking
from tests.factories import make_chip, make_mira, make_otto
from tests.tags.chips import SITE, encode

pytestmark = pytest.mark.django_db
UID = bytes.fromhex("04A1B2C3D4E5F6")
SERIAL = "04:a1:b2:c3:d4:e5:f6"
JSON = {"HTTP_ACCEPT": "application/json"}
PAGES = ["write", "phone", "try"]


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def waiting(maker, count=1, profile=""):
    return stocking.set_aside(maker=maker, count=count, profile=profile, by=maker.user)


def posted(tag, **fields):
    return {"tag": tag.public_id, "read": f"{SITE}/t/{tag.code}", "serial": SERIAL} | fields


def state_of(tag) -> str:
    return Tag.objects.get(pk=tag.pk).state


# -- set aside ----------------------------------------------------------------------------------


def test_tags_are_set_aside_with_codes_of_their_own(desk, mira):
    desk.post("/workshop/tags/write", {"what": "plain", "count": "3"})

    tags = Tag.objects.in_stock_of(mira)
    assert [(tag.kind, tag.state) for tag in tags] == [("nfc", "reserved")] * 3
    assert "3 plain tags, 0 chips" in text(desk.get("/workshop/tags/write"))


def test_chips_are_set_aside_under_the_newest_keys_of_their_kind(desk, mira):
    desk.post("/workshop/tags/write", {"what": "lrp", "count": "1"})

    tag = Tag.objects.in_stock_of(mira).get()
    assert (tag.kind, tag.state, tag.profile, tag.key_version) == ("ntag424", "reserved", "lrp", 2)


def test_what_lies_blank_in_the_drawer_is_taken_first(mira):
    (blank,) = bench.add_stock(maker=mira, kind=TagKind.NFC, count=1, by=mira.user)

    tags = waiting(mira, 2)

    assert blank in tags
    assert Tag.objects.in_stock_of(mira).count() == 2


@pytest.mark.parametrize("count", ["", "0", "-1", "201", "many", "1.5"])
def test_a_number_that_is_none_is_asked_for_again(desk, mira, count):
    answer = desk.post("/workshop/tags/write", {"what": "plain", "count": count})

    assert answer.status_code == 400
    assert not Tag.objects.in_stock_of(mira).exists()


def test_a_kind_that_is_not_set_up_is_no_choice(desk, mira):
    answer = desk.post("/workshop/tags/write", {"what": "bracelet", "count": "1"})

    assert answer.status_code == 400
    assert not Tag.objects.in_stock_of(mira).exists()


# -- the phone ----------------------------------------------------------------------------------


def test_the_page_shows_the_next_plain_tag_and_its_address(desk, mira):
    make_chip(mira, state="reserved", profile="ring", key_version=2)
    first, _ = waiting(mira, 2)

    page = text(desk.get("/workshop/tags/phone"))

    assert f'data-address="{SITE}/t/{first.code}"' in page
    assert "<span data-left>2</span> to write" in page


def test_what_was_read_back_puts_a_plain_tag_on_record_written_and_tried(desk, mira):
    first, second = waiting(mira, 2)

    answer = desk.post("/workshop/tags/phone", posted(first), **JSON)

    assert state_of(first) == "verified"
    assert bytes(Tag.objects.get(pk=first.pk).uid_digest) == keyring.uid_digest(UID)
    assert answer.json() == {
        "tag": second.public_id,
        "code": f"{second.code[:4]}-{second.code[4:8]}-{second.code[8:]}",
        "address": f"{SITE}/t/{second.code}",
        "left": 1,
        "ready": 1,
    }


def test_the_last_one_leaves_none(desk, mira):
    (tag,) = waiting(mira)

    answer = desk.post("/workshop/tags/phone", posted(tag), **JSON)

    assert (answer.json()["tag"], answer.json()["left"]) == (None, 0)
    assert "No plain tag waits" in text(desk.get("/workshop/tags/phone"))


def test_an_answer_that_was_lost_on_the_way_is_brought_again_without_harm(desk, mira):
    (tag,) = waiting(mira)
    desk.post("/workshop/tags/phone", posted(tag), **JSON)
    before = Event.objects.count()

    answer = desk.post("/workshop/tags/phone", posted(tag), **JSON)

    assert answer.status_code == 200
    assert Event.objects.count() == before


def test_a_phone_that_tells_no_serial_number_will_do(desk, mira):
    (tag,) = waiting(mira)

    desk.post("/workshop/tags/phone", posted(tag, serial=""), **JSON)

    assert state_of(tag) == "verified"


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (f"{SITE}/t/0000000000000", "answers with another address"),
        ("https://elsewhere.example/t/0000000000000", "answers with another address"),
        ("%00", "answers with another address"),
        ("", "Write down the address"),
        ("x" * 601, "Write down the address"),
    ],
)
def test_an_address_that_is_another_is_refused_and_the_tag_waits(desk, mira, read, words):
    (tag,) = waiting(mira)

    answer = desk.post("/workshop/tags/phone", posted(tag, read=read), **JSON)

    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert state_of(tag) == "reserved"


@pytest.mark.parametrize("serial", ["xyz", "04:de", "04" * 11])
def test_a_serial_number_that_is_none_is_refused(desk, mira, serial):
    (tag,) = waiting(mira)

    answer = desk.post("/workshop/tags/phone", posted(tag, serial=serial), **JSON)

    assert "no serial number" in answer.json()["detail"]


def test_the_same_tag_is_not_written_as_two(desk, mira):
    first, second = waiting(mira, 2)
    desk.post("/workshop/tags/phone", posted(first), **JSON)

    answer = desk.post("/workshop/tags/phone", posted(second), **JSON)

    assert "in use already" in answer.json()["detail"]
    assert state_of(second) == "reserved"


def test_it_works_by_hand_without_a_script(desk, mira):
    (tag,) = waiting(mira)

    answer = desk.post("/workshop/tags/phone", posted(tag, serial=""), follow=True)

    assert answer.redirect_chain == [("/workshop/tags/phone", 303)]
    assert state_of(tag) == "verified"
    assert "Written and on record" in text(answer)


def test_by_hand_too_what_is_wrong_is_said_on_the_page(desk, mira):
    (tag,) = waiting(mira)

    answer = desk.post("/workshop/tags/phone", posted(tag, read="nothing"))

    assert answer.status_code == 400
    assert "The tag answers with another address." in text(answer)


def test_a_failure_is_put_on_record_and_the_same_tag_is_next(desk, mira):
    (tag,) = waiting(mira)

    answer = desk.post(
        "/workshop/tags/phone/failed", {"tag": tag.public_id, "reason": "Too\nsmall. " * 90}
    )

    assert answer.json()["tag"] == tag.public_id
    assert Event.objects.filter(kind="tag.encoding_failed").count() == 1


def test_a_tag_that_is_tried_is_not_put_back_by_a_late_failure(desk, mira):
    (tag,) = waiting(mira)
    desk.post("/workshop/tags/phone", posted(tag), **JSON)

    answer = desk.post("/workshop/tags/phone/failed", {"tag": tag.public_id})

    assert answer.status_code == 400
    assert state_of(tag) == "verified"


# -- the trial ----------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["ring", "plain", "lrp", "seal"])
def test_a_chip_is_ready_once_it_answers_with_its_keys(desk, mira, profile):
    tag, chip = written_chip(mira, profile)

    answer = desk.post("/workshop/tags/try", {"read": chip.tap(), "serial": SERIAL}, **JSON)

    assert state_of(tag) == "verified"
    assert answer.json()["left"] == 0


def written_chip(maker, profile="ring"):
    (tag,) = waiting(maker, profile=profile)
    bench.mark_encoded(tag=tag, uid=UID, by=maker.user)
    return tag, encode(UID, profile=profile)


def test_a_chip_that_was_tried_is_only_named_again(desk, mira):
    _, chip = written_chip(mira)
    desk.post("/workshop/tags/try", {"read": chip.tap()}, **JSON)
    before = Event.objects.count()

    answer = desk.post("/workshop/tags/try", {"read": chip.tap()}, **JSON)

    assert answer.status_code == 200
    assert Event.objects.count() == before


def test_a_chip_with_other_keys_does_not_pass_and_is_offered_anew(desk, mira):
    tag, _ = written_chip(mira)
    other = encode(UID, profile="ring", version=1)

    answer = desk.post("/workshop/tags/try", {"read": other.tap(), "serial": SERIAL}, **JSON)

    assert answer.status_code == 400
    assert answer.json()["failed"]["tag"] == tag.public_id
    assert state_of(tag) == "encoded"


def test_written_anew_it_waits_under_the_next_keys(desk, mira):
    tag, _ = written_chip(mira)

    desk.post("/workshop/tags/try/anew", {"tag": tag.public_id})

    fresh = Tag.objects.get(pk=tag.pk)
    assert (fresh.state, fresh.key_version) == ("reserved", 3)


def test_an_answer_of_another_workshop_is_not_tried_here(desk):
    other = make_mira("another")
    tag, chip = written_chip(other)

    answer = desk.post("/workshop/tags/try", {"read": chip.tap(), "serial": SERIAL}, **JSON)

    assert answer.status_code == 400
    assert answer.json()["failed"] is None
    assert state_of(tag) == "encoded"


def test_a_tag_that_still_waits_is_not_tried(desk, mira):
    (tag,) = waiting(mira)

    answer = desk.post("/workshop/tags/try", {"read": f"{SITE}/t/{tag.code}"}, **JSON)

    assert "waiting to be written" in answer.json()["detail"]


def test_the_trial_works_by_hand_without_a_script(desk, mira):
    tag, chip = written_chip(mira)
    other = encode(UID, profile="ring", version=1)

    refused = desk.post("/workshop/tags/try", {"read": other.tap(), "serial": SERIAL})
    tried = desk.post("/workshop/tags/try", {"read": chip.tap()}, follow=True)

    assert "Write it anew" in text(refused)
    assert "answered." in text(tried)
    assert state_of(tag) == "verified"


# -- whose it is --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("visitor", ["otto", None])
def test_neither_keeper_nor_stranger_writes_tags(client, page, visitor):
    if visitor:
        client.force_login(make_otto())

    assert client.get(f"/workshop/tags/{page}").status_code == 302


@pytest.mark.parametrize("path", ["phone", "phone/failed", "try/anew"])
def test_a_tag_of_another_workshop_is_not_there(desk, path):
    (tag,) = waiting(make_mira("another"))

    answer = desk.post(f"/workshop/tags/{path}", posted(tag), **JSON)

    assert answer.status_code == 404
    assert state_of(tag) == "reserved"


def test_no_page_of_the_desk_repeats_a_serial_number(desk, mira):
    tag, chip = written_chip(mira)
    desk.post("/workshop/tags/try", {"read": chip.tap()}, **JSON)

    shown = [text(desk.get(f"/workshop/tags/{page}")).upper() for page in PAGES]

    assert not [page for page in shown if UID.hex().upper() in page.replace(":", "")]
    assert state_of(tag) == "verified"
