"""Configuration of the Django app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Deciding on what machines propose, quickly."""

    name = "dam.review"
