"""From which network somebody came, kept instead of the address of their computer."""

from __future__ import annotations

import ipaddress

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

KEPT_BITS = {4: 24, 6: 48}
"""Of an IPv4 and of an IPv6 address: what a provider gives to a neighbourhood, not to a household."""


def client_address(request: HttpRequest) -> str:
    """The address of the visitor's computer; proxies are seen through as ALLAUTH_TRUSTED_PROXY_COUNT says.
    Empty where it is not known."""
    return get_client_ip(request) or ""


def network_of(request: HttpRequest) -> str:
    """The visitor's network, e.g. "203.0.113.0/24" or "2001:db8:1::/48"; empty where it is not known."""
    return truncated(client_address(request))


def truncated(address: str) -> str:
    """The network of an address, of KEPT_BITS; empty for what is no address."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped:
        number = number.ipv4_mapped
    return str(ipaddress.ip_network(f"{number}/{KEPT_BITS[number.version]}", strict=False))
