"""`manage.py compromise_keys`: believe no chip of a stolen key batch any more."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from tags.services import binding


class Command(BaseCommand):
    help = "Withdraw every chip keyed with one version of a profile's master keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("profile")
        parser.add_argument("version", type=int)
        parser.add_argument("--reason", required=True, help="stays on record")

    def handle(self, *, profile: str, version: int, reason: str, **options: object) -> None:
        many = binding.compromise_batch(
            profile=profile, key_version=version, reason=reason, by=None
        )
        self.stdout.write(f"{many} chips are withdrawn: their pages say so from now on.")
