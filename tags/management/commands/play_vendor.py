"""Play the vendor in the demonstration: write each tag of an archive, tell what became of it."""

import csv
import secrets
from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from provenance.errors import ProvenanceError
from tags import vendor_files
from tags.ndef import read_ndef_file
from tags.services import playing
from tags.vendor_files import Programmed

COLUMNS = ("code", "uid", "status", "key_version", "reading")


class Command(BaseCommand):
    help = "Make a chip of Python of each tag of an archive, tap it once, and write the results."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, help="what the workshop hands to a vendor")
        parser.add_argument("result", type=Path, help="where to write the table to bring back")

    def handle(self, *, archive: Path, result: Path, **options: object) -> None:
        try:
            sent = vendor_files.read_export(archive.read_bytes())
            rows = [_written(each) for each in sent]
        except (ProvenanceError, OSError) as problem:
            raise CommandError(f"Nothing was written: {problem}.") from problem
        with result.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(rows)
        self.stdout.write(f"{len(rows)} written, each tapped once; {result}")


def _written(sent: Programmed) -> dict[str, str]:
    row = {"code": sent.code, "status": "ok", "key_version": str(sent.key_version or "")}
    if sent.profile:
        chip = playing.make_chip(sent)
        return row | {"uid": chip.uid.hex().upper(), "reading": playing.tap(sent.code)}
    uid = f"04{secrets.token_hex(6)}".upper()
    return row | {"uid": uid, "reading": read_ndef_file(sent.file)}
