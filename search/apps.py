from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        """Follow every change of facts."""
        from search import receivers, saved_receivers

        receivers.connect()
        saved_receivers.connect()
