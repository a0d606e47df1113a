"""The database's own refusal to change what is signed or recorded, as SQL for both engines.

The migration creates these triggers and the tests, whose flush deletes rows, drop and re-create
them from the same constants.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = ("provenance_event", "provenance_certificateproof", "provenance_certificatefile")
# On a certificate only the revocation may be written, and only once.
SIGNED_COLUMNS = (
    "public_id",
    "piece_id",
    "maker_id",
    "version",
    "supersedes_id",
    "body",
    "digest",
    "valid_from",
    "status_batch_id",
    "status_index",
)


def _sqlite() -> dict[str, str]:
    triggers = {}
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            triggers[name] = (
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    triggers["provenance_certificate_signed"] = (
        f"CREATE TRIGGER provenance_certificate_signed BEFORE UPDATE OF {', '.join(SIGNED_COLUMNS)}"
        " ON provenance_certificate"
        " BEGIN SELECT RAISE(ABORT, 'a certificate is never changed'); END"
    )
    triggers["provenance_certificate_no_delete"] = (
        "CREATE TRIGGER provenance_certificate_no_delete BEFORE DELETE ON provenance_certificate"
        " BEGIN SELECT RAISE(ABORT, 'a certificate is never deleted'); END"
    )
    triggers["provenance_certificate_revoked_once"] = (
        "CREATE TRIGGER provenance_certificate_revoked_once"
        " BEFORE UPDATE OF revoked_at, revoked_by, revocation_reason ON provenance_certificate"
        " WHEN OLD.revoked_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a revocation is never changed'); END"
    )
    return triggers


def _postgresql() -> dict[str, tuple[str, str]]:
    """Name of trigger -> (table, definition after its name); all call one function."""
    call = "FOR EACH ROW EXECUTE FUNCTION provenance_refuse_change()"
    triggers = {
        f"{table}_append_only": (table, f"BEFORE UPDATE OR DELETE ON {table} {call}")
        for table in APPEND_ONLY
    }
    table = "provenance_certificate"
    triggers[f"{table}_signed"] = (
        table,
        f"BEFORE UPDATE OF {', '.join(SIGNED_COLUMNS)} OR DELETE ON {table} {call}",
    )
    triggers[f"{table}_revoked_once"] = (
        table,
        f"BEFORE UPDATE OF revoked_at, revoked_by, revocation_reason ON {table} "
        f"FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL) "
        f"EXECUTE FUNCTION provenance_refuse_change()",
    )
    return triggers


POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION provenance_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$ LANGUAGE plpgsql
"""


def create(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for definition in _sqlite().values():
                cursor.execute(definition)
        else:
            cursor.execute(POSTGRESQL_FUNCTION)
            for name, (_, rest) in _postgresql().items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")


def drop(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, (table, _) in _postgresql().items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
