"""The certificate as a page and as files: what was signed, byte for byte, and how it stands."""

import hashlib
import html
import json

import pytest
from django.utils import timezone

from provenance.bundle import HOW_TO_VERIFY, parse_bundle
from provenance.models.certificate import Actor, Certificate
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import platform
from provenance.services.revoke import revoke_certificate
from provenance.trust import Trust
from provenance.verdict import CertificateAnswer
from provenance.verification import verify
from tags.services.issuing import issue_with_code
from tests.factories import WHOLE, make_certificate, make_draft, make_photograph, make_user

pytestmark = pytest.mark.django_db


def address(certificate: Certificate, ending: str = "") -> str:
    return f"/c/{certificate.public_id}{ending}"


def revoke(certificate: Certificate) -> None:
    maker = certificate.maker
    revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=maker.user
    )


def test_the_paper_says_the_printed_line_as_it_was_signed(client):
    certificate = make_certificate()
    Piece.objects.update(title="A grander ring", mass_grams="9.99")

    page = client.get(address(certificate)).content.decode()

    assert "<h1>Marlowe ring</h1>" in page
    assert (
        "Ring, 18 ct (750) yellow gold and platinum 950, 6.81 g; natural sapphire 1.52 ct, "
        "heated; 6 laboratory-grown diamonds, 0.12 ct total." in page
    )
    assert "A grander ring" not in page


def test_the_paper_prints_all_that_was_signed_of_a_piece(client):
    piece = make_draft(**{**vars(WHOLE), "photographs": ()})
    make_photograph(piece, "marks")
    certificate = issue_with_code(piece=piece, by=piece.maker.user)

    page = client.get(address(certificate)).content.decode()

    told = [
        'href="https://lab.example/0000000000"',
        "EXAMPLE LAB report 0000000000, 3 August 2026",
        "we did not check it",
        "as the report says",
        "7.6 × 6.1 × 3.9 mm",
        "From Sri Lanka",
        "2025 to 2026",
        WHOLE.sourcing[0].document,
        WHOLE.warranty,
        WHOLE.collection,
        WHOLE.gtin,
    ]
    assert [words for words in told if words not in html.unescape(page) and words not in page] == []


def test_a_name_that_makes_a_claim_has_its_note_beside_every_piece(client):
    certificate = make_certificate()
    plain = client.get(address(certificate)).content.decode()
    Maker.objects.update(name="Handmade by Mira")
    boastful = make_certificate(Maker.objects.get(), title="Another ring")

    page = client.get(address(boastful)).content.decode()

    note = "“Handmade” is part of the workshop’s name. It says nothing of how a piece was made."
    assert note in page
    assert "part of the workshop’s name" not in plain


def test_the_paper_carries_digest_fingerprint_and_five_lines_for_offline(client):
    certificate = make_certificate()

    page = client.get(address(certificate)).content.decode()

    assert bytes(certificate.digest).hex() in page
    assert platform.fingerprint() in page
    lines = page.partition('class="by-number">')[2].partition("</ol>")[0]
    assert lines.count("<li>") == len(HOW_TO_VERIFY) == 5


def test_the_slim_ribbon_says_first_whether_it_is_current(client):
    certificate = make_certificate()
    page = client.get(address(certificate)).content.decode()
    assert "Certificate current. No tag was read." in page

    revoke(certificate)

    page = client.get(address(certificate)).content.decode()
    assert "Certificate withdrawn." in page
    assert "“Wrong stone.”" in page


def test_the_page_costs_few_queries(client, django_assert_num_queries):
    certificate = make_certificate()
    client.get(address(certificate))

    with django_assert_num_queries(3):
        client.get(address(certificate))


@pytest.mark.parametrize("who", ["nobody", "sana", "mira"])
def test_everyone_may_read_it_and_gets_no_cookie_for_it(client, who):
    certificate = make_certificate()
    if who != "nobody":
        client.force_login(certificate.maker.user if who == "mira" else make_user("sana"))

    answer = client.get(address(certificate))

    assert answer.status_code == 200
    assert not answer.cookies


# -- files --------------------------------------------------------------------------------------


def test_the_file_is_the_stored_bytes_and_verifies(client):
    certificate = make_certificate()

    answer = client.get(address(certificate, ".json"))

    assert answer.content == bytes(certificate.files.get().content)
    assert answer["Content-Type"] == "application/vc"
    assert answer["Access-Control-Allow-Origin"] == "*"
    now = timezone.now()
    lists = platform.status_lists_of(certificate.status_batch, now=now)
    verdict = verify(answer.content, trust=platform.own_trust(), status_lists=lists, now=now)
    assert verdict.exit_code == 0


def test_the_body_without_proofs_has_the_digest_of_the_certificate(client):
    certificate = make_certificate()

    answer = client.get(address(certificate, "/body.json"))

    assert hashlib.sha256(answer.content).digest() == bytes(certificate.digest)
    assert answer["Content-Type"] == "application/json"
    assert "immutable" in answer["Cache-Control"]


def test_the_bundle_verifies_for_who_believes_the_key_and_for_nobody_else(client):
    certificate = make_certificate()

    bundle = parse_bundle(client.get(address(certificate, "/bundle.json")).content)

    now = timezone.now()
    lists = bundle.status_lists
    fingerprints = frozenset([platform.fingerprint()])
    believed = Trust(fingerprints=fingerprints)
    verdict = verify(bundle.certificate, trust=believed, status_lists=lists, now=now)
    assert verdict.answer is CertificateAnswer.CURRENT
    stranger = verify(bundle.certificate, trust=Trust(), status_lists=lists, now=now)
    assert stranger.answer is CertificateAnswer.UNCONFIRMED


def test_the_bundle_of_a_withdrawn_certificate_says_so(client):
    certificate = make_certificate()
    revoke(certificate)

    bundle = parse_bundle(client.get(address(certificate, "/bundle.json")).content)

    verdict = verify(
        bundle.certificate,
        trust=platform.own_trust(),
        status_lists=bundle.status_lists,
        now=timezone.now(),
    )
    assert verdict.answer is CertificateAnswer.REVOKED


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        (".json", "marlowe-ring-certificate.json"),
        ("/body.json", "marlowe-ring-body.json"),
        ("/bundle.json", "marlowe-ring-bundle.json"),
    ],
)
def test_a_file_is_downloaded_under_a_name_when_asked(client, ending, name):
    certificate = make_certificate()

    shown = client.get(address(certificate, ending))
    taken = client.get(address(certificate, ending) + "?download=1")

    assert "Content-Disposition" not in shown
    assert taken["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("ending", [".json", "/body.json"])
def test_a_file_that_did_not_change_is_not_sent_again(client, ending):
    certificate = make_certificate()
    first = client.get(address(certificate, ending))

    again = client.get(address(certificate, ending), headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("ending", ["", ".json", "/body.json", "/bundle.json"])
def test_what_was_never_signed_is_not_there(client, ending):
    draft = make_draft()

    assert client.get(f"/c/{draft.public_id}{ending}").status_code == 404
    assert client.get(f"/c/unknown{ending}").status_code == 404


@pytest.mark.parametrize("ending", ["", ".json", "/body.json", "/bundle.json"])
def test_nothing_can_be_posted_to_a_certificate(client, ending):
    certificate = make_certificate()

    answer = client.post(address(certificate, ending), {"body": "x"})

    assert answer.status_code == 405


def test_the_file_carries_no_word_of_the_owner(client):
    certificate = make_certificate()

    text = client.get(address(certificate, ".json")).content.decode()

    assert "otto" not in text
    assert set(json.loads(text)["credentialSubject"]) & {"owner", "price", "appraisal"} == set()
