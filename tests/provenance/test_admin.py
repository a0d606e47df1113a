"""The staff's desk: everything is shown, one thing is decided, nothing signed is edited."""

import pytest
from django.contrib.auth.models import Permission, User

from provenance.models.log import Event
from provenance.models.maker import IdentityDecision
from tests.factories import PASSWORD, make_certificate, make_mira

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
    "provenance/claimcode",
    "provenance/apitoken",
    "provenance/event",
    "tags/tag",
]


@pytest.fixture
def staff(client):
    user = User.objects.create_superuser("staff", "staff@touchmark.example", PASSWORD)
    client.force_login(user)
    return client


@pytest.fixture
def reader(client):
    """Staff who may look, and no more."""
    user = User.objects.create_user("reader", "reader@touchmark.example", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
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


def test_staff_sign_in_with_their_e_mail(client):
    User.objects.create_superuser("staff", "staff@touchmark.example", PASSWORD)

    door = client.get("/staff/admin/login/?next=/staff/admin/")["Location"]
    answer = client.post(door, {"login": "staff@touchmark.example", "password": PASSWORD})

    assert answer["Location"] == "/staff/admin/"
    assert client.get("/staff/admin/").status_code == 200
