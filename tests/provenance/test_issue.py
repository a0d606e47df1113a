"""Issuing: a draft becomes one signed certificate that its own verifier accepts."""

from dataclasses import replace

import pytest

from provenance.canonical import digest_of, parse_object
from provenance.credentials import proofs_of, verify_proof
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.services import issue, platform, register
from provenance.services.facts import facts_of
from tags.services import issuing as tag_services
from tests.factories import make_certificate, make_draft

pytestmark = pytest.mark.django_db


def test_an_issued_certificate_is_signed_by_the_platform_and_served_as_signed():
    certificate = make_certificate()

    document = parse_object(bytes(certificate.files.get().content))

    (proof,) = proofs_of(document)
    verify_proof(document, proof, public_key=platform.signer().public_key)
    assert digest_of(document) == bytes(certificate.digest)


def test_a_piece_is_issued_once_even_when_two_devices_ask():
    piece = make_draft()
    tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    with pytest.raises(issue.AlreadyIssuedError):
        tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    assert Certificate.objects.filter(piece=piece).count() == 1


def test_a_piece_without_photographs_is_not_signed_and_stays_a_draft():
    piece = make_draft(with_photographs=False)

    with pytest.raises(issue.NotReadyError) as refused:
        tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    piece.refresh_from_db()
    assert [problem.code for problem in refused.value.problems] == ["photographs_missing"]
    assert not piece.is_issued
    assert not piece.tags.exists()


def test_the_events_of_an_issue_name_the_certificate_by_its_digest():
    certificate = make_certificate()

    event = Event.objects.get(kind="certificate.issued")

    assert bytes(event.digest) == bytes(certificate.digest)
    assert event.actor == certificate.maker.user.pseudonym.value


def test_nobody_signs_facts_that_changed_after_they_were_read():
    piece = make_draft()
    heavier = replace(facts_of(piece), title="Another ring")
    register.change_piece(piece=piece, facts=heavier, revision=piece.revision)

    with pytest.raises(register.StaleDraftError):
        tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"title": "Handcrafted Marlowe ring"}, "title"),
        ({"title": "Bague faite main"}, "title"),
        ({"title": "Gold ring"}, "title"),
        ({"description": "Made by hand at one bench."}, "description"),
    ],
)
def test_words_that_claim_what_no_record_grants_are_not_signed(facts, path):
    piece = make_draft(**facts)

    with pytest.raises(issue.NotReadyError) as refused:
        tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == (path, "wording_refused")
    assert "cannot stand here" in problem.sentence


def test_plain_words_are_signed():
    certificate = make_certificate(description="An oval sapphire in 18 ct gold.")

    assert certificate.piece.is_issued
