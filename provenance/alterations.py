"""Work on a finished piece: what may be put on record, and its label as made and as altered."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from provenance.canonical import JSONObject
from provenance.errors import ProvenanceError
from provenance.making import (
    NOTHING_ELSEWHERE,
    Derivation,
    Recomputed,
    compare,
    derive,
    policy_of,
)
from provenance.making_alterations import read_alterations
from provenance.making_design import ancestors
from provenance.making_reading import read_record
from provenance.making_record import WHOLE_PIECE, Alteration, Bounds, Record, Step
from provenance.policy import Policy
from provenance.steps import new_ident

NOTHING_DONE: Final = "Say what was done: at least one step."


class AlterationError(ProvenanceError):
    """An alteration that cannot be put on record; `path` names the member that is wrong."""

    code = "alteration"
    path: str = ""


class AlterationDateError(AlterationError):
    """Work on a signed piece is done after its certificate, and not in the future."""

    code = "alteration_date"
    path = "on"


class EmptyAlterationError(AlterationError):
    """An alteration that names no work would change nothing."""

    code = "alteration_is_empty"
    path = "steps"


class ReplacedPartError(AlterationError):
    """A part is called replaced that is unknown, unexplained, or all there was."""

    code = "alteration_parts"
    path = "replaced"


@dataclass(frozen=True)
class AlteredLabel:
    """What a record allows as made, and after each alteration in the order of their days.

    `text` says all of it: "as made ...; altered on 2027-03-12: ...". `as_record` is the record
    of the making, `whole` that with the steps that stand after the last work.
    """

    as_made: Derivation
    after: tuple[tuple[Alteration, Derivation], ...]
    text: str
    as_record: Record
    whole: Record

    @property
    def now(self) -> Derivation:
        """What may be said of the piece as it is today."""
        return self.after[-1][1] if self.after else self.as_made


def check_alteration(
    alteration: Alteration, *, parts: Collection[str], signed: date, today: date
) -> None:
    """Raise the AlterationError that keeps this work from being put on record.

    `parts` are the ids of the piece's parts, `signed` the day its certificate is valid from.
    """
    if alteration.on < signed:
        raise AlterationDateError(
            f"The certificate was signed on {signed.day} {signed:%B %Y}. "
            "Work from before that belongs to the making."
        )
    if alteration.on > today:
        raise AlterationDateError("This day is still to come. Record the work once it is done.")
    if not alteration.steps:
        raise EmptyAlterationError(NOTHING_DONE)
    if unknown := alteration.replaced - set(parts):
        raise ReplacedPartError(f"This piece has no part “{min(unknown)}”.")
    if unexplained := alteration.replaced - _formed(alteration):
        part = min(unexplained)
        raise ReplacedPartError(f"Say how the new {part} came about: bought in, cast or made.")
    if alteration.replaced and alteration.replaced >= set(parts):
        raise ReplacedPartError(
            "Then nothing of the signed piece is left. Register what you made as a new piece."
        )


def derive_whole(
    subject: JSONObject,
    *,
    now: datetime | None = None,
    born: datetime | None = None,
    issued: datetime | None = None,
    used_elsewhere: Mapping[str, str] = NOTHING_ELSEWHERE,
) -> Derivation:
    """What a `credentialSubject` allows to be said today: of its making, and of work since.

    The label says both. Raises InvalidRecordError with the path of the fault, and
    UnknownPolicyError.
    """
    label = label_of(subject, now=now, born=born, issued=issued, used_elsewhere=used_elsewhere)
    return replace(label.now, altered=label.text) if label.after else label.as_made


def recompute_whole(subject: JSONObject, *, issued: datetime | None = None) -> Recomputed:
    """Verification step 10, for a certificate that states work on the finished piece too.

    Raises the errors of `derive_whole`.
    """
    return compare(subject, derive_whole(subject, issued=issued))


def label_of(
    subject: JSONObject,
    *,
    now: datetime | None = None,
    born: datetime | None = None,
    issued: datetime | None = None,
    used_elsewhere: Mapping[str, str] = NOTHING_ELSEWHERE,
) -> AlteredLabel:
    """The label of a `credentialSubject` as made, and after each work it states."""
    policy = policy_of(subject)
    bounds = Bounds(policy, now=now, born=born)
    return label_with_alterations(
        read_record(subject, bounds=bounds),
        read_alterations(subject, bounds=bounds),
        policy=policy,
        issued=issued,
        used_elsewhere=used_elsewhere,
    )


def label_with_alterations(
    record: Record,
    alterations: Iterable[Alteration],
    *,
    policy: Policy,
    issued: datetime | None,
    used_elsewhere: Mapping[str, str] = NOTHING_ELSEWHERE,
) -> AlteredLabel:
    """Rule C1: the label as made, and derived anew from the steps that stand after each work.

    `issued` is the aware moment of the certificate. The order of days counts, and on one day the
    order given. What was not known of the making stays unknown: an alteration never flatters.
    """
    as_made = derive(record, policy=policy, issued=issued, used_elsewhere=used_elsewhere)
    whole, after = record, []
    for era, alteration in enumerate(sorted(alterations, key=lambda each: each.on), start=1):
        added = _added(alteration, era=era, before=whole.steps)
        standing = _standing(whole.steps, alteration.replaced & _formed(alteration))
        whole = replace(record, steps=(*standing, *added))
        derived = derive(whole, policy=policy, issued=issued, used_elsewhere=used_elsewhere)
        after.append((alteration, derived))
    return AlteredLabel(as_made, tuple(after), _text(as_made, after, policy), record, whole)


def _text(as_made: Derivation, after: list[tuple[Alteration, Derivation]], policy: Policy) -> str:
    if not after:
        return as_made.label
    words = [policy.texts["as_made"].format(label=as_made.label)]
    for alteration, derivation in after:
        altered = policy.texts["altered"]
        words.append(altered.format(date=alteration.on.isoformat(), label=derivation.label))
    return "; ".join(words)


def _formed(alteration: Alteration) -> frozenset[str]:
    """The parts whose forming it tells; another part cannot have taken an old one's place."""
    formed = frozenset(step.part for step in alteration.steps if step.family == "form")
    return formed - {WHOLE_PIECE}


def _standing(steps: tuple[Step, ...], replaced: frozenset[str]) -> tuple[Step, ...]:
    """The steps that still count once these parts are gone.

    Designs stay, and so does every step behind one that stays: a printed model of a part that
    is gone may have been the model of another.
    """
    if not replaced:
        return steps
    left = [_without(step, replaced) for step in steps]
    stays = [step for step in left if step.part not in replaced]
    behind = ancestors((step for step in stays if step.family != "design"), among=left)
    return tuple(
        step
        for step in left
        if step.part not in replaced or step.family == "design" or step.ident in behind
    )


def _without(step: Step, replaced: frozenset[str]) -> Step:
    """A step that names a part by its id no longer means the part that is gone."""
    inputs = tuple(token for token in step.inputs if token not in replaced)
    outputs = tuple(token for token in step.outputs if token not in replaced)
    return replace(step, inputs=inputs, outputs=outputs)


def _added(alteration: Alteration, *, era: int, before: tuple[Step, ...]) -> tuple[Step, ...]:
    """Its steps under ids of their own; a file that shows earlier work does not show this."""
    taken = {step.ident for step in before}
    seen = {item.sha256 for step in before for item in step.evidence}
    added: list[Step] = []
    for step in alteration.steps:
        ident = new_ident(step.ident, taken)
        taken.add(ident)
        evidence = tuple(item for item in step.evidence if item.sha256 not in seen)
        added.append(replace(step, ident=ident, evidence=evidence, era=era))
    return tuple(added)
