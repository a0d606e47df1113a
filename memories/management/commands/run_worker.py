"""`manage.py run_worker`: do what is due of every kind, one after the other, until told to stop."""

import signal
import socket
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from memories.services import erasing, filming, prepare, resumable
from provenance import season_work
from provenance.services import domain_checks
from tags.services import retention, telling

IDLE_SECONDS = 1.0
BETWEEN_PRUNINGS = timedelta(hours=1)
BETWEEN_TIDYINGS = timedelta(minutes=1)
BETWEEN_SWEEPS = timedelta(days=1)
BETWEEN_LETTERS = timedelta(minutes=5)


class Command(BaseCommand):
    help = "Uploads, films, seasons, domains, letters, taps: do what is due. Start several."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then stop")
        parser.add_argument("--name", default=socket.gethostname(), help="shown in /readyz")

    def handle(self, *, once: bool, name: str, **options: object) -> None:
        stopping = threading.Event()
        if not once:
            _stop_on_signals(stopping)
        regular = (
            _Regular(retention.prune, every=BETWEEN_PRUNINGS),
            _Regular(telling.tell_makers, every=BETWEEN_LETTERS),
            _Regular(erasing.sweep, every=BETWEEN_SWEEPS),
            _Regular(resumable.tidy, every=BETWEEN_TIDYINGS),
        )
        while not stopping.is_set():
            prepare.give_sign(name[:60])
            for each in regular:
                each.do_if_due(timezone.now())
            # One of each kind in turn: many photographs must not keep a domain waiting for ever.
            if prepare.prepare_next() | domain_checks.check_next() | season_work.work_next():
                continue
            # A film takes a minute, so it waits until nothing else does.
            if filming.film_next():
                continue
            if once:
                return
            # A database that was restarted meanwhile is simply asked anew.
            close_old_connections()
            stopping.wait(IDLE_SECONDS)


class _Regular:
    """An act that is due at once, and again whenever so much time has passed."""

    def __init__(self, act: Callable[..., int], *, every: timedelta) -> None:
        self._act = act
        self._every = every
        self._at: datetime | None = None

    def do_if_due(self, now: datetime) -> None:
        if self._at is None or now >= self._at:
            self._act(now=now)
            self._at = now + self._every


def _stop_on_signals(stopping: threading.Event) -> None:
    """Finish what is at hand, then stop: nothing has to be done twice."""

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
