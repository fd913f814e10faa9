"""Which addresses a webhook may go to: public ones, so that nobody makes this server ask its own network."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from dam import env

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses inside IPv6 ones, RFC 6052."""


class AddressError(ValueError):
    """The address is none that a webhook may go to. The message is for a person."""


@dataclass(frozen=True)
class Target:
    """Where to connect: the number that was judged, and the names that the server is asked by."""

    scheme: str
    host: str
    port: int
    ip: str
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def private_addresses_allowed() -> bool:
    """Whether the operator lets webhooks into the private network (WEBHOOK_PRIVATE_ADDRESSES)."""
    return env.WEBHOOK_PRIVATE_ADDRESSES


def check(url: str) -> None:
    """Refuse what can be refused without asking for the name: raises AddressError."""
    _parts(url)


def resolve(url: str) -> Target:
    """The number of the URL's host, which every connection then has to use: asked again, the name might
    have another answer. Raises AddressError; all numbers of a host must be allowed, not one of them.
    """
    scheme, host, port, path = _parts(url)
    numbers = _numbers(host, port)
    private = [number for number in numbers if not _is_public(number)]
    if private and not private_addresses_allowed():
        raise AddressError(f"{host} is in a private network ({private[0]}): webhooks may not go there.")
    if scheme == "http" and len(private) < len(numbers):
        raise AddressError("A webhook outside of your network needs an address that begins with https://.")
    return Target(scheme, host, port, str(numbers[0]), path)


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise AddressError(f"This is no address: {problem}.") from problem
    if parts.scheme != "https" and not (parts.scheme == "http" and private_addresses_allowed()):
        raise AddressError("The address of a webhook begins with https://.")
    if not parts.hostname:
        raise AddressError("The address of a webhook names a host.")
    if parts.username or parts.password:
        raise AddressError("The address of a webhook holds no password: check the signature instead.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def _numbers(host: str, port: int) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise AddressError(f"The host {host} is not known: {problem}.") from problem
    return [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]


def _is_public(number: Address) -> bool:
    if isinstance(number, ipaddress.IPv6Address):
        inside = number.ipv4_mapped or number.sixtofour or _in_nat64(number)
        if number.teredo:
            return False
        if inside:
            return _is_public(inside)
    return number.is_global and not number.is_multicast


def _in_nat64(number: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF) if number in NAT64 else None
