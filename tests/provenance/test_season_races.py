"""Seasons while workers look for them all the time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from provenance import season_work
from provenance.models.season import RowState, Season, SeasonRow, SeasonState
from tests.factories import make_mira
from tests.provenance.seasons import bands, bring, work

TIMES, FEW = 12, 3


@contextmanager
def worker_that_never_waits() -> Iterator[threading.Semaphore]:
    """Each round of it is counted."""
    stopping, rounds = threading.Event(), threading.Semaphore(0)

    def look() -> None:
        try:
            while not stopping.is_set():
                season_work.work_next()
                rounds.release()
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield rounds
    finally:
        stopping.set()
        thread.join()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_worker_meets_a_season_before_its_rows_are_there(monkeypatch):
    mira = make_mira()
    create = SeasonRow.objects.bulk_create

    with worker_that_never_waits() as rounds:

        def create_late(rows) -> None:
            """While the worker comes round from beginning to end."""
            while rounds.acquire(blocking=False):
                pass
            assert rounds.acquire(timeout=20)
            assert rounds.acquire(timeout=20)
            create(rows)

        monkeypatch.setattr(SeasonRow.objects, "bulk_create", create_late)
        for n in range(TIMES):
            bring(mira, *bands(FEW, title=f"Band {n}"), photographs=b"")
    work()

    assert {season.state for season in Season.objects.all()} == {SeasonState.CHECKED}
    assert SeasonRow.objects.filter(state=RowState.WRONG).count() == TIMES * FEW
