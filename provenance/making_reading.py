"""Reading a making record: typed steps, or the named fault and the path where it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Final, NoReturn

from provenance.canonical import JSON, JSONObject
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

MOST_STEPS, MOST_ITEMS, LONGEST_TEXT = 500, 100, 2000
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
    making = _object({} if stated is None else stated, "making")
    listed = _list(making.get("steps"), "making.steps", most=MOST_STEPS)
    parts = _part_ids(subject)
    steps = tuple(
        _read_step(_object(each, path), path, bounds)
        for path, each in _numbered("making.steps", listed)
    )
    _check_ids(steps)
    _check_parts(steps, parts)
    _check_evidence(steps)
    _check_flow(steps, parts, bounds.policy)
    maker = subject.get("maker")
    return Record(
        steps,
        parts,
        maker=_text(_member(maker, "name") or "", "maker.name"),
        maker_did=_text(_member(maker, "id") or "", "maker.id"),
    )


def read_span(value: JSON, path: str) -> Span:
    """Read a day or an RFC 3339 moment; InvalidRecordError `not_a_time` for anything else."""
    span = _span(value) if isinstance(value, str) else None
    if span is None:
        _refuse(path, Fault.NOT_A_TIME, "a date is YYYY-MM-DD or an RFC 3339 timestamp that exists")
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
    kind = _required(step, "kind", path)
    if kind not in bounds.policy.kinds:
        _refuse(f"{path}.kind", Fault.UNKNOWN_KIND, f"{_shown(kind)} is no kind of step")
    started, finished = _dates(step, path, bounds)
    return Step(
        ident=_required(step, "id", path),
        kind=kind,
        part=_required(step, "part", path),
        control=_control(step, kind, path, bounds.policy),
        actor=_optional(step, "actor", path),
        place=_optional(step, "place", path),
        started=started,
        finished=finished,
        recorded=_date(step, "recorded", path, bounds),
        tools=_texts(step, "tools", path),
        inputs=_texts(step, "inputs", path),
        outputs=_texts(step, "outputs", path),
        evidence=tuple(_evidence(step, path, bounds)),
        note=_optional(step, "note", path),
    )


def _control(step: JSONObject, kind: str, path: str, policy: Policy) -> str:
    control, path = _required(step, "control", path), f"{path}.control"
    if not any(control in known for known in policy.controls.values()):
        _refuse(path, Fault.UNKNOWN_CONTROL, f"{_shown(control)} is no way to steer a step")
    if control not in policy.controls["design" if kind.startswith("design.") else "making"]:
        _refuse(path, Fault.CONTROL_DOES_NOT_FIT, f"{control} does not go with {kind}")
    # "design.ai" drawn "by a person" would hide what it names.
    if kind in policy.ai_kinds and control not in policy.ai_controls:
        _refuse(path, Fault.CONTROL_DOES_NOT_FIT, f"{kind} says AI, {control} denies it")
    return control


def _dates(step: JSONObject, path: str, bounds: Bounds) -> tuple[Span | None, Span | None]:
    started = _date(step, "started", path, bounds)
    finished = _date(step, "finished", path, bounds)
    if started and finished and finished.last < started.first:
        _refuse(f"{path}.finished", Fault.ENDS_BEFORE_START, "it is finished before it is started")
    return started, finished


def _date(source: JSONObject, name: str, path: str, bounds: Bounds) -> Span | None:
    if (value := source.get(name)) is None:
        return None
    path = f"{path}.{name}"
    span = read_span(value, path)
    if bounds.now and span.first > bounds.now:
        _refuse(path, Fault.IN_FUTURE, "this date lies in the future")
    if span.last < bounds.earliest:
        _refuse(path, Fault.BEFORE_MAKER, "this date lies before the maker was born")
    return span


# -- evidence -----------------------------------------------------------------------------------


def _evidence(step: JSONObject, path: str, bounds: Bounds) -> Iterator[Evidence]:
    path = f"{path}.evidence"
    for place, each in _numbered(path, _list(step.get("evidence"), path)):
        yield _item(_object(each, place), place, bounds)


def _item(item: JSONObject, path: str, bounds: Bounds) -> Evidence:
    kind = _required(item, "type", path)
    if kind not in bounds.policy.evidence_types:
        _refuse(f"{path}.type", Fault.UNKNOWN_EVIDENCE, f"{_shown(kind)} is no kind of evidence")
    digest = _required(item, "sha256", path)
    if not _DIGEST.fullmatch(digest):
        _refuse(f"{path}.sha256", Fault.BAD_DIGEST, "a digest is 64 lower-case hex digits")
    return Evidence(
        kind=kind,
        sha256=digest,
        source=_source(item, path, bounds.policy),
        captured=_date(item, "captured_at", path, bounds),
        recorded=_date(item, "recorded_at", path, bounds),
        is_c2pa_capture=_c2pa(item, path) == "capture",
        is_in_app=_flag(item, "in_app", path),
        party=_optional(item, "party", path),
        is_verified_party=_flag(item, "verified", path),
        also_used_for=_optional(item, "also_used_for", path),
    )


def _source(item: JSONObject, path: str, policy: Policy) -> str:
    path = f"{path}.digitalSourceType"
    # IPTC and C2PA write the whole address of the term; its last word is the term.
    source = _text(item.get("digitalSourceType") or "", path).rpartition("/")[2]
    if source and not any(source in known for known in policy.sources.values()):
        _refuse(path, Fault.UNKNOWN_SOURCE, f"{_shown(source)} is no digital source type")
    return source


def _c2pa(item: JSONObject, path: str) -> str:
    stated = item.get("c2pa")
    state = _text(_member(stated, "state") or stated or "none", f"{path}.c2pa")
    if state not in _C2PA_STATES:
        sentence = f"a content credential is one of {', '.join(sorted(_C2PA_STATES))}"
        _refuse(f"{path}.c2pa", Fault.UNKNOWN_EVIDENCE, sentence)
    return state


# -- steps among each other ---------------------------------------------------------------------


def _check_ids(steps: tuple[Step, ...]) -> None:
    seen: set[str] = set()
    for number, step in enumerate(steps):
        if step.ident in seen:
            _refuse(
                f"making.steps.{number}.id",
                Fault.REPEATED_ID,
                f"the id {_shown(step.ident)} stands twice",
            )
        seen.add(step.ident)


def _check_parts(steps: tuple[Step, ...], parts: tuple[str, ...]) -> None:
    known = {*parts, WHOLE_PIECE}
    for number, step in enumerate(steps):
        if parts and step.part not in known:
            _refuse(
                f"making.steps.{number}.part",
                Fault.UNKNOWN_PART,
                f"{_shown(step.part)} is no part of this piece",
            )


def _check_evidence(steps: tuple[Step, ...]) -> None:
    seen: set[str] = set()
    for number, step in enumerate(steps):
        for place, item in enumerate(step.evidence):
            if item.sha256 in seen:
                path = f"making.steps.{number}.evidence.{place}.sha256"
                _refuse(path, Fault.REPEATED_EVIDENCE, "the same file is evidence twice")
            seen.add(item.sha256)


def _check_flow(steps: tuple[Step, ...], parts: tuple[str, ...], policy: Policy) -> None:
    made = {token for step in steps for token in step.outputs}
    known = {*parts, WHOLE_PIECE, *(step.part for step in steps), *made}
    for number, step in enumerate(steps):
        path = f"making.steps.{number}"
        for place, token in enumerate(step.inputs):
            _check_file(token, f"{path}.inputs.{place}")
            if not _is_known_input(token, step, known, policy):
                sentence = f"{_shown(token)} is no material known here"
                _refuse(f"{path}.inputs.{place}", Fault.UNKNOWN_INPUT, sentence)
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
        _refuse(path, Fault.BAD_DIGEST, "a file is sha256: and 64 lower-case hex digits")


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
        number: {maker for token in step.inputs for maker in makers.get(token, ())}
        for number, step in enumerate(steps)
    }


# -- values -------------------------------------------------------------------------------------


def _part_ids(subject: JSONObject) -> tuple[str, ...]:
    listed = _list(subject.get("parts"), "parts")
    return tuple(
        _required(_object(each, path), "id", path) for path, each in _numbered("parts", listed)
    )


def _required(source: JSONObject, name: str, path: str) -> str:
    if not (text := _optional(source, name, path)):
        _refuse(f"{path}.{name}", Fault.MISSING, "it is missing")
    return text


def _optional(source: JSONObject, name: str, path: str) -> str:
    value = source.get(name)
    return "" if value is None else _text(value, f"{path}.{name}")


def _texts(source: JSONObject, name: str, path: str) -> tuple[str, ...]:
    if (value := source.get(name)) is None:
        return ()
    path = f"{path}.{name}"
    return tuple(_text(each, place) for place, each in _numbered(path, _list(value, path)))


def _member(value: JSON, name: str) -> JSON:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: JSON, path: str) -> str:
    if not isinstance(value, str):
        _refuse(path, Fault.WRONG_TYPE, "it is not text")
    if len(value) > LONGEST_TEXT:
        _refuse(path, Fault.TOO_LONG, f"it is longer than {LONGEST_TEXT} characters")
    return value


def _flag(source: JSONObject, name: str, path: str) -> bool:
    value = source.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        _refuse(f"{path}.{name}", Fault.WRONG_TYPE, "it is neither true nor false")
    return value


def _list(value: JSON, path: str, *, most: int = MOST_ITEMS) -> list[JSON]:
    if value is None:
        return []
    if not isinstance(value, list):
        _refuse(path, Fault.WRONG_TYPE, "it is not a list")
    if len(value) > most:
        _refuse(path, Fault.TOO_MANY, f"it holds more than {most}")
    return value


def _object(value: JSON, path: str) -> JSONObject:
    if not isinstance(value, dict):
        _refuse(path, Fault.WRONG_TYPE, "it is not an object")
    return value


def _numbered(path: str, values: list[JSON]) -> Iterator[tuple[str, JSON]]:
    return ((f"{path}.{number}", value) for number, value in enumerate(values))


def _shown(text: str) -> str:
    """A stranger's word in a sentence: short, and with nothing a terminal would obey."""
    return ascii(text[:40])


def _refuse(path: str, fault: Fault, sentence: str) -> NoReturn:
    raise InvalidRecordError(path, fault, sentence)
