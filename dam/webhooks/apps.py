"""Configuration of the Django app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Signed messages to other systems."""

    name = "dam.webhooks"

    def ready(self) -> None:
        """Know the events, and follow the rooms in which they happen."""
        from dam.webhooks import describing, receivers

        describing.register()
        receivers.connect()
