"""Refusals: whatever is sent, and wherever to, the answer is a page and never a breakdown."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from provenance.services import platform
from tags.codes import new_claim_code, new_code, show_claim_code
from tests.factories import PASSWORD, make_certificate, make_user

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "a form without a border": ("multipart/form-data; boundary=", b"abc"),
    "a form in another script": ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
    "ten thousand fields": ("application/x-www-form-urlencoded", b"a=1&" * 10_000),
    "five megabytes in one field": ("application/x-www-form-urlencoded", b"a=" + b"1" * 5_000_000),
}


@pytest.mark.parametrize("sent", UNREADABLE)
@pytest.mark.parametrize("address", ["/verify", "/p/%00", "/nothing/here", "/claim"])
def test_a_form_nobody_can_read_is_refused_with_a_sentence(address, sent):
    content_type, body = UNREADABLE[sent]
    # As a browser in the wild: the check against forged forms reads the form as well.
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")

    answer = client.post(address, body, content_type=content_type)

    assert answer.status_code in {400, 403, 404}
    assert "<h1>" in answer.content.decode()


def test_no_cache_keeps_a_refusal(client):
    answer = client.get("/m/0000000000000000000000")

    assert answer.status_code == 404
    assert answer["Cache-Control"] == "private, no-store"


def test_no_log_tells_the_code_or_the_link_of_an_address_that_was_refused(client, caplog):
    secrets = [show_claim_code(new_claim_code()), new_code(), "1-a2b3c4-0123456789abcdef"]

    client.get(f"/t/{secrets[0]}")
    client.get(f"/t/{secrets[1]}")
    client.get("/find", {"code": secrets[0]})
    client.post(f"/accounts/confirm-email/{secrets[2]}/")

    assert not any(secret in caplog.text for secret in secrets)


def test_a_breakdown_is_told_without_asking_anything_again(client, monkeypatch):
    monkeypatch.setattr("provenance.views.home.render", lambda *args: 1 / 0)
    client.raise_request_exception = False

    answer = client.get("/privacy")

    assert answer.status_code == 500
    assert "Something broke on our side." in answer.content.decode()


def test_passwords_of_the_staff_are_not_guessed_at_a_door_of_their_own(client):
    staff = make_user("staff")
    staff.is_staff = staff.is_superuser = True
    staff.save(update_fields=["is_staff", "is_superuser"])

    answer = client.post("/staff/admin/login/", {"username": staff.email, "password": PASSWORD})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert client.get("/staff/admin/").status_code == 302


def test_a_page_whose_key_cannot_be_opened_is_not_there_just_now_and_says_no_more(
    client, settings, tmp_path, caplog
):
    certificate = make_certificate()
    lists = platform.list_url(platform.list_number(certificate.status_batch, "suspension"))
    settings.PLATFORM_KEY_PATH = tmp_path / "nowhere" / "platform.pem"

    answers = [client.get(f"/p/{certificate.piece.public_id}"), client.get(urlsplit(lists).path)]

    for answer in answers:
        assert answer.status_code == 503
        assert "We cannot answer this just now." in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
    assert "a page needs a key that cannot be opened" in caplog.text
    assert "Traceback" not in caplog.text


def test_who_reads_german_is_told_in_german_that_it_is_not_there_just_now(
    client, settings, tmp_path
):
    piece = make_certificate().piece
    settings.PLATFORM_KEY_PATH = tmp_path / "nowhere" / "platform.pem"

    answer = client.get(f"/p/{piece.public_id}", headers={"accept-language": "de"})

    assert answer.status_code == 503
    assert '<html lang="de">' in answer.content.decode()
    assert "We cannot answer" not in answer.content.decode()
