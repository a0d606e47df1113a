"""The Django application `tags`."""

from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "tags"
