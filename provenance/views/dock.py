"""The foot of the bench: the label as far as the record carries it, and why no further."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from provenance.jewelry import Problem
from provenance.making import LABEL_WITHOUT_RECORD, Derivation
from provenance.making_evidence import Grade
from provenance.making_record import InvalidRecordError
from provenance.making_rules import Refusal
from provenance.models.piece import Piece
from provenance.services import drafting
from provenance.wording_advice import LONGEST_SHOWN, Advice

GRADES = {
    Grade.E0: "Your word alone: not every step done by hand is shown by something that counts.",
    Grade.E1: "Every step done by hand is shown.",
    Grade.E2: "Every step done by hand is shown by a picture taken while it was done.",
    Grade.E3: "Every step done by hand is shown, and somebody else signed for a part of it.",
}


@dataclass(frozen=True)
class Against:
    """A claim the record does not carry, and the rules that say so with what they say."""

    claim: str
    rules: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Dock:
    """The label, and what stands beside it."""

    label: str = LABEL_WITHOUT_RECORD
    question: str = ""
    refusals: tuple[Against, ...] = ()
    grade: str = ""
    means: str = ""
    bought_in: tuple[str, ...] = ()
    unformed: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """A text that may stand instead; `label` is what its button says."""

    value: str
    label: str


@dataclass(frozen=True)
class Said:
    """One refused word of a text: told in bold, then why, then what may stand instead."""

    bold: str
    why: str
    options: tuple[Option, ...]


Words = dict[str, list[Said]]


@dataclass(frozen=True)
class Standing:
    """What a saved draft says of its making, its refused words, and what keeps it unsigned."""

    dock: Dock = field(default_factory=Dock)
    words: Words = field(default_factory=dict)
    derivation: Derivation | None = None
    problems: tuple[Problem, ...] = ()


def standing_of(piece: Piece | None, *, now: datetime) -> Standing:
    """The dock of a draft as it is saved; of one that is not, the label without a record."""
    if piece is None:
        return Standing()
    reading = drafting.read_draft(piece, now=now)
    try:
        derivation, words = reading.derivation, words_of(reading.refused_words)
    except InvalidRecordError:
        return Standing(problems=reading.problems)
    return Standing(dock_of(derivation), words, derivation, reading.problems)


def dock_of(derivation: Derivation) -> Dock:
    handmade = any(each.claim == "Handmade" for each in derivation.refusals)
    refusals = [*derivation.refusals]
    if derivation.design_refusal:
        refusals.append(derivation.design_refusal)
    return Dock(
        label=derivation.label,
        question="Why not “Handmade”" if handmade else "What stands beside it",
        refusals=tuple(map(_against, refusals)),
        grade=str(derivation.evidence_grade),
        means=GRADES[derivation.evidence_grade],
        bought_in=derivation.bought_in,
        unformed=derivation.unformed_parts,
        aside=tuple(dict.fromkeys(f"{each.step}: {each.why}" for each in derivation.ignored)),
    )


def _against(refusal: Refusal) -> Against:
    told = dict.fromkeys((reason.rule, reason.says) for reason in refusal.reasons)
    return Against(refusal.claim, refusal.rules, tuple(told))


# -- words --------------------------------------------------------------------------------------


def words_of(refused: Sequence[drafting.RefusedWord]) -> Words:
    """The refused words of each text, by the name of its field."""
    words: Words = {}
    for each in refused:
        words.setdefault(each.path, []).append(_said(each.advice))
    return words


def _said(advice: Advice) -> Said:
    bold = f"“{advice.word}” cannot stand here."
    # A long text is not a name for a button, and two of them would look alike.
    short = [Option(text, text) for text in advice.options if len(text) <= LONGEST_SHOWN]
    long = [Option(text, f"The text without “{advice.word}”") for text in advice.options[:1]]
    return Said(bold, advice.why, tuple(short or long))
