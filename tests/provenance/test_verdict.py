"""The table of verdicts: every pair of answers has one headline, and none promises too much."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from provenance.verdict import (
    ORDER,
    CertificateAnswer,
    Facts,
    Ribbon,
    TagAnswer,
    headline,
    limit_sentence,
)
from provenance.verdict_unreliable import LostKey

PAIRS = list(product(TagAnswer, CertificateAnswer))
RING = Facts(kind="ring")
FULL = Facts(
    kind="ring",
    by="maker",
    at=datetime(2027, 10, 2, 14, 0, tzinfo=UTC),
    reason="stone replaced",
    version=2,
    tag_on=date(2027, 5, 3),
    tapped_ago=timedelta(minutes=4),
    checked_ago=timedelta(seconds=9),
    open_checks=(7, 8),
    has_key=True,
)
FORBIDDEN = re.compile(r"genuine|authentic|fake|counterfeit|price|\d+ ?%|[£$€]|!|oops", re.I)
PRODUCT_ORDER = (
    *("unknown", "invalid", "failed", "missing", "revoked", "paused", "unreliable", "destroyed"),
    *("contested", "held", "superseded", "tampered", "withdrawn", "suspended", "replaced"),
    *("retired", "used_link", "not_bound", "unconfirmed", "live", "same_tap", "identified"),
    "not_scanned",
)
ICONS = Path(__file__).parents[2] / "static" / "img" / "icons"


def say(tag, certificate=CertificateAnswer.CURRENT, facts=RING):
    spoken = headline(tag, certificate, facts=facts)
    return f"{spoken.title} {spoken.line}".strip()


def test_the_order_of_the_headlines_is_the_one_published():
    assert [str(answer) for answer in ORDER] == [*PRODUCT_ORDER]


@pytest.mark.parametrize(("tag", "certificate"), PAIRS)
def test_the_headline_is_the_first_answer_that_applies(tag, certificate):
    expected = next(answer for answer in PRODUCT_ORDER if answer in (tag, certificate))

    assert headline(tag, certificate, facts=RING).answer == expected


@pytest.mark.parametrize("facts", [Facts(), RING, FULL], ids=["bare", "ring", "full"])
@pytest.mark.parametrize(("tag", "certificate"), PAIRS)
def test_no_headline_claims_what_no_check_can_show(tag, certificate, facts):
    spoken = headline(tag, certificate, facts=facts)
    text = "\n".join([spoken.title, spoken.line, limit_sentence(spoken.answer, facts)])

    assert not FORBIDDEN.search(text)
    assert "{" not in text
    assert "None" not in text
    assert "  " not in text
    assert spoken.title.endswith(".")


@pytest.mark.parametrize(("tag", "certificate"), PAIRS)
def test_only_a_chip_that_answered_beside_a_current_certificate_is_green(tag, certificate):
    is_green = headline(tag, certificate, facts=RING).ribbon is Ribbon.LIVE

    assert is_green == (
        tag in (TagAnswer.LIVE, TagAnswer.SAME_TAP) and certificate is CertificateAnswer.CURRENT
    )


@pytest.mark.parametrize("tag", TagAnswer)
@pytest.mark.parametrize(
    "certificate",
    [
        CertificateAnswer.FAILED,
        CertificateAnswer.MISSING,
        CertificateAnswer.REVOKED,
        CertificateAnswer.UNRELIABLE,
        CertificateAnswer.DESTROYED,
    ],
)
def test_what_should_stop_a_buyer_is_never_softened_by_a_tag_we_know(tag, certificate):
    if tag in (TagAnswer.UNKNOWN, TagAnswer.INVALID):
        return

    assert headline(tag, certificate, facts=RING).ribbon is Ribbon.STOP


@pytest.mark.parametrize(("tag", "certificate"), PAIRS)
def test_every_punch_is_drawn(tag, certificate):
    assert (ICONS / f"{headline(tag, certificate, facts=RING).punch}.svg").exists()


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("live", "The chip answered just now. Its certificate is current."),
        ("same_tap", "Same tap, 4 minutes ago. Tap again for a fresh answer."),
        ("identified", "This code names the ring. Certificate current. Codes can be copied."),
        ("used_link", "This link was opened before. Tap the piece itself."),
        (
            "tampered",
            "The seal was opened. On or before 3 May 2027. Compare the piece with care.",
        ),
        ("suspended", "This tag was paused. On 3 May 2027."),
        ("retired", "This tag was retired. On 3 May 2027."),
        ("replaced", "This tag was replaced. On 3 May 2027. Look for the newer one."),
        ("withdrawn", "Chip check withdrawn. Rely on the certificate and the comparison."),
        ("not_scanned", "You opened the record. No tag was read. Certificate current."),
    ],
)
def test_each_tag_answer_has_its_own_words(tag, text):
    assert say(TagAnswer(tag), facts=FULL) == text


@pytest.mark.parametrize(
    ("certificate", "text"),
    [
        (
            "missing",
            "Reported missing. By its maker, 2 October, 14:00. Checked 9 seconds ago.",
        ),
        (
            "revoked",
            "Certificate withdrawn. By its maker, 2 October 2027: stone replaced. "
            "This cannot be undone.",
        ),
        (
            "superseded",
            "There is a newer certificate. Version 2, 2 October 2027: stone replaced. Read it.",
        ),
        (
            "unreliable",
            "This signature cannot be relied on. "
            "Its key counts as stolen from 2 October 2027 on: stone replaced.",
        ),
        ("contested", "Two people claim this piece. Its maker was told."),
        ("held", "Recovery is running. Wait before you buy."),
        ("paused", "Paused. By its maker, 2 October 2027: stone replaced."),
        ("destroyed", "Recorded as destroyed. On 2 October 2027."),
        (
            "unconfirmed",
            "Signature good, status unknown. Last known on 2 October 2027. "
            "We could not ask whether it still stands. Try again online.",
        ),
        ("unknown", "No such record here. Check the code, letter by letter."),
    ],
)
def test_each_certificate_answer_has_its_own_words(certificate, text):
    assert say(TagAnswer.IDENTIFIED, CertificateAnswer(certificate), FULL) == text


@pytest.mark.parametrize(
    ("lost", "text"),
    [
        (
            LostKey.PLATFORM,
            "The platform’s signature cannot be relied on. "
            "The platform’s key counts as stolen from 2 October 2027 on: stone replaced.",
        ),
        (
            LostKey.MAKER,
            "The maker’s signature cannot be relied on. "
            "The maker’s key counts as stolen from 2 October 2027 on: stone replaced.",
        ),
    ],
)
def test_a_lost_key_is_told_with_its_owner(lost, text):
    facts = replace(FULL, lost_key=lost)

    assert say(TagAnswer.IDENTIFIED, CertificateAnswer.UNRELIABLE, facts) == text


@pytest.mark.parametrize("lost", LostKey)
def test_a_key_that_was_withdrawn_without_a_moment_is_not_called_stolen(lost):
    facts = Facts(lost_key=lost)

    assert "stolen" not in say(TagAnswer.IDENTIFIED, CertificateAnswer.UNRELIABLE, facts)


def test_a_revoked_certificate_is_told_even_when_little_is_known_of_it():
    text = say(TagAnswer.IDENTIFIED, CertificateAnswer.REVOKED)

    assert text == "Certificate withdrawn. This cannot be undone."


def test_one_minute_and_one_second_are_not_plural():
    just_now = Facts(tapped_ago=timedelta(seconds=61), checked_ago=timedelta(seconds=1))

    assert "1 minute ago" in say(TagAnswer.SAME_TAP, facts=just_now)
    assert "1 second ago" in say(TagAnswer.LIVE, CertificateAnswer.MISSING, just_now)


@pytest.mark.parametrize("answer", ORDER)
def test_every_answer_says_what_it_cannot_tell(answer):
    sentence = limit_sentence(answer, RING)

    assert sentence.startswith("What this check cannot tell you: ")
    assert sentence.endswith(".")


def test_an_unknown_code_and_an_unknown_record_say_the_same():
    both = {say(TagAnswer.UNKNOWN, certificate) for certificate in CertificateAnswer}
    both |= {say(tag, CertificateAnswer.UNKNOWN) for tag in TagAnswer}

    assert len(both) == 1
    assert limit_sentence(TagAnswer.UNKNOWN, RING) == limit_sentence(
        CertificateAnswer.UNKNOWN, RING
    )


def test_a_verifier_without_the_site_says_where_the_reason_of_a_pause_stands():
    spoken = say(TagAnswer.NOT_SCANNED, CertificateAnswer.PAUSED, Facts())

    assert spoken == "Paused. The reason stands on the site."
