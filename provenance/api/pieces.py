"""Pieces: registering them, adding their photographs, reading them."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from memories import media
from memories.media_plan import RECORD
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
        mine = Piece.objects.made_by(request.auth)
        draft = get_object_or_404(mine, public_id=bodies.public_id(piece))
        asked = bodies.asked_under_key(request)
        # The answer given before saves opening the picture again.
        if given := repeat.answer_given(asked):
            return bodies.answer_with(given)
        facts = bodies.valid(UploadShape(data=request.data))
        with tempfile.TemporaryDirectory() as folder:
            # Opened before the transaction begins: it takes seconds, and others wait to write.
            picture = _make_safe(facts["file"], Path(folder))
            return bodies.answer_once(asked, 201, lambda: _add(draft, facts, picture))


def _make_safe(upload: UploadedFile, folder: Path) -> media.SafePicture:
    source = folder / "upload"
    with source.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return media.make_safe(source, into=folder, plan=RECORD)


def _add(draft: Piece, facts: dict[str, Any], picture: media.SafePicture) -> dict[str, Any]:
    renditions = {
        each.name: register.SafeRendition(each.path, each.width, each.height, each.sha256)
        for each in picture.variants
    }
    photograph = register.add_photograph(
        piece=draft,
        role=facts["role"],
        # What the file itself confesses outweighs what the caller says of it.
        source=picture.digital_source_type or facts["source"],
        alt=facts["alt"],
        picture=register.SafePhotograph(
            picture.width, picture.height, picture.placeholder, renditions
        ),
    )
    return dict(PhotographShape(photograph).data)
