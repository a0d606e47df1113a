"""Rows by the hundred thousand, each like one that stands: what a site grows to."""

from enum import Enum

from django.db import connection, models


class Random(Enum):
    """What each copy has anew, in the words of SQLite and of PostgreSQL."""

    ID = ("substr(hex(randomblob(11)), 1, 22)", "left(md5(random()::text), 22)")
    CODE = ("substr(hex(randomblob(7)), 1, 13)", "left(md5(random()::text), 13)")
    DIGEST = ("randomblob(16)", "decode(md5(random()::text), 'hex')")


_NUMBERS = (
    "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    " SELECT i FROM n)",
    "(SELECT generate_series(1, %s) AS i)",
)


def copies(row: models.Model, many: int, **changed: Random | int) -> int:
    """Insert copies of a row, and answer the key below that of the first one.

    `changed` names columns and what they have instead: something random, or a number to which
    each copy adds its own, counted from one.
    """
    engine = int(connection.vendor == "postgresql")
    table = row._meta.db_table
    columns = [str(field.column) for field in row._meta.local_concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        (last,) = cursor.fetchone() or (0,)
        anew = {
            name: value.value[engine] if isinstance(value, Random) else f"{value} + n.i"
            for name, value in {"id": int(last), **changed}.items()
        }
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(anew.get(name, f'old."{name}"') for name in columns)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values}"
            f" FROM {table} old, {_NUMBERS[engine]} n WHERE old.id = %s",
            (many, row.pk),
        )
        if connection.vendor == "postgresql":
            # The next key that is drawn comes behind theirs; SQLite sees to it by itself.
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
    return int(last)


def look_at_them() -> None:
    """Let the database learn how many there are, as it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
