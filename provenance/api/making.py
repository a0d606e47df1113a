"""How a piece was made: replacing the steps of a draft, and the files that show them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from provenance import evidence_files, intake
from provenance.api import bodies
from provenance.api.access import UploadThrottle
from provenance.api.desk import Desk
from provenance.api.documented import CREATING, REMOVING_ON, WRITING_ON
from provenance.api.fields import refusal
from provenance.api.making_shape import (
    EvidenceShape,
    EvidenceUploadShape,
    ReplacedMakingShape,
    steps_from,
)
from provenance.api.piece_shape import RegisteredShape
from provenance.films import NotAFilmError
from provenance.models.maker import Maker
from provenance.models.making import EvidenceKind, MakingStep, StepEvidence
from provenance.models.piece import Piece
from provenance.services import drafting, register, repeat
from provenance.services import evidence as acts


class Making(Desk):
    maker_only = frozenset({"PUT"})

    @extend_schema(
        operation_id="replace_making",
        request=ReplacedMakingShape,
        responses={200: RegisteredShape, **WRITING_ON},
        parameters=CREATING,
    )
    def put(self, request: Request, piece: str) -> HttpResponse:
        """Replace the steps of your draft; evidence stays behind the steps that keep their id."""
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 200, lambda: _replace(asked.maker, piece, request.data))


class Evidence(Desk):
    parser_classes = [bodies.EvidenceForm]

    def get_throttles(self) -> list[BaseThrottle]:
        return [UploadThrottle()]

    @extend_schema(
        operation_id="add_evidence",
        request={"multipart/form-data": EvidenceUploadShape},
        responses={201: EvidenceShape, **WRITING_ON},
        parameters=CREATING,
    )
    def post(self, request: Request, piece: str) -> HttpResponse:
        """Put a file behind a step of your draft; its digest is on record from then on."""
        asked = bodies.asked_under_key(request)
        draft = _mine(asked.maker, piece)
        # The answer given before saves opening the file again.
        if given := repeat.answer_given(asked):
            return bodies.answer_with(given)
        facts = bodies.valid(EvidenceUploadShape(data=request.data))
        step = _step_of(draft, facts["step"])
        # Opened before the transaction begins: it takes seconds, and others wait to write.
        with _brought(facts) as shown:
            return bodies.answer_once(asked, 201, lambda: _add(step, shown))


class OneEvidence(Desk):
    maker_only = frozenset({"DELETE"})

    @extend_schema(operation_id="remove_evidence", responses={204: None, **REMOVING_ON})
    def delete(self, request: Request, piece: str, evidence: str) -> Response:
        """Take a file away from your draft."""
        draft = _mine(bodies.maker_of(request), piece)
        found = get_object_or_404(draft.evidence, public_id=bodies.public_id(evidence))
        acts.remove_evidence(evidence=found)
        return Response(status=204)


def _mine(maker: Maker, public_id: str) -> Piece:
    mine = Piece.objects.made_by(maker).select_related("maker__user")
    return get_object_or_404(mine, public_id=bodies.public_id(public_id))


def _replace(maker: Maker, public_id: str, data: Any) -> dict[str, Any]:
    draft = _mine(maker, public_id)
    facts = bodies.valid(ReplacedMakingShape(data=data))
    steps = steps_from(facts["steps"])
    changed = register.change_steps(piece=draft, steps=steps, revision=facts["revision"])
    return dict(RegisteredShape(changed).data)


def _step_of(draft: Piece, ident: str) -> MakingStep:
    step = draft.steps.select_related("piece__maker__user").filter(ident=ident).first()
    if step is None:
        raise refusal("step", "unknown_step", "The record of this piece has no such step.")
    return step


@contextmanager
def _brought(facts: dict[str, Any]) -> Iterator[acts.Shown]:
    """The file of a valid form; what is not shown to anybody is kept as it came."""
    file, kind, said = facts["file"], facts["type"], facts["digital_source_type"]
    digest, captured = evidence_files.digest_of(file), facts["captured_at"]
    if kind == EvidenceKind.PHOTO:
        with intake.safe_photograph(file, said=said) as incoming:
            yield intake.shown_by(incoming, digest=digest, said=said, captured_at=captured)
        return
    _check_file(file, kind)
    yield acts.Shown(kind, digest, said, content=file, name=file.name, captured_at=captured)


def _check_file(file: Any, kind: str) -> None:
    if kind != EvidenceKind.VIDEO:
        evidence_files.check_file(file)
    elif evidence_files.is_film(file):
        evidence_files.check_film(file)
    else:
        raise NotAFilmError("This is no film we know. Send it as MP4, MOV or WebM.")


def _add(step: MakingStep, shown: acts.Shown) -> dict[str, Any]:
    evidence_files.check_room(step)
    added: StepEvidence = acts.add_evidence(step=step, shown=shown, by=step.piece.maker.user)
    # What the program says of the time, and the number of files, must leave a readable record.
    drafting.derivation_of(Piece.objects.get(pk=step.piece.pk), now=timezone.now())
    return dict(EvidenceShape(added).data)
