"""The first page and the two that explain: open to everyone, the same for everyone."""

import pytest
from django.urls import reverse

from config.demo.pieces import MARLOWE
from provenance.making import derive_subject
from provenance.steps import stated_step
from tests.factories import make_user

PAGES = ["provenance:home", "provenance:privacy", "provenance:what_a_check_proves"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PAGES)
def test_it_is_open_without_an_account_or_a_cookie(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("name", PAGES)
def test_it_says_the_same_to_who_is_signed_in(client, name):
    stranger = client.get(reverse(name)).content

    client.force_login(make_user("sana"))

    assert client.get(reverse(name)).content == stranger


@pytest.mark.parametrize("name", PAGES)
def test_it_promises_nothing_about_the_jewel_itself(client, name):
    text = client.get(reverse(name)).content.decode().lower()

    for word in ("genuine", "authentic", "fake", "counterfeit"):
        assert word not in text


def test_the_label_on_the_first_page_is_the_one_that_ring_really_carries(client):
    steps = [stated_step(step, recorded=None) for step in MARLOWE.steps if step.is_done]

    page = client.get("/").content.decode()

    # Its pictures are drawn by code, so nothing done by hand is shown, and nothing of it is said.
    assert derive_subject({"making": {"steps": steps}}).label in page
