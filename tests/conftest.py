"""What every test stands on: triggers that survive a flush, a platform key, the cast."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from provenance import keys
from provenance.models import triggers

_flush = TransactionTestCase._fixture_teardown


def _flush_past_the_triggers(case: TransactionTestCase) -> None:
    """A flush deletes rows, which the append-only triggers forbid on SQLite: lift them for it."""
    triggers.drop(connection)
    try:
        _flush(case)
    finally:
        triggers.create(connection)


TransactionTestCase._fixture_teardown = _flush_past_the_triggers


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
