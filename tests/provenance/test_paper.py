"""What a paper says, worded from the signed bytes alone."""

import json

import pytest

from provenance import keys
from provenance.canonical import digest_of
from provenance.making_told import DOES_NOT_FOLLOW
from provenance.paper import cover_of, fingerprint_of, paper_of
from provenance.subject import piece_of
from tests.documented import ROOT
from tests.provenance.makings import (
    PLATFORM_SIGNER,
    RING,
    SITE,
    make_body,
    make_certificate,
    make_held_certificate,
    signed_again,
)


def in_subject(**changes):
    return signed_again(lambda body: body["credentialSubject"].update(changes))


def test_it_names_piece_maker_and_signature():
    certificate = make_certificate()

    paper = paper_of(certificate)

    assert paper.title == "Marlowe ring"
    assert paper.line.startswith("Ring, 18 ct (750) yellow gold and platinum 950, 6.81 g;")
    assert paper.kept_at == RING["id"]
    assert (paper.house, paper.person) == ("Tidewell Bench, Bristol", "United Kingdom")
    assert paper.level == "Mark checked by us: level I2"
    assert paper.signature.identifier == f"{SITE}/c/4kWm8QpT2vXz6Ls9RbNdYc"
    assert paper.signature.digest == digest_of(certificate).hex()
    assert paper.signature.moment == "20 November 2026, 09:30 UTC"


def test_the_fingerprint_is_that_of_the_issuers_key_and_not_of_the_makers():
    assert paper_of(make_held_certificate()).signature.fingerprint == keys.fingerprint(
        PLATFORM_SIGNER.public_key
    )


def test_without_a_proof_of_the_issuer_there_is_no_fingerprint():
    certificate = make_held_certificate()
    certificate["proof"] = certificate["proof"][1:]

    assert fingerprint_of(certificate) == ""


def test_without_a_record_nothing_is_claimed_and_no_grade_printed():
    making = paper_of(make_certificate()).making

    assert making.says == "Design origin not stated; No making claim"
    assert not making.is_label
    assert not making.is_stated
    assert making.grade == making.policy == ""


def test_a_label_that_does_not_follow_is_never_printed():
    subject = json.loads((ROOT / "tests" / "interop" / "complete-subject.json").read_text())
    subject["making"]["label"] = "Designed by a person; Handmade"

    told = paper_of(make_certificate(make_body(subject))).making

    assert told.says == DOES_NOT_FOLLOW
    assert not told.is_label
    assert told.steps


def test_a_name_that_makes_a_claim_has_its_note_on_the_paper():
    named = paper_of(make_certificate(make_body(maker={"name": "Handmade by Mira"})))

    assert named.name_notes == (
        "“Handmade” is part of the workshop’s name. It says nothing of how a piece was made.",
    )
    assert paper_of(make_certificate()).name_notes == ()


@pytest.mark.parametrize(
    ("kind", "noun"), [("earrings", "pair of earrings"), ("brooch", "brooch"), ("piece", "piece")]
)
def test_it_calls_the_piece_by_its_noun(kind, noun):
    assert f"whether the {noun} in your hand" in paper_of(in_subject(kind=kind)).cannot


def test_a_laboratory_is_named_and_its_verdict_is_not_ours():
    stone = RING["stones"][0] | {
        "reports": [{"lab": "EXAMPLE LAB", "number": "17", "url": "https://lab.example/17"}]
    }

    paper = paper_of(in_subject(stones=[stone]))

    (report,) = paper.stones[0].reports
    assert report.told.endswith("; we did not check it")
    assert report.url == "https://lab.example/17"
    assert any("its verdict is not ours" in line for line in paper.cannot_all)


def test_a_picture_by_a_machine_is_never_the_photograph_of_the_paper():
    front, scale = RING["photos"]
    invented = front | {"digitalSourceType": "trainedAlgorithmicMedia"}

    chosen = cover_of(piece_of({"photos": [invented, scale]}))

    assert chosen.sha256 == scale["sha256"]
    assert cover_of(piece_of({"photos": [invented]})) is None


def test_a_demonstration_is_one_only_when_it_was_signed_as_one():
    assert not paper_of(make_certificate()).is_demonstration
    assert paper_of(make_certificate(make_body(RING | {"demonstration": True}))).is_demonstration
