"""Configuration of the Django app."""

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    """Comments, tasks and notifications."""

    name = "dam.discussion"
