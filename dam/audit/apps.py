"""Configuration of the Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """What was done by whom, written once and never changed."""

    name = "dam.audit"

    def ready(self) -> None:
        """Follow what is done in the other rooms."""
        from dam.audit import receivers

        receivers.connect()
