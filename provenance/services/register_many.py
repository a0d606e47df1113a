"""Registering by the hundred: drafts of one maker with their steps and photographs, together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from provenance import jewelry
from provenance.models.maker import Maker
from provenance.models.making import MakingStep
from provenance.models.piece import Photograph, Piece
from provenance.services.details import columns_of, write_details
from provenance.services.events import Act, record_all
from provenance.services.steps import check_steps, new_steps
from provenance.steps import StepFacts


@dataclass(frozen=True)
class KeptPicture:
    """A picture made safe that lies in the storage already; `renditions` as a photograph's."""

    role: str
    source: str
    alt: str
    sha256: str
    width: int
    height: int
    placeholder: str
    renditions: dict[str, dict[str, object]]


@dataclass(frozen=True)
class Laid:
    """A piece as it is told, all at once."""

    facts: jewelry.Piece
    steps: tuple[StepFacts, ...] = ()
    pictures: tuple[KeptPicture, ...] = ()


@transaction.atomic
def register_many(*, maker: Maker, laid: Sequence[Laid], by: User) -> list[Piece]:
    """Begin a draft for each, in their order.

    Raises InvalidRecordError for steps that cannot be read; nothing is registered then.
    """
    now = timezone.now()
    for each in laid:
        check_steps(each.steps, parts=[part.ident for part in each.facts.parts], now=now)
    pieces = Piece.objects.bulk_create(
        Piece(maker=maker, **columns_of(each.facts)) for each in laid
    )
    write_details([(piece, each.facts) for piece, each in zip(pieces, laid, strict=True)])
    _write_steps(pieces, laid, now=now)
    _write_photographs(pieces, laid)
    record_all("piece.registered", [Act(maker, piece) for piece in pieces], by=by, at=now)
    return pieces


def _write_steps(pieces: Sequence[Piece], laid: Sequence[Laid], *, now: datetime) -> None:
    MakingStep.objects.bulk_create(
        row
        for piece, each in zip(pieces, laid, strict=True)
        for row in new_steps(piece, each.steps, now=now)
    )


def _write_photographs(pieces: Sequence[Piece], laid: Sequence[Laid]) -> None:
    Photograph.objects.bulk_create(
        Photograph(piece=piece, position=n, **vars(picture))
        for piece, each in zip(pieces, laid, strict=True)
        for n, picture in enumerate(each.pictures)
    )
