"""A maker's public page: who they are, how well we know them, and never a draft."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.models.certificate import Actor
from provenance.models.keys import SigningKey
from provenance.models.maker import Maker
from provenance.services.key_life import report_maker_compromise
from provenance.services.maker_keys import retire_key
from provenance.services.revoke import revoke_certificate
from provenance.services.suspend import suspend_certificate
from provenance.views import makers
from tests.factories import (
    make_certificate,
    make_draft,
    make_held_certificate,
    make_held_key,
    make_mira,
    make_own_key,
    make_user,
)

pytestmark = pytest.mark.django_db


def open_page(client, query: str = "") -> str:
    answer = client.get(f"/j/tidewell-bench{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_names_the_maker_and_what_we_know_of_them(client):
    make_mira()

    page = open_page(client)

    assert "<h1>Tidewell Bench</h1>" in page
    assert "Mira Tidewell, Bristol" in page
    assert "E-mail confirmed: level I0" in page
    assert "We have not checked who they are." in page


def test_a_checked_mark_and_a_checked_register_are_told_apart(client):
    make_mira()
    Maker.objects.update(identity_level="I2")
    assert "Mark checked by us: level I2" in open_page(client)

    Maker.objects.update(sponsors_mark="")

    assert "Register checked by us: level I2" in open_page(client)


def test_certified_pieces_hang_there_and_drafts_never(client):
    mira = make_mira()
    make_certificate(mira)
    make_draft(mira, title="A secret brooch")

    for user in (None, make_user("sana"), mira.user):
        if user:
            client.force_login(user)
        page = open_page(client)
        assert "Marlowe ring" in page
        assert "A secret brooch" not in page


def test_a_withdrawn_certificate_is_told_on_the_piece(client):
    certificate = make_certificate()

    revoke_certificate(
        certificate=certificate, reason="Sold twice.", actor=Actor.MAKER, by=certificate.maker.user
    )

    assert "Certificate withdrawn" in open_page(client)


def test_what_stands_against_a_certificate_is_told_on_its_piece_alone(client, settings, tmp_path):
    settings.MAKER_KEYS_DIR = tmp_path
    mira = make_mira()
    make_certificate(mira, title="Good ring")
    paused = make_certificate(mira, title="Paused ring")
    suspend_certificate(certificate=paused, reason="Wait.", actor=Actor.STAFF, by=mira.user)
    make_held_certificate(mira, make_held_key(mira), title="Stolen ring")
    key, moment = SigningKey.objects.get(maker=mira), timezone.now() - timedelta(hours=1)
    report_maker_compromise(key=key, at=moment, reason="The laptop.", by=mira.user)

    shown = {
        name: piece
        for piece in open_page(client).split("<li>")
        for name in re.findall(r'class="name">(\w+) ring', piece)
    }

    assert "Paused." in shown["Paused"]
    assert "The maker’s signature cannot be relied on." in shown["Stolen"]
    assert 'class="state' not in shown["Good"]


def test_the_page_says_who_signs_for_the_workshop_now(client, settings, tmp_path):
    settings.MAKER_KEYS_DIR = tmp_path
    mira = make_mira()
    assert "signed by this site alone, for the workshop" in open_page(client)

    make_held_key(mira)
    assert "lies here, encrypted under its passphrase" in open_page(client)

    retire_key(maker=mira, by=mira.user)
    assert "signed by this site alone, for the workshop" in open_page(client)

    make_own_key(mira)
    assert "a key of its own that this site never had" in open_page(client)


def test_a_long_list_comes_in_pages_at_the_same_cost(
    client, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(makers, "PER_PAGE", 2)
    mira = make_mira()
    for number in (1, 2, 3):
        make_certificate(mira, title=f"Ring {number}")

    open_page(client)

    with django_assert_num_queries(6):
        first = open_page(client)
    second = open_page(client, "?page=2")

    assert "Ring 3" in first
    assert "Ring 1" not in first
    assert "Ring 1" in second


@pytest.mark.parametrize("query", ["?page=x", "?page=-1", "?page=99999999999999999999"])
def test_a_page_number_that_is_none_shows_a_page_all_the_same(client, query):
    make_certificate()

    assert "Marlowe ring" in open_page(client, query)


def test_a_maker_nobody_knows_is_not_there(client):
    assert client.get("/j/nobody").status_code == 404
