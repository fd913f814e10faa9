from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dam.people"
    label = "people"

    def ready(self) -> None:
        """Follow every decision on a fact."""
        from dam.people import receivers

        receivers.connect()
