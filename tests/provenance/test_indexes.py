"""What a row of a season writes besides itself: no index that another one does the work of."""

import pytest
from django.db import connection
from django.db.models import CharField, F, Func

from provenance.models.certificate import Certificate, CertificateFile, CertificateProof
from provenance.models.log import Event
from provenance.models.piece import Piece
from tests.factories import make_certificate

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
WRITTEN = [Piece, Certificate, CertificateProof, CertificateFile, Event]


def indexes_of(model):
    """The columns of each index of the table that holds for all of its rows."""
    conditional = {
        each.name
        for each in (*model._meta.indexes, *model._meta.constraints)
        if getattr(each, "condition", None)
    }
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {
        name: tuple(each["columns"])
        for name, each in found.items()
        if (each["index"] or each["unique"]) and each["columns"] and name not in conditional
    }


@pytest.mark.parametrize("model", WRITTEN)
def test_no_index_only_repeats_the_beginning_of_another(model):
    indexes = indexes_of(model)

    needless = {
        name
        for name, columns in indexes.items()
        for other, longer in indexes.items()
        if name != other and longer[: len(columns)] == columns
    }

    assert needless == set()


@pytest.mark.parametrize("model", [Piece, Certificate])
def test_what_is_looked_for_is_found_without_reading_the_table(model):
    begun_with = {columns[0] for columns in indexes_of(model).values()}

    looked_for = {"public_id", "maker_id"} | ({"piece_id", "status_batch_id"} & columns_of(model))

    assert looked_for <= begun_with


def columns_of(model):
    return {field.column for field in model._meta.local_concrete_fields}


@pytest.mark.parametrize(("model", "column"), [(Certificate, "body"), (CertificateFile, "content")])
def test_postgresql_packs_signed_bytes_in_the_fast_way(model, column):
    make_certificate(description="A plain band, forged and filed by hand. " * 40)

    assert packing_of(model, column) == {"lz4" if connection.vendor == "postgresql" else "none"}


def packing_of(model, column):
    """How the values of this column are packed; SQLite knows no packing."""
    if connection.vendor != "postgresql":
        return {"none"}
    packed = Func(F(column), function="pg_column_compression", output_field=CharField())
    return set(model.objects.values_list(packed, flat=True))
