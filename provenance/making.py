"""How a piece was made, in words that follow from its record by rule and never from typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from provenance.canonical import JSON, JSONObject
from provenance.making_design import Design, design_of
from provenance.making_evidence import Context, Grade, Ignored, grade_of, weigh_evidence
from provenance.making_reading import read_record
from provenance.making_record import (
    WHOLE_PIECE,
    Bounds,
    Fault,
    InvalidRecordError,
    Record,
)
from provenance.making_rules import (
    Case,
    Refusal,
    against_handmade,
    against_operation,
    base_of,
    carved_without_evidence,
    spoken,
)
from provenance.policy import CURRENT_POLICY, Policy, policy_named

# Rules D2 and M0: with no design step and no forming step on record, this and nothing else.
LABEL_WITHOUT_RECORD: Final = "Design origin not stated; No making claim"
NOTHING_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Derivation:
    """What a record allows to be said, and what not.

    `operations` are shown in the label; `granted` are all claims that hold, those implied by
    another too. `refusals` are signed with the certificate; `design_refusal` (rule D1),
    `bought_in`, `ignored` and `unformed_parts` (no forming step names them) stand beside.
    `altered` is the whole label of a piece that was worked on since it was made (rule C1): then
    all the rest is what may be said of it today.
    """

    policy: str
    design: Design
    base_phrase: str
    operations: tuple[str, ...]
    evidence_grade: Grade
    refusals: tuple[Refusal, ...]
    granted: frozenset[str]
    bought_in: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    design_refusal: Refusal | None = None
    unformed_parts: tuple[str, ...] = ()
    altered: str = ""

    @property
    def design_phrase(self) -> str:
        """The first phrase of the label, by rules D1 and D2."""
        return self.design.phrase

    @property
    def making_phrase(self) -> str:
        """The label without its design phrase: the best wording for a title that is refused."""
        return "; ".join((self.base_phrase, *self.operations))

    @property
    def label(self) -> str:
        """Design phrase, base phrase and hand operations, in the policy's order."""
        return self.altered or f"{self.design_phrase}; {self.making_phrase}"


@dataclass(frozen=True)
class Recomputed:
    """What verification step 10 compares; `differences` name what is printed otherwise."""

    derivation: Derivation
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the printed label, grade and refusals follow from the printed record."""
        return not self.differences


def derive(
    record: Record,
    *,
    policy: Policy,
    issued: datetime | None = None,
    used_elsewhere: Mapping[str, str] = NOTHING_ELSEWHERE,
) -> Derivation:
    """Derive the label of a record under a policy; the order of its steps changes nothing.

    `issued` is the aware moment of issue (the certificate's `validFrom`), None before it.
    `used_elsewhere` gives, for a digest that is evidence for another piece, that piece's name.

    >>> derive(Record(steps=()), policy=policy_named()).label == LABEL_WITHOUT_RECORD
    True
    """
    context = Context(issued, used_elsewhere)
    weighed = weigh_evidence(record, policy=policy, context=context)
    case = Case(record, policy, weighed)
    reasons = against_handmade(case)
    base = base_of(case, reasons)
    held, refused = _operations(case)
    design = design_of(record, policy)
    base_phrase = _base_phrase(base, any(reason.rule == "M2" for reason in reasons), policy)
    refusals = (
        *([Refusal("Handmade", reasons, base_phrase)] if reasons else []),
        *_carving_refused(case, base, base_phrase),
        *refused,
    )
    return Derivation(
        policy=policy.name,
        design=design,
        base_phrase=base_phrase,
        operations=_shown(held, base, policy),
        evidence_grade=grade_of(record, policy=policy, weighed=weighed, context=context),
        refusals=refusals,
        granted=frozenset((*held, *_granted_base(base, policy))),
        bought_in=tuple(dict.fromkeys(each.says for each in reasons if each.rule == "M2")),
        ignored=weighed.ignored,
        design_refusal=_design_refusal(record, design, policy),
        unformed_parts=_unformed_parts(record),
    )


def derive_subject(
    subject: JSONObject,
    *,
    now: datetime | None = None,
    born: datetime | None = None,
    issued: datetime | None = None,
    used_elsewhere: Mapping[str, str] = NOTHING_ELSEWHERE,
) -> Derivation:
    """Read the record of a `credentialSubject` and derive its label under the policy it names.

    Raises InvalidRecordError with the path of the fault, UnknownPolicyError for other rules.
    """
    policy = policy_of(subject)
    record = read_record(subject, bounds=Bounds(policy, now=now, born=born))
    return derive(record, policy=policy, issued=issued, used_elsewhere=used_elsewhere)


def policy_of(subject: JSONObject) -> Policy:
    """The policy a subject names, the current one when it names none."""
    making = subject.get("making")
    named = making.get("policy") if isinstance(making, dict) else None
    if named is not None and not isinstance(named, str):
        raise InvalidRecordError("making.policy", Fault.WRONG_TYPE, "it is not text")
    return policy_named(named or CURRENT_POLICY)


def states_making(subject: JSONObject) -> bool:
    """Whether a subject says anything of its making: a step, or a label without one."""
    making = subject.get("making")
    return isinstance(making, dict) and any(making.get(name) for name in ("steps", "label"))


def recompute(subject: JSONObject, *, issued: datetime | None = None) -> Recomputed:
    """Derive the label anew under its own policy version, and compare it with what is printed.

    Verification step 10. Raises the errors of `derive_subject`: a record that cannot be read
    fails the check, a policy that is not held here leaves it unasked.
    """
    return compare(subject, derive_subject(subject, issued=issued))


def compare(subject: JSONObject, derivation: Derivation) -> Recomputed:
    """Whether a subject prints just what was derived from its record."""
    making = subject.get("making")
    printed = making if isinstance(making, dict) else {}
    differences = tuple(
        name
        for name, value in _printed(derivation).items()
        if _comparable(printed.get(name)) != _comparable(value)
    )
    return Recomputed(derivation, differences)


def state_making(making: JSONObject, derivation: Derivation) -> JSONObject:
    """The `making` member as it is signed: the record with what follows from it.

    Evidence that is used for another piece too is marked, so that a verifier who does not know
    the other record derives the same label.
    """
    elsewhere = {each.sha256: each.piece for each in derivation.ignored if each.piece}
    steps = making.get("steps")
    listed = steps if isinstance(steps, list) else []
    stated: JSONObject = {"policy": derivation.policy}
    stated["steps"] = [_marked(step, elsewhere) for step in listed]
    return {**making, **stated, **_printed(derivation)}


# -- the phrases --------------------------------------------------------------------------------


def _base_phrase(base: str, has_bought_parts: bool, policy: Policy) -> str:
    phrase = policy.base_phrases[base]
    if has_bought_parts and base != "bought_parts":
        return f"{phrase}; {policy.beside_base}"
    return phrase


def _granted_base(base: str, policy: Policy) -> tuple[str, ...]:
    is_claim = base in {"handmade", "carved_model", "bought_parts"}
    return (policy.base_phrases[base],) if is_claim else ()


def _operations(case: Case) -> tuple[tuple[str, ...], list[Refusal]]:
    held: list[str] = []
    refused: list[Refusal] = []
    for operation in case.policy.operations:
        reasons = against_operation(case, operation)
        if reasons is None:
            continue
        if reasons:
            refused.append(Refusal(operation.claim, reasons))
        else:
            held.append(operation.claim)
    return tuple(held), refused


def _shown(held: tuple[str, ...], base: str, policy: Policy) -> tuple[str, ...]:
    """The operations that are not already said by another phrase (rule H6)."""
    implied = {each.claim for each in policy.operations if each.said_by in held}
    if base == "handmade":
        implied |= policy.said_by_handmade
    return tuple(claim for claim in held if claim not in implied)


def _carving_refused(case: Case, base: str, allowed: str) -> tuple[Refusal, ...]:
    reasons = carved_without_evidence(case) if base == "cast" else ()
    phrase = case.policy.base_phrases["carved_model"]
    return (Refusal(phrase, reasons, allowed),) if reasons else ()


def _design_refusal(record: Record, design: Design, policy: Policy) -> Refusal | None:
    if not design.generated:
        return None
    reasons = tuple(
        spoken(policy, "D1", step, tool=", ".join(step.tools) or "tool not stated")
        for step in design.generated
    )
    claim = policy.design_claim.format(maker=record.maker or "the maker")
    return Refusal(claim, reasons, design.phrase)


def _unformed_parts(record: Record) -> tuple[str, ...]:
    formed = {step.part for step in record.steps if step.family == "form"}
    if not formed or WHOLE_PIECE in formed:
        return ()
    return tuple(part for part in record.parts if part not in formed)


# -- what is printed ----------------------------------------------------------------------------


def _printed(derivation: Derivation) -> JSONObject:
    return {
        "label": derivation.label,
        "evidenceGrade": str(derivation.evidence_grade),
        "refused": [
            {"claim": each.claim, "rules": list(each.rules)} for each in derivation.refusals
        ],
    }


def _comparable(value: JSON) -> object:
    """Refusals in any order, and their rules in any order, say the same."""
    if not isinstance(value, list):
        return value
    return sorted(
        (str(each.get("claim")), sorted(map(str, rules)))
        for each in value
        if isinstance(each, dict) and isinstance(rules := each.get("rules"), list)
    )


def _marked(step: JSON, elsewhere: Mapping[str, str]) -> JSON:
    items = step.get("evidence") if isinstance(step, dict) else None
    if not isinstance(step, dict) or not isinstance(items, list):
        return step
    return {**step, "evidence": [_marked_item(item, elsewhere) for item in items]}


def _marked_item(item: JSON, elsewhere: Mapping[str, str]) -> JSON:
    if not isinstance(item, dict):
        return item
    piece = elsewhere.get(str(item.get("sha256")))
    return {**item, "also_used_for": piece} if piece else item
