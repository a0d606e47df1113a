"""Play a tap in the demonstration: print the address that a phone would open."""

from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError

from provenance.errors import ProvenanceError
from tags.services import playing


class Command(BaseCommand):
    help = "Play one more tap of a chip made of Python and print the address it opens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the code of the tag, however it is typed")
        parser.add_argument(
            "--forged", action="store_true", help="what somebody without its keys would make"
        )

    def handle(self, *, code: str, forged: bool, **options: object) -> None:
        play = playing.forge if forged else playing.tap
        try:
            self.stdout.write(play(code))
        except ProvenanceError as problem:
            said = str(problem)
            raise CommandError(f"{said[:1].upper()}{said[1:]}.") from problem
