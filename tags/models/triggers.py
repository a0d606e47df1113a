"""What no row of tags may do however it is asked, as SQL for both engines.

On SQLite a later migration that makes the table anew drops its triggers: end it with `create`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from tags.life import SETTLED, TERMINAL

TABLE = "tags_tag"


def _listed(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


# Name -> (columns, when it is refused, why). "IS DISTINCT FROM" is written for each engine.
_LAWS = {
    "tags_tag_end_is_final": (
        "state",
        f"OLD.state IN ({_listed(TERMINAL)}) AND NEW.state <> OLD.state",
        "an ended tag stays ended",
    ),
    "tags_tag_counter_grows": (
        "last_counter, key_version",
        "NEW.key_version < OLD.key_version"
        " OR (NEW.key_version = OLD.key_version AND NEW.last_counter < OLD.last_counter)",
        "a counter only grows within its key version",
    ),
    "tags_tag_stays_on_its_piece": (
        "piece_id",
        f"OLD.state IN ({_listed(SETTLED)}) AND NEW.piece_id {{differs}} OLD.piece_id",
        "a tag in use stays on its piece",
    ),
    "tags_tag_seal_stays_open": (
        "tampered_at",
        "OLD.tampered_at IS NOT NULL AND NEW.tampered_at {differs} OLD.tampered_at",
        "an opened seal stays open",
    ),
    "tags_tag_keeps_its_uid": (
        "uid_digest",
        "OLD.uid_digest IS NOT NULL AND NEW.uid_digest {differs} OLD.uid_digest",
        "a tag keeps its chip",
    ),
}
_FUNCTION = """
CREATE OR REPLACE FUNCTION tags_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END;
$$ LANGUAGE plpgsql
"""


def create(connection: BaseDatabaseWrapper) -> None:
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute(_FUNCTION)
        for name, (columns, when, why) in _LAWS.items():
            differs = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
            head = f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {TABLE}"
            refused = when.format(differs=differs)
            cursor.execute(
                f"{head} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{why}'); END"
                if is_sqlite
                else f"{head} FOR EACH ROW WHEN ({refused}) "
                f"EXECUTE FUNCTION tags_refuse_change('{why}')"
            )


def drop(connection: BaseDatabaseWrapper) -> None:
    on_table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in _LAWS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
