"""Many threads, one commit: what each asked for is safe, and a fault is of the one whose it is."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from tags.models.tap import DayKey
from tags.services import shared_commit
from tags.services.shared_commit import in_shared_commit

MANY = 8
KEEP = "INSERT INTO tags_daykey (day, key) VALUES (%s, %s)"


def keeping(day: int):
    return lambda execute: execute(KEEP, (f"2031-01-{day:02}", b"k" * 32)).rowcount


def days_kept() -> list[int]:
    return [row.day.day for row in DayKey.objects.order_by("day")]


class Writing:
    """An act that holds up the desk until so many others wait behind it."""

    def __init__(self, desk, behind: int) -> None:
        self.desk, self.behind = desk, behind
        self.began = threading.Event()

    def __call__(self, execute):
        self.began.set()
        while len(self.desk._queue) < self.behind:
            threading.Event().wait(0.001)
        return keeping(31)(execute)


@pytest.fixture
def desk():
    desk = shared_commit._Desk()
    yield desk
    desk.close()


def settled_behind_one_another(desk, acts) -> list[object]:
    """What each act came to, all of which waited while another one was written."""

    def outcome(act):
        try:
            return desk.settle(act)
        except Exception as problem:
            return type(problem)
        finally:
            connection.close()

    first = Writing(desk, len(acts))
    with ThreadPoolExecutor(len(acts) + 1) as pool:
        leading = pool.submit(outcome, first)
        first.began.wait()
        outcomes = list(pool.map(outcome, acts))
    assert leading.result() == 1
    return outcomes


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_all_who_wait_while_one_is_written_share_the_next_commit(desk):
    run = []
    desk._opened().connection.set_trace_callback(run.append)

    outcomes = settled_behind_one_another(desk, [keeping(day) for day in range(1, MANY + 1)])

    assert outcomes == [1] * MANY
    assert days_kept() == [*range(1, MANY + 1), 31]
    assert run.count("COMMIT") == 2


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_written_spoils_nobody_else_s(desk):
    def half_a_tap(execute):
        keeping(9)(execute)
        execute(KEEP, (None, b""))

    def slip_of_the_pen(execute):
        keeping(10)(execute)
        raise ValueError

    acts = [keeping(1), half_a_tap, keeping(2), slip_of_the_pen, keeping(3)]

    outcomes = settled_behind_one_another(desk, acts)

    assert outcomes == [1, IntegrityError, 1, ValueError, 1]
    assert days_kept() == [1, 2, 3, 31]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_where_the_file_is_locked_everybody_is_told_after_one_wait(desk):
    desk._opened().connection.execute("PRAGMA busy_timeout = 100")
    with transaction.atomic(), pytest.raises(OperationalError, match="locked"):
        desk.settle(keeping(1))

    assert desk.settle(keeping(2)) == 1
    assert days_kept() == [2]


@pytest.mark.django_db
def test_in_a_transaction_an_act_is_taken_back_with_it():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        in_shared_commit(keeping(1))
        raise ZeroDivisionError

    assert days_kept() == []


@pytest.mark.django_db(transaction=True)
def test_what_an_act_answered_is_safe_when_it_answers():
    assert in_shared_commit(keeping(1)) == 1

    connection.close()
    assert days_kept() == [1]


@pytest.mark.sqlite
def test_each_process_and_each_file_has_a_desk_of_its_own():
    desks = {shared_commit._desk_of(process, file) for process in (1, 2) for file in ("a", "b")}

    assert len(desks) == 4
    assert shared_commit._desk_of(1, "a") in desks
