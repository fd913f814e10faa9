from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        """Follow every change of facts, and answer for smart collections."""
        from dam.collections import smart
        from search import receivers, saved_receivers, smart_collections

        receivers.connect()
        saved_receivers.connect()
        smart.register(smart_collections.Resolver())
