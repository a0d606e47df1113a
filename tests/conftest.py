"""What every test stands on: triggers that survive a flush, a platform key, the cast."""

import pytest
from django.db import connection
from django.test import TransactionTestCase

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


@pytest.fixture(autouse=True)
def _clean_cache():
    """Rate limits and fragments of one test are not another's."""
    from django.core.cache import cache

    cache.clear()
    yield
