from django.apps import AppConfig


class IndexingConfig(AppConfig):
    name = "indexing"

    def ready(self) -> None:
        """Follow what the people room asks for."""
        from indexing import receivers

        receivers.connect()
