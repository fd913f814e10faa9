"""Configuration of the Django app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Deciding on what machines propose, quickly."""

    name = "dam.review"

    def ready(self) -> None:
        """Measure, as the planner comes round, what people decided."""
        from dam.review import receivers

        receivers.connect()
