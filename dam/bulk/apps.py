"""Configuration of the Django app."""

from django.apps import AppConfig


class BulkConfig(AppConfig):
    """Changes to thousands of assets at once, with preview and undo."""

    name = "dam.bulk"
