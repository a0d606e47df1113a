"""What a maker states about the steps of making: for one piece, or saved as a recipe."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from provenance.canonical import JSON, JSONObject
from provenance.making_reading import is_file
from provenance.making_record import WHOLE_PIECE


@dataclass(frozen=True)
class StepFacts:
    """One step as its maker states it; `is_done` is the tick, everything else may be empty.

    `started` and `finished` are a day ("2026-11-20") or an RFC 3339 moment; `actor` is empty for
    the maker, or "outside:" and a role. Inputs and outputs are materials, parts or "sha256:...".
    """

    ident: str
    kind: str
    control: str
    part: str = WHOLE_PIECE
    actor: str = ""
    place: str = ""
    started: str = ""
    finished: str = ""
    tools: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    note: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class Starter:
    """A recipe that every workshop begins with."""

    name: str
    steps: tuple[StepFacts, ...]


def stated_step(
    step: StepFacts, *, recorded: datetime | None, evidence: Sequence[JSONObject] = ()
) -> JSONObject:
    """A step as `making.steps` holds it; `recorded` is the aware moment of its tick.

    >>> stated_step(StepFacts("f1", "form.cast", "templated"), recorded=None)
    {'id': 'f1', 'kind': 'form.cast', 'part': 'piece', 'control': 'templated'}
    """
    stated: JSONObject = {
        "id": step.ident,
        "kind": step.kind,
        "part": step.part,
        "control": step.control,
        "actor": step.actor,
        "place": step.place,
        "started": step.started,
        "finished": step.finished,
        "recorded": moment(recorded) if recorded else "",
        "tools": list(step.tools),
        "inputs": list(step.inputs),
        "outputs": list(step.outputs),
        "evidence": list(evidence),
        "note": step.note,
    }
    return {name: value for name, value in stated.items() if value not in ("", [])}


def moment(at: datetime) -> str:
    """An aware moment as the record writes it: RFC 3339, UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# -- recipes ------------------------------------------------------------------------------------


def recipe_of(steps: Sequence[StepFacts]) -> list[JSONObject]:
    """What a recipe keeps of the steps of a piece: how one works, not when it was done."""
    return [stated_step(_undated(step), recorded=None) for step in steps]


def _undated(step: StepFacts) -> StepFacts:
    return replace(
        step,
        started="",
        finished="",
        inputs=_without_files(step.inputs),
        outputs=_without_files(step.outputs),
    )


def _without_files(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Files belong to one piece; materials and parts are the same next time."""
    return tuple(token for token in tokens if not is_file(token))


def planned_steps(
    recipe: Sequence[JSON], *, parts: Sequence[str], taken: Sequence[str]
) -> tuple[StepFacts, ...]:
    """The steps of a recipe as planned for a piece with these parts, beside these step ids.

    A step on a part the piece does not have is planned for the whole piece.
    """
    planned: list[StepFacts] = []
    for each in recipe:
        if isinstance(each, dict):
            names = {*taken, *(step.ident for step in planned)}
            planned.append(_planned(each, parts, names))
    return tuple(planned)


def _planned(each: JSONObject, parts: Sequence[str], names: set[str]) -> StepFacts:
    part = _text(each, "part")
    return StepFacts(
        ident=new_ident(_text(each, "id") or "step", names),
        kind=_text(each, "kind"),
        control=_text(each, "control"),
        part=part if part in parts else WHOLE_PIECE,
        actor=_text(each, "actor"),
        place=_text(each, "place"),
        tools=_texts(each, "tools"),
        inputs=_texts(each, "inputs"),
        outputs=_texts(each, "outputs"),
        note=_text(each, "note"),
    )


def new_ident(wanted: str, taken: set[str]) -> str:
    """An id nobody has yet: "polish", or else "polish-2".

    >>> new_ident("polish", {"polish", "polish-2"})
    'polish-3'
    """
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def _text(source: JSONObject, name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""


def _texts(source: JSONObject, name: str) -> tuple[str, ...]:
    value = source.get(name)
    return tuple(map(str, value)) if isinstance(value, list) else ()


_SKETCHED = StepFacts("sketch", "design.sketch", "human")
_DRAWN = StepFacts("cad", "design.cad", "human_cad")
_FILED = StepFacts("file", "finish.file", "hand")
_POLISHED = StepFacts("polish", "finish.polish", "hand_guided", tools=("flex shaft",))
_SET = StepFacts("set", "set.stone", "hand")
_CAST = StepFacts("cast", "form.cast", "templated", actor="outside:caster")
_STRUCK = StepFacts("mark", "mark.maker", "hand")

STARTERS: Final = (
    Starter(
        "Cast from a printed model, set by hand",
        (
            _DRAWN,
            StepFacts("print", "model.wax_print", "additive", actor="outside:caster"),
            _CAST,
            _FILED,
            _SET,
            _POLISHED,
            _STRUCK,
        ),
    ),
    Starter(
        "Cast from a carved model",
        (
            _SKETCHED,
            StepFacts("carve", "model.wax_carve", "hand"),
            _CAST,
            _FILED,
            _POLISHED,
            _STRUCK,
        ),
    ),
    Starter(
        "Made from sheet and wire",
        (
            _SKETCHED,
            StepFacts("saw", "form.fabricate", "hand", inputs=("sheet", "wire")),
            StepFacts("solder", "join.solder", "hand"),
            _FILED,
            _POLISHED,
            _STRUCK,
        ),
    ),
    Starter(
        "Forged from bar",
        (
            _SKETCHED,
            StepFacts("forge", "form.forge", "hand", inputs=("bar",)),
            _FILED,
            _POLISHED,
            _STRUCK,
        ),
    ),
)
