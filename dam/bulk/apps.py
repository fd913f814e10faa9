"""Configuration of the Django app."""

from django.apps import AppConfig


class BulkConfig(AppConfig):
    """Changes to thousands of assets at once, with preview and undo."""

    name = "dam.bulk"

    def ready(self) -> None:
        """Go on with what a lost worker left, whenever the planner looks around."""
        from dam.bulk import housekeeping

        housekeeping.connect()
