"""`manage.py reproof`: sign honest certificates again after a key of the platform was stolen."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from provenance.errors import ProvenanceError
from provenance.services import reproof


class Command(BaseCommand):
    help = "Sign again what a stolen key signed before the theft. Stop it and run it again freely."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=reproof.BATCH, help="how many to a commit")

    def handle(self, *args: Any, **options: Any) -> None:
        signed = 0
        try:
            for many in reproof.reproof(batch=max(1, options["batch"])):
                signed += many
                self.stdout.write(f"signed again {signed}", ending="\r")
        except ProvenanceError as problem:
            raise CommandError(f"after {signed}: {problem}") from None
        self.stdout.write(f"signed again {signed}; none is left")
