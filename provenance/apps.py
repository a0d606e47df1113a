"""The Django application `provenance`."""

from django.apps import AppConfig


class ProvenanceConfig(AppConfig):
    name = "provenance"
