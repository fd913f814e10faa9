"""What the cluster holds follows what PostgreSQL holds: a few assets, all of them anew, or what differs."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from django.db import connection
from elasticsearch import Elasticsearch, NotFoundError, helpers

from dam.assets.models import Asset
from search.backends.elasticsearch import mapping
from search.backends.elasticsearch.address import Address, Away
from search.backends.elasticsearch.client import PATIENT_SECONDS, answering, client
from search.backends.elasticsearch.content import Document, documents, spaces

logger = logging.getLogger(__name__)

BATCH = 50
"""Assets at a time; an hour of film has some thousand facts and hundreds of vectors."""

CHUNK_BYTES = 8_000_000
ATTEMPTS = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
"""Seconds before the second attempt at documents that were refused with 429, and before any later one."""

MOST_STRAYS = 10_000
REBUILDING = 0x6D656469
"""The number of PostgreSQL's advisory lock; one rebuild at a time."""

GONE, NEWER, REFUSED = 404, 409, 429


@dataclass(frozen=True)
class State:
    """What answers at the address: its version, and the documents in the index, None without an index."""

    version: str
    documents: int | None


@dataclass(frozen=True)
class _Refusal:
    """One action of a bulk request that was not done."""

    operation: str
    asset_id: str
    status: int
    why: Any

    @property
    def is_expected(self) -> bool:
        """A newer document is there already, or what is to be taken away is not."""
        return self.status == NEWER or (self.operation == "delete" and self.status == GONE)

    @property
    def may_pass(self) -> bool:
        """Another attempt may do it: the cluster is busy, or the index was swapped in this moment."""
        return self.status in (GONE, REFUSED) or self.status >= 500


def state(place: Address) -> State:
    """Ask who is there. Raises Away."""
    with answering():
        asked = client(place)
        version = str(asked.info()["version"]["number"])
        try:
            return State(version, int(asked.count(index=place.alias)["count"]))
        except NotFoundError:
            return State(version, None)


def index(place: Address, asset_ids: Collection[int], *, patient: bool) -> None:
    """Send the documents of those assets, and take away those of assets that are no more.

    Nothing is done where there is no index yet. While one is being built, it gets them too. An older
    document never replaces a newer one, in whatever order they arrive. Raises Away. A patient caller waits
    for a busy cluster; to an impatient one, what it has sent can be found at once.
    """
    asked = client(place, PATIENT_SECONDS) if patient else client(place)
    targets = _targets(asked, place)
    _send(asked, targets, asset_ids, attempts=ATTEMPTS if patient else 0, refresh=not patient)


def rebuild(place: Address) -> int:
    """Build a new index beside the one in use, then swap them; returns how many assets were sent.

    Searches go on in the old one. Raises Away, and RuntimeError where another rebuild is at work.
    """
    asked = client(place, PATIENT_SECONDS)
    with _alone():
        _drop(asked, _behind(asked, place.building))
        name = f"{place.alias}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        with answering():
            asked.indices.create(
                index=name,
                settings=mapping.settings(),
                mappings=mapping.mappings(spaces()),
                aliases={place.building: {}},
            )
        count = sum(_send(asked, [place.building], ids) for ids in _batches())
        _repair(asked, place.building, contents=False)
        _swap(asked, place, name)
    return count


def verify(place: Address) -> tuple[int, int]:
    """Compare every document with PostgreSQL and mend what differs: assets compared, documents mended.

    Raises Away, also where there is no index.
    """
    asked = client(place, PATIENT_SECONDS)
    return Asset.objects.count(), _repair(asked, place.alias, contents=True)


def _repair(asked: Elasticsearch, alias: str, *, contents: bool) -> int:
    """Mend one index: what it should not hold, and what it lacks or (with `contents`) holds otherwise."""
    with answering():
        asked.indices.refresh(index=alias)
    mended, last = 0, 0
    for ids in chain(_batches(), [[]]):
        stored = _fingerprints(asked, alias, last, ids[-1] if ids else None)
        present = documents(ids) if contents else {}
        wrong = {pk for pk, each in present.items() if stored.get(pk) != each.fingerprint}
        wrong |= stored.keys() - (present.keys() if contents else set(ids))
        _send(asked, [alias], sorted(wrong))
        mended, last = mended + len(wrong), ids[-1] if ids else last
    return mended


def _fingerprints(asked: Elasticsearch, alias: str, after: int, to: int | None) -> Mapping[int, str]:
    """Of the documents of assets with ids in (after, to], or of all above; at most MOST_STRAYS."""
    bounds = {"gt": after} if to is None else {"gt": after, "lte": to}
    with answering():
        found = asked.search(
            index=alias,
            size=MOST_STRAYS,
            query={"bool": {"filter": [{"range": {"asset": bounds}}]}},
            source={"includes": ["fingerprint"]},
            track_total_hits=False,
            allow_partial_search_results=False,
        )
        return {int(hit["_id"]): str(hit["_source"]["fingerprint"]) for hit in found["hits"]["hits"]}


def _send(
    asked: Elasticsearch,
    targets: Collection[str],
    ids: Collection[int],
    *,
    attempts: int = ATTEMPTS,
    refresh: bool = False,
) -> int:
    """Index those assets as they are now, delete those that are no more; returns how many were given."""
    present = documents(ids) if targets else {}
    _make_room(asked, targets, present.values())
    actions = [_sent(target, pk, present.get(pk)) for target in targets for pk in ids]
    _bulk(asked, actions, attempts, refresh)
    return len(ids)


def _make_room(asked: Elasticsearch, targets: Collection[str], present: Iterable[Document]) -> None:
    """Let the indices know the spaces of those documents; what they know already stays as it is."""
    dimensions = {space: number for each in present for space, number in each.spaces.items()}
    if dimensions and targets:
        with answering():
            asked.indices.put_mapping(index=list(targets), properties=mapping.views(dimensions))


def _sent(target: str, asset_id: int, document: Document | None) -> dict[str, Any]:
    """One action of a bulk request."""
    action: dict[str, Any] = {"_index": target, "_id": str(asset_id)}
    if document is None:
        return {**action, "_op_type": "delete"}
    version = {"version": document.version, "version_type": "external_gte"}
    return {**action, "_op_type": "index", **version, "_source": document.body}


def _bulk(asked: Elasticsearch, actions: Collection[dict[str, Any]], attempts: int, refresh: bool) -> None:
    """Send the actions. Raises Away where another attempt may help; a document it cannot take is logged."""
    with answering():
        refusals = helpers.streaming_bulk(
            asked,
            actions,
            chunk_size=BATCH,
            max_chunk_bytes=CHUNK_BYTES,
            max_retries=attempts,
            initial_backoff=FIRST_PAUSE,
            max_backoff=LONGEST_PAUSE,
            raise_on_error=False,
            yield_ok=False,
            require_alias=True,
            refresh=refresh,
        )
        problems = [_refused(item) for _, item in refusals]
    unexpected = [each for each in problems if not each.is_expected]
    for each in unexpected:
        logger.error("Elasticsearch did not take asset %s: %s", each.asset_id, each.why)
    if any(each.may_pass for each in unexpected):
        raise Away("it did not take every document")


def _refused(item: Mapping[str, Mapping[str, Any]]) -> _Refusal:
    (operation, each), *_ = item.items()
    return _Refusal(operation, str(each["_id"]), int(each["status"]), each.get("error"))


def _targets(asked: Elasticsearch, place: Address) -> list[str]:
    """The aliases that stand for an index now."""
    return [alias for alias in (place.alias, place.building) if _behind(asked, alias)]


def _behind(asked: Elasticsearch, alias: str) -> list[str]:
    with answering():
        try:
            return sorted(asked.indices.get_alias(name=alias).body)
        except NotFoundError:
            return []


def _swap(asked: Elasticsearch, place: Address, name: str) -> None:
    """In one step the new index takes over and the old ones are gone."""
    old = _behind(asked, place.alias)
    actions: list[dict[str, Any]] = [
        {"add": {"index": name, "alias": place.alias}},
        {"remove": {"index": name, "alias": place.building}},
        *({"remove_index": {"index": each}} for each in old),
    ]
    with answering():
        asked.indices.refresh(index=name)
        asked.indices.update_aliases(actions=actions)


def _drop(asked: Elasticsearch, names: Iterable[str]) -> None:
    """What an interrupted rebuild left behind."""
    for name in names:
        with answering():
            asked.indices.delete(index=name)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [REBUILDING])
        if not cursor.fetchone()[0]:
            raise RuntimeError("Another rebuild of the index in Elasticsearch is at work.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [REBUILDING])


def _batches() -> Iterator[list[int]]:
    """The ids of all assets, in order, read anew for each batch."""
    last = 0
    while ids := list(Asset.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]
