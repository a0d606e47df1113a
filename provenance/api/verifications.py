"""Verifying a certificate that somebody sends: the same eleven checks as offline."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from provenance.api import bodies
from provenance.api.access import VerifyThrottle
from provenance.api.desk import Desk
from provenance.api.documented import refusals
from provenance.api.errors import sentence
from provenance.api.fields import refusal
from provenance.api.proven import ProvenShape
from provenance.canonical import parse_object
from provenance.carriers import proven_by_file
from provenance.credentials import subject_of
from provenance.errors import BadKeyError
from provenance.identity import level_words
from provenance.keys import read_fingerprint
from provenance.models.certificate import Actor, Certificate
from provenance.models.maker import IdentityLevel
from provenance.services import check
from provenance.services.causes import Cause, cause_of
from provenance.services.identity import co_signer_of
from provenance.services.standing import facts_of_verdict
from provenance.subject import maker_of
from provenance.verdict import CertificateAnswer, Facts, TagAnswer, headline, limit_words
from provenance.verdict_facts import is_signed
from provenance.verification import Outcome, Verdict

MOST_FINGERPRINTS = 8
DOES_NOT_HOLD = "does_not_hold"


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class CheckShape(serializers.Serializer[object]):
    number = serializers.IntegerField(min_value=1, max_value=11)
    name = serializers.CharField()
    outcome = serializers.ChoiceField(_choices(*Outcome))
    reason = serializers.CharField()
    needed = serializers.BooleanField(help_text="Whether it leaves the verdict open, unchecked.")


class CauseShape(serializers.Serializer[Cause]):
    """Why a certificate of this site does not simply stand."""

    answer = serializers.ChoiceField(_choices(*CertificateAnswer))
    at = serializers.DateTimeField()
    by = serializers.ChoiceField(Actor.choices)
    reason = serializers.CharField()
    newer = serializers.CharField(
        source="newer.public_id",
        default=None,
        allow_null=True,
        help_text="The newest certificate of the piece, where this is not it.",
    )


class MakerShape(serializers.Serializer[object]):
    """Whom a certificate of this site names as its maker, and how well they are known today."""

    slug = serializers.CharField(help_text="Of the maker's page: /j/<slug>.")
    name = serializers.CharField(help_text="As signed.")
    identity_level = serializers.ChoiceField(IdentityLevel.choices)
    identity_words = serializers.CharField(help_text="What was checked of them, in English.")
    co_signer = serializers.CharField(
        allow_blank=True, help_text="Who vouched for a maker of level I3; empty for others."
    )


class VerdictShape(serializers.Serializer[object]):
    """All eleven checks and what they come to, the same as `python -m provenance verify`."""

    answer = serializers.ChoiceField(_choices(*CertificateAnswer))
    exit_code = serializers.IntegerField(min_value=0, max_value=3)
    fingerprint = serializers.CharField(allow_null=True, help_text="Of the issuer's key.")
    status_as_of = serializers.DateTimeField(allow_null=True)
    unreliable_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when a stolen key proves nothing, where one signed."
    )
    checked_at = serializers.DateTimeField()
    checks = CheckShape(many=True)
    cause = CauseShape(allow_null=True, help_text="Null where it stands, or is not of this site.")
    maker = MakerShape(allow_null=True, help_text="Null where this site does not know it.")
    headline = serializers.CharField(help_text="What a page says first, in English.")
    line = serializers.CharField(allow_blank=True)
    limit = serializers.CharField(help_text="What this check cannot tell you.")
    proven = ProvenShape()


class RefusedVerdictShape(VerdictShape):
    """The verdict on a file that does not hold, with the reason of the first failed check."""

    code = serializers.CharField()
    detail = serializers.CharField()


class Verifications(Desk):
    parser_classes = [bodies.RawJSON, bodies.RawCredential, bodies.RawLinkedData]
    maker_only = frozenset()

    def get_throttles(self) -> list[BaseThrottle]:
        return [VerifyThrottle()]

    @extend_schema(
        operation_id="verify",
        request={
            kind: {"type": "object", "description": "A certificate or a bundle, as signed."}
            for kind in ("application/json", "application/vc", "application/ld+json")
        },
        responses={200: VerdictShape, **refusals(400, 413, 415, 503), 422: RefusedVerdictShape},
        parameters=[
            OpenApiParameter(
                "fingerprint",
                str,
                many=True,
                description="A key you believe, from the card: 8 groups of 4 hex digits. "
                f"At most {MOST_FINGERPRINTS}.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Check a certificate or a bundle. 422 when it does not hold, with every check as well."""
        now = timezone.now()
        fingerprints = _fingerprints(request.query_params.getlist("fingerprint"))
        brought = check.read_file(bodies.bytes_of(request))
        verdict = check.check_file(brought, fingerprints=fingerprints, now=now)
        ours = check.known_here(brought.certificate)
        cause = cause_of(ours, verdict.answer) if ours else None
        facts = facts_of_verdict(verdict, ours, cause)
        told = verdict_of(verdict, ours, now=now, cause=cause, facts=facts)
        if verdict.answer is not CertificateAnswer.FAILED:
            return Response(told)
        return Response({"code": DOES_NOT_HOLD, "detail": _why(verdict), **told}, status=422)


def verdict_of(
    verdict: Verdict,
    certificate: Certificate | None,
    *,
    now: datetime,
    cause: Cause | None,
    facts: Facts,
) -> dict[str, Any]:
    """The verdict in all its parts; `certificate` is the one of this site with that very body."""
    spoken = headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts)
    shape = VerdictShape(
        {
            "answer": verdict.answer,
            "exit_code": verdict.exit_code,
            "fingerprint": verdict.fingerprint,
            "status_as_of": verdict.status_as_of,
            "unreliable_since": verdict.unreliable_since,
            "checked_at": now.replace(microsecond=0),
            "cause": cause,
            "maker": _maker_of(certificate) if certificate else None,
            "checks": [{**vars(each), "needed": each.is_needed} for each in verdict.checks],
            "headline": spoken.title,
            "line": spoken.line,
            "limit": limit_words(spoken.answer, facts),
            "proven": proven_by_file(is_signed=is_signed(verdict)),
        }
    )
    return dict(shape.data)


def _maker_of(certificate: Certificate) -> dict[str, str]:
    """As named when it was signed, as well known as today, as the pages say it."""
    maker = certificate.maker
    stated = maker_of(subject_of(parse_object(bytes(certificate.body))))
    level = maker.identity_level
    return {
        "slug": maker.slug,
        "name": stated.name,
        "identity_level": level,
        "identity_words": level_words(level, has_mark=bool(stated.sponsors_mark)),
        "co_signer": co_signer_of(maker),
    }


def _why(verdict: Verdict) -> str:
    first = verdict.failed[0]
    return f"{first.name}: {first.reason}"


def _fingerprints(texts: list[str]) -> frozenset[str]:
    if len(texts) > MOST_FINGERPRINTS:
        told = f"At most {MOST_FINGERPRINTS} fingerprints are taken at once."
        raise refusal("fingerprint", "max_length", told)
    try:
        return frozenset(read_fingerprint(text) for text in texts)
    except BadKeyError as problem:
        raise refusal("fingerprint", problem.code, sentence(str(problem))) from problem
