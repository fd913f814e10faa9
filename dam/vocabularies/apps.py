"""Configuration of the Django app."""

from django.apps import AppConfig


class VocabulariesConfig(AppConfig):
    """Controlled vocabularies of terms, as SKOS has them."""

    name = "dam.vocabularies"
