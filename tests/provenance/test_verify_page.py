"""Checking what somebody brings: every question answered, every bad file named, nothing kept."""

import json
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from provenance import keys
from provenance.canonical import canonical_bytes
from provenance.credentials import attach_proofs, create_proof, read_time
from provenance.keys import MemorySigner
from provenance.models.certificate import Actor, Certificate
from provenance.models.log import Event
from provenance.services.revoke import revoke_certificate
from tests.factories import make_certificate, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def text_of(certificate: Certificate) -> str:
    return bytes(certificate.files.get().content).decode()


def file_of(content: bytes, name: str = "certificate.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/json")


def paste(client: Client, text: str, **more: str):
    return client.post("/verify", {"text": text, **more})


def checks_in(page: str) -> list[str]:
    """The eleven outcomes in their order."""
    return [each.partition('"')[0] for each in page.split('class="outcome ')[1:]]


def test_the_form_asks_for_a_file_a_text_or_a_code_and_names_the_eleven_questions(client):
    page = client.get("/verify").content.decode()

    assert "Check a certificate" in page
    assert 'type="file"' in page
    assert "Code on the card" in page
    assert [int(each) for each in re.findall(r'class="number">(\d+)', page)] == [*range(1, 12)]


def test_a_pasted_certificate_of_ours_is_current_and_leads_to_its_record(client):
    certificate = make_certificate()

    answer = paste(client, text_of(certificate))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "You opened the record." in page
    assert checks_in(page).count("passed") == 7
    assert "failed" not in checks_in(page)
    assert "The file was sent to us." in page
    assert f"/p/{certificate.piece.public_id}" in page


def test_an_uploaded_bundle_is_checked_against_the_lists_of_today(client):
    certificate = make_certificate()
    bundle = client.get(f"/c/{certificate.public_id}/bundle.json").content
    revoke_certificate(
        certificate=certificate, reason="Lost mould.", actor=Actor.MAKER, by=certificate.maker.user
    )

    answer = client.post("/verify", {"file": file_of(bundle)})

    page = answer.content.decode()
    assert "Certificate withdrawn." in page
    assert "By its maker," in page
    assert checks_in(page)[6] == "failed"


def test_one_changed_letter_fails_and_every_other_question_is_still_answered(client):
    text = text_of(make_certificate()).replace("Marlowe ring", "Marlowe king")

    page = paste(client, text).content.decode()

    assert "This certificate does not hold." in page
    assert len(checks_in(page)) == 11
    assert checks_in(page)[3] == "failed"
    assert checks_in(page)[0] == "passed"


def test_a_certificate_of_another_issuer_stays_unconfirmed_until_its_key_is_believed(client):
    text, fingerprint = a_strangers_certificate()

    unsure = paste(client, text).content.decode()
    believed = paste(client, text, fingerprint=fingerprint).content.decode()

    assert checks_in(unsure)[2] == "not-checked"
    assert "Who signed this is not known." in unsure
    assert "Signature good" not in unsure
    assert checks_in(believed)[2] == "passed"


def a_strangers_certificate() -> tuple[str, str]:
    """One of ours, rewritten and signed whole by a site we do not know; and its fingerprint."""
    document = json.loads(text_of(make_certificate()).replace("touchmark.example", "other.example"))
    did = "did:web:other.example"
    signer = MemorySigner.from_seed(
        b"s" * 32, verification_method_of=lambda key: keys.verification_method(did, key)
    )
    proof = create_proof(document, signer=signer, created=read_time(document["validFrom"]))
    signed = canonical_bytes(attach_proofs(document, [proof])).decode()
    return signed, keys.fingerprint(signer.public_key)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "it is not JSON"),
        ("[1, 2]", "it is JSON, but not an object"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": NaN}', "This could not be read:"),
        ("[" * 10_000, "deep"),
        ('{"type": "TouchmarkBundle", "version": 9}', "not a bundle of a version known here"),
    ],
)
def test_what_cannot_be_read_is_explained_beside_the_field_and_stays_there(client, text, said):
    answer = paste(client, text)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert 'aria-invalid="true"' in page
    assert text[:20].replace('"', "&quot;") in page


def test_an_object_that_is_no_certificate_fails_the_first_question(client):
    page = paste(client, "{}").content.decode()

    assert checks_in(page)[0] == "failed"
    assert len(checks_in(page)) == 11


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file, or paste the text of a certificate."),
        ({"text": "   "}, "Choose a file, or paste the text of a certificate."),
        ({"text": "{}", "fingerprint": "123"}, "A fingerprint has 8 groups of 4"),
        ({"text": "{}\x00"}, "Null characters are not allowed."),
    ],
)
def test_a_form_that_says_too_little_or_nonsense_is_asked_again(client, data, said):
    answer = client.post("/verify", data)

    assert answer.status_code == 400
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"\xef\xbb\xbf{}", b"{", b'{"a": 1.5}x', b"\x00" * 100]
)
def test_a_file_that_is_none_is_a_4xx_with_a_sentence(client, content):
    answer = client.post("/verify", {"file": file_of(content)})

    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode()


def test_a_file_beyond_two_mebibytes_is_not_even_read(client):
    answer = client.post("/verify", {"file": file_of(b" " * (2 * 1024 * 1024 + 1))})

    assert answer.status_code == 400
    assert "This file is larger than 2 MiB." in answer.content.decode()


def test_a_certificate_beyond_its_limit_is_refused_though_a_bundle_may_be_so_large(client):
    text = json.dumps({"type": "x", "filler": "y" * 300_000})

    answer = paste(client, text)

    assert answer.status_code == 400
    assert "at most 256 KiB" in answer.content.decode()


def test_nothing_that_is_handed_in_is_kept(client):
    certificate = make_certificate()
    before = Event.objects.count(), Certificate.objects.count()

    paste(client, text_of(certificate))

    assert (Event.objects.count(), Certificate.objects.count()) == before


def test_too_many_tries_are_slowed_down(client, settings):
    answers = [paste(client, "{}").status_code for _ in range(121)]

    assert answers == [200] * 120 + [429]


def test_mira_and_sana_get_the_same_verdict(client):
    certificate = make_certificate()
    verdicts = set()
    for user in (certificate.maker.user, make_user("sana")):
        client.force_login(user)
        verdicts.add(tuple(checks_in(paste(client, text_of(certificate)).content.decode())))

    assert len(verdicts) == 1


# -- anything at all ----------------------------------------------------------------------------

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = [
    "@context",
    "id",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSubject",
    "proof",
    "certificate",
    "didDocuments",
    "statusLists",
    "asOf",
    "version",
]


ANYTHING = (
    some.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | some.dictionaries(some.sampled_from(NAMES), VALUES).map(lambda v: json.dumps(v).encode())
)
SHARED = [HealthCheck.function_scoped_fixture]


@settings(max_examples=200, deadline=None, suppress_health_check=SHARED)
@given(content=ANYTHING)
def test_no_file_whatever_it_holds_breaks_the_page(client, content):
    cache.clear()

    answer = client.post("/verify", {"file": file_of(content)})

    assert answer.status_code in (200, 400)


@pytest.fixture
def ours() -> str:
    return text_of(make_certificate())


@settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
@given(data=some.data())
def test_a_certificate_with_any_part_replaced_never_breaks_the_page(client, ours, data):
    cache.clear()
    document = json.loads(ours)
    name = data.draw(some.sampled_from(sorted(document)))
    document[name] = data.draw(VALUES)

    answer = client.post("/verify", {"file": file_of(json.dumps(document).encode())})

    assert answer.status_code in (200, 400)
