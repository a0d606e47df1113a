"""Pieces: registering them, adding their photographs, reading them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from provenance import intake
from provenance.api import bodies
from provenance.api.access import UploadThrottle
from provenance.api.desk import Desk
from provenance.api.documented import CREATING, READING, WRITING, WRITING_ON
from provenance.api.piece_shape import (
    PhotographShape,
    PieceShape,
    RegisteredShape,
    UploadShape,
    facts_from,
)
from provenance.models.maker import Maker
from provenance.models.piece import Piece, PieceQuerySet
from provenance.services import register, repeat


def readable_by(maker: Maker | None) -> PieceQuerySet:
    """Issued pieces are everybody's to read; a draft is its maker's."""
    issued: PieceQuerySet = Piece.objects.issued()
    readable = issued | Piece.objects.made_by(maker) if maker else issued
    return readable.select_related("maker").prefetch_related(
        "parts", "stones", "marks", "photographs__piece", "certificates"
    )


class Pieces(Desk):
    @extend_schema(
        operation_id="register_piece",
        request=PieceShape,
        responses={201: RegisteredShape, **WRITING},
        parameters=CREATING,
    )
    def post(self, request: Request) -> HttpResponse:
        """Register a piece as a draft; photographs and the signature come after."""
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 201, lambda: self._register(asked.maker, request.data))

    def _register(self, maker: Maker, data: Any) -> dict[str, Any]:
        facts = facts_from(bodies.valid(PieceShape(data=data)))
        piece = register.register_piece(maker=maker, facts=facts, by=maker.user)
        return dict(RegisteredShape(piece).data)


class OnePiece(Desk):
    @extend_schema(operation_id="read_piece", responses={200: RegisteredShape, **READING})
    def get(self, request: Request, piece: str) -> Response:
        """Read an issued piece, or with your token your own draft."""
        found = get_object_or_404(readable_by(self.maker), public_id=bodies.public_id(piece))
        return Response(RegisteredShape(found).data)


class Photographs(Desk):
    parser_classes = [bodies.PhotographForm]

    def get_throttles(self) -> list[BaseThrottle]:
        return [UploadThrottle()]

    @extend_schema(
        operation_id="add_photograph",
        request={"multipart/form-data": UploadShape},
        responses={201: PhotographShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, piece: str) -> HttpResponse:
        """Add a photograph to your draft; it takes the place of the one in the same role."""
        asked = bodies.asked_under_key(request)
        mine = Piece.objects.made_by(asked.maker)
        draft = get_object_or_404(mine, public_id=bodies.public_id(piece))
        # The answer given before saves opening the picture again.
        if given := repeat.answer_given(asked):
            return bodies.answer_with(given)
        facts = bodies.valid(UploadShape(data=request.data))
        # Opened before the transaction begins: it takes seconds, and others wait to write.
        with intake.safe_photograph(facts["file"]) as incoming:
            return bodies.answer_once(asked, 201, lambda: _add(draft, facts, incoming))


def _add(draft: Piece, facts: dict[str, Any], incoming: intake.Incoming) -> dict[str, Any]:
    photograph = register.add_photograph(
        piece=draft,
        role=facts["role"],
        source=incoming.source(facts["digital_source_type"]),
        alt=facts["alt"],
        picture=incoming.picture,
    )
    return dict(PhotographShape(photograph).data)
