"""The pages a scan opens are light: they travel packed to whoever can unpack."""

import gzip

import pytest

from tests.factories import make_certificate

pytestmark = pytest.mark.django_db
LIGHT = 8_000


@pytest.fixture
def tag():
    return make_certificate().piece.tags.get()


def test_a_scan_travels_packed_and_says_the_same(client, tag):
    plain = client.get(f"/t/{tag.code}")

    packed = client.get(f"/t/{tag.code}", headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < LIGHT


def test_who_cannot_unpack_gets_it_plain(client, tag):
    page = client.get(f"/p/{tag.piece.public_id}", headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in page
    assert "Accept-Encoding" in page["Vary"]
