"""Where the cluster is. Nothing of its client is imported here: most installations have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from dam import env

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
