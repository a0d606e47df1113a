"""Workers killed again and again in the middle of a season: no row is lost, none signed twice."""

import contextlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.sites import ROOT, Site, empty_database, environment_of

pytestmark = [pytest.mark.slow, pytest.mark.engine]
# More than twice what is signed at a time: some are killed in the middle, and heirs have work.
ROWS = 450

BRING = """
from tests.factories import make_mira
from tests.provenance.seasons import bands, bring, keep_photographs
keep_photographs(bring(make_mira(), *bands(MANY), photographs=b""))
"""
CONFIRM = """
from provenance.models.season import Season
from provenance.services import season as seasons
found = Season.objects.get()
shown = seasons.what_is_confirmed(found)
seasons.confirm_season(season=found, shown=shown, by=found.maker.user, holds_key=HOLDS)
"""
HOLD = """
from provenance import season_work
from provenance.models.season import Season
from provenance.services import season as seasons
from provenance.services import maker_keys
found = Season.objects.select_related("maker", "key").get()
held = seasons.hold_key(season=found) or found
signer = maker_keys.unlock(maker=held.maker, passphrase="under the third bench peg")
season_work.sign_all(held, signer)
"""
MAKE_KEY = """
from provenance.models.maker import Maker
from tests.factories import make_held_key
make_held_key(Maker.objects.get())
"""


LONG_AGO = "SET leased_until = '2000-01-01 00:00:00' WHERE leased_until IS NOT NULL"
LET_GO = (
    "UPDATE provenance_season " + LONG_AGO,
    "UPDATE provenance_seasonrow " + LONG_AGO,
)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    with empty_database(tmp_path) as address:
        environment = environment_of("http://localhost", tmp_path, is_demo=False)
        made = Site("http://localhost", tmp_path, environment | {"DATABASE_URL": address})
        made.manage("migrate", "--verbosity", "0")
        made.manage("make_platform_key")
        run(made, BRING.replace("MANY", str(ROWS)))
        yield made


def run(site: Site, code: str) -> None:
    site.manage("shell", "--verbosity", "0", "-c", code)


def begun(site: Site, *words: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "manage.py", *words], cwd=ROOT, env=site.environment)


@contextlib.contextmanager
def database(site: Site) -> Iterator[Any]:
    """Look from outside, so that no worker notices."""
    address = site.environment["DATABASE_URL"]
    if address.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(urlsplit(address).path, timeout=20)) as each:
            yield each
    else:
        with psycopg.connect(address) as each:
            yield each


def asked(site: Site, question: str) -> object:
    with database(site) as each:
        return each.execute(question).fetchone()[0]


def rows_in(site: Site, state: str) -> int:
    with database(site) as each:
        rows = each.execute("SELECT state FROM provenance_seasonrow").fetchall()
    return rows.count((state,))


def state_of(site: Site) -> object:
    return asked(site, "SELECT state FROM provenance_season")


def let_every_lease_end(site: Site) -> None:
    with database(site) as each, each:
        for question in LET_GO:
            each.execute(question)


def wait_until(is_so) -> None:
    deadline = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def kill_when_more(site: Site, worker: subprocess.Popen, state: str) -> None:
    """Kill it once it has done something more, which is most likely amid the next thing."""
    before = rows_in(site, state)
    wait_until(lambda: rows_in(site, state) != before or worker.poll() is not None)
    worker.kill()
    worker.wait()
    let_every_lease_end(site)


def assert_each_row_has_one_certificate(site: Site) -> None:
    one_each = """SELECT count(*) FROM provenance_seasonrow row
        WHERE (SELECT count(*) FROM provenance_certificate c WHERE c.piece_id = row.piece_id) = 1"""
    assert asked(site, one_each) == ROWS
    assert asked(site, "SELECT count(*) FROM provenance_certificate") == ROWS
    assert asked(site, "SELECT count(*) FROM provenance_piece") == ROWS
    assert asked(site, "SELECT count(DISTINCT serial) FROM provenance_piece") == ROWS
    assert asked(site, "SELECT count(*) FROM tags_tag WHERE state = 'active'") == ROWS
    events = "SELECT count(*) FROM provenance_event WHERE kind = 'certificate.issued'"
    assert asked(site, events) == ROWS


def test_workers_killed_in_the_middle_lose_nothing_and_sign_nothing_twice(site):
    for _ in range(2):
        kill_when_more(site, begun(site, "run_worker"), "ready")
    looking = begun(site, "run_worker")
    wait_until(lambda: state_of(site) == "checked")
    looking.kill()
    looking.wait()
    run(site, CONFIRM.replace("HOLDS", "False"))

    for _ in range(2):
        kill_when_more(site, begun(site, "run_worker"), "signed")
    heirs = [begun(site, "run_worker") for _ in range(2)]
    wait_until(lambda: state_of(site) == "done")
    for heir in heirs:
        heir.terminate()
        heir.wait(timeout=20)

    assert_each_row_has_one_certificate(site)


def test_a_key_that_dies_with_its_process_is_waited_for_and_the_rest_is_signed(site):
    site.manage("run_worker", "--once")
    run(site, MAKE_KEY)
    run(site, CONFIRM.replace("HOLDS", "True"))
    kill_when_more(site, begun(site, "shell", "--verbosity", "0", "-c", HOLD), "signed")
    signed_before = rows_in(site, "signed")

    site.manage("run_worker", "--once")
    waited = state_of(site)
    run(site, HOLD)

    assert waited == "waiting_for_key"
    assert signed_before in range(1, ROWS)
    assert state_of(site) == "done"
    assert_each_row_has_one_certificate(site)
    proofs = "SELECT count(*) FROM provenance_certificateproof WHERE kind = 'maker'"
    assert asked(site, proofs) == ROWS
