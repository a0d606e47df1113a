"""The demonstration, an application that exists only with DEMO=1."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "config.demo"
    label = "demo"
