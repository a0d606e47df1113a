"""A piece and its certificate write into fewer indexes; PostgreSQL packs signed bytes with lz4.

The columns of these indexes stand first in another one, or nobody looks for them: foreign keys that
a constraint or a longer index begins with, the kinds of events, and those that PostgreSQL keeps for
a search by the beginning of an identifier, which would only help somebody who guesses.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# As Django named them in the first migration; on SQLite those that end in `_like` never were.
NEEDLESS = [
    "provenance_piece_maker_id_3dcbdb26",
    "provenance_piece_public_id_baad9d2b_like",
    "provenance_certificate_piece_id_8c61275e",
    "provenance_certificate_status_batch_id_b8f0c4d5",
    "provenance_certificate_public_id_b093a15f_like",
    "provenance_event_kind_22130c2f",
    "provenance_event_kind_22130c2f_like",
]
SIGNED_BYTES = {"provenance_certificate": "body", "provenance_certificatefile": "content"}


def pack_with_lz4(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On a PostgreSQL built without it the columns stay as they are."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
        )
        if cursor.fetchone() != (True,):
            return
    for table, column in SIGNED_BYTES.items():
        schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4")


class Migration(migrations.Migration):
    dependencies = [("provenance", "0016_seasons")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Dropped by name: on SQLite an altered column remakes its table, without its triggers.
            database_operations=[
                migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", migrations.RunSQL.noop)
                for name in NEEDLESS
            ],
            state_operations=[
                migrations.AlterField(
                    "piece",
                    "maker",
                    models.ForeignKey(
                        "provenance.maker",
                        on_delete=models.PROTECT,
                        related_name="pieces",
                        db_index=False,
                    ),
                ),
                migrations.AlterField(
                    "certificate",
                    "piece",
                    models.ForeignKey(
                        "provenance.piece",
                        on_delete=models.PROTECT,
                        related_name="certificates",
                        db_index=False,
                    ),
                ),
                migrations.AlterField(
                    "certificate",
                    "status_batch",
                    models.ForeignKey(
                        "provenance.statusbatch",
                        on_delete=models.PROTECT,
                        related_name="certificates",
                        db_index=False,
                    ),
                ),
                migrations.AlterField("event", "kind", models.CharField(max_length=40)),
            ],
        ),
        migrations.RunPython(pack_with_lz4, migrations.RunPython.noop),
    ]
