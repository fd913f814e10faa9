"""The connection to the cluster: how long it may take, and in which words it fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import elasticsearch
from elasticsearch import Elasticsearch

from search.backends.elasticsearch.address import Address, Away

logger = logging.getLogger(__name__)

REQUEST_SECONDS = 2.0
"""One request of a search, or of a page that has just changed a fact, waits so long for bytes."""

SEARCH_SECONDS = 4.0
"""From then on a search asks no more; the last request may take its own time beyond that."""

PATIENT_SECONDS = 60.0
"""One request of a task or a command waits so long."""

RETRIES = 1
BUSY = (429, 502, 503, 504)


@lru_cache(maxsize=4)
def _client(server: str, options: tuple[tuple[str, str], ...]) -> Elasticsearch:
    extra: dict[str, Any] = dict(options)
    return Elasticsearch(
        server,
        max_retries=RETRIES,
        retry_on_status=BUSY,
        retry_backoff_base=0.1,
        retry_backoff_cap=0.5,
        **extra,
    )


def client(place: Address, seconds: float = REQUEST_SECONDS) -> Elasticsearch:
    """A client of that cluster whose requests wait so many seconds, kept open between calls."""
    return _client(place.server, tuple(sorted(place.options.items()))).options(request_timeout=seconds)


class Budget:
    """The time that one search may spend on the cluster, in seconds."""

    def __init__(self, seconds: float = SEARCH_SECONDS) -> None:
        self._end = time.monotonic() + seconds

    def next(self) -> float:
        """How long the next request may wait. Raises Away once the time is spent."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Away("it takes too long")
        return min(REQUEST_SECONDS, left)


@contextmanager
def answering() -> Iterator[None]:
    """Raises Away instead of whatever the client raises, or reading its answer does."""
    try:
        yield
    except (elasticsearch.ApiError, elasticsearch.TransportError) as problem:
        logger.warning("Elasticsearch: %s", problem)
        raise Away(_reason(problem)) from problem
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as problem:
        logger.warning("Elasticsearch answered with an unknown shape: %r", problem)
        raise Away("its answer cannot be read") from problem


def _reason(problem: Exception) -> str:
    match problem:
        case elasticsearch.UnsupportedProductError():
            return "it is not Elasticsearch"
        case elasticsearch.NotFoundError():
            return "it has no index yet"
        case elasticsearch.ApiError(status_code=status):
            return _refusals().get(status, f"it answered with status {status}")
        case elasticsearch.ConnectionTimeout():
            return "it did not answer in time"
        case elasticsearch.SerializationError():
            return "its answer cannot be read"
    return "it cannot be reached"


def _refusals() -> dict[int, str]:
    unwelcome = "it does not accept the credentials"
    return {401: unwelcome, 403: unwelcome, 429: "it is overloaded"}
