"""Laws of the database: which constraints stand, and a check that a row broke exactly one."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint
from django.db.models.constraints import BaseConstraint

Law = Callable[[], object]


def laws_of(app: str) -> dict[str, str]:
    """Every named constraint of an app, with the words by which this database names it."""
    return {
        constraint.name: _told(model._meta.db_table, constraint)
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }


def assert_refused(app: str, name: str, break_it: Law) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        break_it()

    assert laws_of(app)[name] in str(refused.value)


def _told(table: str, constraint: BaseConstraint) -> str:
    # SQLite names the columns of a broken unique law, and the index only when it has none.
    if connection.vendor == "sqlite" and isinstance(constraint, UniqueConstraint):
        columns = ", ".join(f"{table}.{_column(table, field)}" for field in constraint.fields)
        return columns or constraint.name
    return constraint.name


def _column(table: str, field: str) -> str:
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    return next(str(each.column) for each in model._meta.concrete_fields if each.name == field)
