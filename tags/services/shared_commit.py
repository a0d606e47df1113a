"""One durable commit for all who wait for one.

SQLite has one writer at a time, and a commit that outlives a power cut takes longer than what it
commits. So whoever comes first writes for everybody who came meanwhile, through the one connection
that the process keeps for it: of several, each would read anew what another one wrote.
"""

import atexit
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

Answer = TypeVar("Answer")


class Told(Protocol):
    """What the database tells of one statement."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...


# Takes a statement with %s in the places of its values, and the values.
Execute = Callable[[str, tuple[Any, ...]], Told]
Act = Callable[[Execute], Answer]


def in_shared_commit(act: Act[Answer]) -> Answer:
    """What the act answers, once all that it wrote is safe. Where it raises, nothing is written.

    It asks and writes through what it is given and does nothing else: another thread may run it,
    or run it again. On PostgreSQL, where many write at once, it writes by a single statement; in a
    transaction that is open already, whoever opened it commits it or takes it back.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return act(execute)
    return _desk_of(os.getpid(), str(connection.settings_dict["NAME"])).settle(act)


def execute(statement: str, values: tuple[Any, ...]) -> Told:
    """On the connection of this thread."""
    cursor = connection.cursor()
    cursor.execute(statement, values)
    return cursor


class _Waiting(Generic[Answer]):
    """An act that waits at the desk, and what came of it."""

    answer: Answer
    problem: Exception | None = None
    is_settled = False

    def __init__(self, act: Act[Answer]) -> None:
        self.act = act


class _Desk:
    """Where the threads of this process wait for its one connection to this file."""

    def __init__(self) -> None:
        self._queue: deque[_Waiting[Any]] = deque()
        self._turn = Lock()
        self._own: BaseDatabaseWrapper | None = None

    def settle(self, act: Act[Answer]) -> Answer:
        mine = _Waiting(act)
        self._queue.append(mine)
        with self._turn:
            if not mine.is_settled:
                self._settle_queue()
        if mine.problem is not None:
            raise mine.problem
        return mine.answer

    def _settle_queue(self) -> None:
        all_of_them = [self._queue.popleft() for _ in range(len(self._queue))]
        problem = self._written(all_of_them)
        # The file is locked, full or gone for everybody. Any other fault is of one act, and
        # must not spoil the others.
        is_of_one = problem is not None and not isinstance(problem, OperationalError)
        for each in all_of_them:
            is_alone = is_of_one and len(all_of_them) > 1
            each.problem = self._written([each]) if is_alone else problem
            each.is_settled = True

    def _written(self, acts: list[_Waiting[Any]]) -> Exception | None:
        """Write what they ask for in one transaction, or nothing of it and say why."""
        try:
            with self._transaction() as execute:
                for each in acts:
                    each.answer = each.act(execute)
        except Exception as problem:
            # Whoever asked raises it: this may be another one's thread.
            self.close()
            return problem
        return None

    @contextmanager
    def _transaction(self) -> Iterator[Execute]:
        """Past the cursors of Django, which take longer than the statements. What is not
        committed goes with the connection, when it is closed.
        """
        database = self._opened()
        with database.wrap_database_errors:
            database.connection.execute("BEGIN IMMEDIATE")
            yield lambda statement, values: database.connection.execute(_adapted(statement), values)
            database.connection.execute("COMMIT")

    def _opened(self) -> BaseDatabaseWrapper:
        if self._own is None:
            self._own = connection.copy()
            self._own.inc_thread_sharing()
            self._own.connect()
        return self._own

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None


@cache
def _desk_of(process: int, file: str) -> _Desk:
    """A connection is never taken along into a forked process, so each has a desk of its own."""
    desk = _Desk()
    atexit.register(desk.close)
    return desk


@cache
def _adapted(statement: str) -> str:
    """The statement with the marks that the library of SQLite knows."""
    return statement.replace("%s", "?")
