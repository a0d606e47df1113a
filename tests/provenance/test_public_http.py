"""How public files travel: checked again cheaply, open to every site, in the form asked for."""

import gzip
import hashlib
import json

import pytest

from provenance.canonical import parse_object
from provenance.models.certificate import Actor, Certificate
from provenance.services import platform
from provenance.services.revoke import revoke_certificate
from tests.factories import make_certificate

pytestmark = pytest.mark.django_db

FILES = {
    "certificate": "/c/{id}.json",
    "body": "/c/{id}/body.json",
    "bundle": "/c/{id}/bundle.json",
    "platform": "/.well-known/did.json",
    "maker": "/j/tidewell-bench/did.json",
    "context": "/contexts/jewelry/v1",
    "status": "/status/{list}",
    "policy": "/policies/strict-2026-11.json",
}
NOBODYS = "nobodyknowsthisnumber0"
# What the browsers of today ask for when somebody opens an address.
BROWSERS = {
    "chromium": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "firefox": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "anything": "*/*",
}


@pytest.fixture
def certificate() -> Certificate:
    return make_certificate()


def address(path: str, certificate: Certificate) -> str:
    revocations = platform.list_number(certificate.status_batch, "revocation")
    return path.format(id=certificate.public_id, list=revocations)


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_a_public_file_is_sent_again_only_when_it_changed(client, certificate, path):
    url = address(path, certificate)
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert first["ETag"].startswith('"')  # strong: the same bytes, to the last one
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert client.get(url, headers={"If-None-Match": '"another"'}).content == first.content


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_every_site_may_read_a_public_file_and_is_told_so_beforehand(client, certificate, path):
    url = address(path, certificate)

    asked = client.options(url, headers={"Origin": "https://stranger.example"})

    assert asked.status_code == 204
    for answer in (asked, client.get(url)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_head_tells_the_same_and_sends_nothing(client, certificate, path):
    url = address(path, certificate)

    whole, head = client.get(url), client.head(url)

    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Vary"):
        assert head[name] == whole[name]


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_nothing_can_be_written_to_a_public_file(client, certificate, path):
    answer = client.post(address(path, certificate), {})

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "url",
    [
        f"/c/{NOBODYS}",
        f"/c/{NOBODYS}.json",
        f"/c/{NOBODYS}.pdf",
        f"/c/{NOBODYS}/body.json",
        f"/c/{NOBODYS}/bundle.json",
        "/j/nobody/did.json",
        "/status/4000",
        "/policies/strict-1066-10.json",
    ],
)
def test_a_program_on_another_site_reads_that_a_file_is_not_there(client, url):
    answer = client.get(url, headers={"Origin": "https://stranger.example"})

    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "private, no-store"
    assert "There is nothing at this address." in answer.content.decode()


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_a_packed_file_is_the_same_file_under_a_name_of_its_own(client, certificate, path):
    url = address(path, certificate)
    plain = client.get(url)

    packed = client.get(url, headers={"Accept-Encoding": "br, gzip"})

    assert "Accept-Encoding" in plain["Vary"]
    assert "Content-Encoding" not in plain
    if len(plain.content) < 1024:
        assert packed.content == plain.content
        return
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    asked = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get(url, headers=asked).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("GZIP;q=0.2, br", True),
        ("*", True),
        ("", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("identity, *;q=0", False),
        ("gzip;q=0, *", False),
        (";;,=,q", False),
    ],
)
def test_only_who_takes_gzip_gets_it(client, certificate, accepted, is_packed):
    url = address(FILES["bundle"], certificate)

    answer = client.get(url, headers={"Accept-Encoding": accepted})

    assert ("Content-Encoding" in answer) is is_packed


@pytest.mark.parametrize("name", ["certificate", "bundle", "platform", "maker", "status"])
def test_what_may_change_lives_in_caches_for_half_a_minute(client, certificate, name):
    answer = client.get(address(FILES[name], certificate))

    assert answer["Cache-Control"] == "public, max-age=30"


@pytest.mark.parametrize("name", ["body", "context"])
def test_what_never_changes_may_be_kept_for_ever(client, certificate, name):
    answer = client.get(address(FILES[name], certificate))

    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["bundle", "status"])
def test_a_withdrawal_gives_the_file_another_tag_at_once(client, certificate, name):
    url = address(FILES[name], certificate)
    before = client.get(url)

    revoke_certificate(
        certificate=certificate, reason="Lost mould.", actor=Actor.MAKER, by=certificate.maker.user
    )

    after = client.get(url, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


def test_a_certificate_signed_again_is_served_at_once_and_its_body_stays(client, certificate):
    file, body = (client.get(address(FILES[name], certificate)) for name in ("certificate", "body"))
    stored = certificate.files.get()
    proofs = parse_object(bytes(stored.content)) | {"proof": []}
    certificate.files.create(**_another(stored, json.dumps(proofs).encode()))

    again = client.get(file.request["PATH_INFO"], headers={"If-None-Match": file["ETag"]})

    assert again.status_code == 200
    assert again.content != file.content
    same = client.get(body.request["PATH_INFO"], headers={"If-None-Match": body["ETag"]})
    assert same.status_code == 304


def _another(file, content: bytes) -> dict[str, object]:
    kept = {
        field.name: getattr(file, field.name)
        for field in file._meta.concrete_fields
        if not field.primary_key and field.name not in ("certificate", "content")
    }
    return kept | {"content": content}


# -- one address, several forms -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["application/vc", "application/ld+json", "application/json"])
def test_a_program_that_names_a_kind_gets_the_signed_bytes(client, certificate, kind):
    answer = client.get(f"/c/{certificate.public_id}", headers={"Accept": kind})

    assert answer.content == bytes(certificate.files.get().content)
    assert answer["Content-Type"] == kind
    assert answer["Content-Location"] == f"/c/{certificate.public_id}.json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("accepted", BROWSERS.values(), ids=BROWSERS)
def test_a_browser_gets_the_page(client, certificate, accepted):
    answer = client.get(f"/c/{certificate.public_id}", headers={"Accept": accepted})

    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("accepted", "kind"),
    [
        ("application/json;q=0.4, text/html;q=0.5", "text/html"),
        ("application/json;q=0.5, text/html;q=0.4", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("*/*, application/json", "application/json"),
        ("application/json, application/vc", "application/json"),
        ("text/html;q=0, */*", "application/vc"),
        ("text/html;q=0, application/vc;q=0, application/*", "application/ld+json"),
        ("text/*;q=0.9, application/pdf;q=0.1", "text/html"),
        ("*/*;q=0.1, text/*;q=0.2, text/html;q=0.05", "application/vc"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json;Q=1", "application/json"),
        (
            'application/ld+json;profile="https://www.w3.org/ns/credentials/v2"',
            "application/ld+json",
        ),
        ("application/json;charset=latin-1;q=0, application/json", "application/json"),
        ("application/json;q=2, text/html;q=0.9", "application/json"),
        ("application/vc;q=0.9, application/ld+json", "application/ld+json"),
        ("text/html;q=0, application/vc", "application/vc"),
        ("application/vc;q=0, */*;q=0.1", "text/html"),
        ("application/*", "application/vc"),
        ("", "text/html"),
        ("nonsense;;q=,/", "text/html"),
    ],
)
def test_the_form_that_is_liked_best_is_sent(client, certificate, accepted, kind):
    answer = client.get(f"/c/{certificate.public_id}", headers={"Accept": accepted})

    assert answer.status_code == 200
    assert answer["Content-Type"].partition(";")[0] == kind


@pytest.mark.parametrize(
    "accepted", ["image/png", "text/html;q=0", "*/*;q=0", "application/pdf;q=0, image/*"]
)
def test_who_takes_nothing_that_there_is_is_told_what_there_is(client, certificate, accepted):
    url = f"/c/{certificate.public_id}"

    answer = client.get(url, headers={"Accept": accepted})

    assert answer.status_code == 406
    assert answer.content.decode().split() == [
        "text/html",
        "application/vc",
        "application/ld+json",
        "application/json",
        "application/pdf",
    ]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer["Vary"].split(", ")
    assert f'<{url}.json>; rel="alternate"' in answer["Link"]


@pytest.mark.parametrize("accepted", ["text/html", "application/vc"])
def test_either_form_names_the_other_and_says_that_it_was_chosen(client, certificate, accepted):
    url = f"/c/{certificate.public_id}"

    answer = client.get(url, headers={"Accept": accepted})

    assert "Accept" in answer["Vary"].replace(" ", "").split(",")
    assert f'<{url}.json>; rel="alternate"; type="application/vc"' in answer["Link"]
    assert f'<{url}>; rel="alternate"; type="text/html"' in answer["Link"]
    assert f'<{url}.pdf>; rel="alternate"; type="application/pdf"' in answer["Link"]
    assert f'<{url}/bundle.json>; rel="related"; type="application/json"' in answer["Link"]


def test_each_kind_has_a_tag_of_its_own(client, certificate):
    url = f"/c/{certificate.public_id}"
    tags = {
        client.get(url, headers={"Accept": kind})["ETag"]
        for kind in ("application/vc", "application/ld+json", "application/json")
    }

    assert len(tags) == 3


@pytest.mark.parametrize("accepted", ["text/html", "application/vc"])
def test_who_asks_for_a_certificate_that_is_not_there_is_told(client, accepted):
    answer = client.get(f"/c/{NOBODYS}", headers={"Accept": accepted})

    assert answer.status_code == 404


def test_the_bundle_is_as_old_as_its_lists_and_the_same_until_they_change(client, certificate):
    url = address(FILES["bundle"], certificate)

    first, second = client.get(url), client.get(url)

    assert hashlib.sha256(first.content).digest() == hashlib.sha256(second.content).digest()
    told = parse_object(first.content)
    assert told["asOf"] == max(each["validFrom"] for each in told["statusLists"])
