"""Appraisals: what a person notes down of a value, for themselves alone (rule P2).

No event speaks of them: an event is public and is never erased, an appraisal is neither.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import User

from provenance.models.appraisal import Appraisal
from provenance.models.piece import Piece


@dataclass(frozen=True)
class Value:
    """What an appraiser said a piece is worth, on which day and for which purpose."""

    amount: Decimal
    currency: str
    date: date
    purpose: str
    appraiser: str
    note: str = ""


def note_appraisal(*, piece: Piece, value: Value, by: User) -> Appraisal:
    return Appraisal.objects.create(author=by, piece=piece, **vars(value))


def forget_appraisal(*, appraisal: Appraisal) -> None:
    appraisal.delete()
