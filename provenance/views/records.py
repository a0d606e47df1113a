"""What can change on the page of an issued piece, read in one query: it names the page's copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from provenance.models.certificate import Certificate

_COLUMNS = (
    "pk",
    "digest",
    "revoked_at",
    "status_batch__changes",
    "piece__public_id",
    "piece__maker__slug",
    "piece__maker__identity_level",
    "piece__custodies__number",
    "piece__custodies__since",
    "piece__montages__published_at",
)


@dataclass(frozen=True)
class Record:
    """An issued piece as it stands now; everything else on its page was signed and stays."""

    certificate: int
    digest: bytes
    revoked_at: datetime | None
    changes: int
    piece: str
    maker: str
    level: str
    keepers: tuple[tuple[int, datetime], ...]
    has_montage: bool


def record_in(
    certificates: QuerySet[Certificate], *more: str
) -> tuple[Record, Sequence[Any]] | None:
    """The one record among these newest certificates, and the values of `more` beside it."""
    # One row for each pair of keeper and montage: there are few of both.
    rows = list(certificates.order_by().values_list(*_COLUMNS, *more))
    if not rows:
        return None
    pk, digest, revoked_at, changes, piece, maker, level, *_ = rows[0]
    record = Record(
        certificate=pk,
        digest=bytes(digest),
        revoked_at=revoked_at,
        changes=changes,
        piece=piece,
        maker=maker,
        level=level,
        keepers=tuple(sorted({(row[7], row[8]) for row in rows if row[7]})),
        has_montage=any(row[9] for row in rows),
    )
    return record, rows[0][len(_COLUMNS) :]
