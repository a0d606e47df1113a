"""How sure we are who holds a session: when they proved it last, and by what."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.internal.flows.login import clear_authentication_records
from django.contrib.auth.models import User
from django.test import RequestFactory

from provenance.assurance import WORKING_DAY, step_up_first, stepped_up
from tests.doors import Passkey, at_the_door, enter_by_password, enter_with_app
from tests.factories import PASSWORD, make_mira

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def client(client):
    return at_the_door(client)


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def request_of(client, user, path="/workshop"):
    request = RequestFactory().get(path)
    request.session, request.user = client.session, user
    return request


def test_a_sign_in_counts_for_ten_minutes(client, clock):
    mira = make_mira().user
    enter_by_password(client, mira)

    clock.shift(timedelta(minutes=9))
    assert stepped_up(request_of(client, mira))

    clock.shift(timedelta(minutes=2))
    assert not stepped_up(request_of(client, mira))


def test_the_same_sign_in_counts_for_a_makers_own_issue_all_day(client, clock):
    mira = make_mira().user
    enter_by_password(client, mira)

    clock.shift(timedelta(hours=11))
    assert stepped_up(request_of(client, mira), within=WORKING_DAY)

    clock.shift(timedelta(hours=2))
    assert not stepped_up(request_of(client, mira), within=WORKING_DAY)


def test_who_just_made_an_account_is_not_asked_who_they_are(client, clock):
    chosen = {"email": "rhea@bench.example", "password1": PASSWORD}
    client.post("/accounts/signup/", chosen)
    rhea = User.objects.get(email="rhea@bench.example")

    assert stepped_up(request_of(client, rhea), within=WORKING_DAY)

    clock.shift(timedelta(hours=13))
    assert not stepped_up(request_of(client, rhea), within=WORKING_DAY)


def test_proving_it_again_begins_the_ten_minutes_anew(client, clock):
    mira = make_mira().user
    enter_by_password(client, mira)
    clock.shift(timedelta(minutes=30))

    client.post("/accounts/reauthenticate/", {"password": "a long and quiet password"})

    assert stepped_up(request_of(client, mira))


def test_a_password_is_not_enough_for_who_has_a_passkey(client):
    mira = make_mira().user
    enter_by_password(client, mira)

    Passkey().belongs_to(mira)

    assert not stepped_up(request_of(client, mira))


def test_a_session_nobody_signed_in_to_proves_nothing(client):
    mira = make_mira().user
    client.force_login(mira)
    request = request_of(client, mira)
    clear_authentication_records(request)

    assert not stepped_up(request)


def test_a_record_of_another_account_proves_nothing(client):
    enter_with_app(client, make_mira().user)

    other = make_mira("rhea").user

    assert not stepped_up(request_of(client, other))


def test_one_is_led_to_the_best_means_and_back(client):
    mira = make_mira().user
    Passkey().belongs_to(mira)

    answer = step_up_first(request_of(client, mira, "/workshop/x/sign?again=1"))

    assert answer["Location"] == (
        "/accounts/2fa/webauthn/reauthenticate/?next=%2Fworkshop%2Fx%2Fsign%3Fagain%3D1"
    )


def test_who_has_no_password_yet_sets_one_first(client):
    mira = make_mira().user
    mira.set_unusable_password()
    mira.save()

    answer = step_up_first(request_of(client, mira))

    assert answer["Location"].startswith("/accounts/password/set/")
