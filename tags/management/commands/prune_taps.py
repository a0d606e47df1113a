"""`manage.py prune_taps`: count what is older than ninety days by its month, and delete it."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from tags.services import retention


class Command(BaseCommand):
    help = "Count taps and openings older than ninety days by month, and delete them."

    def handle(self, **options: object) -> None:
        many = retention.prune(now=timezone.now())
        self.stdout.write(f"{many} rows were counted and deleted.")
