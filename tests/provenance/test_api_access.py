"""Tokens: who a program speaks for, and how often it may try."""

import hashlib

import pytest
from rest_framework.throttling import SimpleRateThrottle

from provenance.models.log import Event
from provenance.models.maker import ApiToken
from provenance.services import access
from tests.factories import make_certificate, make_mira
from tests.provenance.programs import RING, Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def rates(monkeypatch):
    """Rates small enough to be spent in a test."""
    few = {**SimpleRateThrottle.THROTTLE_RATES}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", few)
    return few


def test_a_token_is_kept_only_as_its_hash():
    mira = make_mira()

    text = access.make_token(maker=mira, label="bench", by=mira.user)

    kept = ApiToken.objects.get()
    assert bytes(kept.token_hash) == hashlib.sha256(text.encode()).digest()
    assert access.maker_of_token(text) == mira
    statements = b"".join(bytes(event.statement) for event in Event.objects.all())
    assert text.encode() not in statements
    assert Event.objects.filter(kind="token.made").exists()


def test_a_withdrawn_token_opens_nothing_and_is_withdrawn_once():
    mira = make_mira()
    text = access.make_token(maker=mira, label="bench", by=mira.user)
    token = ApiToken.objects.get()

    access.revoke_token(token=token, by=mira.user)
    access.revoke_token(token=token, by=mira.user)

    assert access.maker_of_token(text) is None
    assert Event.objects.filter(kind="token.revoked").count() == 1


def test_the_token_of_a_closed_account_opens_nothing():
    mira = make_mira()
    text = access.make_token(maker=mira, label="bench", by=mira.user)
    mira.user.is_active = False
    mira.user.save(update_fields=["is_active"])

    assert access.maker_of_token(text) is None


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer tm_", "Bearer tm_" + "a" * 43, "bearer \x00", "Bearer tm_é"],
)
def test_a_token_of_nobody_is_refused_with_a_challenge(header):
    sana = Program()
    sana.headers["Authorization"] = header

    refused = sana.get("pieces/none")

    assert (refused.status_code, refused.json()["code"]) == (401, "token_unknown")
    assert refused["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "path",
    [
        "pieces",
        "pieces/none/photographs",
        "pieces/none/revision",
        "certificates",
        "certificates/none/revocation",
        "certificates/none/suspension",
        "certificates/none/reinstatement",
    ],
)
def test_nothing_is_changed_without_a_token(path):
    refused = Program().post(path, RING)

    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_browser_is_no_program(client):
    mira = make_mira()
    client.force_login(mira.user)

    refused = client.post("/api/v1/pieces", RING, content_type="application/json")

    assert refused.status_code == 401


def test_who_tries_too_often_is_told_when_to_come_back(rates):
    rates["read"] = "2/min"
    sana, path = Program(), f"certificates/{make_certificate().public_id}"

    statuses = [sana.get(path).status_code for _ in range(3)]
    refused = sana.get(path)

    assert statuses == [200, 200, 429]
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_a_maker_has_one_budget_for_all_its_tokens_and_strangers_do_not_spend_it(rates):
    rates["read"] = "2/min"
    certificate = make_certificate()
    path = f"certificates/{certificate.public_id}"
    first, second, sana = Program(certificate.maker), Program(certificate.maker), Program()

    statuses = [program.get(path).status_code for program in (sana, sana, first, second, first)]

    assert statuses == [200, 200, 200, 200, 429]


def test_guessing_tokens_ends_before_a_right_one_would_be_told(rates):
    rates["token_miss"] = "3/min"
    mira = Program(make_mira())
    right = mira.headers["Authorization"]
    mira.headers["Authorization"] = "Bearer tm_" + "a" * 43
    misses = [mira.get("pieces/none").status_code for _ in range(4)]
    mira.headers["Authorization"] = right

    answer = mira.get("pieces/none")

    assert misses == [401, 401, 401, 429]
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert "Retry-After" in answer
