"""The Django application `provenance`."""

from django.apps import AppConfig
from django.core.checks import register

from provenance import checks


class ProvenanceConfig(AppConfig):
    name = "provenance"

    def ready(self) -> None:
        for check in checks.ALWAYS:
            register(check)
        register(checks.check_private, checks.PRIVATE)
        for check in checks.BEFORE_DEPLOYING:
            register(check, deploy=True)
