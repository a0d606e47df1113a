"""Rows by the hundred, in the fastest way that each database has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from django.db import connection, connections, models

Row = TypeVar("Row", bound=models.Model)
Columns = dict[str, object]
Values = list[object]
Keyed = Callable[[Iterable[int]], Iterator[Values]]

# Both databases take the values of these as they stand in the row; the others must be prepared.
_AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


def insert_all(model: type[Row], rows: Sequence[Row]) -> None:
    """Insert unsaved rows in the transaction at hand, and give them their keys.

    On PostgreSQL one COPY, on SQLite one statement that is run for each: written into the text of
    a statement, signed bytes cost more than it costs to sign them. The laws of the database hold
    as for any other row.
    """

    def keyed(keys: Iterable[int]) -> Iterator[Values]:
        values_of = attrgetter(*_names(model))
        for key, row in zip(keys, rows, strict=True):
            row.pk = key
            yield list(values_of(row))

    _insert(model, keyed, many=len(rows))


def insert_columns(model: type[models.Model], rows: Sequence[Columns]) -> None:
    """The same for rows nobody needs as objects, which cost half of the time of writing them.

    Each names every column but the key, as the attribute is called that holds its bare value:
    `certificate_id`.
    """

    def keyed(keys: Iterable[int]) -> Iterator[Values]:
        names = _names(model)
        values_of, key_name = itemgetter(*names), model._meta.pk.attname
        for key, row in zip(keys, rows, strict=True):
            yield list(values_of({**row, key_name: key}))

    _insert(model, keyed, many=len(rows))


def _insert(model: type[models.Model], keyed: Keyed, *, many: int) -> None:
    if not many:
        return
    with connection.wrap_database_errors, connection.cursor() as cursor:
        copy = _copy if connection.vendor == "postgresql" else _run_for_each
        copy(cursor, model, keyed, many)


def _copy(cursor: Any, model: type[models.Model], keyed: Keyed, many: int) -> None:
    options, quoted = model._meta, connection.ops.quote_name
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [quoted(options.db_table), options.pk.attname, many],
    )
    keys = [key for (key,) in cursor.fetchall()]
    with cursor.copy(f"COPY {_table_and_columns(model)} FROM STDIN") as copy:
        for values in _prepared(model, keyed(keys)):
            copy.write_row(values)


def _run_for_each(cursor: Any, model: type[models.Model], keyed: Keyed, many: int) -> None:
    # The write lock is ours (transactions begin IMMEDIATE), so nobody else draws these keys.
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
    first = (cursor.fetchone() or [0])[0] + 1
    marks = ", ".join(["%s"] * len(model._meta.local_concrete_fields))
    insert = (connection.ops.insert_statement(), _table_and_columns(model), f"VALUES ({marks})")
    values = list(_prepared(model, keyed(range(first, first + many))))
    cursor.executemany(" ".join(insert), values)


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def _table_and_columns(model: type[models.Model]) -> str:
    options, quoted = model._meta, connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in options.local_concrete_fields)
    return f"{quoted(options.db_table)} ({columns})"


def _prepared(model: type[models.Model], rows: Iterable[Values]) -> Iterator[Values]:
    # The connection itself: through its proxy each value of each row would look it up again.
    there = connections[connection.alias]
    prepared = [
        (place, partial(field.get_db_prep_save, connection=there))
        for place, field in enumerate(model._meta.local_concrete_fields)
        if not isinstance(field, _AS_IT_IS)
    ]
    for values in rows:
        for place, prepare in prepared:
            values[place] = prepare(values[place])
        yield values
