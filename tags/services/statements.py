"""The statements of a tap, written out: composing them anew took nine tenths of its time.

Everything else about tags goes through the models.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from tags.services.shared_commit import Execute

_FIND = (
    "SELECT tag.id, tag.state, tag.key_version, tag.last_counter,"
    " CASE WHEN piece.issued_at IS NULL THEN '' ELSE piece.public_id END"
    " FROM tags_tag tag LEFT JOIN provenance_piece piece ON piece.id = tag.piece_id"
    " WHERE tag.uid_digest = %s AND tag.profile = %s AND tag.key_version = %s"
)
_ANSWERED = (
    "SELECT 1 FROM tags_tap WHERE tag_id = %s AND key_version = %s AND at > %s"
    " AND session = %s AND is_consumed LIMIT 1"
)
# The states are those of `life.CONSUMING`.
CONSUME = (
    "UPDATE tags_tag SET last_counter = %s WHERE id = %s AND key_version = %s"
    " AND state IN ('bound', 'active', 'tampered') AND last_counter < %s"
)
_COLUMNS = (
    "tag_id, key_version, counter, at, answer, is_consumed,"
    " session, network, country, reads, is_second, is_conflict"
)
_MARKS = ", ".join(["%s"] * 12)
_KEEP = " ".join(["INSERT INTO tags_tap (", _COLUMNS, ") VALUES (", _MARKS, ")"])
# On PostgreSQL each statement is a journey there and back, and begin and commit are two more.
_SPEND = " ".join(
    [
        *("WITH spent AS (", CONSUME, "RETURNING id )"),
        *("INSERT INTO tags_tap (", _COLUMNS, ") SELECT", _MARKS, "FROM spent"),
    ]
)


class Kept(NamedTuple):
    """The columns of a tap's row, in the order of its statement."""

    tag: int
    key_version: int
    counter: int
    at: datetime
    answer: str
    is_consumed: bool
    session: bytes
    network: bytes
    country: str
    reads: int | None
    is_second: bool
    is_conflict: bool


class KnownTag(NamedTuple):
    """The row of a tag as far as a tap asks about it.

    `record` is the public id of the piece whose page tells of it; "" while none is published.
    """

    pk: int
    state: str
    key_version: int
    last_counter: int
    record: str


def find_tag(
    execute: Execute, *, uid_digest: bytes, profile: str, key_version: int
) -> KnownTag | None:
    row = execute(_FIND, (uid_digest, profile, key_version)).fetchone()
    return KnownTag(*row) if row else None


def has_answered(execute: Execute, tag: KnownTag, *, session: bytes, since: datetime) -> bool:
    """Whether it was live in the browser of this session since then."""
    values = (tag.pk, tag.key_version, _written(since), session)
    return execute(_ANSWERED, values).fetchone() is not None


def spend(execute: Execute, tag: KnownTag, row: Kept) -> bool:
    """Spend the count of this row and keep the row: both or neither.

    The number of rows decides which of two equal counts was first.
    """
    count = (row.counter, tag.pk, tag.key_version, row.counter)
    if connection.vendor == "postgresql":
        return execute(_SPEND, (*count, *_values(row))).rowcount == 1
    return execute(CONSUME, count).rowcount == 1 and keep_tap(execute, row)


def keep_tap(execute: Execute, row: Kept) -> bool:
    return execute(_KEEP, _values(row)).rowcount == 1


def _values(row: Kept) -> tuple[Any, ...]:
    return (*row[:3], _written(row.at), *row[4:])


def _written(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
