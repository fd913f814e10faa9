from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "dam.api"
    label = "api"
