"""`manage.py sweep_memories`: erase files of memories that no row names any more."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from memories.services import erasing


class Command(BaseCommand):
    help = "Erase what erased or broken-off uploads left in the storage. The worker does it daily."

    def handle(self, **options: object) -> None:
        swept = erasing.sweep(now=timezone.now())
        self.stdout.write(f"{swept} leftovers erased.")
