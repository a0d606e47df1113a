"""Pieces: registering them, adding their photographs, reading them."""

from typing import Any

from django.db.models import Prefetch
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
from provenance.api.documented import CHANGING, CREATING, READING, WRITING, WRITING_ON
from provenance.api.making_shape import steps_from
from provenance.api.piece_facts import facts_from
from provenance.api.piece_shape import (
    ChangedShape,
    PieceShape,
    RegisteredShape,
    TakenShape,
    UploadShape,
)
from provenance.models.maker import Maker
from provenance.models.making import StepEvidence
from provenance.models.piece import Piece, PieceQuerySet
from provenance.services import register, repeat
from provenance.services.facts import DETAILS


def readable_by(maker: Maker | None) -> PieceQuerySet:
    """Issued pieces are everybody's to read; a draft is its maker's."""
    issued: PieceQuerySet = Piece.objects.issued()
    readable = issued | Piece.objects.made_by(maker).drafts() if maker else issued
    return readable.select_related("maker", "revises").prefetch_related(
        *DETAILS,
        "photographs__piece",
        "certificates",
        "steps",
        Prefetch("steps__evidence", StepEvidence.objects.select_related("piece", "step")),
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
        valid = bodies.valid(PieceShape(data=data))
        steps = steps_from(valid.pop("making", {}).get("steps", []))
        facts = facts_from(valid)
        piece = register.register_piece(maker=maker, facts=facts, by=maker.user, steps=steps)
        return dict(RegisteredShape(piece).data)


class OnePiece(Desk):
    maker_only = frozenset({"PUT"})

    @extend_schema(operation_id="read_piece", responses={200: RegisteredShape, **READING})
    def get(self, request: Request, piece: str) -> Response:
        """Read an issued piece, or with your token your own draft."""
        found = get_object_or_404(readable_by(self.maker), public_id=bodies.public_id(piece))
        return Response(RegisteredShape(found).data)

    @extend_schema(
        operation_id="change_piece",
        request=ChangedShape,
        responses={200: RegisteredShape, **CHANGING},
    )
    def put(self, request: Request, piece: str) -> Response:
        """Replace the facts of your draft as it stood at `revision`; nothing else is overwritten.

        Sent again, it finds the draft at a newer revision and changes nothing (409).
        """
        maker = bodies.maker_of(request)
        mine = Piece.objects.made_by(maker).select_related("maker")
        draft = get_object_or_404(mine, public_id=bodies.public_id(piece))
        told = bodies.valid(ChangedShape(data=request.data))
        register.change_piece(piece=draft, facts=facts_from(told), revision=told["revision"])
        return Response(RegisteredShape(readable_by(maker).get(pk=draft.pk)).data)


class Photographs(Desk):
    parser_classes = [bodies.PhotographForm]

    def get_throttles(self) -> list[BaseThrottle]:
        return [UploadThrottle()]

    @extend_schema(
        operation_id="add_photograph",
        request={"multipart/form-data": UploadShape},
        responses={201: TakenShape, **WRITING_ON},
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
        said = facts["digital_source_type"]
        with intake.safe_photograph(facts["file"], said=said) as incoming:
            return bodies.answer_once(asked, 201, lambda: _add(draft, facts, incoming))


def _add(draft: Piece, facts: dict[str, Any], incoming: intake.Incoming) -> dict[str, Any]:
    photograph = register.add_photograph(
        piece=draft,
        role=facts["role"],
        source=incoming.source(facts["digital_source_type"]),
        alt=facts["alt"],
        picture=incoming.picture,
    )
    return dict(TakenShape(photograph, context={"credentials": incoming.credentials}).data)
