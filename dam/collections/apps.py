from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    name = "dam.collections"
    label = "collections"
