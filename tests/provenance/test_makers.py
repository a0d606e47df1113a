"""A maker's public page: who they are, how well we know them, and never a draft."""

import pytest

from provenance.models.certificate import Actor
from provenance.models.maker import Maker
from provenance.services.revoke import revoke_certificate
from provenance.views import makers
from tests.factories import make_certificate, make_draft, make_mira, make_user

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
    assert "it holds no key of its own yet" in page


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


def test_a_long_list_comes_in_pages_at_the_same_cost(
    client, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(makers, "PER_PAGE", 2)
    mira = make_mira()
    for number in (1, 2, 3):
        make_certificate(mira, title=f"Ring {number}")

    with django_assert_num_queries(4):
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
