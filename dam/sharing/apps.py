from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "dam.sharing"
    label = "sharing"

    def ready(self) -> None:
        from dam.sharing import receivers  # noqa: F401
