"""`manage.py run_worker`: make uploads safe, one after the other, until told to stop."""

import signal
import socket
import threading
from argparse import ArgumentParser
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from memories.services import prepare

IDLE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Make uploads safe and show what they hold. Start as many as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then stop")
        parser.add_argument("--name", default=socket.gethostname(), help="shown in /readyz")

    def handle(self, *, once: bool, name: str, **options: object) -> None:
        stopping = threading.Event()
        if not once:
            _stop_on_signals(stopping)
        while not stopping.is_set():
            prepare.give_sign(name[:60])
            if prepare.prepare_next():
                continue
            if once:
                return
            # A database that was restarted meanwhile is simply asked anew.
            close_old_connections()
            stopping.wait(IDLE_SECONDS)


def _stop_on_signals(stopping: threading.Event) -> None:
    """Finish the photograph at hand, then stop: nothing has to be done twice."""

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
