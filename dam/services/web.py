"""gunicorn's configuration: each worker loads the model of queries before somebody waits for it."""

from contextlib import suppress
from threading import Thread

preload_app = True
worker_class = "gthread"
graceful_timeout = 8


def post_worker_init(worker: object) -> None:
    """Called by gunicorn in each new worker process."""
    Thread(target=warm_up, name="warm-up", daemon=True).start()


def warm_up() -> None:
    """Load the model that understands queries, where there is one."""
    from search.meaning import MeaningOff, understand

    with suppress(MeaningOff):
        understand("a photograph")
