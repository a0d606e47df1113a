"""Reading a making record: typed steps, or the named fault and the path where it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Final

from provenance.canonical import JSON, JSONObject
from provenance.making_members import (
    flag_at,
    list_at,
    member_of,
    numbered,
    object_at,
    optional,
    refuse,
    required,
    shown,
    text_at,
    texts_at,
)
from provenance.making_record import (
    WHOLE_PIECE,
    Bounds,
    Evidence,
    Fault,
    InvalidRecordError,
    Record,
    Span,
    Step,
)
from provenance.policy import Policy

MOST_STEPS: Final = 500
_ONE_DAY: Final = timedelta(days=1, microseconds=-1)
FILE_PREFIX: Final = "sha256:"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
_C2PA_STATES = frozenset({"none", "broken", "signed", "capture"})


def read_record(subject: JSONObject, *, bounds: Bounds) -> Record:
    """Read the making record of a `credentialSubject`; without steps it is an empty record.

    Raises InvalidRecordError with the path of the first fault, such as "making.steps.3.kind".
    Dates are RFC 3339 timestamps or days; a day stands for all of it, in UTC.
    """
    stated = subject.get("making")
    making = object_at({} if stated is None else stated, "making")
    listed = list_at(making.get("steps"), "making.steps", most=MOST_STEPS)
    parts = part_ids(subject)
    steps = tuple(
        _read_step(object_at(each, path), path, bounds)
        for path, each in numbered("making.steps", listed)
    )
    _check_ids(steps)
    _check_parts(steps, parts)
    _check_evidence(steps)
    _check_flow(steps, parts, bounds.policy)
    maker = subject.get("maker")
    return Record(
        steps,
        parts,
        maker=text_at(member_of(maker, "name") or "", "maker.name"),
        maker_did=text_at(member_of(maker, "id") or "", "maker.id"),
    )


def read_span(value: JSON, path: str) -> Span:
    """Read a day or an RFC 3339 moment; InvalidRecordError `not_a_time` for anything else."""
    span = _span(value) if isinstance(value, str) else None
    if span is None:
        refuse(path, Fault.NOT_A_TIME, "a date is YYYY-MM-DD or an RFC 3339 timestamp that exists")
    return span


@lru_cache(maxsize=4096)  # the steps of one day share their dates
def _span(text: str) -> Span | None:
    is_day = _DAY.fullmatch(text) is not None
    if not is_day and not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        if not is_day:
            at = moment.astimezone(UTC)
            return Span(at, at)
        first = moment.replace(tzinfo=UTC)
        return Span(first, first + _ONE_DAY)
    except (ValueError, OverflowError):
        return None


def is_file(token: str) -> bool:
    """Whether an input or output names a file by its digest."""
    return token.startswith(FILE_PREFIX)


# -- one step -----------------------------------------------------------------------------------


def _read_step(step: JSONObject, path: str, bounds: Bounds) -> Step:
    kind = required(step, "kind", path)
    if kind not in bounds.policy.kinds:
        refuse(f"{path}.kind", Fault.UNKNOWN_KIND, f"{shown(kind)} is no kind of step")
    started, finished = _dates(step, path, bounds)
    return Step(
        ident=required(step, "id", path),
        kind=kind,
        part=required(step, "part", path),
        control=_control(step, kind, path, bounds.policy),
        actor=optional(step, "actor", path),
        place=optional(step, "place", path),
        started=started,
        finished=finished,
        recorded=_date(step, "recorded", path, bounds),
        tools=texts_at(step, "tools", path),
        inputs=texts_at(step, "inputs", path),
        outputs=texts_at(step, "outputs", path),
        evidence=tuple(_evidence(step, path, bounds)),
        note=optional(step, "note", path),
    )


def _control(step: JSONObject, kind: str, path: str, policy: Policy) -> str:
    control, path = required(step, "control", path), f"{path}.control"
    if not any(control in known for known in policy.controls.values()):
        refuse(path, Fault.UNKNOWN_CONTROL, f"{shown(control)} is no way to steer a step")
    if control not in policy.controls["design" if kind.startswith("design.") else "making"]:
        refuse(path, Fault.CONTROL_DOES_NOT_FIT, f"{control} does not go with {kind}")
    # "design.ai" drawn "by a person" would hide what it names.
    if kind in policy.ai_kinds and control not in policy.ai_controls:
        refuse(path, Fault.CONTROL_DOES_NOT_FIT, f"{kind} says AI, {control} denies it")
    return control


def _dates(step: JSONObject, path: str, bounds: Bounds) -> tuple[Span | None, Span | None]:
    started = _date(step, "started", path, bounds)
    finished = _date(step, "finished", path, bounds)
    if started and finished and finished.last < started.first:
        refuse(f"{path}.finished", Fault.ENDS_BEFORE_START, "it is finished before it is started")
    return started, finished


def _date(source: JSONObject, name: str, path: str, bounds: Bounds) -> Span | None:
    if (value := source.get(name)) is None:
        return None
    path = f"{path}.{name}"
    span = read_span(value, path)
    if bounds.now and span.first > bounds.now:
        refuse(path, Fault.IN_FUTURE, "this date lies in the future")
    if span.last < bounds.earliest:
        refuse(path, Fault.BEFORE_MAKER, "this date lies before the maker was born")
    return span


# -- evidence -----------------------------------------------------------------------------------


def _evidence(step: JSONObject, path: str, bounds: Bounds) -> Iterator[Evidence]:
    path = f"{path}.evidence"
    for place, each in numbered(path, list_at(step.get("evidence"), path)):
        yield _item(object_at(each, place), place, bounds)


def _item(item: JSONObject, path: str, bounds: Bounds) -> Evidence:
    kind = required(item, "type", path)
    if kind not in bounds.policy.evidence_types:
        refuse(f"{path}.type", Fault.UNKNOWN_EVIDENCE, f"{shown(kind)} is no kind of evidence")
    digest, credentials = required(item, "sha256", path), _c2pa(item, path)
    if not _DIGEST.fullmatch(digest):
        refuse(f"{path}.sha256", Fault.BAD_DIGEST, "a digest is 64 lower-case hex digits")
    return Evidence(
        kind=kind,
        sha256=digest,
        source=_source(item, path, bounds.policy),
        captured=_date(item, "captured_at", path, bounds),
        recorded=_date(item, "recorded_at", path, bounds),
        is_c2pa_capture=credentials == "capture",
        has_broken_credentials=credentials == "broken",
        is_in_app=flag_at(item, "in_app", path),
        party=optional(item, "party", path),
        is_verified_party=flag_at(item, "verified", path),
        also_used_for=optional(item, "also_used_for", path),
    )


def _source(item: JSONObject, path: str, policy: Policy) -> str:
    path = f"{path}.digitalSourceType"
    # IPTC and C2PA write the whole address of the term; its last word is the term.
    source = text_at(item.get("digitalSourceType") or "", path).rpartition("/")[2]
    if source and not any(source in known for known in policy.sources.values()):
        refuse(path, Fault.UNKNOWN_SOURCE, f"{shown(source)} is no digital source type")
    return source


def _c2pa(item: JSONObject, path: str) -> str:
    stated = item.get("c2pa")
    state = text_at(member_of(stated, "state") or stated or "none", f"{path}.c2pa")
    if state not in _C2PA_STATES:
        sentence = f"a content credential is one of {', '.join(sorted(_C2PA_STATES))}"
        refuse(f"{path}.c2pa", Fault.UNKNOWN_EVIDENCE, sentence)
    return state


# -- steps among each other ---------------------------------------------------------------------


def _check_ids(steps: tuple[Step, ...]) -> None:
    seen: set[str] = set()
    for number, step in enumerate(steps):
        if step.ident in seen:
            refuse(
                f"making.steps.{number}.id",
                Fault.REPEATED_ID,
                f"the id {shown(step.ident)} stands twice",
            )
        seen.add(step.ident)


def _check_parts(steps: tuple[Step, ...], parts: tuple[str, ...]) -> None:
    known = {*parts, WHOLE_PIECE}
    for number, step in enumerate(steps):
        if parts and step.part not in known:
            refuse(
                f"making.steps.{number}.part",
                Fault.UNKNOWN_PART,
                f"{shown(step.part)} is no part of this piece",
            )


def _check_evidence(steps: tuple[Step, ...]) -> None:
    seen: set[str] = set()
    for number, step in enumerate(steps):
        for place, item in enumerate(step.evidence):
            if item.sha256 in seen:
                path = f"making.steps.{number}.evidence.{place}.sha256"
                refuse(path, Fault.REPEATED_EVIDENCE, "the same file is evidence twice")
            seen.add(item.sha256)


def _check_flow(steps: tuple[Step, ...], parts: tuple[str, ...], policy: Policy) -> None:
    made = {token for step in steps for token in step.outputs}
    known = {*parts, WHOLE_PIECE, *(step.part for step in steps), *made}
    for number, step in enumerate(steps):
        path = f"making.steps.{number}"
        for place, token in enumerate(step.inputs):
            _check_file(token, f"{path}.inputs.{place}")
            if not _is_known_input(token, step, known, policy):
                sentence = f"{shown(token)} is no material known here"
                refuse(f"{path}.inputs.{place}", Fault.UNKNOWN_INPUT, sentence)
        for place, token in enumerate(step.outputs):
            _check_file(token, f"{path}.outputs.{place}")
    _check_cycles(steps)


def _is_known_input(token: str, step: Step, known: set[str], policy: Policy) -> bool:
    if step.family != "form" or is_file(token) or token in known or step.is_bought_in:
        return True
    # Solder, enamel and resin carry no claim, and a cast part has lost it already; only what a
    # part is shaped from by other means must be told apart.
    if any(step.kind in kinds for kinds in policy.named_by.values()):
        return True
    return any(words.search(token) for words in policy.materials.values())


def _check_file(token: str, path: str) -> None:
    if is_file(token) and not _DIGEST.fullmatch(token.removeprefix(FILE_PREFIX)):
        refuse(path, Fault.BAD_DIGEST, "a file is sha256: and 64 lower-case hex digits")


def _check_cycles(steps: tuple[Step, ...]) -> None:
    try:
        TopologicalSorter(_needs(steps)).prepare()
    except CycleError as problem:
        ring: list[int] = problem.args[1]
        path = f"making.steps.{min(ring)}.inputs"
        sentence = "a step needs, over others, what it makes itself"
        raise InvalidRecordError(path, Fault.CYCLE, sentence) from problem


def _needs(steps: tuple[Step, ...]) -> dict[int, set[int]]:
    makers: dict[str, set[int]] = {}
    for number, step in enumerate(steps):
        for token in step.outputs:
            # A part may go in and come out again, as when it is annealed; a file may not.
            if is_file(token) or token not in step.inputs:
                makers.setdefault(token, set()).add(number)
    return {
        number: {maker for token in set(step.inputs) for maker in makers.get(token, ())}
        for number, step in enumerate(steps)
    }


# -- parts --------------------------------------------------------------------------------------


def part_ids(subject: JSONObject) -> tuple[str, ...]:
    """The ids of the parts of a subject; InvalidRecordError where one has none."""
    listed = list_at(subject.get("parts"), "parts")
    return tuple(
        required(object_at(each, path), "id", path) for path, each in numbered("parts", listed)
    )
