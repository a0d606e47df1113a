"""Every text about a piece that a person types freely and a stranger may read, by its path."""

from collections.abc import Iterator

from provenance.jewelry import Piece
from provenance.steps import StepFacts

Texts = dict[str, str]


def headings_of(piece: Piece) -> Texts:
    """What speaks of the piece as a whole: every rule of wording is asked of it."""
    return _filled(
        [
            ("title", piece.title),
            ("description", piece.description),
            ("collection", piece.collection),
            *((f"keywords.{n}", word) for n, word in enumerate(piece.keywords)),
        ]
    )


def details_of(piece: Piece) -> Texts:
    """What speaks of one thing in it: no claim of making may hide there either."""
    return _filled(
        [
            ("sku", piece.sku),
            ("warranty", piece.warranty),
            ("hallmark_exemption", piece.hallmark_exemption),
            *((f"care.{n}", line) for n, line in enumerate(piece.care)),
            *_of_parts(piece),
            *_of_stones(piece),
            *((f"marks.{n}.text", mark.text) for n, mark in enumerate(piece.marks)),
            *((f"marks.{n}.place", mark.place) for n, mark in enumerate(piece.marks)),
            *((f"sourcing.{n}.statement", each.statement) for n, each in enumerate(piece.sourcing)),
        ]
    )


def texts_of_step(step: StepFacts) -> Texts:
    """What is typed beside a step; its kind and control are chosen, and rules judge them."""
    return _filled(
        [
            ("actor", step.actor),
            ("place", step.place),
            ("note", step.note),
            *((f"tools.{n}", tool) for n, tool in enumerate(step.tools)),
            *((f"inputs.{n}", token) for n, token in enumerate(step.inputs)),
        ]
    )


def _of_parts(piece: Piece) -> Iterator[tuple[str, str]]:
    for n, part in enumerate(piece.parts):
        for name in ("name", "role", "colour", "alloy"):
            if text := getattr(part, name):
                yield f"parts.{n}.{name}", text
        if part.coating:
            yield f"parts.{n}.coating.note", part.coating.note


def _of_stones(piece: Piece) -> Iterator[tuple[str, str]]:
    for n, stone in enumerate(piece.stones):
        for name in ("species", "variety", "shape", "cut", "note", "treatment_care"):
            if text := getattr(stone, name):
                yield f"stones.{n}.{name}", text
        yield f"stones.{n}.treatment", ", ".join(stone.treatment)


def _filled(texts: list[tuple[str, str]]) -> Texts:
    return {path: text for path, text in texts if text}
