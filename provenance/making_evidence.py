"""What evidence shows: which items count for a step, which are set aside, and the grade of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provenance.making_record import Evidence, Record, Span, Step
from provenance.policy import Policy


class Grade(StrEnum):
    """How far the steps done by hand are shown, from claimed to co-signed."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"


@dataclass(frozen=True)
class Context:
    """What the record itself cannot know.

    `issued`: the aware moment of issue, None while there is none yet. `used_elsewhere`: the
    name of the other piece for each digest that is evidence there.
    """

    issued: datetime | None
    used_elsewhere: Mapping[str, str]


@dataclass(frozen=True)
class Ignored:
    """An item of evidence that does not count, the rule that says so, and why in words.

    `piece` names the other piece it was used for, or is empty.
    """

    step: str
    sha256: str
    rule: str
    why: str
    piece: str = ""


@dataclass(frozen=True)
class Weighed:
    """The items that count, by the id of their step, and those that do not."""

    usable: Mapping[str, tuple[Evidence, ...]]
    ignored: tuple[Ignored, ...]

    def shows(self, step: Step) -> bool:
        """Whether at least one usable item stands behind the step."""
        return bool(self.usable.get(step.ident))


def weigh_evidence(record: Record, *, policy: Policy, context: Context) -> Weighed:
    """Set aside what rules A1, A2 and X2 set aside; the rest is usable."""
    usable: dict[str, tuple[Evidence, ...]] = {}
    ignored: list[Ignored] = []
    for step in record.steps:
        if not step.evidence:
            continue
        found = [(item, _objection(item, step, policy, context)) for item in step.evidence]
        usable[step.ident] = tuple(item for item, objection in found if objection is None)
        ignored += [objection for _, objection in found if objection]
    return Weighed(usable, tuple(ignored))


def hand_steps(record: Record, policy: Policy) -> tuple[Step, ...]:
    """The steps done by hand that a claim could rest on; marks and checks are exempt."""
    return tuple(
        step
        for step in record.steps
        if step.control in policy.by_hand and is_judged(step, policy) and not step.is_bought_in
    )


def is_judged(step: Step, policy: Policy) -> bool:
    """Whether the making test looks at this step at all."""
    return step.family in policy.judged


def grade_of(record: Record, *, policy: Policy, weighed: Weighed, context: Context) -> Grade:
    """The grade of a signed record; E0 as soon as one step done by hand shows nothing."""
    judged = [step for step in record.steps if is_judged(step, policy)]
    by_hand = hand_steps(record, policy)
    if not any(map(weighed.shows, judged)) or not all(map(weighed.shows, by_hand)):
        return Grade.E0
    if any(_is_cosigned(item, record) for items in weighed.usable.values() for item in items):
        return Grade.E3
    if by_hand and all(_is_contemporaneous(step, weighed, context) for step in by_hand):
        return Grade.E2
    return Grade.E1


def _objection(item: Evidence, step: Step, policy: Policy, context: Context) -> Ignored | None:
    def against(rule: str, why: str, piece: str = "") -> Ignored:
        return Ignored(step.ident, item.sha256, rule, why, piece)

    if item.source in policy.sources["ai"]:
        return against("A1", policy.rules["A1"].says)
    # A design step rightly shows its drawing; a step at the bench needs a camera.
    if item.source in policy.sources["computer"] and step.family != "design":
        return against("A2", policy.rules["A2"].says)
    if item.captured and (text := _out_of_time(item.captured, step, context)):
        return against("X2", policy.texts[text])
    if piece := context.used_elsewhere.get(item.sha256) or item.also_used_for:
        return against("X2", policy.texts["X2.elsewhere"].format(piece=piece), piece)
    return None


def _out_of_time(captured: Span, step: Step, context: Context) -> str:
    """The text of rule X2 that speaks against this time of capture; empty when none does."""
    if context.issued and not step.era and captured.first > context.issued:
        return "X2.after_issue"
    # Work on a finished piece begins after its certificate.
    is_too_early = context.issued and step.era and captured.last < context.issued
    if is_too_early or (step.started and captured.last < step.started.first):
        return "X2.before_step"
    return ""


def _is_cosigned(item: Evidence, record: Record) -> bool:
    is_second = item.party not in ("", record.maker_did)
    return item.kind == "cosign" and item.is_verified_party and is_second


def _is_contemporaneous(step: Step, weighed: Weighed, context: Context) -> bool:
    if step.started is None or step.finished is None:
        return False
    first, last = step.started.first, step.finished.last
    return any(
        (item.is_in_app or item.is_c2pa_capture)
        and item.captured is not None
        and first <= item.captured.first
        and item.captured.last <= last
        and item.recorded is not None
        and (context.issued is None or step.era or item.recorded.first < context.issued)
        for item in weighed.usable.get(step.ident, ())
    )
