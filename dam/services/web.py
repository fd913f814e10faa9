"""gunicorn's configuration: each worker loads the model of queries before somebody waits for it."""

from contextlib import suppress
from threading import Thread

preload_app = True
worker_class = "gthread"
graceful_timeout = 8


def warm_up() -> None:
    """Load the model that understands queries, where there is one."""
    from search.meaning import MeaningOff, understand

    with suppress(MeaningOff):
        understand("a photograph")


warming = Thread(target=warm_up, name="warm-up", daemon=True)


def post_worker_init(worker: object) -> None:
    """Called by gunicorn in each new worker process."""
    warming.start()


def worker_exit(server: object, worker: object) -> None:
    """Called by gunicorn in a worker that ends: a model that is half loaded then would abort the process."""
    if warming.is_alive():
        warming.join(graceful_timeout)
