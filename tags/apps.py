"""The Django application `tags`."""

from django.apps import AppConfig
from django.core.checks import register

from tags import checks


class TagsConfig(AppConfig):
    name = "tags"

    def ready(self) -> None:
        for check in checks.ALWAYS:
            register(check)
