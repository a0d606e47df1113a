"""All that a page says of how a piece was made, worked out again from its signed record."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from provenance.alterations import AlteredLabel, label_of, recompute_whole
from provenance.canonical import JSONObject
from provenance.making import LABEL_WITHOUT_RECORD, Recomputed, states_making
from provenance.making_label_words import (
    Explained,
    GradeWords,
    Refused,
    beside_label,
    grade_in_words,
    has_powered_steps,
    label_in_words,
    label_phrase,
    refusals_in_words,
)
from provenance.making_record import Alteration, InvalidRecordError, Record
from provenance.making_words import Told, part_words, timeline
from provenance.phrases import say
from provenance.policy import UnknownPolicyError

DOES_NOT_FOLLOW: Final = say("The label on this certificate does not follow from its record.")
POLICY_UNKNOWN: Final = say("The rules behind this label are not known here.")


@dataclass(frozen=True)
class WorkTold:
    """Work on the finished piece: when, why, what was done, and the label it left."""

    on: date
    reason: str
    steps: tuple[Told, ...]
    replaced: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class MakingTold:
    """What a page tells: `says` stands on the ticket, and is a label only when it `is_proven`.

    A label that does not follow is never repeated: then the steps alone are told, as recorded.
    Where nothing `is_stated` there is no record, and nothing more to tell.
    """

    says: str
    is_stated: bool = True
    is_proven: bool = False
    policy: str = ""
    explained: tuple[Explained, ...] = ()
    beside: tuple[Explained, ...] = ()
    refused: tuple[Refused, ...] = ()
    grade: GradeWords | None = None
    has_powered_steps: bool = False
    steps: tuple[Told, ...] = ()
    later: tuple[WorkTold, ...] = ()


WITHOUT_RECORD: Final = MakingTold(label_phrase(LABEL_WITHOUT_RECORD), is_stated=False)


def making_told(subject: JSONObject, *, issued: datetime | None) -> MakingTold:
    """Tell the making of a `credentialSubject`; `issued` is its `validFrom`, None for a draft.

    >>> making_told({}, issued=None).says
    'Design origin not stated; No making claim'
    """
    if not states_making(subject):
        return WITHOUT_RECORD
    try:
        found = recompute_whole(subject, issued=issued)
        label = label_of(subject, issued=issued)
    except UnknownPolicyError:
        return MakingTold(POLICY_UNKNOWN)
    except InvalidRecordError:
        return MakingTold(DOES_NOT_FOLLOW)
    return _told(found, label) if found.agrees else _doubted(found, label)


def _told(found: Recomputed, label: AlteredLabel) -> MakingTold:
    derivation, record = found.derivation, label.whole
    return MakingTold(
        says=label_phrase(derivation.label),
        is_proven=True,
        policy=derivation.policy,
        explained=label_in_words(derivation),
        beside=beside_label(derivation, record),
        refused=refusals_in_words(derivation, record),
        grade=grade_in_words(derivation.evidence_grade, derivation.policy),
        has_powered_steps=has_powered_steps(record),
        steps=timeline(label.as_record, label.as_made),
        later=tuple(
            WorkTold(
                on=work.on,
                reason=work.reason,
                steps=timeline(_alone(work, record), after),
                replaced=tuple(map(part_words, sorted(work.replaced))),
                label=label_phrase(after.label),
            )
            for work, after in label.after
        ),
    )


def _alone(work: Alteration, whole: Record) -> Record:
    return replace(whole, steps=work.steps)


def _doubted(found: Recomputed, label: AlteredLabel) -> MakingTold:
    steps = timeline(label.as_record, found.derivation)
    return MakingTold(DOES_NOT_FOLLOW, policy=found.derivation.policy, steps=steps)
