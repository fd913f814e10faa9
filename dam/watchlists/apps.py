from django.apps import AppConfig


class WatchlistsConfig(AppConfig):
    name = "dam.watchlists"
    label = "watchlists"

    def ready(self) -> None:
        """Follow what is found."""
        from dam.watchlists import receivers

        receivers.connect()
