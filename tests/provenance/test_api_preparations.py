"""Programs of a workshop with a key of its own: prepare, sign, bring the proof."""

import json

import pytest
from django.utils import timezone

from provenance.canonical import canonical_bytes
from provenance.credentials import create_proof, verify_proof
from provenance.models.certificate import Certificate
from provenance.models.keys import SigningKey
from provenance.services import key_life, maker_keys
from tests.factories import make_draft, make_held_key, make_mira, make_own_key
from tests.provenance.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def prepared(mira):
    """Her program, her signer, her draft, and the body that waits for her proof."""
    signer, piece, program = make_own_key(mira), make_draft(mira), Program(mira)
    told = program.post("preparations", {"piece": piece.public_id})
    assert told.status_code == 201
    return program, signer, piece, told.json()


def proof_of(signer, body):
    return {"proof": create_proof(body, signer=signer, created=timezone.now())}


def test_a_program_signs_with_its_workshops_own_key(prepared):
    program, signer, piece, told = prepared

    answer = program.post(f"preparations/{piece.public_id}/proof", proof_of(signer, told["body"]))

    assert answer.status_code == 201
    certificate = Certificate.objects.get(public_id=answer.json()["id"])
    assert bytes(certificate.body) == canonical_bytes(told["body"])
    document = json.loads(bytes(certificate.files.get().content))
    verify_proof(document, document["proof"][1], public_key=signer.public_key)


def test_a_proof_that_does_not_fit_is_refused_and_may_be_mended(prepared):
    program, signer, piece, told = prepared
    address = f"preparations/{piece.public_id}/proof"
    wrong = proof_of(signer, {**told["body"], "id": "https://x.example/c/1"})

    refused = program.post(address, wrong)
    mended = program.post(address, proof_of(signer, told["body"]))

    assert (refused.status_code, refused.json()["code"]) == (422, "bad_proof")
    assert mended.status_code == 201


def test_a_second_proof_finds_nothing_that_waits(prepared):
    program, signer, piece, told = prepared
    address = f"preparations/{piece.public_id}/proof"
    program.post(address, proof_of(signer, told["body"]))

    again = program.post(address, proof_of(signer, told["body"]))

    assert again.status_code == 404
    assert Certificate.objects.count() == 1


def report_theft(maker):
    key = SigningKey.objects.get(maker=maker)
    key_life.report_maker_compromise(key=key, at=timezone.now(), reason="Lost.", by=maker.user)


def replace_key(maker):
    maker_keys.retire_key(maker=maker, by=maker.user)
    make_own_key(maker, seed=9)


@pytest.mark.parametrize("put_out_of_use", [report_theft, replace_key])
def test_a_key_that_went_out_of_use_since_completes_nothing(mira, prepared, put_out_of_use):
    program, signer, piece, told = prepared
    put_out_of_use(mira)

    answer = program.post(f"preparations/{piece.public_id}/proof", proof_of(signer, told["body"]))

    assert (answer.status_code, answer.json()["code"]) == (409, "key_out_of_use")
    assert not Certificate.objects.exists()


def test_a_stranger_completes_nothing(prepared):
    _, signer, piece, told = prepared
    address = f"preparations/{piece.public_id}/proof"

    nobody = Program().post(address, proof_of(signer, told["body"]))
    nell = Program(make_mira("nell")).post(address, proof_of(signer, told["body"]))

    assert (nobody.status_code, nell.status_code) == (401, 404)


def test_a_workshop_with_its_own_key_is_led_to_preparing(mira):
    make_own_key(mira)

    told = Program(mira).post("certificates", {"piece": make_draft(mira).public_id})

    assert (told.status_code, told.json()["code"]) == (409, "maker_signs_elsewhere")


def test_a_kept_key_is_never_opened_for_a_program(mira):
    make_held_key(mira)
    piece = make_draft(mira).public_id

    told = Program(mira).post("certificates", {"piece": piece})
    typed = Program(mira).post("certificates", {"piece": piece, "passphrase": "a secret"})

    assert (told.status_code, told.json()["code"]) == (409, "maker_key_locked")
    assert typed.status_code == 400


def test_without_a_key_of_its_own_there_is_nothing_to_prepare(mira):
    told = Program(mira).post("preparations", {"piece": make_draft(mira).public_id})

    assert (told.status_code, told.json()["code"]) == (409, "no_key_in_use")
