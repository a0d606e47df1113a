"""The piece page in any state, also in those that no act can bring about yet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from provenance.case import TagRead
from provenance.models.certificate import Certificate
from provenance.services.standing import Checked, TagShown, standing_of
from provenance.verdict import CertificateAnswer, Facts, TagAnswer, headline, limit_words
from provenance.verdict_unreliable import LostKey
from provenance.views.pieces import PAGE
from provenance.views.showing import piece_context, tag_context

MOMENT = datetime(2027, 11, 14, 14, 0, tzinfo=UTC)
FACTS = Facts(
    kind="ring",
    by="keeper",
    at=MOMENT,
    version=2,
    tag_on=date(2027, 5, 3),
    tapped_ago=timedelta(minutes=4),
    checked_ago=timedelta(seconds=9),
    open_checks=(7, 8),
    has_key=True,
    lost_key=LostKey.MAKER,  # the longest words of a lost key
)
# A tap without a piece is answered at the chip's own address, and a code of nobody at its own.
ON_THE_PAGE = [
    answer
    for answer in TagAnswer
    if answer not in (TagAnswer.INVALID, TagAnswer.NOT_BOUND, TagAnswer.UNKNOWN)
]
OF_OURS = [
    answer
    for answer in CertificateAnswer
    if answer not in (CertificateAnswer.UNKNOWN, CertificateAnswer.FAILED)
]


def checked_as(certificate: Certificate, tag: TagAnswer, answer: CertificateAnswer) -> Checked:
    """A check of this certificate that came to these answers."""
    found = standing_of(certificate, now=timezone.now())
    by = "keeper" if answer is CertificateAnswer.MISSING else "maker"
    facts = replace(FACTS, kind=certificate.piece.noun, by=by)
    spoken = headline(tag, answer, facts=facts)
    return Checked(
        verdict=replace(found.verdict, answer=answer),
        headline=spoken,
        limit=limit_words(spoken.answer, facts),
        at=found.at,
    )


def page_given(certificate: Certificate, tag: TagAnswer, answer: CertificateAnswer) -> str:
    """The page with these answers, in the language that is active."""
    path = f"/p/{certificate.piece.public_id}"
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    context = piece_context(certificate, checked_as(certificate, tag, answer), keepers=())
    return render_to_string(PAGE, context | tag_context(shown_as(tag)), request)


def shown_as(tag: TagAnswer) -> TagShown:
    """A tag that gave this answer."""
    if tag is TagAnswer.NOT_SCANNED:
        return TagShown()
    kind = "qr" if tag is TagAnswer.IDENTIFIED else "ntag424"
    has_answered = tag in (TagAnswer.LIVE, TagAnswer.SAME_TAP, TagAnswer.TAMPERED)
    return TagShown(tag, TagRead(kind, "given", has_answered=has_answered))
