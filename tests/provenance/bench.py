"""Steps and files as they come from a bench, for the tests of the making record."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import ContentFile

from provenance.models.making import EvidenceKind, MakingStep
from provenance.models.piece import Piece
from provenance.services import evidence
from provenance.services.facts import facts_of
from provenance.services.register import SafePhotograph, SafeRendition, change_piece
from provenance.steps import StepFacts

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

SKETCHED = StepFacts("d1", "design.sketch", "human", is_done=True)
SAWN = StepFacts("f1", "form.fabricate", "hand", inputs=("wire",), is_done=True)
POLISHED = StepFacts("p1", "finish.polish", "hand_guided", tools=("flex shaft",), is_done=True)
PRINTED = StepFacts("m1", "model.wax_print", "additive", actor="outside:caster", is_done=True)
CAST = StepFacts("c1", "form.cast", "templated", actor="outside:caster", is_done=True)
SET = StepFacts("s1", "set.stone", "hand", is_done=True)
BY_HAND = (SKETCHED, SAWN, POLISHED)
CAST_AND_SET = (SKETCHED, PRINTED, CAST, SET, POLISHED)


def with_steps(piece: Piece, *steps: StepFacts) -> Piece:
    """The draft with these steps in place of those it had."""
    return change_piece(piece=piece, facts=facts_of(piece), revision=piece.revision, steps=steps)


def step_of(piece: Piece, ident: str) -> MakingStep:
    return piece.steps.get(ident=ident)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def photograph_of(folder: Path, text: str = "a graver at work") -> SafePhotograph:
    """A picture made safe; its pixels are this text."""
    file = folder / f"{digest(text)[:8]}.webp"
    file.write_text(text)
    rendition = SafeRendition(file, 1080, 810, digest(f"safe {text}"))
    return SafePhotograph(1080, 810, "data:image/webp;base64,UklGRg==", {"1080.webp": rendition})


def shown(folder: Path, text: str = "a graver at work", **facts) -> evidence.Shown:
    """A photograph taken by a camera, unless the facts say otherwise."""
    facts = {"source": "digitalCapture", "kind": EvidenceKind.PHOTO} | facts
    return evidence.Shown(
        original_sha256=digest(text), picture=photograph_of(folder, text), **facts
    )


def film(text: str = "a film of the setting") -> evidence.Shown:
    return evidence.Shown(
        EvidenceKind.VIDEO, digest(text), content=ContentFile(text.encode()), name="IMG_1.MOV"
    )
