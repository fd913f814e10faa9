"""The connection to the cluster: where it is, how long it may take, and in which words it fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

import elasticsearch
from elasticsearch import Elasticsearch

from dam import env

logger = logging.getLogger(__name__)

REQUEST_SECONDS = 2.0
"""One request of a search, or of a page that has just changed a fact, waits so long for bytes."""

SEARCH_SECONDS = 4.0
"""From then on a search asks no more; the last request may take its own time beyond that."""

PATIENT_SECONDS = 60.0
"""One request of a task or a command waits so long."""

RETRIES = 1
BUSY = (429, 502, 503, 504)
DEFAULT_ALIAS = "mediatheque"
STANDARD_PORTS = {"http": 80, "https": 443}
OPTIONS = {"index", "api_key", "ca_certs"}


class Away(Exception):  # noqa: N818
    """The cluster gave no usable answer. The message says why, for a person, and names no address."""


@dataclass(frozen=True)
class Address:
    """What ELASTICSEARCH_URL says: the server (with credentials), the alias of the index, and the options."""

    server: str
    alias: str
    options: Mapping[str, str]

    @property
    def building(self) -> str:
        """The alias of an index that is being built."""
        return f"{self.alias}-building"

    @property
    def host(self) -> str:
        """The server without credentials, fit to be shown."""
        return urlsplit(self.server).netloc.rpartition("@")[2]


def address(url: str) -> Address:
    """Read `https://USER:PASSWORD@HOST:9200?index=NAME&api_key=KEY&ca_certs=FILE`.

    Raises ValueError, in words for a person, where it is anything else.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in STANDARD_PORTS or not parts.hostname or not _has_sound_port(parts):
        raise ValueError("ELASTICSEARCH_URL must look like https://user:password@host:9200.")
    if unknown := options.keys() - OPTIONS:
        raise ValueError(f"ELASTICSEARCH_URL does not know the option {', '.join(sorted(unknown))}.")
    place = parts.netloc if parts.port else f"{parts.netloc}:{STANDARD_PORTS[parts.scheme]}"
    alias = options.pop("index", DEFAULT_ALIAS)
    return Address(urlunsplit((parts.scheme, place, parts.path, "", "")), alias, options)


def _has_sound_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def configured() -> Address | None:
    """The operator's cluster, None where there is none. Raises ValueError for an address that is none."""
    return address(env.ELASTICSEARCH_URL) if env.ELASTICSEARCH_URL else None


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
