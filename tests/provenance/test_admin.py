"""The staff's desk: everything is shown, one thing is decided, nothing signed is edited."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Permission, User

from provenance.models.log import Event
from provenance.models.maker import IdentityDecision
from tests.doors import App, at_the_door, enter_by_password, enter_with_app
from tests.factories import PASSWORD, make_certificate, make_mira, make_staff

pytestmark = pytest.mark.django_db

SHOWN = [
    "provenance/maker",
    "provenance/piece",
    "provenance/photograph",
    "provenance/certificate",
    "provenance/certificateproof",
    "provenance/certificatefile",
    "provenance/statusbatch",
    "provenance/custody",
    "provenance/signingkey",
    "provenance/claimcode",
    "provenance/apitoken",
    "provenance/event",
    "provenance/domainproof",
    "provenance/authorisation",
    "tags/tag",
]


@pytest.fixture
def client(client):
    return at_the_door(client)


@pytest.fixture
def staff(client):
    enter_with_app(client, make_staff())
    return client


@pytest.fixture
def reader(client):
    """Staff who may look, and no more."""
    user = User.objects.create_user("reader", "reader@touchmark.example", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    enter_with_app(client, user)
    return client


@pytest.mark.parametrize("kind", SHOWN)
def test_staff_read_everything_and_add_nothing(staff, kind):
    make_certificate()

    assert staff.get(f"/staff/admin/{kind}/").status_code == 200
    assert staff.get(f"/staff/admin/{kind}/add/").status_code == 403


def test_a_signed_certificate_is_shown_and_neither_changed_nor_deleted(staff):
    certificate = make_certificate()
    address = f"/staff/admin/provenance/certificate/{certificate.pk}"

    assert staff.get(f"{address}/change/").status_code == 200
    assert staff.post(f"{address}/change/", {"version": "9"}).status_code == 403
    assert staff.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_staff_raise_an_identity_level_with_a_reason(staff):
    maker = make_mira()

    staff.post(
        f"/staff/admin/provenance/maker/{maker.pk}/identity/",
        {"level": "I2", "reason": "Mark TWB compared with the register of the London office."},
    )

    maker.refresh_from_db()
    decision = IdentityDecision.objects.get()
    assert maker.identity_level == decision.level == "I2"
    assert decision.by.username == "staff"
    assert Event.objects.filter(kind="maker.identified").count() == 1


def test_an_identity_level_without_a_reason_is_not_set(staff):
    maker = make_mira()

    page = staff.post(
        f"/staff/admin/provenance/maker/{maker.pk}/identity/", {"level": "I2", "reason": ""}
    )

    maker.refresh_from_db()
    assert page.status_code == 400
    assert maker.identity_level == "I0"


def test_the_way_to_the_decision_stands_on_the_makers_page(staff):
    maker = make_mira()

    page = staff.get(f"/staff/admin/provenance/maker/{maker.pk}/change/")

    assert f"/staff/admin/provenance/maker/{maker.pk}/identity/" in page.content.decode()


def test_staff_who_may_only_look_decide_nothing(reader):
    maker = make_mira()

    page = reader.post(
        f"/staff/admin/provenance/maker/{maker.pk}/identity/", {"level": "I3", "reason": "friend"}
    )

    maker.refresh_from_db()
    assert page.status_code == 403
    assert maker.identity_level == "I0"


def test_mira_is_no_staff(client):
    maker = make_mira()
    client.force_login(maker.user)

    page = client.post(
        f"/staff/admin/provenance/maker/{maker.pk}/identity/", {"level": "I3", "reason": "me"}
    )

    maker.refresh_from_db()
    assert page.status_code == 302
    assert maker.identity_level == "I0"


def test_staff_sign_in_with_their_e_mail_and_a_code(client):
    user = make_staff()
    app = App(user)
    door = client.get("/staff/admin/login/?next=/staff/admin/")["Location"]

    client.post(door, {"login": "staff@touchmark.example", "password": PASSWORD})
    answer = client.post("/accounts/2fa/authenticate/", {"code": app.code()})

    assert answer["Location"] == "/staff/admin/"
    assert client.get("/staff/admin/").status_code == 200


@pytest.mark.parametrize("address", ["/staff/admin/", "/staff/admin/provenance/maker/", "/staff/x"])
def test_on_a_password_alone_no_staff_page_opens(client, address):
    enter_by_password(client, make_staff())

    page = client.get(address, follow=True)

    assert page.redirect_chain == [("/accounts/2fa/", 302)]
    assert "The staff desk opens with a passkey" in page.content.decode()


def test_a_factor_added_just_now_has_to_be_used_before_the_desk_opens(client):
    user = make_staff()
    enter_by_password(client, user)
    app = App(user)
    door = client.get("/staff/admin/")

    proved = client.post("/accounts/2fa/reauthenticate/?next=/staff/admin/", {"code": app.code()})

    assert door["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fstaff%2Fadmin%2F"
    assert proved["Location"] == "/staff/admin/"
    assert client.get("/staff/admin/").status_code == 200


def test_a_recovery_code_does_not_open_the_desk(client):
    user = make_staff()
    App(user)
    codes = RecoveryCodes.activate(user).generate_codes()
    enter_by_password(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    page = client.get("/staff/admin/")

    assert page["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_passkey_taken_away_closes_the_desk_at_once(client, staff):
    Authenticator.objects.all().delete()

    page = staff.get("/staff/admin/")

    assert page["Location"] == "/accounts/2fa/"


def test_an_identity_is_decided_only_by_who_showed_ten_minutes_ago_that_it_is_them(client):
    maker = make_mira()
    address = f"/staff/admin/provenance/maker/{maker.pk}/identity/"
    with time_machine.travel(datetime(2026, 11, 12, 9, 0, tzinfo=UTC), tick=False) as clock:
        enter_with_app(client, make_staff())
        clock.shift(timedelta(minutes=11))

        shown = client.get(address)
        sent = client.post(address, {"level": "I2", "reason": "Mark TWB, London register."})

    maker.refresh_from_db()
    assert shown["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert sent.status_code == 403
    assert "Mark TWB, London register." in sent.content.decode()
    assert maker.identity_level == "I0"


def test_a_site_below_a_folder_keeps_the_door_shut_too(client):
    enter_by_password(client, make_staff())

    page = client.get("/staff/admin/", SCRIPT_NAME="/touchmark")

    assert page["Location"].endswith("/accounts/2fa/")
