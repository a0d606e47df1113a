"""Pausing and correcting at the desks, and what visitors read of it."""

import pytest
from django.contrib.auth.models import User

from provenance.models.certificate import Actor, Certificate, Suspension
from provenance.models.piece import Piece
from provenance.services import revoke, suspend
from provenance.services.standing import file_of
from tests.doors import enter_with_app
from tests.factories import (
    PASSWORD,
    code_address,
    make_certificate,
    make_draft,
    make_mira,
    make_otto,
    make_staff,
    make_user,
)
from tests.provenance.test_supersede import REASON, corrected, correction_of

pytestmark = pytest.mark.django_db

WHY = "A shop asked us to look again."


@pytest.fixture
def certificate():
    return make_certificate()


@pytest.fixture
def bench(client, certificate):
    client.force_login(certificate.maker.user)
    return client


@pytest.fixture
def staff(client):
    enter_with_app(client, make_staff())
    return client


def desk(piece, rest=""):
    return f"/workshop/{piece.public_id}{rest}"


def text_of(client, address, **more):
    return client.get(address, **more).content.decode()


def pause(certificate, actor=Actor.MAKER):
    return suspend.suspend_certificate(
        certificate=certificate, reason=WHY, actor=actor, by=certificate.maker.user
    )


# -- pausing ------------------------------------------------------------------------------------


def test_a_maker_pauses_and_lifts_each_with_a_reason(bench, certificate):
    piece = certificate.piece

    bench.post(desk(piece, "/pause"), {"reason": WHY})
    paused = text_of(bench, desk(piece))
    bench.post(desk(piece, "/lift"), {"reason": "All is as recorded."})

    assert WHY in paused
    assert "Lift the pause" in paused
    assert WHY not in text_of(bench, desk(piece))
    assert Suspension.objects.get().lift_reason == "All is as recorded."


def test_who_lifts_the_pause_of_what_was_withdrawn_is_not_told_that_it_stands(bench, certificate):
    pause(certificate)
    revoke.revoke_certificate(
        certificate=certificate, reason="Wrong.", actor=Actor.MAKER, by=certificate.maker.user
    )

    done = bench.post(desk(certificate.piece, "/lift"), {"reason": "Done."}, follow=True)

    assert "The certificate stays withdrawn." in done.content.decode()
    assert "stands again" not in done.content.decode()
    assert "Correct or re-issue" in done.content.decode()


@pytest.mark.parametrize("rest", ["/pause", "/lift", "/correct"])
def test_nothing_is_done_without_a_reason(bench, certificate, rest):
    if rest == "/lift":
        pause(certificate)
    before = Suspension.objects.values().first()

    page = bench.post(desk(certificate.piece, rest), {"reason": " "})

    assert page.status_code == 400
    assert "Say why." in page.content.decode()
    assert Suspension.objects.values().first() == before
    assert not Piece.objects.filter(revises__isnull=False).exists()


def test_the_maker_is_told_that_the_platform_lifts_what_it_paused(bench, certificate):
    pause(certificate, Actor.STAFF)

    page = bench.post(desk(certificate.piece, "/lift"), {"reason": "Mine."}, follow=True)

    assert "Only the platform lifts what it paused." in page.content.decode()
    assert Suspension.objects.open().exists()


def test_a_pause_shows_at_once_behind_the_code_with_who_when_and_why(client, certificate):
    address = code_address(certificate.piece)
    before = text_of(client, address)

    pause(certificate)

    page = text_of(client, address)
    assert "This code names the ring." in before
    assert "<h1>Paused.</h1>" in page
    assert f"“{WHY}”" in page
    assert "By its maker" in page
    assert "A pause can be lifted" in page


def test_a_lifted_pause_is_gone_from_the_page_at_once(client, certificate):
    address = code_address(certificate.piece)
    pause(certificate)
    text_of(client, address)

    suspend.lift_suspension(
        certificate=certificate, reason="Fine.", actor=Actor.MAKER, by=certificate.maker.user
    )

    assert WHY not in text_of(client, address)


def test_staff_pause_and_lift_from_the_admin_desk(staff, certificate):
    address = f"/staff/admin/provenance/certificate/{certificate.pk}/standing/"

    staff.post(address, {"reason": WHY})
    paused = Suspension.objects.get()
    shown = text_of(staff, f"/staff/admin/provenance/certificate/{certificate.pk}/change/")
    staff.post(address, {"reason": "Answered."})

    assert (paused.by, paused.reason) == ("staff", WHY)
    assert "Lift the pause" in shown
    assert Suspension.objects.get().lifted_by == "staff"


def test_staff_take_over_what_the_maker_paused(staff, certificate):
    pause(certificate)
    shown = text_of(staff, f"/staff/admin/provenance/certificate/{certificate.pk}/change/")

    staff.post(
        f"/staff/admin/provenance/certificate/{certificate.pk}/standing/?take-over",
        {"reason": "A report reached us."},
    )

    assert "take it over" in shown
    assert Suspension.objects.open().get().by == "staff"


def test_staff_who_may_only_look_pause_nothing(client, certificate):
    reader = User.objects.create_user("reader", "r@touchmark.example", PASSWORD, is_staff=True)
    enter_with_app(client, reader)

    page = client.post(
        f"/staff/admin/provenance/certificate/{certificate.pk}/standing/", {"reason": WHY}
    )

    assert page.status_code == 403
    assert not Suspension.objects.exists()


# -- correcting ---------------------------------------------------------------------------------


def test_correcting_leads_to_a_draft_on_the_bench_that_says_what_it_is(bench, certificate):
    page = bench.post(desk(certificate.piece, "/correct"), {"reason": REASON}, follow=True)

    draft = Piece.objects.get(revises=certificate.piece)
    assert page.redirect_chain[-1][0] == desk(draft)
    assert REASON in page.content.decode()
    assert "Give the correction up" in page.content.decode()


def test_a_correction_that_is_open_is_led_to_and_not_begun_again(bench, certificate):
    draft = correction_of(certificate)

    page = bench.get(desk(certificate.piece, "/correct"))

    assert page["Location"] == desk(draft)


def test_the_page_before_signing_says_whose_place_it_takes(bench, certificate):
    draft = correction_of(certificate)

    page = text_of(bench, desk(draft, "/sign"))

    assert "It takes the place of version 1" in page
    assert REASON in page


def test_signing_a_correction_leads_to_the_piece_and_its_new_certificate(bench, certificate):
    draft = correction_of(certificate)
    shown = bench.get(desk(draft, "/sign")).context["shown"]

    page = bench.post(desk(draft, "/sign"), {"shown": shown}, follow=True)

    newest = Certificate.objects.current().get()
    assert newest.version == 2
    assert f"/c/{newest.public_id}" in page.content.decode()
    assert "version 1" in page.content.decode()


def test_a_second_device_that_signs_a_correction_is_told_it_is_signed(bench, certificate):
    draft = correction_of(certificate)
    shown = bench.get(desk(draft, "/sign")).context["shown"]
    bench.post(desk(draft, "/sign"), {"shown": shown})

    page = bench.post(desk(draft, "/sign"), {"shown": shown})

    assert page.status_code == 409
    assert Certificate.objects.count() == 2


def test_a_correction_is_given_up_from_the_bench(bench, certificate):
    draft = correction_of(certificate)
    asked = text_of(bench, desk(draft, "/give-up"))

    page = bench.post(desk(draft, "/give-up"), follow=True)

    assert "What you changed here is gone then" in asked
    assert page.redirect_chain[-1][0] == desk(certificate.piece)
    assert "The certificate stands as it was signed." in page.content.decode()
    assert not Piece.objects.filter(revises__isnull=False).exists()


def test_a_draft_of_a_new_piece_cannot_be_given_up_so(bench, certificate):
    draft = make_draft(certificate.maker)

    assert bench.post(desk(draft, "/give-up")).status_code == 404


def test_the_tray_shows_one_row_for_a_piece_and_its_correction(bench, certificate):
    correction_of(certificate)

    everything, drafts = text_of(bench, "/workshop"), text_of(bench, "/workshop?show=drafts")

    assert everything.count("with Marlowe ring") == 1
    assert "A correction is begun." in drafts


def test_the_work_that_was_done_is_offered_as_the_reason(bench, certificate):
    certificate.piece.alterations.create(on=certificate.valid_from, reason="Resized.", steps=[])

    page = text_of(bench, desk(certificate.piece, "/correct"))
    before_signing = text_of(bench, desk(correction_of(certificate), "/sign"))

    assert ">\nResized.</textarea>" in page
    assert "<dt>Later work</dt>" in before_signing
    assert ": Resized." in before_signing


def test_a_correction_is_nobodys_to_read_before_it_is_signed(client, certificate):
    draft = correction_of(certificate, title="A secret name")
    photograph = draft.photographs.first()

    answers = [
        client.get(f"/p/{draft.public_id}").status_code,
        client.get(f"/p/{draft.public_id}/photos/{photograph.public_id}/480.webp").status_code,
        client.get(f"/api/v1/pieces/{draft.public_id}").status_code,
    ]

    assert answers == [404, 404, 404]
    assert "A secret name" not in text_of(client, f"/p/{certificate.piece.public_id}")
    assert "A secret name" not in text_of(client, f"/j/{certificate.maker.slug}")
    assert "A secret name" not in text_of(client, f"/api/v1/pieces/{certificate.piece.public_id}")


# -- what visitors read -------------------------------------------------------------------------


def test_the_code_leads_to_the_newer_certificate(client, certificate):
    address = code_address(certificate.piece)
    newer = corrected(certificate, title="Marlowe ring, resized")

    page = text_of(client, address)

    assert "This code names the ring." in page
    assert "Marlowe ring, resized" in page
    assert f"/c/{newer.public_id}" in page
    assert f"version 2: {REASON}" in page


def test_the_old_certificate_leads_to_the_newer_one_and_says_why(client, certificate):
    newer = corrected(certificate)

    page = text_of(client, f"/c/{certificate.public_id}")

    assert "There is a newer certificate." in page
    assert f"“{REASON}”" in page
    assert f'href="/c/{newer.public_id}"' in page


def test_the_newer_certificate_names_the_one_before(client, certificate):
    newer = corrected(certificate)

    page = text_of(client, f"/c/{newer.public_id}")

    assert "Certificate, version 2." in page
    assert f'href="/c/{certificate.public_id}"' in page
    assert f"“{REASON}”" in page


def test_a_withdrawn_certificate_that_was_followed_stays_withdrawn_and_leads_on(
    client, certificate
):
    revoke.revoke_certificate(
        certificate=certificate, reason="Wrong.", actor=Actor.MAKER, by=certificate.maker.user
    )
    newer = corrected(certificate)

    page = text_of(client, f"/c/{certificate.public_id}")

    assert "Certificate withdrawn." in page
    assert f'href="/c/{newer.public_id}"' in page


@pytest.mark.parametrize(
    ("act", "title", "more"),
    [
        (pause, "Paused.", WHY),
        (corrected, "There is a newer certificate.", REASON),
    ],
    ids=["paused", "superseded"],
)
def test_the_old_file_checked_again_says_so_and_why(client, certificate, act, title, more):
    signed = file_of(certificate).decode()
    act(certificate)

    page = client.post("/verify", {"text": signed}).content.decode()

    assert f"<h1>{title}</h1>" in page
    assert f"“{more}”" in page


# -- who may ------------------------------------------------------------------------------------

ADDRESSES = ["/pause", "/lift", "/correct", "/give-up"]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_another_maker_can_do_nothing_to_it(client, certificate, rest):
    draft = correction_of(certificate)
    client.force_login(make_mira("other").user)
    piece = draft if rest == "/give-up" else certificate.piece

    answer = client.post(desk(piece, rest), {"reason": WHY})

    assert answer.status_code == 404
    assert not Suspension.objects.exists()
    assert Piece.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("rest", ADDRESSES)
@pytest.mark.parametrize("who", ["otto", "sana", "nobody"])
def test_who_has_no_workshop_is_led_away(client, certificate, rest, who):
    if who != "nobody":
        client.force_login(make_otto() if who == "otto" else make_user("sana"))

    answer = client.post(desk(certificate.piece, rest), {"reason": WHY})

    assert answer.status_code == 302
    assert not Suspension.objects.exists()
    assert not Piece.objects.filter(revises__isnull=False).exists()


def test_a_keeper_and_a_stranger_have_no_way_to_the_staffs_desk(client, certificate):
    client.force_login(make_otto())

    answer = client.post(
        f"/staff/admin/provenance/certificate/{certificate.pk}/standing/", {"reason": WHY}
    )

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    assert not Suspension.objects.exists()
