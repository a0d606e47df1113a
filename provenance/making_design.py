"""Who designed a piece: rules D1 and D2, and the descent of its files."""

from collections.abc import Iterable
from dataclasses import dataclass

from provenance.making_reading import is_file
from provenance.making_record import Record, Step
from provenance.policy import Policy

GENERATED = "ai_generated"
UNSTATED = "none"
# Rule D2: the first of these that is present speaks.
_ORDER = ("ai_assisted", "parametric", "human_cad", "human")


@dataclass(frozen=True)
class Design:
    """The design phrase and its rule; `generated` are the AI steps it names under D1.

    `tools` and `editors` stand beside the label: what made the design, and who worked on.
    """

    phrase: str
    rule: str
    tools: tuple[str, ...]
    editors: tuple[str, ...]
    generated: tuple[Step, ...] = ()


def design_of(record: Record, policy: Policy) -> Design:
    """Follow the files from the made parts back to their design, and name its origin."""
    steps = [step for step in record.steps if step.family == "design"]
    generated = tuple(step for step in steps if step.control == GENERATED)
    if generated and (behind := _behind_the_parts(record, generated)):
        return Design(
            policy.design_phrases[GENERATED], "D1", _tools(behind), _editors(steps), behind
        )
    present = {step.control for step in steps}
    control = next((each for each in _ORDER if each in present), UNSTATED)
    helped = [step for step in steps if step.control in policy.ai_controls]
    return Design(policy.design_phrases[control], "D2", _tools(helped), _editors(steps))


def _behind_the_parts(record: Record, generated: tuple[Step, ...]) -> tuple[Step, ...]:
    """The generated designs a part descends from, and those whose absence is not on record.

    A disclosure needs no evidence: leaving digests out must not make the AI disappear, so a
    generated design is passed over only when the files that were used are named without it.
    """
    made = [step for step in record.steps if step.family != "design"]
    behind = ancestors(made, among=record.steps)
    # A file named in later work says nothing of the files a piece was made from.
    named = {step.era for step in made if any(map(is_file, step.inputs))}
    return tuple(
        step
        for step in generated
        if step.ident in behind or step.era not in named or not any(map(is_file, step.outputs))
    )


def ancestors(of: Iterable[Step], *, among: Iterable[Step]) -> set[str]:
    """The ids of all steps that made, over others, what these steps started from."""
    makers: dict[str, list[Step]] = {}
    for step in among:
        for token in step.outputs:
            makers.setdefault(token, []).append(step)
    found: set[str] = set()
    followed: set[str] = set()
    waiting = [token for step in of for token in step.inputs]
    while waiting:
        if (token := waiting.pop()) in followed:
            continue
        followed.add(token)
        for maker in makers.get(token, ()):
            if maker.ident not in found:
                found.add(maker.ident)
                waiting += maker.inputs
    return found


def _tools(steps: list[Step] | tuple[Step, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tool for step in steps for tool in step.tools))


def _editors(steps: list[Step]) -> tuple[str, ...]:
    people = (step.actor for step in steps if step.control != GENERATED and step.actor)
    return tuple(dict.fromkeys(people))
