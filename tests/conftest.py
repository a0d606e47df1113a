"""What every test stands on: triggers that survive a flush, a platform key, the cast."""

import os

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client, TransactionTestCase
from hypothesis import settings as hypothesis_settings

from provenance import keys
from provenance.models import triggers

# A deadline would judge the machine, not the code.
hypothesis_settings.register_profile("touchmark", deadline=None)
# New examples are drawn wherever somebody works; a gate asks the same ones of the same code.
hypothesis_settings.register_profile("gate", deadline=None, derandomize=True)
_PROFILE = "gate" if os.environ.get("TEST_NO_SKIPS") else "touchmark"
hypothesis_settings.load_profile(_PROFILE)

_flush = TransactionTestCase._fixture_teardown


def _flush_past_the_triggers(case: TransactionTestCase) -> None:
    """A flush deletes rows, which the append-only triggers forbid on SQLite: lift them for it."""
    triggers.drop(connection)
    triggers.drop_for_keys(connection)
    triggers.drop_for_pauses(connection)
    try:
        _flush(case)
    finally:
        triggers.create(connection)
        triggers.create_for_keys(connection)
        triggers.create_for_pauses(connection)


TransactionTestCase._fixture_teardown = _flush_past_the_triggers

_force_login = Client.force_login


def _enter_just_now(client: Client, user: User, backend: str | None = None) -> None:
    """Who is let in without typing a password stands as if they had typed it now."""
    _force_login(client, user, backend)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password")
    request.session.save()


Client.force_login = _enter_just_now


@pytest.fixture(scope="session", autouse=True)
def _platform_key():
    """The key `make_platform_key` would make, once for all tests."""
    settings.PLATFORM_KEY_PATH.parent.mkdir(parents=True, exist_ok=True)
    keys.write_key_file(
        settings.PLATFORM_KEY_PATH, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )


@pytest.fixture(autouse=True)
def _clean_cache():
    """Rate limits and fragments of one test are not another's."""
    cache.clear()


ON_POSTGRESQL = (
    "runs on PostgreSQL: sudo apt-get install postgresql, then "
    "TEST_DATABASE_URL=postgres://user:password@127.0.0.1/postgres make test"
)
ON_SQLITE = "runs on SQLite: make test, without TEST_DATABASE_URL"
ALLOWS_NO_SKIP = bool(os.environ.get("TEST_NO_SKIPS"))


ASKS_A_DATABASE = ("django_db", "postgres", "engine")
GIVES_A_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of one database are for the run on that database; the other run names the command.

    What asks no database is for the run on SQLite alone: another engine could not change it.
    """
    if not _is_sqlite():
        config.hook.pytest_deselected(items=[item for item in items if not _asks(item)])
        items[:] = [item for item in items if _asks(item)]
    other, reason = ("postgres", ON_POSTGRESQL) if _is_sqlite() else ("sqlite", ON_SQLITE)
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    if ALLOWS_NO_SKIP:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for item in elsewhere:
        item.add_marker(pytest.mark.skip(reason=reason))


def _asks(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(marker) for marker in ASKS_A_DATABASE):
        return True
    return not GIVES_A_DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With TEST_NO_SKIPS a test that finds no browser, Node or service fails, and says so."""
    report = yield
    if ALLOWS_NO_SKIP and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {report.longrepr}"
    return report
