"""Certificates of workshops with a key of their own: prepared here, completed with their proof."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from provenance.api import bodies
from provenance.api.certificates import CertificateShape
from provenance.api.desk import Desk
from provenance.api.documented import CREATING, WRITING_ON
from provenance.api.fields import Shape, Text
from provenance.canonical import canonical_bytes, parse_object
from provenance.models.keys import PendingCertificate
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from tags.services import issuing as tag_services


class PrepareShape(Shape):
    piece = Text(22, help_text="The id of your draft.")


class PreparedShape(serializers.Serializer[PendingCertificate]):
    """What your own key signs: the body, as one object."""

    piece = serializers.CharField(source="piece.public_id")
    body = serializers.SerializerMethodField(help_text="Sign it in its canonical form (RFC 8785).")
    expires_at = serializers.DateTimeField(help_text="The proof is taken until then.")

    def get_body(self, pending: PendingCertificate) -> dict[str, Any]:
        return dict(parse_object(bytes(pending.body)))


class ProofShape(Shape):
    proof = serializers.DictField(help_text="The Data Integrity proof, eddsa-jcs-2022.")


class Preparations(Desk):
    @extend_schema(
        operation_id="prepare_certificate",
        request=PrepareShape,
        responses={201: PreparedShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request) -> HttpResponse:
        """Write down what your own key is to sign. An earlier preparation is forgotten."""
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 201, lambda: _prepare(asked.maker, request.data))


class Proof(Desk):
    @extend_schema(
        operation_id="complete_certificate",
        request=ProofShape,
        responses={201: CertificateShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, piece: str) -> HttpResponse:
        """Bring the proof of your key: the platform adds its own, and the draft is signed."""
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 201, lambda: _complete(asked.maker, piece, request.data))


def _prepare(maker: Maker, data: object) -> dict[str, Any]:
    wanted = bodies.valid(PrepareShape(data=data))["piece"]
    mine = Piece.objects.made_by(maker).select_related("maker__user")
    piece = get_object_or_404(mine, public_id=bodies.public_id(wanted))
    pending = tag_services.prepare_with_code(piece=piece, by=maker.user)
    return dict(PreparedShape(pending).data)


def _complete(maker: Maker, piece: str, data: object) -> dict[str, Any]:
    proof = bodies.valid(ProofShape(data=data))["proof"]
    waiting = PendingCertificate.objects.filter(piece__maker=maker)
    pending = (
        waiting.select_related("key", "status_batch", "piece")
        .filter(piece__public_id=bodies.public_id(piece))
        .first()
    )
    if pending is None:
        raise Http404
    issued = tag_services.complete_with_code(
        pending=pending, proof=canonical_bytes(proof), by=maker.user
    )
    return dict(CertificateShape(issued).data)
