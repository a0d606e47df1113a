"""The Django application `memories`."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register

from memories import checks


class MemoriesConfig(AppConfig):
    name = "memories"

    def ready(self) -> None:
        # Only now are there models: what listens to a piece could not be imported above.
        import_module("memories.receivers")
        for check in checks.ALWAYS:
            register(check)
        for check in checks.BEFORE_DEPLOYING:
            register(check, deploy=True)
