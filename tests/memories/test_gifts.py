"""Gifts: Gil prepares, seals and gives; Otto claims with the same code, and opens."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from memories.models.gift import Gift
from memories.models.montage import Montage, MontageLevel
from memories.services import gifts
from provenance.models.keeping import ClaimCode, Custody
from tags.codes import claim_hash, read_claim_code
from tests.factories import (
    code_address,
    make_certificate,
    make_claim_code,
    make_custody,
    make_memory,
    make_otto,
    make_user,
)
from tests.memories.test_access import CANARY, look, media, page, signed_in
from tests.memories.test_guests import invite, make_it_stand, photograph, redeem

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
CHRISTMAS = datetime(2027, 12, 24, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def piece():
    return make_certificate().piece


@pytest.fixture
def code(piece) -> str:
    return make_claim_code(piece)


@pytest.fixture
def gil(code) -> Client:
    """Gil, who showed the code."""
    client = signed_in(make_user("gil"))
    assert client.post("/gift", {"code": code}).status_code == 303
    return client


@pytest.fixture
def draft(gil) -> Montage:
    montage = Montage.objects.get()
    make_memory(montage, content=CANARY, caption="The first snow")
    return montage


def at_the_desk(piece, rest: str = "") -> str:
    return f"/keep/{piece.public_id}{rest}"


def seal(gil: Client, piece, **said):
    told = {"sender": "Gil", "greeting": "For your thirtieth.", "opens": "opening"} | said
    return gil.post(at_the_desk(piece, "/seal"), told)


def claims(user, code: str) -> Client:
    client = signed_in(user)
    assert client.post("/claim", {"code": code}).status_code == 303
    return client


def test_showing_the_code_spends_nothing_and_gives_no_custody(piece, code, gil):
    assert ClaimCode.objects.get(piece=piece).claimed_at is None
    assert not Custody.objects.exists()
    assert gil.get(at_the_desk(piece)).status_code == 200
    assert "A gift you prepare." in gil.get(at_the_desk(piece)).content.decode()
    assert "Gifts I prepare" in gil.get("/keep").content.decode()


def test_showing_it_again_leads_to_the_same_draft(piece, code, gil):
    again = gil.post("/gift", {"code": code})

    assert again["Location"] == at_the_desk(piece)
    assert Gift.objects.count() == 1


def test_who_is_not_signed_in_is_asked_to_first(client, code):
    looked = client.get("/gift")
    tried = client.post("/gift", {"code": code})

    assert b"/accounts/signup/?next=/gift" in looked.content
    assert tried.status_code == 200
    assert not Gift.objects.exists()


def test_a_second_giver_is_told_that_somebody_prepares_already(code, gil):
    answer = signed_in(make_user("sana")).post("/gift", {"code": code})

    assert answer.status_code == 400
    assert "Somebody else prepares a gift" in answer.content.decode()
    assert Gift.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "1234", "\x00", "X" * 500])
def test_what_is_no_code_is_said_beside_the_field(typed):
    answer = signed_in(make_user("gil")).post("/gift", {"code": typed})

    assert answer.status_code == 400
    assert answer.context["form"].errors["code"]


def test_a_code_that_was_used_or_replaced_begins_no_gift(piece, code):
    make_claim_code(piece)
    replaced = signed_in(make_user("gil")).post("/gift", {"code": code})
    used = make_claim_code(piece)
    claims(make_otto(), used)

    spent = signed_in(make_user("sana")).post("/gift", {"code": used})

    assert (replaced.status_code, spent.status_code) == (400, 400)
    assert not Gift.objects.exists()


def test_guesses_at_codes_are_slowed_as_at_a_claim():
    client = signed_in(make_user("gil"))

    answers = [client.post("/gift", {"code": f"{n}"}).status_code for n in range(31)]

    assert answers[-1] == 429


@pytest.mark.parametrize("who", ["anonymous", "sana", "mira", "a holder of the code"])
def test_nobody_else_learns_of_a_draft(piece, draft, who):
    seal_now = Gift.objects.get()
    gifts.seal(gift=seal_now, wrapping=gifts.Wrapping("Gil", "CANARY", None))
    client = {
        "anonymous": Client,
        "sana": lambda: signed_in(make_user("sana")),
        "mira": lambda: signed_in(piece.maker.user),
        "a holder of the code": Client,
    }[who]()
    if who == "a holder of the code":
        client.get(code_address(piece))

    scan = client.get(code_address(piece)).content
    answers = [
        client.get(page(draft)),
        client.get(f"{page(draft)}/cover"),
        look(client, media(draft.items.get())),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert b"CANARY" not in scan
    assert page(draft).encode() not in scan


def test_gil_sees_his_draft_and_cannot_publish_it(gil, piece, draft):
    seen = gil.get(page(draft))
    Montage.objects.update(level=MontageLevel.PUBLIC)

    refused = gil.post(at_the_desk(piece, "/publish"), {"revision": draft.revision})

    draft.refresh_from_db()
    assert "The first snow" in seen.content.decode()
    assert refused.status_code == 409
    assert draft.published_at is None
    assert look(Client(), media(draft.items.get())).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"opens": "date"},
        {"opens": "date", "day": "2027-03-01"},
        {"opens": "date", "day": "2038-01-01"},
        {"opens": "date", "day": "soon"},
        {"opens": "never"},
        {"greeting": "x" * 201},
        {"sender": "x" * 61},
    ],
)
def test_a_seal_that_makes_no_sense_is_not_put_on(gil, piece, draft, bad):
    answer = seal(gil, piece, **bad)

    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert Gift.objects.get().sealed_at is None


def test_until_it_is_claimed_the_giver_may_break_the_seal(gil, piece, draft):
    seal(gil, piece)
    sealed = gil.get(page(draft)).status_code

    gil.post(at_the_desk(piece, "/unseal"))

    draft.refresh_from_db()
    assert sealed == 200
    assert (draft.seal, Gift.objects.get().sealed_at) == ("", None)


def test_with_the_claim_the_page_is_the_recipients_and_no_longer_the_givers(
    gil, piece, draft, code
):
    otto = claims(make_otto(), code)

    draft.refresh_from_db()
    assert draft.keeper.user.username == "otto"
    assert Montage.objects.count() == 1
    assert "The first snow" in otto.get(page(draft)).content.decode()
    assert [
        gil.get(page(draft)).status_code,
        gil.get(at_the_desk(piece)).status_code,
        gil.get(at_the_desk(piece, "/seal")).status_code,
        look(gil, media(draft.items.get())).status_code,
    ] == [404] * 4
    assert "Gifts I prepare" not in gil.get("/keep").content.decode()


def test_sealed_until_it_is_opened_the_recipient_reads_the_greeting_alone(gil, piece, draft, code):
    seal(gil, piece)
    otto = claims(make_otto(), code)

    kept = otto.get(at_the_desk(piece, "/kept")).content.decode()
    led = otto.get(page(draft))
    cover = otto.get(led["Location"]).content.decode()
    closed = look(otto, media(draft.items.get())).status_code
    desk = otto.get(at_the_desk(piece))

    assert "Somebody left something for you" in kept
    assert led["Location"] == desk["Location"] == at_the_desk(piece, "/gift")
    assert "For your thirtieth." in cover
    assert "from Gil" in cover
    assert "The first snow" not in cover
    assert closed == 404


def test_the_recipient_opens_it_with_the_press_of_a_button(gil, piece, draft, code):
    seal(gil, piece)
    otto = claims(make_otto(), code)

    looked = otto.get(at_the_desk(piece, "/gift")).status_code
    opened = otto.post(at_the_desk(piece, "/gift"))

    assert looked == 200
    assert opened["Location"] == page(draft)
    assert "The first snow" in otto.get(page(draft)).content.decode()
    assert otto.get(at_the_desk(piece)).status_code == 200
    assert Gift.objects.get().opened_at == NOW


def test_sealed_until_a_date_nobody_opens_it_before(gil, piece, draft, code):
    seal(gil, piece, opens="date", day="2027-12-24")
    otto = claims(make_otto(), code)

    pressed = otto.post(at_the_desk(piece, "/gift"))
    closed = look(otto, media(draft.items.get())).status_code

    assert "It opens on Friday, 24 December 2027." in pressed.content.decode()
    assert closed == 404
    with time_machine.travel(CHRISTMAS - timedelta(seconds=1), tick=False):
        otto = signed_in(otto_of(draft))
        assert look(otto, media(draft.items.get())).status_code == 404
        assert otto.post(at_the_desk(piece, f"/items/{item_of(draft)}/erase")).status_code == 303
        assert draft.items.count() == 1
    with time_machine.travel(CHRISTMAS, tick=False):
        otto = signed_in(otto_of(draft))
        assert look(otto, media(draft.items.get())).bytes == CANARY
        assert "The first snow" in otto.get(page(draft)).content.decode()


def otto_of(montage):
    montage.refresh_from_db()
    return montage.keeper.user


def item_of(montage) -> str:
    return montage.items.get().public_id


def test_after_opening_the_recipient_erases_one_memory_and_it_is_gone(gil, piece, draft, code):
    seal(gil, piece)
    otto = claims(make_otto(), code)
    otto.post(at_the_desk(piece, "/gift"))
    address = media(draft.items.get())

    otto.post(at_the_desk(piece, f"/items/{item_of(draft)}/erase"))

    assert look(otto, address).status_code == 404
    assert "The first snow" not in otto.get(page(draft)).content.decode()


def test_a_claimed_gift_is_private_until_its_recipient_publishes_it(gil, piece, draft, code):
    Montage.objects.update(level=MontageLevel.PUBLIC)
    claims(make_otto(), code)

    draft.refresh_from_db()
    assert (draft.level, draft.published_at) == (MontageLevel.ONLY_ME, None)
    assert look(Client(), media(draft.items.get())).status_code == 404


def test_what_the_giver_wrote_and_took_back_is_not_handed_on(gil, piece, draft, code):
    for title in ("A first try", "A second"):
        draft.refresh_from_db()
        told = {"title": title, "words": "", "opening": "cover", "revision": draft.revision}
        assert gil.post(at_the_desk(piece, "/words"), told).status_code == 303
    assert draft.versions.exists()

    claims(make_otto(), code)

    assert not draft.versions.exists()


def test_what_the_giver_handed_out_opens_nothing_after_the_claim(gil, piece, draft, code):
    _, token = invite(draft, may_add=True)
    nele = redeem(token)
    before = nele.get(f"{page(draft)}/guest").status_code

    claims(make_otto(), code)

    assert before == 200
    assert nele.get(f"{page(draft)}/guest").status_code == 404
    assert Client().post(f"/i/{token}").status_code == 404


def test_friends_bring_photographs_for_a_gift_and_gil_looks_at_them_first(gil, piece, draft):
    _, token = invite(draft, may_add=True)

    redeem(token).post(f"{page(draft)}/guest", {"photographs": photograph()})

    make_it_stand(draft.items.get(is_held=True))
    assert "From a guest: look at it" in gil.get(at_the_desk(piece)).content.decode()


def test_friends_do_not_see_the_gift(gil, draft):
    _, token = invite(draft, may_add=True)
    nele = redeem(token)

    shown = nele.get(f"{page(draft)}/guest").content.decode()

    assert "The first snow" not in shown
    assert "See the memories" not in shown
    assert nele.get(page(draft)).status_code == 404
    assert look(nele, media(draft.items.get())).status_code == 404


def test_who_claims_a_gift_of_their_own_simply_keeps_it(gil, piece, draft, code):
    seal(gil, piece, opens="date", day="2027-12-24")

    gil.post("/claim", {"code": code})

    draft.refresh_from_db()
    assert draft.seal == ""
    assert "The first snow" in gil.get(page(draft)).content.decode()
    assert gil.get(at_the_desk(piece)).status_code == 200


def test_a_card_printed_anew_takes_the_gift_to_nobody_but_its_giver(gil, piece, draft):
    newer = make_claim_code(piece)

    otto = claims(make_otto(), newer)

    draft.refresh_from_db()
    assert draft.keeper.user.username == "gil"
    assert "Nothing here yet" in otto.get(at_the_desk(piece)).content.decode()
    assert look(otto, media(draft.items.get())).status_code == 404
    assert "The first snow" in gil.get(page(draft)).content.decode()
    assert otto.get(page(draft)).status_code == 200


def test_the_giver_shows_the_newer_card_and_goes_on_with_the_same_draft(gil, piece, draft):
    newer = make_claim_code(piece)

    gil.post("/gift", {"code": newer})

    assert Gift.objects.get().code.code_hash == claim_hash(read_claim_code(newer))
    assert draft.items.count() == 1


def test_the_giver_is_told_that_it_arrived_and_not_where(
    gil, piece, draft, code, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        claims(make_otto(), code)

    letter = next(each for each in mail.outbox if each.to == ["gil@touchmark.example"])
    assert letter.subject == "Your gift with the Marlowe ring has arrived."
    assert "otto" not in letter.body


def test_a_piece_that_has_a_keeper_begins_no_gift(piece, code):
    make_custody(piece, make_otto())
    ClaimCode.objects.filter(piece=piece).update(claimed_at=timezone.now())

    assert signed_in(make_user("gil")).post("/gift", {"code": code}).status_code == 400
