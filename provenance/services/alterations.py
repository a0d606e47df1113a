"""The acts on a finished piece: work on it is put on record beside its certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from provenance import making_record
from provenance.alterations import AlteredLabel, check_alteration, label_with_alterations
from provenance.canonical import JSON, JSONObject, parse_object
from provenance.credentials import subject_of
from provenance.errors import ProvenanceError
from provenance.making import Derivation, policy_of
from provenance.making_alterations import read_alterations
from provenance.making_reading import read_record
from provenance.making_record import Bounds, Record
from provenance.models.certificate import Certificate
from provenance.models.making import Alteration
from provenance.models.piece import Piece
from provenance.policy import Policy
from provenance.services.events import record
from provenance.steps import StepFacts, stated_step


class NotSignedYetError(ProvenanceError):
    """Only a finished, signed piece can be altered; a draft is simply changed."""

    code = "piece_is_a_draft"


@dataclass(frozen=True)
class Work:
    """What a maker says was done to a finished piece, and the parts it took away for new ones."""

    on: date
    reason: str
    steps: tuple[StepFacts, ...]
    replaced: tuple[str, ...] = ()


@transaction.atomic
def record_alteration(*, piece: Piece, work: Work, by: User) -> Alteration:
    """Put work on a finished piece on record; its certificate stands as it was signed.

    A certificate that was withdrawn keeps none from telling the truth. The same work sent twice
    is one work. Raises NotSignedYetError for a draft, AlterationError for work that cannot be on
    record and InvalidRecordError for steps that cannot be read.
    """
    # The row of the piece is the turnstile for a form sent twice.
    piece = Piece.objects.select_for_update().select_related("maker").get(pk=piece.pk)
    if not piece.is_issued:
        raise NotSignedYetError("this piece is a draft; change it instead")
    now = timezone.now()
    _check(_signed(certificate_of(piece)), work, now=now)
    if standing := _same(piece, work):
        return standing
    alteration = Alteration.objects.create(
        piece=piece,
        on=work.on,
        reason=work.reason,
        steps=[stated_step(step, recorded=now) for step in work.steps],
        replaced=sorted(work.replaced),
    )
    record(
        "piece.altered",
        by=by,
        maker=piece.maker,
        piece=piece,
        facts=_facts(alteration),
        at=now,
    )
    return alteration


@transaction.atomic
def remove_alteration(*, alteration: Alteration, by: User) -> None:
    """Take work off the record that no certificate holds; what was removed stays an event."""
    piece = alteration.piece
    since = Alteration.objects.filter(pk=alteration.pk, certificate__isnull=True)
    removed, _ = since.delete()
    # Of two who remove it at once, one did.
    if removed:
        record(
            "piece.alteration_removed",
            by=by,
            maker=piece.maker,
            piece=piece,
            facts=_facts(alteration),
        )


def altered_label(piece: Piece, *, proposed: Work | None = None) -> AlteredLabel:
    """What may be said of a signed piece as made and after each work, `proposed` among them.

    Work that the certificate states comes from its signed bytes. Raises AlterationError or
    InvalidRecordError for proposed work that cannot be on record.
    """
    signed = _signed(certificate_of(piece))
    works = [*signed.works, *_since(signed, piece)]
    if proposed:
        works.append(_check(signed, proposed, now=timezone.now()))
    return _labelled(signed, works)


def work_since(piece: Piece) -> list[tuple[Alteration, Derivation]]:
    """The work that no certificate of a signed piece states yet, and what each left to be said."""
    signed = _signed(certificate_of(piece))
    works = [*signed.works, *_since(signed, piece)]
    # Sorted as the label sorts: by day, and on one day as they were put on record.
    order = sorted(range(len(works)), key=lambda n: works[n].on)
    derived = dict(zip(order, (each for _, each in _labelled(signed, works).after), strict=True))
    first = len(signed.works)
    return [(row, derived[first + n]) for n, row in enumerate(_rows_since(piece))]


def _rows_since(piece: Piece) -> QuerySet[Alteration]:
    return piece.alterations.filter(certificate__isnull=True)


def _since(signed: "_Signed", piece: Piece) -> list[making_record.Alteration]:
    return [_read(signed, row.on, row.steps, row.replaced) for row in _rows_since(piece)]


def _labelled(signed: "_Signed", works: list[making_record.Alteration]) -> AlteredLabel:
    return label_with_alterations(
        signed.record, works, policy=signed.policy, issued=signed.valid_from
    )


def certificate_of(piece: Piece) -> Certificate:
    found: Certificate = Certificate.objects.current().get(piece=piece)
    return found


# -- what was signed, and what came later -------------------------------------------------------


@dataclass(frozen=True)
class _Signed:
    """The record as its certificate holds it; rows of a piece may never say otherwise.

    `finished` is the day of the first certificate: work from before belongs to the making.
    """

    record: Record
    works: tuple[making_record.Alteration, ...]
    policy: Policy
    valid_from: datetime
    finished: date

    @property
    def parts(self) -> tuple[str, ...]:
        return self.record.parts


def _signed(certificate: Certificate) -> _Signed:
    subject = subject_of(parse_object(bytes(certificate.body)))
    policy = policy_of(subject)
    bounds = Bounds(policy)
    first = Certificate.objects.filter(piece=certificate.piece).earliest("version")
    return _Signed(
        read_record(subject, bounds=bounds),
        read_alterations(subject, bounds=bounds),
        policy,
        certificate.valid_from,
        first.valid_from.date(),
    )


def _check(signed: _Signed, work: Work, *, now: datetime) -> making_record.Alteration:
    stated = [stated_step(step, recorded=None) for step in work.steps]
    read = _read(signed, work.on, stated, work.replaced, now=now)
    check_alteration(read, parts=signed.parts, signed=signed.finished, today=now.date())
    return read


def _read(
    signed: _Signed,
    on: date,
    steps: Sequence[JSON],
    replaced: Sequence[str],
    *,
    now: datetime | None = None,
) -> making_record.Alteration:
    named: list[JSON] = [{"id": part} for part in signed.parts]
    subject: JSONObject = {"parts": named, "making": {"steps": [*steps]}}
    whole = read_record(subject, bounds=Bounds(signed.policy, now=now))
    return making_record.Alteration(on, whole.steps, frozenset(replaced))


def _same(piece: Piece, work: Work) -> Alteration | None:
    """The row that says just this already, whenever it was recorded."""
    stated = [stated_step(step, recorded=None) for step in work.steps]
    rows = _rows_since(piece).filter(on=work.on, reason=work.reason)
    told = (row for row in rows if row.replaced == sorted(work.replaced))
    return next((row for row in told if _undated(row.steps) == stated), None)


def _undated(steps: Sequence[JSONObject]) -> list[JSONObject]:
    return [{name: step[name] for name in step if name != "recorded"} for step in steps]


def _facts(alteration: Alteration) -> dict[str, str]:
    return {"alteration": alteration.public_id, "on": alteration.on.isoformat()}
