"""Which rules of the policy speak against a claim, and the steps each of them names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provenance.making_evidence import Weighed, hand_steps, is_judged
from provenance.making_reading import is_file
from provenance.making_record import WHOLE_PIECE, Record, Step
from provenance.phrases import say, say_template, term
from provenance.policy import Operation, Policy

_OF_STEP = "{step}: "
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Reason:
    """One rule speaking: its words; the id, kind and part of the step it names, if any.

    `tells` says the same for people, without the id that only the record knows.
    """

    rule: str
    says: str
    step: str = ""
    part: str = ""
    kind: str = ""
    tells: str = ""


@dataclass(frozen=True)
class Refusal:
    """A claim this record does not carry; `allowed` is the best wording that it does."""

    claim: str
    reasons: tuple[Reason, ...]
    allowed: str = ""

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that refuse it, each once, in order."""
        return tuple(sorted({reason.rule for reason in self.reasons}))


@dataclass(frozen=True)
class Case:
    """A record with its evidence weighed, under one policy."""

    record: Record
    policy: Policy
    weighed: Weighed


def against_handmade(case: Case) -> tuple[Reason, ...]:
    """Rules M0 to M5, and X1 where nothing else than a bought-in part speaks."""
    spoken = [*_unformed(case), *_named(case), *_bought_in(case), *_not_by_hand(case)]
    if {reason.rule for reason in spoken} <= {"M2"}:
        spoken += _unproven(case)
    return tuple(spoken)


def against_operation(case: Case, operation: Operation) -> tuple[Reason, ...] | None:
    """What refuses a hand operation: nothing, reasons, or None when nobody did it by hand.

    Rules H1 to H5 and X1: every step of it, on every part, was done by hand and shows it.
    """
    steps = [step for step in case.record.steps if step.kind in operation.kinds]
    if not any(step.control in case.policy.by_hand for step in steps):
        return None
    killers = [step for step in case.record.steps if step.kind in operation.killed_by]
    others = [step for step in steps if step.control not in case.policy.by_hand]
    reasons = [spoken(case.policy, operation.rule, step) for step in (*others, *killers)]
    unshown = [] if reasons else [step for step in steps if not case.weighed.shows(step)]
    return (*reasons, *(spoken(case.policy, "X1", step) for step in unshown))


def carved_without_evidence(case: Case) -> tuple[Reason, ...]:
    """X1 for "Hand-carved model, cast": where it would hold, the carvings that show nothing."""
    models = _carved_models(case)
    return tuple(spoken(case.policy, "X1", step) for step in models if not case.weighed.shows(step))


def spoken(policy: Policy, rule: str, step: Step, *, text: str = "", **more: str) -> Reason:
    """A rule's sentence about one step, in the words of the policy."""
    template = policy.texts[text] if text else policy.rules[rule].says
    is_whole = step.part == WHOLE_PIECE
    says = template.format(
        step=step.ident,
        kind=policy.kinds[step.kind],
        part="the whole piece" if is_whole else step.part,
        control=policy.control_words[step.control],
        **more,
    )
    tells = say_template(
        for_people(template),
        kind=term(policy.kinds[step.kind], "work"),
        part=say("the whole piece") if is_whole else term(step.part, "part"),
        control=term(policy.control_words[step.control], "how"),
        **more,
    )
    return Reason(rule, says, step.ident, step.part, step.kind, tells)


def for_people(template: str) -> str:
    """A rule's template without the id of the step, its places marked as in every sentence.

    >>> for_people("{step}: {kind} of {part} is machine work")
    '%(kind)s of %(part)s is machine work'
    """
    return _PLACE.sub(r"%(\1)s", template.removeprefix(_OF_STEP))


def _unformed(case: Case) -> Iterator[Reason]:
    # Later work does not tell how the rest of the piece was formed.
    if not any(step.family == "form" and not step.era for step in case.record.steps):
        yield Reason("M0", case.policy.rules["M0"].says)


def _named(case: Case) -> Iterator[Reason]:
    for step in case.record.steps:
        for rule, kinds in case.policy.named_by.items():
            if step.kind in kinds:
                yield spoken(case.policy, rule, step)


def _bought_in(case: Case) -> Iterator[Reason]:
    for step in case.record.steps:
        if not is_judged(step, case.policy):
            continue
        if step.is_bought_in:
            yield spoken(case.policy, "M2", step)
        for token in _semi_finished(step, case):
            text = "M2.input" if step.family == "form" else "M2.in_use"
            yield spoken(case.policy, "M2", step, text=text, input=token)


def _semi_finished(step: Step, case: Case) -> Iterator[str]:
    words = case.policy.materials["semi_finished"]
    found = [token for token in step.inputs if not is_file(token) and words.search(token)]
    made = _made_here(case.record, step) if found else set()
    return (token for token in found if token not in made)


def _made_here(record: Record, step: Step) -> set[str]:
    """Parts that another step forms or hands on: "shank" is then ours, not a bought one."""
    # What was bought then is not made here by work that came later.
    others = [each for each in record.steps if each is not step and each.era <= step.era]
    formed = {each.part for each in others if each.family == "form" and each.part != WHOLE_PIECE}
    return formed | {token for each in others for token in each.outputs}


def _not_by_hand(case: Case) -> Iterator[Reason]:
    told = frozenset[str]().union(*case.policy.named_by.values())
    for step in case.record.steps:
        if not is_judged(step, case.policy) or step.kind in told:
            continue
        # A bought part needs no second reason, unless it says of itself that a machine made it.
        silent = case.policy.by_hand if not step.is_bought_in else _not_machine(case.policy)
        if step.control not in silent:
            yield spoken(case.policy, "M1", step)


def _not_machine(policy: Policy) -> frozenset[str]:
    return policy.controls["making"] - policy.by_machine


def _unproven(case: Case) -> Iterator[Reason]:
    by_hand = hand_steps(case.record, case.policy)
    for step in by_hand:
        if not case.weighed.shows(step):
            yield spoken(case.policy, "X1", step)
    # "Hand-fabricated" flatters too: parts that were merely put together do not carry it.
    if not any(step.family == "form" and not step.era for step in by_hand):
        yield Reason("X1", case.policy.texts["X1.no_hand_form"])


BaseTest = Callable[[Case, frozenset[str], frozenset[str]], bool]


def _carved_models(case: Case) -> tuple[Step, ...]:
    """All models of a casting, when every one of them was carved by hand; else none."""
    models = tuple(step for step in case.record.steps if step.family == "model")
    casts = [step for step in case.record.steps if step.kind == "form.cast"]
    if any(step.kind != "model.wax_carve" for step in models):
        return ()
    if any(step.control not in case.policy.by_hand for step in models):
        return ()
    # Pouring goes with the phrase; a programmed casting machine does not.
    if any(step.control in case.policy.by_machine for step in casts):
        return ()
    # A model carved for later work was not the model of what was cast before.
    if {step.era for step in casts} - {step.era for step in models}:
        return ()
    return models


def _is_carved(case: Case) -> bool:
    models = _carved_models(case)
    return bool(models) and all(map(case.weighed.shows, models))


def _is_part_machine(case: Case, rules: frozenset[str]) -> bool:
    # Laser engraving is machine work by rule M4, however the beam was steered.
    return "M4" in rules or any(
        step.control in case.policy.by_machine
        for step in case.record.steps
        if is_judged(step, case.policy)
    )


# "The base phrase, when several rules speak": the first that applies.
_BASES: tuple[tuple[str, BaseTest], ...] = (
    ("handmade", lambda case, rules, kinds: not rules),
    ("none", lambda case, rules, kinds: "M0" in rules),
    ("printed_metal", lambda case, rules, kinds: "form.print_metal" in kinds),
    ("printed_model", lambda case, rules, kinds: kinds >= {"form.cast", "model.wax_print"}),
    ("milled_model", lambda case, rules, kinds: kinds >= {"form.cast", "model.wax_mill"}),
    ("moulded_wax", lambda case, rules, kinds: kinds >= {"form.cast", "model.wax_inject"}),
    ("carved_model", lambda case, rules, kinds: "form.cast" in kinds and _is_carved(case)),
    ("cast", lambda case, rules, kinds: "form.cast" in kinds),
    ("no_evidence", lambda case, rules, kinds: "X1" in rules),
    ("bought_parts", lambda case, rules, kinds: rules == {"M2"}),
    (
        "machine_formed",
        lambda case, rules, kinds: bool(kinds & {"form.cnc", "form.stamp", "form.electroform"}),
    ),
    ("part_machine", lambda case, rules, kinds: _is_part_machine(case, rules)),
)


def base_of(case: Case, reasons: tuple[Reason, ...]) -> str:
    """The name of the base phrase that the rules against "Handmade" leave."""
    rules = frozenset(reason.rule for reason in reasons)
    kinds = frozenset(step.kind for step in case.record.steps)
    return next((name for name, applies in _BASES if applies(case, rules, kinds)), "dies")
