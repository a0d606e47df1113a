"""A tap that a program brings: the same answer as on the page, spent in the same way."""

import secrets
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from provenance import limits
from provenance.api import bodies
from provenance.api.access import VerifyThrottle
from provenance.api.desk import Desk
from provenance.api.documented import refusals
from provenance.api.fields import Shape, Text
from provenance.api.proven import ProvenShape
from provenance.carriers import Carrier, proven_by
from provenance.models.certificate import Certificate
from provenance.services.standing import standing_of
from provenance.verdict import (
    CertificateAnswer,
    Facts,
    Headline,
    TagAnswer,
    headline,
    limit_words,
)
from tags import presence, visits
from tags.profiles import LONGEST_QUERY
from tags.services.readings import signatures_in
from tags.services.taps import Asker, Tapped, take_tap
from tags.services.visitors import network_digest

LONGEST_LINK = LONGEST_QUERY + 300
ANSWERS = [(each.value, each.value) for each in TagAnswer]
CERTIFICATE_ANSWERS = [(each.value, each.value) for each in CertificateAnswer]
CANNOT_TELL = "What this check cannot tell you."


class LinkShape(Shape):
    url = Text(LONGEST_LINK, help_text="The address as the chip completed it, unchanged.")


class TapShape(serializers.Serializer[object]):
    """What the chip proved and what the certificate says, never mixed; the headline is of both."""

    answer = serializers.ChoiceField(ANSWERS, help_text="What the chip proved.")
    certificate_answer = serializers.ChoiceField(
        CERTIFICATE_ANSWERS, allow_null=True, help_text="Null while no piece is published."
    )
    headline = serializers.CharField()
    line = serializers.CharField(allow_blank=True)
    limit = serializers.CharField(help_text=CANNOT_TELL)
    proven = ProvenShape()
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="Of the chip's own count: gaps, contradictions."
    )
    piece = serializers.CharField(allow_null=True)
    certificate = serializers.CharField(allow_null=True)
    tapped_at = serializers.DateTimeField()


class Taps(Desk):
    maker_only = frozenset()

    def get_throttles(self) -> list[BaseThrottle]:
        return [VerifyThrottle()]

    @extend_schema(
        operation_id="check_tap",
        request=LinkShape,
        responses={200: TapShape, **refusals(400, 413, 415)},
    )
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        """Check the address that a chip completed. It counts once, here as in a browser.

        Everything that does not hold answers 400 `invalid_tap`, whatever the reason.
        """
        link = bodies.valid(LinkShape(data=request.data))["url"]
        # A program keeps no tap session: each call is a browser of its own.
        asker = Asker(
            session=secrets.token_bytes(16),
            network=network_digest(limits.address_of(request._request), at=timezone.now()),
            country=visits.country_of(request._request),
        )
        return Response(TapShape(_told(take_tap(signatures_in(link), asker=asker), asker)).data)


def _told(tapped: Tapped, asker: Asker) -> dict[str, Any]:
    at: dict[str, Any] = {"tapped_at": timezone.now().replace(microsecond=0)}
    if not tapped.record:
        spoken = headline(tapped.answer, CertificateAnswer.CURRENT, facts=Facts())
        nothing: dict[str, Any] = {
            "certificate_answer": None,
            "piece": None,
            "certificate": None,
            "notes": [],
        }
        return at | nothing | _words(spoken, limit_words(spoken.answer, Facts()), tapped.answer)
    known = Certificate.objects.current().select_related("piece__maker", "status_batch")
    certificate = known.get(piece__public_id=tapped.record)
    tap = presence.tap_of(asker.session, tapped.record)
    shown = presence.shown(tap, signed_at=certificate.valid_from, now=tap.at)
    checked = standing_of(certificate, tag=shown, now=timezone.now())
    return at | {
        **_words(checked.headline, checked.limit, shown.answer),
        "certificate_answer": checked.verdict.answer,
        "notes": shown.notes,
        "piece": tapped.record,
        "certificate": certificate.public_id,
    }


def _words(spoken: Headline, limit: str, answer: TagAnswer) -> dict[str, Any]:
    return {
        "answer": answer,
        "headline": spoken.title,
        "line": spoken.line,
        "limit": limit,
        "proven": proven_by(Carrier.SEAL if answer is TagAnswer.TAMPERED else Carrier.CHIP),
    }
