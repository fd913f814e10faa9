"""Configuration of the Django app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Signed messages to other systems."""

    name = "dam.webhooks"
