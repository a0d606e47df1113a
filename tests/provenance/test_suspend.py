"""Pausing a certificate: told at once, with its reason, and lifted again by who may."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from provenance.canonical import parse_object
from provenance.models.certificate import Actor, Certificate, StatusBatch, Suspension
from provenance.models.log import Event
from provenance.services import platform, revoke, suspend
from provenance.services.standing import standing_of
from provenance.statuslist import decode_list, is_set
from provenance.verdict import CertificateAnswer
from tests.factories import make_certificate, make_mira

pytestmark = pytest.mark.django_db

REASON = "The buyer and the shop do not agree yet."


def pause(certificate, *, actor=Actor.MAKER, reason=REASON):
    return suspend.suspend_certificate(
        certificate=certificate, reason=reason, actor=actor, by=certificate.maker.user
    )


def lift(certificate, *, actor=Actor.MAKER, reason="They agree."):
    return suspend.lift_suspension(
        certificate=certificate, reason=reason, actor=actor, by=certificate.maker.user
    )


def withdraw(certificate):
    return revoke.revoke_certificate(
        certificate=certificate, reason="Wrong.", actor=Actor.MAKER, by=certificate.maker.user
    )


def answer_of(certificate):
    fresh = Certificate.objects.select_related("piece", "status_batch").get(pk=certificate.pk)
    return standing_of(fresh, now=timezone.now()).verdict.answer


def suspended_bit(certificate):
    batch = StatusBatch.objects.get(pk=certificate.status_batch_id)
    signed = platform.status_list_of(batch, "suspension", now=timezone.now())
    encoded = parse_object(signed)["credentialSubject"]["encodedList"]
    return is_set(decode_list(encoded), certificate.status_index)


def test_a_pause_is_told_by_every_check_at_once_and_its_lifting_too():
    certificate = make_certificate()
    before = answer_of(certificate)

    pause(certificate)
    paused = answer_of(certificate), suspended_bit(certificate)
    lift(certificate)

    assert before is CertificateAnswer.CURRENT
    assert paused == (CertificateAnswer.PAUSED, True)
    assert (answer_of(certificate), suspended_bit(certificate)) == (before, False)


def test_the_public_list_says_that_and_nothing_of_why():
    certificate = make_certificate()
    pause(certificate)

    signed = platform.status_list_of(
        StatusBatch.objects.get(), "suspension", now=timezone.now()
    ).decode()

    assert "agree" not in signed
    assert parse_object(signed.encode())["credentialSubject"]["statusPurpose"] == "suspension"


def test_a_pause_and_its_lifting_are_put_on_record_with_their_reasons():
    certificate = make_certificate()

    pause(certificate)
    lift(certificate)

    kinds = Event.objects.filter(kind__in=["certificate.suspended", "certificate.reinstated"])
    said = [(event.kind, parse_object(bytes(event.statement))["facts"]) for event in kinds]
    named = {"certificate": certificate.public_id, "actor": "maker"}
    assert said == [
        ("certificate.suspended", {**named, "reason": REASON}),
        ("certificate.reinstated", {**named, "reason": "They agree."}),
    ]


def test_a_paused_certificate_keeps_its_first_reason():
    certificate = make_certificate()
    pause(certificate)

    with pytest.raises(suspend.AlreadySuspendedError):
        pause(certificate, reason="Another story.")

    assert Suspension.objects.get().reason == REASON


def test_what_was_withdrawn_cannot_be_paused():
    certificate = make_certificate()
    withdraw(certificate)

    with pytest.raises(suspend.CannotSuspendError, match="withdrawn"):
        pause(certificate)

    assert not Suspension.objects.exists()


def test_a_withdrawal_speaks_before_a_pause_and_outlives_its_lifting():
    certificate = make_certificate()
    pause(certificate)
    withdraw(certificate)
    paused_too = answer_of(certificate)

    lift(certificate)

    assert paused_too is answer_of(certificate) is CertificateAnswer.REVOKED
    assert not suspended_bit(certificate)
    said = Event.objects.filter(kind__startswith="certificate.").order_by("pk")
    assert [event.kind for event in said][-2:] == [
        "certificate.revoked",
        "certificate.pause_ended",
    ]


def test_there_is_nothing_to_lift_where_nothing_is_paused():
    with pytest.raises(suspend.NotSuspendedError):
        lift(make_certificate())


def test_a_maker_does_not_lift_what_the_platform_paused():
    certificate = make_certificate()
    pause(certificate, actor=Actor.STAFF)

    with pytest.raises(suspend.SuspendedByPlatformError):
        lift(certificate)
    still = answer_of(certificate)
    lift(certificate, actor=Actor.STAFF)

    assert still is CertificateAnswer.PAUSED
    assert answer_of(certificate) is CertificateAnswer.CURRENT


def test_the_platform_takes_over_a_pause_so_that_the_maker_cannot_lift_it():
    certificate = make_certificate()
    pause(certificate)

    pause(certificate, actor=Actor.STAFF, reason="A report reached us.")

    assert [(each.by, each.reason) for each in Suspension.objects.open()] == [
        ("staff", "A report reached us.")
    ]
    with pytest.raises(suspend.SuspendedByPlatformError):
        lift(certificate)


@pytest.mark.parametrize(
    "change",
    [{"reason": "A kinder story."}, {"by": "staff"}, {"since": timezone.now()}],
    ids=["reworded", "laid at another door", "dated anew"],
)
def test_a_pause_stands_as_it_was_made(change):
    certificate = make_certificate()
    pause(certificate)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Suspension.objects.update(**change)

    assert Suspension.objects.get().reason == REASON


def test_a_lifted_pause_is_never_changed_and_no_pause_is_deleted():
    certificate = make_certificate()
    pause(certificate)
    lift(certificate)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Suspension.objects.update(lifted_at=timezone.now() + timedelta(days=1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Suspension.objects.all()._raw_delete("default")

    assert Suspension.objects.get().lift_reason == "They agree."


def test_a_signed_list_is_kept_until_a_bit_of_its_batch_changes():
    certificate = make_certificate()
    other = make_certificate(certificate.maker, title="Another ring")
    batch = StatusBatch.objects.get()
    first = platform.status_list_of(batch, "suspension", now=timezone.now())

    again = platform.status_list_of(batch, "suspension", now=timezone.now() + timedelta(seconds=20))
    pause(other)

    assert again == first
    # The other certificate says so from the next request on: no list of before is asked.
    assert suspended_bit(other)
    assert not suspended_bit(certificate)


def test_caches_outside_keep_a_list_for_half_a_minute_at_most(client):
    number = platform.list_number(make_certificate().status_batch, "suspension")

    answer = client.get(f"/status/{number}")

    assert answer["Cache-Control"] == "public, max-age=30"


def test_a_list_is_right_after_ten_thousand_changes():
    """The bits follow the rows, whatever was set and cleared before and in which order."""
    mira = make_mira()
    rings = [make_certificate(mira, title=f"Ring {n}") for n in range(12)]
    drawn, now = random.Random(7), timezone.now()  # the same draws in every run
    history, open_now = [], {}
    for _ in range(10_000):
        ring = drawn.choice(rings)
        if ring in open_now:
            lifted = open_now.pop(ring)
            lifted.lifted_at, lifted.lifted_by, lifted.lift_reason = now, "maker", "Settled."
            continue
        open_now[ring] = Suspension(certificate=ring, by="maker", reason="Asked.", since=now)
        history.append(open_now[ring])
    Suspension.objects.bulk_create(history)

    signed = platform.status_list_of(StatusBatch.objects.get(), "suspension", now=now)

    bits = decode_list(parse_object(signed)["credentialSubject"]["encodedList"])
    found = {index for index in range(len(bits) * 8) if is_set(bits, index)}
    assert found == {ring.status_index for ring in open_now}
    assert 0 < len(found) < len(rings)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_pause_at_once_one_does():
    certificate = make_certificate()
    user = certificate.maker.user

    def attempt(_):
        try:
            suspend.suspend_certificate(
                certificate=certificate, reason=REASON, actor=Actor.MAKER, by=user
            )
        except suspend.AlreadySuspendedError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(attempt, range(24)))

    assert won.count(True) == Suspension.objects.count() == 1
