"""A piece changes hands or is missing: its memories close in the same transaction, or not."""

import pytest
from django.db import transaction
from django.utils import timezone

from memories.models.montage import Montage, MontageLevel
from memories.services import invitations
from provenance.services import keep
from provenance.signals import custody_ended, missing_cleared, missing_reported
from tests.factories import make_user
from tests.memories.doors import CLOSED, OPEN, knows_the_pin, make_guarded, sees
from tests.memories.test_access import holder_of_the_code, look, media, signed_in
from tests.memories.test_guests import guest, redeem

pytestmark = pytest.mark.django_db(transaction=True)


class RolledBackError(Exception):
    pass


def hand_over(montage: Montage, *, to: str = "nele") -> None:
    """What a transfer does, as far as memories see it; in the transaction around it."""
    piece, now = montage.piece, timezone.now()
    piece.custodies.filter(until__isnull=True).update(until=now)
    piece.custodies.create(keeper=keep.keeper_of(make_user(to)), number=2, since=now)
    custody_ended.send(sender=type(piece), piece=piece, former=montage.keeper)


def visitors(montage) -> list:
    """One of each kind that may see a page for the code; the keeper last."""
    _, token = invitations.invite(montage=montage, guest=guest())
    montage.refresh_from_db()
    return [
        holder_of_the_code(montage),
        knows_the_pin_of_open(montage),
        redeem(token),
        signed_in(montage.keeper.user),
    ]


def knows_the_pin_of_open(montage):
    montage.items.update(level=MontageLevel.PIN)
    client = knows_the_pin(montage)
    montage.items.update(level="")
    return client


def test_at_a_hand_over_every_door_closes_also_that_of_the_former_keeper():
    montage = make_guarded(MontageLevel.CODE)
    everybody = visitors(montage)
    assert [sees(each, montage) for each in everybody] == [OPEN] * 4
    etag = look(everybody[-1], media(montage.items.get()))["ETag"]
    epoch = montage.access_epoch

    with transaction.atomic():
        hand_over(montage)

    montage.refresh_from_db()
    assert [sees(each, montage) for each in everybody] == [CLOSED] * 4
    held = look(everybody[-1], media(montage.items.get()), **{"If-None-Match": etag})
    assert held.status_code == 404
    assert everybody[-1].get(f"/keep/{montage.piece.public_id}").status_code == 404
    assert (montage.access_epoch, montage.published_at) == (epoch + 1, None)
    assert not montage.invitations.filter(revoked_at__isnull=True).exists()


def test_a_hand_over_that_did_not_happen_closes_nothing():
    montage = make_guarded(MontageLevel.CODE)
    everybody = visitors(montage)

    with pytest.raises(RolledBackError), transaction.atomic():
        hand_over(montage)
        raise RolledBackError

    assert [sees(each, montage) for each in everybody] == [OPEN] * 4


def test_within_the_transaction_of_the_hand_over_the_page_is_closed_already():
    montage = make_guarded(MontageLevel.CODE)

    with transaction.atomic():
        hand_over(montage)
        within = Montage.objects.standing().filter(pk=montage.pk).exists()

    assert within is False


def test_the_next_keeper_begins_with_an_empty_page_and_sees_nothing_of_the_former():
    montage = make_guarded(MontageLevel.CODE)
    with transaction.atomic():
        hand_over(montage)
    nele = signed_in(montage.piece.custodies.get(number=2).keeper.user)

    page = nele.get(f"/keep/{montage.piece.public_id}").content.decode()

    assert "Nothing here yet" in page
    assert look(nele, media(montage.items.get())).status_code == 404


def test_a_piece_reported_missing_shows_nothing_to_whoever_holds_its_tag():
    montage = make_guarded(MontageLevel.CODE)
    *others, otto = visitors(montage)

    with transaction.atomic():
        missing_reported.send(sender=type(montage.piece), piece=montage.piece, at=timezone.now())

    assert [sees(each, montage) for each in others] == [CLOSED] * 3
    assert sees(holder_of_the_code(montage), montage) == CLOSED
    assert sees(otto, montage) == OPEN


def test_when_it_is_found_the_page_opens_for_whoever_opens_the_code_anew():
    montage = make_guarded(MontageLevel.CODE)
    before = holder_of_the_code(montage)
    missing_reported.send(sender=type(montage.piece), piece=montage.piece, at=timezone.now())

    missing_cleared.send(sender=type(montage.piece), piece=montage.piece)

    assert sees(before, montage) == CLOSED
    assert sees(holder_of_the_code(montage), montage) == OPEN


def test_a_report_of_missing_that_did_not_happen_closes_nothing():
    montage = make_guarded(MontageLevel.CODE)
    client = holder_of_the_code(montage)

    with pytest.raises(RolledBackError), transaction.atomic():
        missing_reported.send(sender=type(montage.piece), piece=montage.piece, at=timezone.now())
        raise RolledBackError

    assert sees(client, montage) == OPEN
