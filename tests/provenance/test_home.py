"""The first page and the two that explain: open to everyone, the same for everyone."""

import pytest
from django.urls import reverse

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
