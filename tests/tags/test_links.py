"""The address on the metal: capitals, one form, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tags import links
from tags.errors import MalformedLinkError


@pytest.mark.parametrize(
    ("site_url", "printed"),
    [
        ("https://touchmark.example", "HTTPS://TOUCHMARK.EXAMPLE/T/K7QM2XRA9FT88"),
        ("https://touchmark.example/", "HTTPS://TOUCHMARK.EXAMPLE/T/K7QM2XRA9FT88"),
        ("http://127.0.0.1:8000", "HTTP://127.0.0.1:8000/T/K7QM2XRA9FT88"),
    ],
)
def test_the_whole_address_is_in_capitals(site_url, printed):
    assert links.code_url(site_url, "K7QM2XRA9FT88") == printed


@pytest.mark.parametrize(
    "site_url",
    [
        "",
        "touchmark.example",
        "ftp://touchmark.example",
        "https://touchmark.example/shop",
        "https://touchmark.example?x=1",
        "https://mira@touchmark.example",
        "https://stra\u00dfe.example",
        "https://touchmark.example\n",
        "//touchmark.example",
    ],
)
def test_an_address_that_would_not_survive_capitals_is_refused(site_url):
    with pytest.raises(MalformedLinkError) as refusal:
        links.code_url(site_url, "K7QM2XRA9FT88")

    assert refusal.value.code == "malformed_link"


def test_people_are_told_the_address_without_its_scheme():
    assert links.short_address("https://Touchmark.example/") == "touchmark.example"
    assert links.short_address("http://127.0.0.1:8000") == "127.0.0.1:8000"


@given(st.text())
def test_no_text_breaks_the_address(text):
    try:
        assert links.code_url(text, "0" * 13).endswith("/T/0000000000000")
    except MalformedLinkError:
        return
