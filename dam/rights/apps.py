"""Configuration of the Django app."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Who may do what with an asset: rights statements, embargo, licences, downloads."""

    name = "dam.rights"
