"""One message on its way to another system: signed, sent to the address that was judged, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import certifi
import urllib3
from django.utils import timezone

from dam.webhooks.addresses import Target, resolve
from dam.webhooks.signing import signature

TIMEOUT = urllib3.Timeout(connect=5.0, read=10.0)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
"""The time before the next attempt doubles from the first to the longest."""
HEAD = 2_000
"""Bytes of an answer that are read, and characters of a problem that are kept."""


class DeliveryError(Exception):
    """The receiver did not take the message. The text is for a person."""


@dataclass(frozen=True)
class Answer:
    """What the receiver answered: the status and the beginning of the body."""

    host: str
    status: int
    head: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took the message: 2xx."""
        return 200 <= self.status < 300

    @property
    def problem(self) -> str:
        """Why it did not, for a person; empty where it did."""
        return "" if self.is_taken else f"{self.host} answered {self.status} instead of 2xx."


def pause_after(failures: int) -> timedelta:
    """How long to wait after that many failures (1 or more) in a row."""
    doubled: int = 2 ** (min(failures, 20) - 1)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def post(url: str, secret: str, message_id: str, body: bytes) -> Answer:
    """Post the body once and return the answer, whatever it is. Raises AddressError for an address that may
    not be, DeliveryError for no answer. Redirections are not followed: they would lead past the check."""
    target = resolve(url)
    try:
        with _pool(target) as pool:
            answer = pool.urlopen(
                "POST",
                target.path,
                body,
                _headers(target, secret, message_id, body),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            head = answer.read(HEAD, decode_content=False).decode(errors="replace").replace("\x00", "")
            answer.close()
    except urllib3.exceptions.HTTPError as problem:
        raise DeliveryError(f"{target.host} could not be reached: {problem}"[:HEAD]) from problem
    return Answer(target.host, answer.status, head)


def deliver(url: str, secret: str, message_id: str, body: bytes) -> None:
    """Post the body once. Raises AddressError as `post` does, DeliveryError for any answer but 2xx too."""
    answer = post(url, secret, message_id, body)
    if not answer.is_taken:
        raise DeliveryError(answer.problem)


def _headers(target: Target, secret: str, message_id: str, body: bytes) -> dict[str, str]:
    timestamp = int(timezone.now().timestamp())
    return {
        "Host": target.authority,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Mediatheque",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    """Connections to the number that was judged; the certificate must be the host's all the same."""
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.ip, target.port, timeout=TIMEOUT)
    return urllib3.HTTPSConnectionPool(
        target.ip,
        target.port,
        timeout=TIMEOUT,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )
