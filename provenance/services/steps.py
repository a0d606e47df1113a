"""The steps of a draft: written as its maker states them, on record from their tick on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from provenance.canonical import JSON, JSONObject
from provenance.making_reading import read_record
from provenance.making_record import Bounds
from provenance.models.making import MakingStep
from provenance.models.piece import Piece
from provenance.policy import policy_named
from provenance.steps import StepFacts, moment, stated_step


def check_steps(steps: Sequence[StepFacts], *, parts: Sequence[str], now: datetime) -> None:
    """Raise InvalidRecordError with the path of the first fault, such as "making.steps.3.kind"."""
    stated: list[JSON] = [stated_step(step, recorded=None) for step in steps]
    named: list[JSON] = [{"id": part} for part in parts]
    subject: JSONObject = {"parts": named, "making": {"steps": stated}}
    read_record(subject, bounds=Bounds(policy_named(), now=now))


def write_steps(*, piece: Piece, steps: Sequence[StepFacts], now: datetime) -> None:
    """Make these the steps of a draft, inside the act that changes it; evidence stays in place.

    A step ticked now is on record from `now` on. One that was begun at the bench ends with its
    tick; of any other we do not know when it was done, and do not say.
    """
    parts = piece.parts.values_list("ident", flat=True)
    check_steps(steps, parts=list(parts), now=now)
    standing = {step.ident: step for step in piece.steps.all()}
    piece.steps.exclude(ident__in=[step.ident for step in steps]).delete()
    for position, step in enumerate(steps):
        row = standing.get(step.ident) or MakingStep(piece=piece, ident=step.ident)
        _fill(row, step, position=position, now=now)
        row.save()
    # Read anew: what was prefetched is no longer true.
    getattr(piece, "_prefetched_objects_cache", {}).pop("steps", None)


def new_steps(piece: Piece, steps: Sequence[StepFacts], *, now: datetime) -> list[MakingStep]:
    """The rows, unsaved, of a draft that has none yet; the steps were checked before."""
    rows = [MakingStep(piece=piece, ident=step.ident) for step in steps]
    for position, (row, step) in enumerate(zip(rows, steps, strict=True)):
        _fill(row, step, position=position, now=now)
    return rows


def _fill(row: MakingStep, step: StepFacts, *, position: int, now: datetime) -> None:
    was_done = row.is_done
    row.position = position
    row.recorded_at = (row.recorded_at or now) if step.is_done else None
    if step.is_done and not was_done:
        step = _ended(step, now)
    for name in ("kind", "part", "control", "actor", "place", "started", "finished", "note"):
        setattr(row, name, getattr(step, name))
    for name in ("tools", "inputs", "outputs"):
        setattr(row, name, list(getattr(step, name)))


def _ended(step: StepFacts, now: datetime) -> StepFacts:
    was_begun_here = "T" in step.started and not step.finished
    return replace(step, finished=moment(now)) if was_begun_here else step
