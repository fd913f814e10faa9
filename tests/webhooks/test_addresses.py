"""Where webhooks may go, and how they are signed."""

from __future__ import annotations

import pytest

from dam import env
from dam.webhooks import addresses, signing
from dam.webhooks.addresses import AddressError, resolve


def test_the_signature_is_that_of_the_published_example():
    body = b'{"test": 2432232314}'
    signed = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_no_name_leads_into_a_private_network(address, monkeypatch):
    def answer(host, port, **_):
        return [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", (address, port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)
    with pytest.raises(AddressError, match="private network"):
        resolve("https://hook.example.org/")


def test_a_public_name_is_connected_to_by_the_number_that_was_judged(monkeypatch):
    answers = [[(2, 1, 6, "", ("93.184.215.14", 443))]]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: answers.pop())
    target = resolve("https://Hook.example.org/path?x=1")
    assert (target.ip, target.authority, target.path) == ("93.184.215.14", "hook.example.org", "/path?x=1")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://example.org/", "https://"),
        ("ftp://example.org/", "https://"),
        ("https:///path", "names a host"),
        ("https://me:secret@example.org/", "no password"),
        ("https://example.org:99999/", "no address"),
        ("https://[::1", "no address"),
        ("https://no-such-host.invalid/", "not known"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_a_word(url, complaint):
    with pytest.raises(AddressError, match=complaint):
        resolve(url)


def test_public_addresses_need_https_even_where_private_ones_are_allowed(monkeypatch):
    monkeypatch.setattr(env, "WEBHOOK_PRIVATE_ADDRESSES", True, raising=False)
    monkeypatch.setattr(
        addresses.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("93.184.215.14", 80))]
    )
    with pytest.raises(AddressError, match="https://"):
        resolve("http://example.org/")
