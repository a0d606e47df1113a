"""A certificate prepared here and signed elsewhere: made once, of what was seen, in time."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import create_proof, proofs_of
from provenance.models.certificate import Certificate
from provenance.models.keys import PendingCertificate, SigningKey
from provenance.services import drafting, key_life, maker_keys, prepare
from provenance.services.facts import facts_of
from provenance.services.register import change_piece
from tests.factories import (
    make_draft,
    make_mira,
    make_own_key,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def sign_page(piece) -> str:
    return f"/workshop/{piece.public_id}/sign"


def prove(signer, document, **changes) -> bytes:
    proof = create_proof(document, signer=signer, created=timezone.now()) | changes
    return canonical_bytes(proof)


@pytest.fixture
def prepared(desk, mira):
    """Mira's own key, and a draft that waits for its proof."""
    signer, piece = make_own_key(mira), make_draft(mira)
    desk.post(sign_page(piece), {"shown": drafting.shown_digest(piece)})
    return signer, piece


def upload(desk, piece, proof: bytes):
    return desk.post(
        f"/workshop/{piece.public_id}/prepared", {"file": SimpleUploadedFile("proof.json", proof)}
    )


def body_of(desk, piece):
    answer = desk.get(f"/workshop/{piece.public_id}/prepared/body.json")
    return parse_object(answer.content)


def test_a_certificate_is_prepared_signed_elsewhere_and_made(desk, prepared):
    signer, piece = prepared
    body = body_of(desk, piece)

    answer = upload(desk, piece, prove(signer, body))

    assert answer.status_code == 303
    certificate = Certificate.objects.get(piece=piece)
    document = parse_object(bytes(certificate.files.get().content))
    assert bytes(certificate.body) == canonical_bytes(body)
    assert len(proofs_of(document)) == 2
    assert piece.tags.get().state == "active"
    checked = desk.get(f"/api/v1/certificates/{certificate.public_id}").json()["verdict"]
    assert (checked["answer"], checked["checks"][4]["outcome"]) == ("current", "passed")


def test_a_proof_makes_one_certificate_however_often_it_is_sent(desk, prepared):
    signer, piece = prepared
    proof = prove(signer, body_of(desk, piece))
    pending = PendingCertificate.objects.get()
    upload(desk, piece, proof)

    again = upload(desk, piece, proof)

    assert again.status_code == 409
    assert Certificate.objects.count() == 1
    assert not PendingCertificate.objects.filter(pk=pending.pk).exists()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda s, b: prove(s, b, created="2020-01-01T00:00:00Z"), id="an old moment"),
        pytest.param(
            lambda s, b: prove(s, {**b, "id": "https://x.example/c/1"}), id="another text"
        ),
        pytest.param(lambda s, b: prove(s, b, note="x"), id="something hidden"),
        pytest.param(lambda s, b: prove(s, b, proofPurpose="authentication"), id="purpose"),
        pytest.param(lambda s, b: b"{}", id="no proof"),
        pytest.param(lambda s, b: b"\xff", id="no text"),
        pytest.param(lambda s, b: b"[" * 10_000, id="10,000 levels"),
        pytest.param(lambda s, b: b" " * 16_385, id="too long"),
    ],
)
def test_a_proof_that_does_not_fit_makes_nothing_and_the_draft_still_waits(desk, prepared, spoil):
    signer, piece = prepared

    page = upload(desk, piece, spoil(signer, body_of(desk, piece)))

    assert page.status_code == 400
    assert not Certificate.objects.exists()
    assert PendingCertificate.objects.filter(piece=piece).exists()


def test_a_draft_that_changed_since_it_was_prepared_is_not_made(desk, prepared):
    signer, piece = prepared
    proof = prove(signer, body_of(desk, piece))
    piece.refresh_from_db()
    change_piece(piece=piece, facts=facts_of(piece), revision=piece.revision)
    type(piece).objects.filter(pk=piece.pk).update(title="Another ring")

    answer = upload(desk, piece, proof)

    assert answer.url == f"/workshop/{piece.public_id}/sign"
    assert not Certificate.objects.exists()


def test_what_was_prepared_runs_out_after_a_day(desk, prepared):
    signer, piece = prepared
    proof = prove(signer, body_of(desk, piece))

    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        desk.force_login(piece.maker.user)
        answer = upload(desk, piece, proof)

    assert answer.status_code == 303
    assert not Certificate.objects.exists()


def report_theft(maker):
    key = SigningKey.objects.get(maker=maker)
    key_life.report_maker_compromise(key=key, at=timezone.now(), reason="Lost.", by=maker.user)


def replace_key(maker):
    maker_keys.retire_key(maker=maker, by=maker.user)
    make_own_key(maker, seed=9)


OUT_OF_USE = pytest.mark.parametrize("put_out_of_use", [report_theft, replace_key])


@OUT_OF_USE
def test_a_key_that_went_out_of_use_meanwhile_makes_nothing(desk, prepared, mira, put_out_of_use):
    signer, piece = prepared
    proof = prove(signer, body_of(desk, piece))
    put_out_of_use(mira)

    opened = desk.get(f"/workshop/{piece.public_id}/prepared")
    answer = upload(desk, piece, proof)

    assert opened.url == answer.url == f"/workshop/{piece.public_id}/sign"
    assert "is out of use" in desk.get(answer.url).content.decode()
    assert not Certificate.objects.exists()


@OUT_OF_USE
def test_a_key_that_goes_out_of_use_under_ones_hands_makes_nothing(prepared, mira, put_out_of_use):
    """The row was read while the key was in use still."""
    signer, _ = prepared
    pending = PendingCertificate.objects.select_related("key", "piece__maker").get()
    proof = prove(signer, parse_object(bytes(pending.body)))
    put_out_of_use(mira)

    with pytest.raises(prepare.KeyOutOfUseError):
        prepare.complete_certificate(pending=pending, proof=proof, by=mira.user)

    assert PendingCertificate.objects.exists()
    assert not Certificate.objects.exists()


def test_preparing_anew_makes_the_earlier_file_worthless(desk, prepared):
    signer, piece = prepared
    proof = prove(signer, body_of(desk, piece))
    desk.post(sign_page(piece), {"shown": drafting.shown_digest(piece)})

    page = upload(desk, piece, proof)

    assert page.status_code == 400
    assert not Certificate.objects.exists()


def test_nobody_else_reads_or_completes_what_was_prepared(prepared):
    _, piece = prepared
    nell = Client()
    nell.force_login(make_mira("nell").user)

    for address in ("prepared", "prepared/body.json"):
        assert nell.get(f"/workshop/{piece.public_id}/{address}").status_code == 404
