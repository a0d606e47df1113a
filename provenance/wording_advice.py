"""A refused word, told as one would at the counter: why it cannot stand, and what may."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from provenance.letters import fold
from provenance.making import Derivation
from provenance.making_rules import Reason
from provenance.policy import Policy, policy_named
from provenance.wording import lint
from provenance.wording_data import Finding, MetalFact, StoneFact, words_of

MAKING_RULE = "W1"
LONGEST_SHOWN = 80
_MOST_NAMED = 4
# What a word leaves behind: two spaces, a space before a comma, two commas.
_TIDY = ((r"[ \t]+", " "), (r"\s+([,;.:!?])", r"\1"), (r"[,;:]([,;.:])", r"\1"))


@dataclass(frozen=True)
class Advice:
    """`sentence` says why `word` is refused; `options` are whole texts that may stand instead."""

    word: str
    rule: str
    why: str
    sentence: str
    options: tuple[str, ...]

    @property
    def told(self) -> str:
        """The sentence with what may stand there, for who has no buttons to press."""
        short = [option for option in self.options if len(option) <= LONGEST_SHOWN]
        if not short:
            return f"{self.sentence} Leave it out."
        offered = "; ".join(short).removesuffix(".")
        return f"{self.sentence} You may write: {offered}."


def advised(
    text: str,
    *,
    derivation: Derivation,
    stones: Sequence[StoneFact] = (),
    metals: Sequence[MetalFact] = (),
    language: str | None = None,
) -> tuple[tuple[Finding, Advice], ...]:
    """Every word of a text that a record does not grant, and what to tell its writer.

    `stones`, `metals` and `language` are those of `wording.lint`.
    """
    findings = lint(
        text,
        granted=derivation.granted | {derivation.design_phrase},
        stones=stones,
        metals=metals,
        language=language,
        best=derivation.making_phrase,
        policy=derivation.policy,
    )
    return tuple((found, advise(text, found, derivation=derivation)) for found in findings)


def advise(text: str, found: Finding, *, derivation: Derivation) -> Advice:
    """What to tell a person whose text holds a refused word.

    The options keep the person's own words: without the refused one, and with the hand
    operations that the record does carry.
    """
    why = _why(found, derivation)
    options = _options(text, found, derivation)
    sentence = f"“{found.word}” cannot stand here. {why}"
    return Advice(found.word, found.rule, why, sentence, options)


def _why(found: Finding, derivation: Derivation) -> str:
    told = _sentence(found.why.removeprefix(f"“{found.word}” "))
    if found.rule != MAKING_RULE:
        return told
    reasons = _reasons(found.word, derivation)
    return (
        f"It {told[:1].lower()}{told[1:]} This record has {_listed(reasons)}." if reasons else told
    )


def _reasons(word: str, derivation: Derivation) -> list[str]:
    """What the record has that speaks against the claim of this word: "cast parts (M3)"."""
    policy = policy_named(derivation.policy)
    claims = _claims(word, policy)
    reasons = (
        reason
        for refusal in derivation.refusals
        if refusal.claim in claims
        for reason in refusal.reasons
    )
    return list(dict.fromkeys(_named(reason, policy) for reason in reasons))[:_MOST_NAMED]


def _claims(word: str, policy: Policy) -> set[str]:
    folded = fold(word).text
    entries = words_of(policy.name).entries
    return {claim for each in entries if each.pattern.fullmatch(folded) for claim in each.claims}


def _named(reason: Reason, policy: Policy) -> str:
    # A rule about several kinds of step names the one it met.
    kind = policy.counts_against.get(reason.kind) if reason.rule in policy.named_by else None
    return f"{kind or policy.counts_against[reason.rule]} ({reason.rule})"


def _listed(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _options(text: str, found: Finding, derivation: Derivation) -> tuple[str, ...]:
    plain = _without(text, found)
    if found.rule != MAKING_RULE:
        swapped = f"{text[: found.start]}{found.best}{text[found.end :]}"
        return (swapped,) if found.best else ()
    operations = ", ".join(derivation.operations)
    options = [plain, f"{plain}, {operations}" if operations else ""]
    return tuple(option for option in options if option)


def _without(text: str, found: Finding) -> str:
    left = f"{text[: found.start]} {text[found.end :]}"
    for pattern, instead in _TIDY:
        left = re.sub(pattern, instead, left)
    left = left.strip(" ,;:-–")
    return left[:1].upper() + left[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
