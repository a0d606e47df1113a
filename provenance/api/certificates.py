"""Certificates: signing a draft, reading what was signed, withdrawing it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.api import bodies
from provenance.api.desk import Desk
from provenance.api.documented import CREATING, READING, WRITING_ON
from provenance.api.fields import Shape, Text
from provenance.api.verifications import VerdictShape, verdict_of
from provenance.models.certificate import Actor, Certificate, Suspension
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services.causes import reason_of
from provenance.services.revoke import revoke_certificate
from provenance.services.standing import facts_of_verdict, standing_of
from provenance.services.suspend import suspension_of
from tags.services import issuing as tag_services


class WithdrawnShape(serializers.Serializer[Certificate]):
    at = serializers.DateTimeField(source="revoked_at")
    by = serializers.ChoiceField(Actor.choices, source="revoked_by")
    reason = serializers.CharField(source="revocation_reason")


class PausedShape(serializers.Serializer[Suspension]):
    since = serializers.DateTimeField()
    by = serializers.ChoiceField(Actor.choices)
    reason = serializers.CharField()


class SupersedesShape(serializers.Serializer[object]):
    id = serializers.CharField(help_text="The certificate whose place it took.")
    reason = serializers.CharField()


class LinksShape(serializers.Serializer[object]):
    page = serializers.URLField()
    certificate = serializers.URLField(help_text="The signed bytes, exactly as signed.")
    body = serializers.URLField(help_text="Without proofs; its SHA-256 is the digest.")
    bundle = serializers.URLField(help_text="With all a laptop needs to check it offline.")


class CertificateShape(serializers.Serializer[Certificate]):
    """The public facts of a certificate; the signed document itself is at its link."""

    id = serializers.CharField(source="public_id")
    piece = serializers.CharField(source="piece.public_id")
    maker = serializers.CharField(source="maker.slug")
    version = serializers.IntegerField()
    valid_from = serializers.DateTimeField()
    digest = serializers.SerializerMethodField(help_text="SHA-256 of the body, 64 hex digits.")
    revocation = serializers.SerializerMethodField()
    suspension = serializers.SerializerMethodField()
    supersedes = serializers.SerializerMethodField()
    superseded_by = serializers.SerializerMethodField(help_text="The next certificate, or null.")
    links = serializers.SerializerMethodField()

    def get_digest(self, certificate: Certificate) -> str:
        return bytes(certificate.digest).hex()

    @extend_schema_field(WithdrawnShape(allow_null=True))
    def get_revocation(self, certificate: Certificate) -> dict[str, Any] | None:
        return dict(WithdrawnShape(certificate).data) if certificate.revoked_at else None

    @extend_schema_field(PausedShape(allow_null=True))
    def get_suspension(self, certificate: Certificate) -> dict[str, Any] | None:
        pause = suspension_of(certificate)
        return dict(PausedShape(pause).data) if pause else None

    @extend_schema_field(SupersedesShape(allow_null=True))
    def get_supersedes(self, certificate: Certificate) -> dict[str, str] | None:
        before = certificate.supersedes
        return {"id": before.public_id, "reason": reason_of(certificate)} if before else None

    def get_superseded_by(self, certificate: Certificate) -> str | None:
        following: Certificate | None = getattr(certificate, "superseded_by", None)
        return following.public_id if following else None

    @extend_schema_field(LinksShape)
    def get_links(self, certificate: Certificate) -> dict[str, str]:
        page = f"{settings.SITE_URL}/c/{certificate.public_id}"
        return {
            "page": page,
            "certificate": f"{page}.json",
            "body": f"{page}/body.json",
            "bundle": f"{page}/bundle.json",
        }


class CheckedShape(CertificateShape):
    """A certificate with its verdict of this moment."""

    verdict = VerdictShape()


class IssueShape(Shape):
    piece = Text(22, help_text="The id of your draft.")


class ReasonShape(Shape):
    reason = Text(300, help_text="Everybody will read it.")


class Certificates(Desk):
    @extend_schema(
        operation_id="issue_certificate",
        request=IssueShape,
        responses={201: CertificateShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request) -> HttpResponse:
        """Sign your draft: its facts are fixed from then on, and its printed code is bound.

        The certificate of a revision is of the piece it revises, and takes the last one's place.
        """
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 201, lambda: _issue(asked.maker, request.data))


class OneCertificate(Desk):
    @extend_schema(operation_id="read_certificate", responses={200: CheckedShape, **READING})
    def get(self, request: Request, certificate: str) -> Response:
        """Read a certificate's public facts, and its verdict of this moment."""
        wanted = bodies.public_id(certificate)
        known = Certificate.objects.select_related(
            "piece", "maker", "status_batch", "supersedes", "superseded_by"
        )
        found = get_object_or_404(known, public_id=wanted)
        checked = standing_of(found, now=timezone.now())
        facts = facts_of_verdict(checked.verdict, found, checked.cause)
        verdict = verdict_of(
            checked.verdict, found, now=checked.at, cause=checked.cause, facts=facts
        )
        return Response({**CertificateShape(found).data, "verdict": verdict})


class Revocation(Desk):
    @extend_schema(
        operation_id="revoke_certificate",
        request=ReasonShape,
        responses={201: CertificateShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, certificate: str) -> HttpResponse:
        """Withdraw your certificate, with a reason that everybody reads. It cannot be undone."""
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(
            asked, 201, lambda: _revoke(asked.maker, certificate, request.data)
        )


def _issue(maker: Maker, data: object) -> dict[str, Any]:
    wanted = bodies.valid(IssueShape(data=data))["piece"]
    mine = Piece.objects.made_by(maker).select_related("maker__user")
    piece = get_object_or_404(mine, public_id=bodies.public_id(wanted))
    issued = tag_services.issue_with_code(piece=piece, by=maker.user)
    return dict(CertificateShape(issued).data)


def _revoke(maker: Maker, public_id: str, data: object) -> dict[str, Any]:
    reason = bodies.valid(ReasonShape(data=data))["reason"]
    mine = Certificate.objects.filter(maker=maker).select_related("piece", "maker")
    certificate = get_object_or_404(mine, public_id=bodies.public_id(public_id))
    revoked = revoke_certificate(
        certificate=certificate, reason=reason, actor=Actor.MAKER, by=maker.user
    )
    return dict(CertificateShape(revoked).data)
