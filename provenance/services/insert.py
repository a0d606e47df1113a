"""Rows by the hundred, in the fastest way that each database has."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from django.db import connection, connections, models

Row = TypeVar("Row", bound=models.Model)
Columns = dict[str, object]
Values = list[Any]
Fields = Sequence["models.Field[Any, Any]"]

# Both databases take the values of these as they stand in the row; the others must be prepared.
_AS_IT_IS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.ForeignKey,
    models.BinaryField,
)


def insert_all(model: type[Row], rows: Sequence[Row]) -> None:
    """Insert unsaved rows in the transaction at hand, and give them their keys.

    On PostgreSQL one binary COPY, on SQLite one statement that is run for each: written into the
    text of a statement, signed bytes cost more than it costs to sign them. The laws of the
    database hold as for any other row.
    """
    if not rows:
        return
    for key, row in zip(_new_keys(model, len(rows)), rows, strict=True):
        row.pk = key
    fields = model._meta.local_concrete_fields
    values_of = attrgetter(*(field.attname for field in fields))
    _insert(model, fields, (list(values_of(row)) for row in rows))


def insert_columns(model: type[models.Model], rows: Sequence[Columns]) -> None:
    """The same for rows nobody needs as objects, which cost half of the time of writing them.

    Each names every column but the key, which the database gives, as the attribute is called that
    holds its bare value: `certificate_id`.
    """
    if not rows:
        return
    fields = [each for each in model._meta.local_concrete_fields if not each.primary_key]
    values_of = itemgetter(*(field.attname for field in fields))
    _insert(model, fields, (list(values_of(row)) for row in rows))


def _new_keys(model: type[models.Model], many: int) -> Iterable[int]:
    """Keys that the next rows of this table may have, in rising order."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), model._meta.pk.attname, many],
            )
            return [key for (key,) in cursor.fetchall()]
        # The write lock is ours (transactions begin IMMEDIATE), so nobody else draws these keys.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        first = (cursor.fetchone() or [0])[0] + 1
        return range(first, first + many)


def _insert(model: type[models.Model], fields: Fields, rows: Iterable[Values]) -> None:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    there = f"{quoted(model._meta.db_table)} ({columns})"
    prepared = _prepared(fields, rows)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {there} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([_name_of_type(field) for field in fields])
                for values in prepared:
                    copy.write_row(values)
        else:
            marks = ", ".join(["%s"] * len(fields))
            insert = (connection.ops.insert_statement(), there, f"VALUES ({marks})")
            cursor.executemany(" ".join(insert), list(prepared))


def _name_of_type(field: "models.Field[Any, Any]") -> str:
    """What PostgreSQL calls the kind of this column, without its length."""
    return str(field.db_type(connection)).partition("(")[0]


def _prepared(fields: Fields, rows: Iterable[Values]) -> Iterator[Values]:
    # The connection itself: through its proxy each value of each row would look it up again.
    there = connections[connection.alias]
    prepared = [
        (place, partial(field.get_db_prep_save, connection=there))
        for place, field in enumerate(fields)
        if not isinstance(field, _AS_IT_IS)
    ]
    for values in rows:
        for place, prepare in prepared:
            values[place] = prepare(values[place])
        yield values
