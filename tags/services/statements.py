"""The three statements of a tap, written out: composing them anew took nine tenths of its time.

Everything else about tags goes through the models. Both engines read these words alike.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

_FIND = (
    "SELECT tag.id, tag.state, tag.key_version, tag.last_counter,"
    " CASE WHEN piece.issued_at IS NULL THEN '' ELSE piece.public_id END"
    " FROM tags_tag tag LEFT JOIN provenance_piece piece ON piece.id = tag.piece_id"
    " WHERE tag.uid_digest = %s AND tag.profile = %s AND tag.key_version = %s"
)
# The states are those of `life.CONSUMING`.
CONSUME = (
    "UPDATE tags_tag SET last_counter = %s WHERE id = %s AND key_version = %s"
    " AND state IN ('bound', 'active', 'tampered') AND last_counter < %s"
)
_KEEP = (
    "INSERT INTO tags_tap (tag_id, key_version, counter, at, answer, is_consumed,"
    " session, network, country, reads, is_second, is_conflict)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
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


def find_tag(*, uid_digest: bytes, profile: str, key_version: int) -> KnownTag | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, (uid_digest, profile, key_version))
        row = cursor.fetchone()
    return KnownTag(*row) if row else None


def consume(tag: KnownTag, counter: int) -> bool:
    """Spend this count; the number of rows decides which of two equal ones was first."""
    with connection.cursor() as cursor:
        cursor.execute(CONSUME, (counter, tag.pk, tag.key_version, counter))
        return bool(cursor.rowcount == 1)


def keep_tap(row: Kept) -> None:
    moment = connection.ops.adapt_datetimefield_value(row.at)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, (*row[:3], moment, *row[4:]))
