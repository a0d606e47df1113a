"""What verifiers fetch: the platform's and the makers' identities, the words, the lists."""

import json

import pytest
from django.utils import timezone

from provenance.canonical import parse_object
from provenance.credentials import verify_proof
from provenance.models.certificate import Actor
from provenance.services import platform
from provenance.services.revoke import revoke_certificate
from provenance.standing import Inquiry, standing_of
from provenance.trust import read_did_document
from tests.factories import make_certificate, make_held_key, make_mira

pytestmark = pytest.mark.django_db


def test_the_platform_publishes_the_key_it_signs_with(client):
    answer = client.get("/.well-known/did.json")

    document = read_did_document(json.loads(answer.content))
    assert document.did == "did:web:touchmark.example"
    assert list(document.keys.values()) == [platform.signer().public_key]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.content)["@context"][0] == "https://www.w3.org/ns/did/v1"


def test_a_maker_without_a_key_has_an_identity_and_honestly_no_key(client):
    make_mira()

    document = json.loads(client.get("/j/tidewell-bench/did.json").content)

    assert document["id"] == "did:web:touchmark.example:j:tidewell-bench"
    assert document["alsoKnownAs"] == ["https://touchmark.example/j/tidewell-bench"]
    assert document["verificationMethod"] == []


def test_a_makers_document_lists_her_keys_and_is_signed_by_the_platform(client):
    signer = make_held_key(make_mira())

    document = json.loads(client.get("/j/tidewell-bench/did.json").content)

    assert document["assertionMethod"] == [signer.verification_method]
    verify_proof(document, document["proof"], public_key=platform.signer().public_key)


def test_the_platforms_document_is_signed_by_itself(client):
    document = json.loads(client.get("/.well-known/did.json").content)

    verify_proof(document, document["proof"], public_key=platform.signer().public_key)


def test_a_bundle_brings_the_makers_document_too(client):
    certificate = make_certificate()

    bundle = client.get(f"/c/{certificate.public_id}/bundle.json").json()

    assert [each["id"] for each in bundle["didDocuments"]] == [
        "did:web:touchmark.example",
        "did:web:touchmark.example:j:tidewell-bench",
    ]


def test_a_maker_nobody_knows_has_no_identity(client):
    assert client.get("/j/nobody/did.json").status_code == 404


def test_the_words_of_a_certificate_are_explained_and_never_change(client):
    answer = client.get("/contexts/jewelry/v1")

    assert "@context" in json.loads(answer.content)
    assert answer["Content-Type"] == "application/ld+json"
    assert "immutable" in answer["Cache-Control"]
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_every_list_a_certificate_names_is_served_signed_and_for_a_short_while(client):
    certificate = make_certificate()
    body = parse_object(bytes(certificate.body))

    for entry in body["credentialStatus"]:
        answer = client.get(entry["statusListCredential"].removeprefix("https://touchmark.example"))
        assert answer["Content-Type"] == "application/vc"
        assert answer["Cache-Control"] == "public, max-age=30"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert parse_object(answer.content)["proof"]


def test_a_withdrawal_stands_in_the_published_list_at_once(client):
    certificate = make_certificate()
    assert not is_revoked_in_list(client, certificate)

    revoke_certificate(
        certificate=certificate, reason="Lost mould.", actor=Actor.MAKER, by=certificate.maker.user
    )

    assert is_revoked_in_list(client, certificate)


def is_revoked_in_list(client, certificate) -> bool | None:
    """What somebody reads who fetches the list and believes the platform's key."""
    body = parse_object(bytes(certificate.body))
    url = body["credentialStatus"][0]["statusListCredential"]
    path = url.removeprefix("https://touchmark.example")
    inquiry = Inquiry(
        issuer=platform.did(),
        lists={url: client.get(path).content},
        trust=platform.own_trust(),
        now=timezone.now(),
        certified_by=None,
    )
    return standing_of(body, "revocation", inquiry).is_set


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999999", "x", "-1", "1" * 5000])
def test_a_list_that_does_not_exist_is_not_there(client, number):
    make_certificate()

    assert client.get(f"/status/{number}").status_code == 404
