"""Reading the work on a finished piece that a subject states beside its making."""

import re

from provenance.canonical import JSONObject
from provenance.making_members import (
    list_at,
    numbered,
    object_at,
    refuse,
    required,
    shown,
    texts_at,
)
from provenance.making_reading import part_ids, read_record, read_span
from provenance.making_record import Alteration, Bounds, Fault, InvalidRecordError, Step

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_alterations(subject: JSONObject, *, bounds: Bounds) -> tuple[Alteration, ...]:
    """Read the work that a `credentialSubject` states beside its making, in the order stated.

    Raises InvalidRecordError with the path of the fault, as in "making.alterations.0.on".
    """
    making = subject.get("making")
    listed = making.get("alterations") if isinstance(making, dict) else None
    path = "making.alterations"
    return tuple(
        _read_alteration(object_at(each, at), at, subject, bounds)
        for at, each in numbered(path, list_at(listed, path))
    )


def _read_alteration(
    work: JSONObject, path: str, subject: JSONObject, bounds: Bounds
) -> Alteration:
    parts = part_ids(subject)
    on = required(work, "on", path)
    if not _DAY.fullmatch(on):
        refuse(f"{path}.on", Fault.NOT_A_TIME, "the day of a work is YYYY-MM-DD")
    replaced = texts_at(work, "replaced", path)
    for n, part in enumerate(replaced):
        if part not in parts:
            refuse(f"{path}.replaced.{n}", Fault.UNKNOWN_PART, f"there is no part {shown(part)}")
    return Alteration(
        on=read_span(on, f"{path}.on").first.date(),
        steps=_steps_of(work, path, subject, bounds),
        replaced=frozenset(replaced),
        reason=required(work, "reason", path),
    )


def _steps_of(work: JSONObject, path: str, subject: JSONObject, bounds: Bounds) -> tuple[Step, ...]:
    """The steps of a work, by the laws of every record; a fault is told where it stands."""
    alone: JSONObject = {"parts": subject.get("parts"), "making": {"steps": work.get("steps")}}
    try:
        return read_record(alone, bounds=bounds).steps
    except InvalidRecordError as problem:
        inner = problem.path.removeprefix("making.")
        raise InvalidRecordError(f"{path}.{inner}", problem.fault, problem.sentence) from problem
