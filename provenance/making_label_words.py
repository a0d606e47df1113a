"""A making label, its evidence grade and its refusals, in sentences for who buys a piece."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provenance.making import Derivation
from provenance.making_evidence import Grade
from provenance.making_record import Record, Step
from provenance.making_rules import Reason, Refusal
from provenance.making_words import part_words, who_of, words_of
from provenance.phrases import joined, listed, say, term
from provenance.policy import Policy, policy_named

# Rules that name a step by what it makes ("cast parts"), whoever steered it.
_NAMING: Final = frozenset({"M3", "M4", "M5"})
_STEERING: Final = frozenset({"M1", "H1", "H2", "H3", "H4", "H5"})
_BETWEEN: Final = "; "
_AS_MADE: Final = re.compile(r"as made (.+)")
_ALTERED: Final = re.compile(r"altered on (\d{4}-\d\d-\d\d): (.+)")


@dataclass(frozen=True)
class Explained:
    """A phrase of the label, or a line beside it, and what it means."""

    phrase: str
    words: str


@dataclass(frozen=True)
class Because:
    """Why a claim is refused, and the rule that says so."""

    words: str
    rule: str


@dataclass(frozen=True)
class Refused:
    """A claim that is not said, all reasons, and the best wording that may stand instead."""

    claim: str
    because: tuple[Because, ...]
    allowed: str = ""


@dataclass(frozen=True)
class GradeWords:
    """What an evidence grade means, and what it does not mean."""

    grade: str
    means: str
    limit: str


def label_phrase(label: str) -> str:
    """A label as it was derived, each of its phrases a term that another language may have.

    >>> label_phrase("Designed by a person; Handmade; hand-set")
    'Designed by a person; Handmade; hand-set'
    """
    return joined(map(_phrase_of, label.split(_BETWEEN)), _BETWEEN)


def _phrase_of(part: str) -> str:
    if found := _AS_MADE.fullmatch(part):
        return say("as made %(label)s", label=term(found[1], "label"))
    if found := _ALTERED.fullmatch(part):
        return say("altered on %(day)s: %(label)s", day=found[1], label=term(found[2], "label"))
    return term(part, "label")


def label_in_words(derivation: Derivation) -> tuple[Explained, ...]:
    """Every phrase of the label in its order, each with what it means."""
    policy, words = policy_named(derivation.policy), words_of(derivation.policy)
    design, base = _key(policy.design_phrases, derivation.design_phrase), derivation.base_phrase
    bought = f"{_BETWEEN}{policy.beside_base}"
    phrases = [_explained(derivation.design_phrase, words.design[design])]
    plain = base.removesuffix(bought)
    phrases.append(_explained(plain, words.base[_key(policy.base_phrases, plain)]))
    if plain != base:
        phrases.append(_explained(policy.beside_base, words.beside_base))
    phrases += [_explained(claim, words.operations[claim]) for claim in derivation.operations]
    return tuple(phrases)


def _explained(phrase: str, words: str) -> Explained:
    return Explained(term(phrase, "label"), term(words, "means"))


def beside_label(derivation: Derivation, record: Record) -> tuple[Explained, ...]:
    """The lists that stand beside the label: what was bought, which AI, which parts are open."""
    design, policy = derivation.design, policy_named(derivation.policy)
    is_ai = design.phrase in {policy.design_phrases[each] for each in policy.ai_controls}
    editors = dict.fromkeys(who_of(actor, record.maker_did) for actor in design.editors)
    bought = dict.fromkeys(_bought_in(derivation, policy))
    unformed = [part_words(part) for part in derivation.unformed_parts]
    lines = [
        Explained(say("AI tools"), listed(design.tools) or say("not recorded")) if is_ai else None,
        Explained(say("Drawn or edited"), listed(editors)) if is_ai and editors else None,
        Explained(say("Bought in"), listed(bought)) if bought else None,
        Explained(say("No shaping on record for"), listed(unformed)) if unformed else None,
    ]
    return tuple(line for line in lines if line)


def _bought_in(derivation: Derivation, policy: Policy) -> list[str]:
    """What was bought in: a part by its name, work that began from a bought thing in a sentence."""
    plain = policy.rules["M2"].says.partition("{part}")[2]
    reasons = [reason for refusal in derivation.refusals for reason in refusal.reasons]
    return [
        part_words(reason.part) or say("the whole piece")
        if reason.says.endswith(plain)
        else reason.tells
        for reason in reasons
        if reason.rule == "M2"
    ]


def grade_in_words(grade: Grade | str, policy: str) -> GradeWords:
    """What a grade means under a policy, and what it does not.

    >>> grade_in_words(Grade.E1, "strict-2026-11").limit
    'Nobody else has checked it.'
    """
    words = words_of(policy).grades[str(grade)]
    return GradeWords(str(grade), term(words["means"], "means"), term(words["limit"], "means"))


def refusals_in_words(derivation: Derivation, record: Record) -> tuple[Refused, ...]:
    """All that is refused, that of the design too, with every reason said once."""
    policy = policy_named(derivation.policy)
    steps = {step.ident: step for step in record.steps}
    design = derivation.design_refusal
    return tuple(
        Refused(_claim(each.claim, record), _because(each, steps, policy), each.allowed)
        for each in (*derivation.refusals, *((design,) if design else ()))
    )


def has_powered_steps(record: Record) -> bool:
    """Whether "by hand" needs its footnote: a motor turned under somebody's hand."""
    return any(step.control == "hand_guided" for step in record.steps)


def _because(refusal: Refusal, steps: dict[str, Step], policy: Policy) -> tuple[Because, ...]:
    found = (
        Because(_reason(each, steps.get(each.step), policy), each.rule) for each in refusal.reasons
    )
    return tuple(dict.fromkeys(found))


def _claim(claim: str, record: Record) -> str:
    """A claim as it is quoted: "Designed by Tidewell Bench" names whoever made the piece."""
    if record.maker and claim.endswith(record.maker):
        return say("Designed by %(maker)s", maker=record.maker)
    return term(claim, "label")


def _reason(reason: Reason, step: Step | None, policy: Policy) -> str:
    if step is None:
        return term(reason.says[:1].lower() + reason.says[1:], "why")
    work, how = term(policy.kinds[step.kind], "work"), policy.control_words[step.control]
    if reason.rule in _NAMING:
        return term(words_of(policy.name).kinds[step.kind].because, "why")
    if reason.rule in _STEERING:
        if step.is_bought_in:
            return say("%(work)s, %(how)s", work=work, how=term(how, "how"))
        return say("%(work)s %(how)s", work=work, how=term(how, "how"))
    if reason.rule == "X1":
        return _unshown(work, part_words(step.part))
    return reason.tells


def _unshown(work: str, part: str) -> str:
    if part:
        return say("no evidence that counts for %(work)s (%(part)s)", work=work, part=part)
    return say("no evidence that counts for %(work)s", work=work)


def _key(phrases: Mapping[str, str], phrase: str) -> str:
    return next(key for key, value in phrases.items() if value == phrase)
