"""Configuration of the Django app."""

from django.apps import AppConfig


class DescribingConfig(AppConfig):
    """What people write about an asset, and every version of it."""

    name = "dam.describing"

    def ready(self) -> None:
        from dam.describing import receivers

        receivers.connect()
