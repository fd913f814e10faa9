"""A loopback server that answers in Elasticsearch's shapes, as it is told; it searches nothing."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PRODUCT = {"X-Elastic-Product": "Elasticsearch"}
SHARDS = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}


@dataclass(frozen=True)
class Asked:
    """One request; `body` is its JSON, a list of them where it was NDJSON, None without one."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    authorization: str | None = None


@dataclass(frozen=True)
class Reply:
    """What is answered, after `delay` seconds. A body of bytes is sent as it is; a reply that is not `sound`
    is one that no Elasticsearch would give."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: PRODUCT)
    delay: float = 0.0
    sound: bool = True

    @property
    def is_sound(self) -> bool:
        return self.sound and self.status == 200


class Cluster:
    """Replies are given for a method and a pattern of the path, in turn; the last one stays."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answered: list[tuple[Asked, Reply]] = []
        self._replies: list[tuple[str, re.Pattern[str], list[Reply]]] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}?index=shelf"

    def reply(self, method: str, path: str, *replies: Reply | Mapping[str, Any]) -> None:
        """From now on; earlier replies to the same are forgotten."""
        given = [each if isinstance(each, Reply) else Reply(each) for each in replies]
        self._replies.insert(0, (method, re.compile(path), given))

    def asked_for(self, method: str, path: str) -> list[Asked]:
        return [each for each in self.asked if each.method == method and re.fullmatch(path, each.path)]

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        for method, path, replies in self._replies:
            if method == asked.method and path.fullmatch(asked.path):
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                self._over.wait(reply.delay)
                self.answered.append((asked, reply))
                return reply
        return missing(f"no reply is set for {asked.method} {asked.path}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                is_lines = "ndjson" in self.headers.get("Content-Type", "")
                url = urlsplit(self.path)
                query = dict(parse_qsl(url.query, keep_blank_values=True))
                secret = self.headers.get("Authorization")
                asked = Asked(self.command, url.path, query, _read(body, is_lines), secret)
                reply = cluster.answer(asked)
                content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


def _read(body: bytes, is_lines: bool) -> Any:
    if is_lines:
        return [json.loads(line) for line in body.splitlines() if line]
    return json.loads(body) if body else None


def refusal(status: int, kind: str, reason: str = "for a test") -> Reply:
    """An error as Elasticsearch words it."""
    cause = {"type": kind, "reason": reason}
    return Reply({"error": {**cause, "root_cause": [cause]}, "status": status}, status)


def missing(reason: str = "no such index [shelf]") -> Reply:
    return refusal(404, "index_not_found_exception", reason)


def greeting(version: str) -> dict[str, Any]:
    """What the server says of itself."""
    build = {
        "number": version,
        "build_flavor": "default",
        "build_type": "docker",
        "build_hash": "0",
        "build_date": "2026-01-01T00:00:00Z",
        "build_snapshot": False,
        "lucene_version": "10.0.0",
        "minimum_wire_compatibility_version": "8.19.0",
        "minimum_index_compatibility_version": "8.0.0",
    }
    names = {"name": "one", "cluster_name": "made", "cluster_uuid": "0", "tagline": "You Know, for Search"}
    return {**names, "version": build}


def hits(ids: Iterable[int], **more: Any) -> dict[str, Any]:
    """The answer to a search for assets, best first."""
    found = [
        {"_index": "shelf-1", "_id": str(pk), "_score": 9.0 - place, "sort": [9.0 - place, pk]}
        for place, pk in enumerate(ids)
    ]
    return {**_search(found), **more}


def stored(fingerprints: Mapping[int, str]) -> dict[str, Any]:
    """The answer to a search for the fingerprints of documents."""
    return _search(
        [
            {"_index": "shelf-1", "_id": str(pk), "_score": 0.0, "_source": {"fingerprint": each}}
            for pk, each in fingerprints.items()
        ]
    )


def counts(numbers: Sequence[int]) -> dict[str, Any]:
    """The answer to a search that counts words."""
    buckets = {str(place): {"doc_count": number} for place, number in enumerate(numbers)}
    return {**_search([]), "aggregations": {"words": {"buckets": buckets}}}


def moments(found: Mapping[int, Sequence[tuple[int, float]]]) -> dict[str, Any]:
    """The answer to a search for moments: for each asset, the moments' ids and scores, best first."""
    return _search(
        [
            {
                "_index": "shelf-1",
                "_id": str(pk),
                "_score": 1.0,
                "inner_hits": {"moments": {"hits": _inner(each)}},
            }
            for pk, each in found.items()
        ]
    )


def bulk_done(asked: int = 0, **item: Any) -> dict[str, Any]:
    """The answer to a bulk request, the same for each of its actions."""
    done = {"_index": "shelf-1", "_id": "1", "status": 200, **item}
    return {"took": 1, "errors": "error" in item, "items": [{"index": done}] * asked}


def aliased(*indices: str, alias: str = "shelf") -> dict[str, Any]:
    return {index: {"aliases": {alias: {}}} for index in indices}


def _inner(found: Sequence[tuple[int, float]]) -> dict[str, Any]:
    each = [
        {
            "_index": "shelf-1",
            "_id": "1",
            "_nested": {"field": "moments", "offset": place},
            "_score": score,
            "fields": {"moments.moment": [pk]},
            "sort": [score, place],
        }
        for place, (pk, score) in enumerate(found)
    ]
    return {"total": {"value": len(each), "relation": "eq"}, "max_score": None, "hits": each}


def _search(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"took": 1, "timed_out": False, "_shards": SHARDS, "hits": {"max_score": None, "hits": found}}
