"""`manage.py report_compromise`: believe nothing that a stolen key signed from a moment on."""

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from provenance import keys
from provenance.credentials import read_time, write_time
from provenance.errors import MalformedError, ProvenanceError
from provenance.models.keys import SigningKey
from provenance.services import key_life, reproof


class Command(BaseCommand):
    help = "Report a key as stolen: the platform's own, or a maker's. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", required=True, type=_moment, help="the first moment it may have been misused"
        )
        parser.add_argument("--reason", required=True, help="what everybody who checks may read")
        parser.add_argument("--key", help="its fingerprint or Multikey; else the platform's in use")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = self._key(options["key"])
            report = self._report_makers if key.maker else self._report_ours
            report(key, options["at"], options["reason"])
        except ProvenanceError as problem:
            raise CommandError(str(problem)) from None

    def _key(self, named: str | None) -> SigningKey:
        if named:
            return key_life.find_key(named)
        return key_life.platform_key_in_use()

    def _report_ours(self, key: SigningKey, at: datetime, reason: str) -> None:
        successor = key_life.report_platform_compromise(key=key, at=at, reason=reason)
        self.stdout.write(f"believed until  {write_time(at)}")
        self.stdout.write(f"key in use      {keys.fingerprint(bytes(successor.public_key))}")
        self.stdout.write(f"to sign again   {reproof.waiting().count()}  (manage.py reproof)")

    def _report_makers(self, key: SigningKey, at: datetime, reason: str) -> None:
        paused = key_life.report_maker_compromise(key=key, at=at, reason=reason, by=None)
        self.stdout.write(f"believed until  {write_time(at)}")
        self.stdout.write(f"paused          {paused}  (dated before, signed after)")


def _moment(text: str) -> datetime:
    try:
        return read_time(text)
    except MalformedError as problem:
        raise ArgumentTypeError(f"{problem}: write 2027-10-01T00:00:00Z") from problem
