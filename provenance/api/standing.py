"""How a certificate stands, by its maker: paused, reinstated, or corrected by a newer one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.api import bodies
from provenance.api.certificates import CertificateShape, ReasonShape
from provenance.api.desk import Desk
from provenance.api.documented import CREATING, REMOVING_ON, WRITING_ON
from provenance.api.piece_shape import RegisteredShape
from provenance.api.pieces import readable_by
from provenance.models.certificate import Actor, Certificate
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import supersede
from provenance.services.suspend import lift_suspension, suspend_certificate


class Suspension(Desk):
    @extend_schema(
        operation_id="suspend_certificate",
        request=ReasonShape,
        responses={201: CertificateShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, certificate: str) -> HttpResponse:
        """Pause your certificate, with a reason that everybody reads, until you reinstate it."""
        return _acted(request, certificate, suspend_certificate)


class Reinstatement(Desk):
    @extend_schema(
        operation_id="reinstate_certificate",
        request=ReasonShape,
        responses={201: CertificateShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, certificate: str) -> HttpResponse:
        """Lift your own pause of your certificate, with the reason; it stands again."""
        return _acted(request, certificate, lift_suspension)


class Revision(Desk):
    maker_only = frozenset({"POST", "DELETE"})

    @extend_schema(
        operation_id="open_revision",
        request=ReasonShape,
        responses={201: RegisteredShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, piece: str) -> HttpResponse:
        """Begin the draft of your signed piece's next certificate; change it, then sign it.

        One is open at most: asked again, you get that one, and its first reason stands.
        """
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 201, lambda: _open(asked.maker, piece, request.data))

    @extend_schema(operation_id="discard_revision", responses={204: None, **REMOVING_ON})
    def delete(self, request: Request, piece: str) -> Response:
        """Give that draft up. Your signed piece and its certificate stand as they were."""
        maker = bodies.maker_of(request)
        drafts = Piece.objects.made_by(maker).drafts().select_related("maker", "revises__maker")
        draft = get_object_or_404(drafts, revises__public_id=bodies.public_id(piece))
        supersede.discard_revision(draft=draft, by=maker.user)
        return Response(status=204)


def _acted(request: Request, certificate: str, act: Callable[..., object]) -> HttpResponse:
    asked = bodies.asked_under_key(request)
    return bodies.answer_once(asked, 201, lambda: _act(asked.maker, certificate, request.data, act))


def _act(maker: Maker, public_id: str, data: object, act: Callable[..., object]) -> dict[str, Any]:
    reason = bodies.valid(ReasonShape(data=data))["reason"]
    mine = Certificate.objects.filter(maker=maker).select_related("piece", "maker")
    certificate = get_object_or_404(mine, public_id=bodies.public_id(public_id))
    act(certificate=certificate, reason=reason, actor=Actor.MAKER, by=maker.user)
    return dict(CertificateShape(certificate).data)


def _open(maker: Maker, public_id: str, data: object) -> dict[str, Any]:
    reason = bodies.valid(ReasonShape(data=data))["reason"]
    mine = Piece.objects.made_by(maker).registered().select_related("maker")
    piece = get_object_or_404(mine, public_id=bodies.public_id(public_id))
    draft = supersede.open_revision(piece=piece, reason=reason, by=maker.user)
    return dict(RegisteredShape(readable_by(maker).get(pk=draft.pk)).data)
