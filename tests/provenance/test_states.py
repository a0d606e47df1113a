"""The page of a piece in every state, also in those that no act can bring about yet."""

import re

import pytest
from django.utils.html import escape

from provenance.carriers import ON_A_PIECE, Carrier, carrier_of, proven_by
from provenance.verdict import ORDER, CertificateAnswer, TagAnswer, headline
from provenance.verdict_advice import advice_on
from tests.factories import make_certificate
from tests.given import FACTS, OF_OURS, ON_THE_PAGE, page_given

FORBIDDEN = re.compile(r"genuine|authentic|fake|counterfeit|price|100 ?%|!", re.IGNORECASE)


def ribbon_of(page: str) -> tuple[str, str]:
    """The silk of the ribbon and its headline, and that a punch is struck on it."""
    found = re.search(
        r'<header class="ribbon (\w+) on-dusk"><svg class="punch".*?</svg><div><h1>(.*?)</h1>',
        page,
        re.DOTALL,
    )
    assert found
    return found[1], found[2]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", OF_OURS)
def test_the_page_of_every_pair_begins_with_the_headline_that_comes_first(answer):
    certificate = make_certificate()

    shown = {tag: ribbon_of(page_given(certificate, tag, answer)) for tag in ON_THE_PAGE}

    for tag, (silk, title) in shown.items():
        spoken = headline(tag, answer, facts=FACTS)
        assert (silk, title) == (spoken.ribbon, escape(spoken.title))


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["missing", "contested", "held", "destroyed", "unreliable"])
def test_a_state_without_a_reason_of_ours_says_what_a_visitor_can_do(answer):
    page = page_given(make_certificate(), TagAnswer.IDENTIFIED, CertificateAnswer(answer))

    advice = advice_on(CertificateAnswer(answer))
    assert advice
    for each in advice:
        assert escape(each.title) in page
        assert escape(each.words) in page


@pytest.mark.django_db
def test_a_missing_piece_is_met_with_calm_and_a_way_to_give_it_back():
    page = page_given(make_certificate(), TagAnswer.LIVE, CertificateAnswer.MISSING)

    assert "By its keeper, 14 November, 14:00. Checked 9 seconds ago." in page
    assert "Please stay calm and kind." in page
    assert "You need not say who you are." in page


@pytest.mark.parametrize("answer", ORDER)
def test_no_advice_promises_more_than_was_checked(answer):
    said = " ".join(f"{each.title} {each.words}" for each in advice_on(answer))

    assert not FORBIDDEN.search(said)


# -- what a carrier proves ----------------------------------------------------------------------


@pytest.mark.parametrize("carrier", Carrier)
def test_every_carrier_says_what_it_proves_and_what_it_does_not(carrier):
    proven = proven_by(carrier)

    assert proven.carrier is carrier
    assert proven.proves.endswith(".")
    assert proven.proves_not.endswith(".")
    assert not FORBIDDEN.search(f"{proven.proves} {proven.proves_not}")


@pytest.mark.parametrize(
    ("kind", "has_answered", "carrier"),
    [
        ("qr", False, Carrier.CODE),
        ("nfc", False, Carrier.TAG),
        ("ntag424", True, Carrier.CHIP),
        ("ntag424", False, Carrier.CODE),
        ("of a later version", False, Carrier.CODE),
    ],
)
def test_a_chip_that_did_not_answer_proves_what_a_code_does(kind, has_answered, carrier):
    assert carrier_of(kind, has_answered=has_answered) is carrier


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tag", "carrier"),
    [
        (TagAnswer.NOT_SCANNED, Carrier.NOTHING),
        (TagAnswer.IDENTIFIED, Carrier.CODE),
        (TagAnswer.LIVE, Carrier.CHIP),
        (TagAnswer.TAMPERED, Carrier.SEAL),
    ],
)
def test_the_page_tells_what_reading_this_tag_proves(tag, carrier):
    page = page_given(make_certificate(), tag, CertificateAnswer.CURRENT)

    proven = proven_by(carrier)
    assert "What this check proves, and what it does not" in page
    assert escape(proven.proves) in page
    assert escape(proven.proves_not) in page


@pytest.mark.django_db
def test_one_page_tells_what_every_carrier_proves(client):
    page = client.get("/what-a-check-proves").content.decode()

    for carrier in ON_A_PIECE:
        assert escape(proven_by(carrier).name) in page
        assert escape(proven_by(carrier).proves_not) in page
