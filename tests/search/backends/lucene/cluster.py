"""A loopback server that speaks as Elasticsearch does, and searches with Lucene.

It is no Elasticsearch: how its queries are read is this project's understanding of them. What words are,
what matches, and what an occurrence is worth, is Lucene's own doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.search.backends.elastic import SHARDS, Asked, Cluster, Reply, aliased, greeting, missing, refusal
from tests.search.backends.lucene import Lucene, LuceneError

ACKNOWLEDGED = {"acknowledged": True}


class LuceneCluster(Cluster):
    """Indices, aliases and versions are kept here; documents and searches are Lucene's."""

    def __init__(self, lucene: Lucene) -> None:
        self._lucene = lucene
        self._aliases: dict[str, set[str]] = {}
        self._versions: dict[tuple[str, str], int] = {}
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        """A failure of the program is an answer that no test takes for a search that found nothing."""
        self.asked.append(asked)
        name, _, action = asked.path.strip("/").partition("/")
        try:
            reply = self._doing(asked, name, action)(asked, name, action)
        except (LuceneError, KeyError) as problem:
            reply = refusal(400, "search_phase_execution_exception", repr(problem))
        self.answered.append((asked, reply))
        return reply

    def stop(self) -> None:
        super().stop()
        for index in self._aliases:
            self._lucene.ask("drop", index)

    def _doing(self, asked: Asked, name: str, action: str) -> Callable[[Asked, str, str], Reply]:
        special = {
            "": self._greeted,
            "_alias": self._looked_up,
            "_aliases": self._swapped,
            "_bulk": self._bulk,
        }
        if name in special:
            return special[name]
        if not action:
            return self._created if asked.method == "PUT" else self._dropped
        known = {"_mapping": self._mapped, "_search": self._searched, "_count": self._counted}
        return known.get(action, self._refreshed)

    def _greeted(self, *_: Any) -> Reply:
        return Reply(greeting("9.1.0"))

    def _looked_up(self, asked: Asked, name: str, alias: str) -> Reply:
        found = self._behind(alias)
        return Reply(aliased(*found, alias=alias)) if found else missing(f"alias [{alias}] missing")

    def _created(self, asked: Asked, name: str, action: str) -> Reply:
        body = asked.body
        self._lucene.ask("create", name, settings=body["settings"], mappings=body["mappings"])
        self._aliases[name] = set(body["aliases"])
        return Reply({**ACKNOWLEDGED, "shards_acknowledged": True, "index": name})

    def _dropped(self, asked: Asked, name: str, action: str) -> Reply:
        for index in self._behind(name) or [name]:
            self._lucene.ask("drop", index)
            del self._aliases[index]
        return Reply(ACKNOWLEDGED)

    def _mapped(self, asked: Asked, name: str, action: str) -> Reply:
        for alias in name.split(","):
            for index in self._behind(alias):
                self._lucene.ask("map", index, properties=asked.body["properties"])
        return Reply(ACKNOWLEDGED)

    def _swapped(self, asked: Asked, name: str, action: str) -> Reply:
        for each in asked.body["actions"]:
            ((verb, what),) = each.items()
            if verb == "add":
                self._aliases[what["index"]].add(what["alias"])
            elif verb == "remove":
                self._aliases[what["index"]].discard(what["alias"])
            else:
                self._dropped(asked, what["index"], "")
        return Reply(ACKNOWLEDGED)

    def _bulk(self, asked: Asked, name: str, action: str) -> Reply:
        items = [self._done(*each) for each in _actions(asked.body)]
        errors = any("error" in item for each in items for item in each.values())
        return Reply({"took": 1, "errors": errors, "items": items})

    def _done(self, verb: str, what: Mapping[str, Any], source: Any) -> dict[str, Any]:
        (index,) = self._behind(what["_index"])
        item = {"_index": index, "_id": what["_id"], "status": 200}
        place = index, what["_id"]
        if verb == "delete":
            self._versions.pop(place, None)
            self._lucene.ask("delete", index, id=what["_id"])
        elif what["version"] < self._versions.get(place, 0):
            conflict = {"type": "version_conflict_engine_exception", "reason": "newer"}
            return {verb: {**item, "status": 409, "error": conflict}}
        else:
            self._versions[place] = what["version"]
            self._lucene.ask("put", index, id=what["_id"], source=source)
        return {verb: item}

    def _searched(self, asked: Asked, name: str, action: str) -> Reply:
        found = self._behind(name)
        if not found:
            return missing(f"no such index [{name}]")
        answer = dict(self._lucene.ask("search", found[0], body=asked.body))
        hits = {"max_score": None, "hits": answer.pop("hits")["hits"]}
        return Reply({"took": 1, "timed_out": False, "_shards": SHARDS, "hits": hits, **answer})

    def _counted(self, asked: Asked, name: str, action: str) -> Reply:
        (index,) = self._behind(name)
        count = sum(place[0] == index for place in self._versions)
        return Reply({"count": count, "_shards": SHARDS})

    def _refreshed(self, *_: Any) -> Reply:
        return Reply({"_shards": {"total": 1, "successful": 1, "failed": 0}})

    def _behind(self, alias: str) -> list[str]:
        """The indices that an alias, or a name, stands for."""
        return sorted(index for index, names in self._aliases.items() if alias in {*names, index})


def _actions(lines: list[Any]) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    rest = iter(lines)
    for line in rest:
        ((verb, what),) = line.items()
        yield verb, what, None if verb == "delete" else next(rest)
