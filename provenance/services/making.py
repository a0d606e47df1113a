"""From rows to the making record: what signing a piece now would say about how it was made."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch, Q, prefetch_related_objects

from provenance import keys
from provenance import steps as step_words
from provenance.alterations import derive_whole
from provenance.canonical import JSON, JSONObject, parse_object
from provenance.credentials import subject_of
from provenance.making import Derivation, state_making
from provenance.models.certificate import Certificate
from provenance.models.making import Alteration, CredentialState, MakingStep, StepEvidence
from provenance.models.piece import Photograph, Piece
from provenance.policy import CURRENT_POLICY
from provenance.services.lineage import newest_of
from provenance.steps import StepFacts, stated_step


def read_steps(pieces: Sequence[Piece]) -> None:
    """Lay the steps of these pieces beside them, in two queries for all.

    For `steps_of` and what is stated of them; a queryset for each piece would cost more than the
    rest of its certificate's text.
    """
    steps = MakingStep.objects.prefetch_related("evidence")
    prefetch_related_objects(pieces, Prefetch("steps", steps, to_attr="steps_at_hand"))


def steps_of(piece: Piece) -> tuple[StepFacts, ...]:
    """All steps of a piece, planned and done; one query, none once they were read."""
    return tuple(facts_of_step(step) for step in _rows_of(piece))


def _rows_of(piece: Piece) -> Iterable[MakingStep]:
    at_hand: Iterable[MakingStep] | None = getattr(piece, "steps_at_hand", None)
    return piece.steps.all() if at_hand is None else at_hand


def facts_of_step(step: MakingStep) -> StepFacts:
    return StepFacts(
        ident=step.ident,
        kind=step.kind,
        control=step.control,
        part=step.part,
        actor=step.actor,
        place=step.place,
        started=step.started,
        finished=step.finished,
        tools=tuple(step.tools),
        inputs=tuple(step.inputs),
        outputs=tuple(step.outputs),
        note=step.note,
        is_done=step.is_done,
    )


def recorded_making(piece: Piece) -> JSONObject:
    """The record alone, without what follows from it: policy and every step that was ticked.

    Of a correction, also the work on the finished piece: signed before, or on record since.
    """
    maker = keys.did_web(settings.SITE_URL, "j", piece.maker.slug)
    listed: list[JSON] = [_stated(step, maker=maker) for step in _rows_of(piece) if step.is_done]
    works: list[JSON] = [*alterations_of(piece)]
    making: JSONObject = {"policy": CURRENT_POLICY, "steps": listed}
    return making | {"alterations": works} if works else making


def alterations_of(draft: Piece) -> list[JSONObject]:
    """The work that a correction states: what its certificate signs already, and what came since.

    What is signed comes from the signed bytes; rows of a piece may never say otherwise.
    """
    if draft.revises is None:
        return []
    since = draft.revises.alterations.filter(certificate__isnull=True)
    return [*alterations_in(newest_of(draft.revises)), *map(stated_alteration, since)]


def alterations_in(certificate: Certificate) -> list[JSONObject]:
    """The work on the finished piece that a certificate states."""
    making = subject_of(parse_object(bytes(certificate.body))).get("making")
    stated = making.get("alterations") if isinstance(making, dict) else None
    return [work for work in stated if isinstance(work, dict)] if isinstance(stated, list) else []


def stated_alteration(row: Alteration) -> JSONObject:
    """A work on the finished piece as it is signed."""
    stated: JSONObject = {"on": row.on.isoformat(), "reason": row.reason, "steps": row.steps}
    return stated | ({"replaced": row.replaced} if row.replaced else {})


def with_making(subject: JSONObject, piece: Piece, *, now: datetime | None) -> JSONObject:
    """The subject with its making record and all that follows; unchanged when nothing is ticked.

    `now` is the aware moment of signing. Raises InvalidRecordError when the record cannot be read.
    """
    making = recorded_making(piece)
    if not (making["steps"] or "alterations" in making):
        return subject
    whole = {**subject, "making": making}
    return {**subject, "making": state_making(making, _derived(whole, piece, now=now))}


def derivation_of(subject: JSONObject, piece: Piece, *, now: datetime | None) -> Derivation:
    """What the record of a piece with this subject allows to be said."""
    return _derived({**subject, "making": recorded_making(piece)}, piece, now=now)


def _derived(subject: JSONObject, piece: Piece, *, now: datetime | None) -> Derivation:
    return derive_whole(subject, now=now, issued=now, used_elsewhere=used_elsewhere(piece))


def _stated(step: MakingStep, *, maker: str) -> JSONObject:
    evidence = [stated_evidence(item) for item in step.evidence.all()]
    facts = facts_of_step(step)
    # Who is not named otherwise is the maker, who signs for it by name.
    named = replace(facts, actor=facts.actor or maker)
    return stated_step(named, recorded=step.recorded_at, evidence=evidence)


def stated_evidence(item: StepEvidence) -> JSONObject:
    """An item of evidence as it is signed."""
    stated: JSONObject = {"type": item.kind, "sha256": item.sha256}
    if item.source:
        stated["digitalSourceType"] = item.source
    if item.captured_at:
        stated["captured_at"] = step_words.moment(item.captured_at)
    stated["recorded_at"] = step_words.moment(item.recorded_at)
    if item.is_in_app:
        stated["in_app"] = True
    # What could not be read is not said: "none" would claim that somebody looked.
    if item.c2pa_state != CredentialState.UNREAD:
        stated["c2pa"] = {"state": item.c2pa_state}
    return stated


# -- the same file in another record ------------------------------------------------------------


def used_elsewhere(piece: Piece) -> dict[str, str]:
    """For each digest that is evidence here and also in another piece's record: that piece."""
    ours = {
        digest: item.sha256
        for step in piece.steps.all()
        for item in step.evidence.all()
        for digest in (item.sha256, item.original_sha256)
    }
    if not ours:
        return {}
    return {
        ours[digest]: called(other, beside=piece) for digest, other in _others(piece, ours).items()
    }


def evidence_elsewhere(piece: Piece, digests: Iterable[str]) -> Piece | None:
    """Another piece whose record holds a file with one of these digests, if there is one."""
    return next(iter(_others(piece, digests).values()), None)


def _others(piece: Piece, digests: Iterable[str]) -> dict[str, Piece]:
    wanted = list(digests)
    found: dict[str, Piece] = {}
    named = Q(sha256__in=wanted) | Q(original_sha256__in=wanted)
    # A correction and the piece it corrects are one piece.
    ours = [piece.pk, piece.revises_id or piece.pk]
    evidence = StepEvidence.objects.filter(named).exclude(piece__in=ours).select_related("piece")
    for item in evidence.order_by("-pk"):
        found |= dict.fromkeys((item.sha256, item.original_sha256), item.piece)
    photographs = Photograph.ever.filter(sha256__in=wanted).exclude(piece__in=ours)
    for photograph in photographs.select_related("piece"):
        found[photograph.sha256] = photograph.piece
    return {digest: found[digest] for digest in wanted if digest in found}


def called(other: Piece, *, beside: Piece) -> str:
    """How one record names another: never more than its own maker may know of it."""
    if other.maker_id != beside.maker_id:
        return "of another maker"
    return other.sku or other.title
