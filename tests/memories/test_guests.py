"""Invitations: redeemed by a press, for as long as they stand; and what guests bring."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from memories.errors import TooManyBroughtError, TooManyInvitationsError
from memories.models.access import Invitation
from memories.models.montage import MontageLevel
from memories.services import invitations
from memories.services.invitations import Guest
from tests.factories import (
    make_memory,
    make_mira,
    make_montage,
    make_open_montage,
    make_user,
)
from tests.memories import pictures
from tests.memories.doors import CLOSED, OPEN, choose, make_guarded, sees
from tests.memories.test_access import look, media, page, signed_in

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
ROBOTS = ["WhatsApp/2.23", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; Googlebot/2.1)"]


@pytest.fixture
def montage():
    return make_guarded(MontageLevel.INVITED)


def guest(**told) -> Guest:
    return Guest(**{"name": "Nele", "email": "", "may_add": False, "lasts": WEEK} | told)


def invite(montage, **told) -> tuple[Invitation, str]:
    return invitations.invite(montage=montage, guest=guest(**told))


def redeem(token: str, client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.post(f"/i/{token}")
    assert answer.status_code == 303, answer.status_code
    return client


def photograph(name: str = "sea.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.make_jpeg(), content_type="image/jpeg")


def desk(montage, rest: str) -> str:
    return f"/keep/{montage.piece.public_id}/{rest}"


def test_whoever_redeems_an_invitation_sees_without_code_or_pin(montage):
    _, token = invite(montage)
    client = Client()

    answer = client.post(f"/i/{token}")

    assert answer["Location"] == f"{page(montage)}/guest"
    assert token not in answer["Location"]
    assert client.get(f"{page(montage)}/guest")["Location"] == page(montage)
    assert sees(client, montage) == OPEN
    assert sees(Client(), montage) == CLOSED


@pytest.mark.parametrize("level", [MontageLevel.PIN, MontageLevel.CODE])
def test_an_invitation_opens_what_is_less_strict_as_well(level):
    montage = make_guarded(level)
    _, token = invite(montage)

    assert sees(redeem(token), montage) == OPEN


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("agent", [*ROBOTS, "Mozilla/5.0 (Linux; Android 14)"])
def test_looking_at_a_link_redeems_nothing_and_tells_nothing(montage, method, agent):
    made, token = invite(montage)
    client = Client(headers={"User-Agent": agent})

    answer = getattr(client, method)(f"/i/{token}")
    other = getattr(client, method)("/i/" + "A" * 32)

    made.refresh_from_db()
    assert made.times_redeemed == 0
    assert "tm_guest" not in answer.cookies
    assert sees(client, montage) == CLOSED
    assert (answer.status_code, len(answer.content)) == (other.status_code, len(other.content))
    for told in ("og:image", "Marlowe", "/media/", montage.piece.public_id):
        assert told not in answer.content.decode()


def test_only_the_hash_of_a_token_of_192_bits_is_kept(montage):
    made, token = invite(montage)

    assert bytes(made.token_hash) == hashlib.sha256(token.encode()).digest()
    assert len(token) == 32
    assert token not in str(Invitation.objects.values().get())


def test_an_invitation_is_over_on_its_day_also_for_whoever_redeemed_it(montage):
    _, token = invite(montage)
    client = redeem(token)

    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1), tick=False):
        assert sees(client, montage) == CLOSED
        assert Client().post(f"/i/{token}").status_code == 404


def test_an_invitation_taken_back_is_closed_at_once_also_for_a_held_etag(montage):
    made, token = invite(montage)
    client, item = redeem(token), montage.items.get()
    etag = look(client, media(item))["ETag"]

    signed_in(montage.keeper.user).post(desk(montage, f"invitations/{made.public_id}/revoke"))

    assert sees(client, montage) == CLOSED
    assert look(client, media(item), **{"If-None-Match": etag}).status_code == 404
    assert look(client, media(item), Range="bytes=0-1").status_code == 404
    assert Client().post(f"/i/{token}").status_code == 404


@pytest.mark.parametrize("change", ["pin", "level"])
def test_a_new_pin_or_a_tighter_level_ends_every_invitation(montage, change):
    choose(montage, MontageLevel.CODE)
    _, token = invite(montage)
    client = redeem(token)

    if change == "pin":
        choose(montage, MontageLevel.CODE, pin="820461")
    else:
        choose(montage, MontageLevel.INVITED)

    assert sees(client, montage) == CLOSED
    assert Client().post(f"/i/{token}").status_code == 404


def test_an_invitation_by_mail_is_for_three_devices(montage):
    _, token = invite(montage, email="nele@touchmark.example")

    answers = [Client().post(f"/i/{token}").status_code for _ in range(4)]

    assert answers == [303, 303, 303, 404]


def test_the_link_travels_by_mail_alone(montage, django_capture_on_commit_callbacks):
    otto = signed_in(montage.keeper.user)
    said = {"name": "Nele", "email": "nele@touchmark.example", "lasts": "30"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = otto.post(desk(montage, "invitations"), said, follow=True)

    letter = mail.outbox[0]
    link = next(line for line in letter.body.splitlines() if "/i/" in line)
    assert letter.to == ["nele@touchmark.example"]
    assert "/i/" not in answer.content.decode()
    assert "Sent to nele@touchmark.example." in answer.content.decode()
    assert sees(redeem(link.rsplit("/", 1)[1]), montage) == OPEN


def test_a_link_to_pass_on_is_shown_once(montage):
    otto = signed_in(montage.keeper.user)

    made = otto.post(desk(montage, "invitations"), {"name": "The cousins", "lasts": "7"})
    again = otto.get(desk(montage, "invitations"))

    assert made.status_code == 201
    assert "https://touchmark.example/i/" in made.content.decode()
    assert "/i/" not in again.content.decode()
    assert "The cousins" in again.content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "bad",
    [{"name": ""}, {"name": "x" * 61}, {"email": "nobody"}, {"lasts": "3650"}, {"name": "\x00"}],
)
def test_what_is_no_invitation_is_said_beside_the_field(montage, bad):
    said = {"name": "Nele", "email": "", "lasts": "30", **bad}

    answer = signed_in(montage.keeper.user).post(desk(montage, "invitations"), said)

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(bad)
    assert not Invitation.objects.exists()


def test_a_page_takes_sixty_invitations(montage):
    for _ in range(invitations.MOST_STANDING):
        invite(montage)

    with pytest.raises(TooManyInvitationsError):
        invite(montage)


def test_guesses_at_links_wait_after_thirty():
    answers = [Client().post(f"/i/{n:032d}").status_code for n in range(31)]

    assert answers == [404] * 30 + [429]


def test_no_log_tells_an_invitation(montage, caplog):
    _, token = invite(montage)

    Client().post(f"/i/{token}x")

    assert token not in caplog.text


def test_an_invitation_to_one_page_opens_no_other(montage):
    other = make_open_montage_of("nele")
    _, token = invite(montage)

    assert sees(redeem(token), other) == CLOSED


def make_open_montage_of(name: str):
    montage = make_montage(
        user=make_user(name),
        maker=make_mira(f"maker-of-{name}"),
        level=MontageLevel.INVITED,
        published_at=timezone.now(),
    )
    make_memory(montage)
    return montage


def test_sana_neither_sees_nor_makes_nor_takes_back_invitations(montage):
    made, _ = invite(montage)
    sana = signed_in(make_user("sana"))

    answers = [
        sana.get(desk(montage, "invitations")),
        sana.post(desk(montage, "invitations"), {"name": "Sana", "lasts": "7"}),
        sana.post(desk(montage, f"invitations/{made.public_id}/revoke")),
    ]

    made.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 3
    assert made.revoked_at is None


def test_what_a_guest_brings_waits_until_the_keeper_lets_it_in(montage):
    _, token = invite(montage, may_add=True)
    client = redeem(token)

    answer = client.post(f"{page(montage)}/guest", {"photographs": photograph()})
    brought = montage.items.get(is_held=True)
    make_it_stand(brought)
    before = look(client, media(brought)).status_code
    otto = signed_in(montage.keeper.user)
    seen_by_otto = look(otto, media(brought)).status_code
    shown_to_otto = otto.get(desk(montage, "items")).content.decode()
    otto.post(desk(montage, f"items/{brought.public_id}/let-in"))

    assert answer.status_code == 303
    assert "From a guest: look at it" in shown_to_otto
    assert (before, seen_by_otto) == (404, 200)
    assert look(client, media(brought)).status_code == 200


def make_it_stand(item):
    pattern = make_memory(item.montage)
    pattern.renditions.update(item=item)
    pattern.delete()
    type(item).objects.filter(pk=item.pk).update(state="ready", width=3, height=2, is_refined=True)


def test_a_guest_who_may_only_look_brings_nothing(montage):
    _, token = invite(montage)
    client = redeem(token)

    answer = client.post(f"{page(montage)}/guest", {"photographs": photograph()})

    assert answer.status_code == 404
    assert not montage.items.filter(is_held=True).exists()


def test_a_guest_is_told_what_was_not_taken(montage):
    _, token = invite(montage, may_add=True)
    client = redeem(token)

    nothing = client.post(f"{page(montage)}/guest", {})
    empty = client.post(f"{page(montage)}/guest", {"photographs": SimpleUploadedFile("a.jpg", b"")})

    assert (nothing.status_code, empty.status_code) == (400, 400)
    assert "Choose one photograph or more" in nothing.content.decode()


def test_one_link_brings_sixty_memories_at_most(montage):
    made, _ = invite(montage, may_add=True)
    item = montage.items.get()
    for position in range(invitations.MOST_BROUGHT):
        montage.items.create(
            position=position, upload_name="x", upload_bytes=1, brought_by=made, is_held=True
        )

    with pytest.raises(TooManyBroughtError):
        invitations.bring(invitation=made, montage=montage, upload=photograph())
    assert item.brought_by is None


def test_a_guest_waits_while_the_page_is_not_open():
    montage = make_montage()
    _, token = invite(montage)

    shown = redeem(token).get(f"{page(montage)}/guest")

    assert "Not open yet." in shown.content.decode()


def test_the_invitations_of_a_page_that_is_missing_open_nothing(montage):
    _, token = invite(montage, may_add=True)
    client = redeem(token)
    type(montage).objects.filter(pk=montage.pk).update(missing_since=timezone.now())

    assert client.get(f"{page(montage)}/guest").status_code == 404
    assert sees(client, montage) == CLOSED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_attack_a_hundred_devices_at_once_are_three_on_postgresql():
    _a_hundred_devices_are_three()


@pytest.mark.django_db(transaction=True)
def test_attack_a_hundred_devices_at_once_are_three():
    _a_hundred_devices_are_three()


def _a_hundred_devices_are_three():
    montage = make_open_montage()
    _, token = invitations.invite(montage=montage, guest=guest(email="nele@touchmark.example"))

    def redeemed(_: int) -> bool:
        try:
            return invitations.redeem(token) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        let_in = list(pool.map(redeemed, range(100)))

    assert let_in.count(True) == invitations.DEVICES_OF_ONE
