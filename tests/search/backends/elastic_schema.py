"""Requests held against Elastic's own specification: schema.json of npm's @elastic/request-converter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

PUBLISHED = Path("node_modules/@elastic/request-converter/dist/schema.json")
BUILT_IN = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, dict),
    "binary": lambda value: isinstance(value, bytes),
    "void": lambda value: False,
}

Name = tuple[str, str]
Expression = Mapping[str, Any]
Bound = Mapping[Name, tuple[Expression, Any]]


def published() -> Path:
    """Where npm has put the specification; the file may not be there."""
    return settings.BASE_DIR / PUBLISHED


class Schema:
    """The specification as one that says what is wrong with a request."""

    def __init__(self, path: Path) -> None:
        whole = json.loads(path.read_text())
        self._types = {_name(each["name"]): each for each in whole["types"]}
        self._endpoints = whole["endpoints"]

    def problems(self, method: str, path: str, query: Mapping[str, str], body: Any) -> list[str]:
        """What the specification does not allow in a request with a JSON body, or with None for no body."""
        endpoint = self._endpoint(method, path)
        if endpoint is None:
            return [f"there is no {method} {path}"]
        request = self._types[_name(endpoint["request"])]
        if endpoint["name"] == "bulk":
            return [*self._query_problems(request, query), *self._bulk_problems(body)]
        return [*self._query_problems(request, query), *self._body_problems(request["body"], body)]

    def problems_of_answer(self, method: str, path: str, body: Any) -> list[str]:
        """What the specification does not allow in the answer to such a request."""
        endpoint = self._endpoint(method, path)
        assert endpoint is not None
        return list(self._body_problems(self._types[_name(endpoint["response"])]["body"], body))

    def problems_of(self, namespace: str, name: str, value: Any) -> list[str]:
        """What the specification does not allow in a value of that type."""
        return list(self._check(_instance(namespace, name), value, name, {}))

    def _endpoint(self, method: str, path: str) -> Mapping[str, Any] | None:
        """The one whose address has the most fixed parts in common with the path."""
        given = path.strip("/").split("/")
        fitting = [
            (sum(not part.startswith("{") for part in template), endpoint)
            for endpoint in self._endpoints
            for url in endpoint["urls"]
            if method in url["methods"] and _fits(template := url["path"].strip("/").split("/"), given)
        ]
        return max(fitting, key=lambda each: each[0])[1] if fitting else None

    def _bulk_problems(self, lines: list[Any]) -> Iterator[str]:
        """Actions, each but a deletion followed by a document of the caller's own kind."""
        rest = iter(lines)
        for action in rest:
            yield from self.problems_of("_global.bulk", "OperationContainer", action)
            if "delete" not in action and not isinstance(next(rest, None), dict):
                yield f"{action}: no document follows"

    def _query_problems(self, request: Mapping[str, Any], query: Mapping[str, str]) -> Iterator[str]:
        known = {each["name"]: each["type"] for each in request["query"]}
        common = self._types["_spec_utils", "CommonQueryParameters"]["properties"]
        known |= {each["name"]: each["type"] for each in common}
        for name, text in query.items():
            if name not in known:
                yield f"?{name}: unknown"
            elif all(list(self._check(known[name], value, name, {})) for value in _readings(text)):
                yield f"?{name}: cannot be {text!r}"

    def _body_problems(self, allowed: Mapping[str, Any], body: Any) -> Iterator[str]:
        if allowed["kind"] == "no_body":
            return iter(["no body is allowed"] if body is not None else [])
        if allowed["kind"] == "properties":
            return self._properties(allowed["properties"], body or {}, "body", {}, extra=None)
        return self._check(allowed["value"], body, "body", {})

    def _check(self, expected: Expression, value: Any, where: str, bound: Bound) -> Iterator[str]:
        kind = expected["kind"]
        if kind == "instance_of":
            yield from self._instance(expected, value, where, bound)
        elif kind == "union_of":
            each = [list(self._check(item, value, where, bound)) for item in expected["items"]]
            yield from min(each, key=len)
        elif kind == "array_of":
            if not isinstance(value, list):
                yield f"{where}: not a list"
                return
            for place, item in enumerate(value):
                yield from self._check(expected["value"], item, f"{where}[{place}]", bound)
        elif kind == "dictionary_of":
            if not isinstance(value, dict) or (expected["singleKey"] and len(value) != 1):
                yield f"{where}: not a dictionary of the right size"
                return
            for key, item in value.items():
                yield from self._check(expected["value"], item, f"{where}.{key}", bound)
        elif kind == "literal_value" and value != expected["value"]:
            yield f"{where}: not {expected['value']!r}"

    def _instance(self, expected: Expression, value: Any, where: str, bound: Bound) -> Iterator[str]:
        name = _name(expected["type"])
        if name in bound:
            argument, outer = bound[name]
            yield from self._check(argument, value, where, outer)
        elif name[0] == "_builtins":
            if not BUILT_IN[name[1]](value):
                yield f"{where}: not a {name[1]}"
        elif found := self._types.get(name):
            yield from self._defined(found, value, where, _bind(found, expected, bound))

    def _defined(self, found: Mapping[str, Any], value: Any, where: str, bound: Bound) -> Iterator[str]:
        if found["kind"] == "type_alias":
            yield from self._check(self._variant(found, value), value, where, bound)
        elif found["kind"] == "enum":
            names = {name for each in found["members"] for name in (each["name"], *each.get("aliases", ()))}
            if value not in names and not found.get("isOpen"):
                yield f"{where}: {value!r} is none of the allowed words"
        elif not isinstance(value, dict):
            yield from self._shortcut(found, value, where, bound)
        else:
            yield from self._interface(found, value, where, bound)

    def _variant(self, found: Mapping[str, Any], value: Any) -> Expression:
        """Of a union whose members have a tag, the member that the value's own tag names."""
        variants = found.get("variants", {})
        if variants.get("kind") != "internal_tag" or not isinstance(value, dict):
            return found["type"]
        tag = value.get(variants["tag"], variants.get("defaultTag"))
        for item in found["type"]["items"]:
            each = {field["name"]: field["type"] for field, _ in self._all(self._types[_name(item["type"])])}
            if each[variants["tag"]].get("value") == tag:
                return item
        return found["type"]

    def _shortcut(self, found: Mapping[str, Any], value: Any, where: str, bound: Bound) -> Iterator[str]:
        short = [each for each in self._all(found, bound) if each[0]["name"] == found.get("shortcutProperty")]
        if not short:
            return iter([f"{where}: not an object"])
        return self._check(short[0][0]["type"], value, where, short[0][1])

    def _interface(self, found: Mapping[str, Any], value: Any, where: str, bound: Bound) -> Iterator[str]:
        fields = list(self._all(found, bound))
        extra = next(
            (each for each in found.get("behaviors", ()) if each["type"]["name"].startswith("Additional")),
            None,
        )
        yield from self._properties([field for field, _ in fields], value, where, bound, extra, fields)
        names = {field["name"] for field, _ in fields}
        if extra and extra["type"]["name"] == "AdditionalProperty" and len(value.keys() - names) > 1:
            yield f"{where}: names more than one field"
        contained = [key for key in value if not _is_beside(fields, key)]
        if found.get("variants", {}).get("kind") == "container" and len(contained) != 1:
            yield f"{where}: must hold exactly one of its kinds, not {contained}"

    def _properties(
        self,
        fields: Iterable[Mapping[str, Any]],
        value: Mapping[str, Any],
        where: str,
        bound: Bound,
        extra: Mapping[str, Any] | None,
        bounds: Iterable[tuple[Mapping[str, Any], Bound]] = (),
    ) -> Iterator[str]:
        inner = {field["name"]: each for field, each in bounds}
        known = {name: field for field in fields for name in (field["name"], *field.get("aliases", ()))}
        for field in {id(each): each for each in known.values()}.values():
            if field["required"] and not {field["name"], *field.get("aliases", ())} & value.keys():
                yield f"{where}.{field['name']}: missing"
        for name, each in value.items():
            if name in known:
                outer = inner.get(known[name]["name"], bound)
                yield from self._check(known[name]["type"], each, f"{where}.{name}", outer)
            elif extra is None:
                yield f"{where}.{name}: unknown"
            else:
                yield from self._check(extra["generics"][1], each, f"{where}.{name}", bound)

    def _all(
        self, found: Mapping[str, Any], bound: Bound | None = None
    ) -> Iterator[tuple[Mapping[str, Any], Bound]]:
        """Every property with those inherited, and what its type parameters stand for."""
        bound = bound or {}
        for field in found.get("properties", ()):
            yield field, bound
        if parent := found.get("inherits"):
            above = self._types[_name(parent["type"])]
            yield from self._all(above, _bind(above, parent, bound))


def _is_beside(fields: Iterable[tuple[Mapping[str, Any], Bound]], key: str) -> bool:
    return any(field["name"] == key and field.get("containerProperty") for field, _ in fields)


def _bind(found: Mapping[str, Any], used: Mapping[str, Any], bound: Bound) -> Bound:
    names = [_name(each) for each in found.get("generics", ())]
    return dict(zip(names, ((each, bound) for each in used.get("generics", ())), strict=False))


def _readings(text: str) -> list[Any]:
    """What a query parameter's text may stand for."""
    numbers = [int(text)] if text.lstrip("-").isdigit() else []
    return [text, *({"true": [True], "false": [False]}.get(text, [])), *numbers]


def _fits(template: list[str], given: list[str]) -> bool:
    pairs = zip(template, given, strict=False)
    return len(template) == len(given) and all(
        part == there or (part.startswith("{") and not there.startswith("_")) for part, there in pairs
    )


def _name(name: Mapping[str, str]) -> Name:
    return name["namespace"], name["name"]


def _instance(namespace: str, name: str) -> Expression:
    return {"kind": "instance_of", "type": {"namespace": namespace, "name": name}}
