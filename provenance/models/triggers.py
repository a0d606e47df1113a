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


# A public key is published for ever, and what was said of a theft is never unsaid.
KEYS = "provenance_signingkey"
_LOST = "OLD.compromised_at IS NOT NULL"


def _sqlite_keys() -> dict[str, str]:
    refused = {
        f"{KEYS}_no_delete": f"BEFORE DELETE ON {KEYS}",
        f"{KEYS}_signed": f"BEFORE UPDATE OF maker_id, public_key, level, created_at ON {KEYS}",
        f"{KEYS}_stolen_once": (
            "BEFORE UPDATE OF compromised_at, compromise_reason, compromise_recorded_at "
            f"ON {KEYS} WHEN {_LOST}"
        ),
    }
    return {
        name: f"CREATE TRIGGER {name} {when}"
        " BEGIN SELECT RAISE(ABORT, 'a published key is never changed'); END"
        for name, when in refused.items()
    }


def _postgresql_keys() -> dict[str, tuple[str, str]]:
    call = "EXECUTE FUNCTION provenance_refuse_change()"
    signed = "maker_id, public_key, level, created_at"
    stolen = "compromised_at, compromise_reason, compromise_recorded_at"
    return {
        f"{KEYS}_signed": (
            KEYS,
            f"BEFORE UPDATE OF {signed} OR DELETE ON {KEYS} FOR EACH ROW {call}",
        ),
        f"{KEYS}_stolen_once": (
            KEYS,
            f"BEFORE UPDATE OF {stolen} ON {KEYS} FOR EACH ROW WHEN ({_LOST}) {call}",
        ),
    }


def create(connection: BaseDatabaseWrapper) -> None:
    _create(connection, _sqlite(), _postgresql())


def drop(connection: BaseDatabaseWrapper) -> None:
    _drop(connection, _sqlite(), _postgresql())


def create_for_keys(connection: BaseDatabaseWrapper) -> None:
    """A later migration made the table of keys, so that its triggers are apart."""
    _create(connection, _sqlite_keys(), _postgresql_keys())


def drop_for_keys(connection: BaseDatabaseWrapper) -> None:
    _drop(connection, _sqlite_keys(), _postgresql_keys())


def _create(
    connection: BaseDatabaseWrapper, sqlite: dict[str, str], postgresql: dict[str, tuple[str, str]]
) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for definition in sqlite.values():
                cursor.execute(definition)
        else:
            cursor.execute(POSTGRESQL_FUNCTION)
            for name, (_, rest) in postgresql.items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")


def _drop(
    connection: BaseDatabaseWrapper, sqlite: dict[str, str], postgresql: dict[str, tuple[str, str]]
) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, (table, _) in postgresql.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


# -- pauses, whose table a later migration made ---------------------------------------------------

PAUSES = "provenance_suspension"
_BEGUN = "certificate_id, by, reason, since"
_LIFTED = "lifted_at, lifted_by, lift_reason"


def _sqlite_pauses() -> dict[str, str]:
    refused = {
        f"{PAUSES}_no_delete": f"BEFORE DELETE ON {PAUSES}",
        f"{PAUSES}_begun": f"BEFORE UPDATE OF {_BEGUN} ON {PAUSES}",
        f"{PAUSES}_lifted_once": (
            f"BEFORE UPDATE OF {_LIFTED} ON {PAUSES} WHEN OLD.lifted_at IS NOT NULL"
        ),
    }
    return {
        name: f"CREATE TRIGGER {name} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{PAUSES} is append-only but for its lifting'); END"
        for name, when in refused.items()
    }


def _postgresql_pauses() -> dict[str, str]:
    call = "FOR EACH ROW {when}EXECUTE FUNCTION provenance_refuse_change()"
    always, once = call.format(when=""), call.format(when="WHEN (OLD.lifted_at IS NOT NULL) ")
    refused = {
        f"{PAUSES}_begun": f"BEFORE UPDATE OF {_BEGUN} OR DELETE ON {PAUSES} {always}",
        f"{PAUSES}_lifted_once": f"BEFORE UPDATE OF {_LIFTED} ON {PAUSES} {once}",
    }
    return {name: f"CREATE TRIGGER {name} {rest}" for name, rest in refused.items()}


def create_for_pauses(connection: BaseDatabaseWrapper) -> None:
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for definition in (_sqlite_pauses() if is_sqlite else _postgresql_pauses()).values():
            cursor.execute(definition)


def drop_for_pauses(connection: BaseDatabaseWrapper) -> None:
    is_sqlite = connection.vendor == "sqlite"
    table = "" if is_sqlite else f" ON {PAUSES}"
    with connection.cursor() as cursor:
        for name in _sqlite_pauses() if is_sqlite else _postgresql_pauses():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")
