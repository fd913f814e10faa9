"""The check of requests finds what is wrong: a check that never fails would prove nothing."""

from __future__ import annotations

import pytest

from tests.search.backends.elastic_schema import Schema, published

NO_SPECIFICATION = (
    f"{published().name} of npm @elastic/request-converter is not installed: no request is checked"
)


@pytest.fixture
def checked(specification: Schema | None) -> Schema:
    if specification is None:
        pytest.skip(NO_SPECIFICATION)
    return specification


@pytest.mark.parametrize(
    "query",
    [
        {"terms": {"asset": [1, 2]}},
        {"term": {"moments.label": "DOG"}},
        {"bool": {"must": [{"match_none": {}}], "should": [], "minimum_should_match": 1}},
        {"wildcard": {"names": {"value": "*harb*", "case_insensitive": True}}},
        {"range": {"asset": {"gt": 1, "lte": 5}}},
    ],
)
def test_sound_queries_pass(checked: Schema, query: dict) -> None:
    assert checked.problems("POST", "/shelf/_search", {}, {"query": query}) == []


@pytest.mark.parametrize(
    "query",
    [
        {"trems": {"asset": [1, 2]}},
        {"terms": {"asset": 1}},
        {"terms": {"asset": [1], "library": [2]}},
        {"bool": {"musst": []}},
        {"bool": {}, "match_none": {}},
        {"multi_match": {"fields": ["a"]}},
        {"multi_match": {"query": "dog", "type": "sentence"}},
        {"multi_match": {"query": "dog", "boost": "high"}},
        {"nested": {"path": "moments", "query": {"match_none": {}}, "inner_hits": {"szie": 3}}},
    ],
)
def test_unsound_queries_do_not(checked: Schema, query: dict) -> None:
    assert checked.problems("POST", "/shelf/_search", {}, {"query": query})


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("PATCH", "/shelf/_search", {}, None),
        ("POST", "/shelf/_serach", {}, None),
        ("POST", "/shelf/_search", {"alow_partial_search_results": "false"}, {}),
        ("POST", "/shelf/_search", {"allow_partial_search_results": "perhaps"}, {}),
        ("PUT", "/shelf", {}, {"mappings": {"properties": {"a": {"type": "txet"}}}}),
        ("PUT", "/shelf", {}, {"mappings": {"properties": {"a": {"type": "text", "anlyzer": "en"}}}}),
        ("PUT", "/shelf", {}, {"settings": {"similarity": {"s": {"type": "scripted"}}}}),
        ("PUT", "/shelf", {}, {"settings": {"analysis": {"filter": {"f": {"type": "stemer"}}}}}),
        ("POST", "/_bulk", {}, [{"index": {"_id": "1", "versoin": 3}}, {}]),
        ("POST", "/_bulk", {}, [{"index": {"_id": "1"}}]),
        ("POST", "/_aliases", {}, {"actions": [{"add": {"index": "a"}, "remove": {"index": "b"}}]}),
    ],
)
def test_other_unsound_requests_do_not(
    checked: Schema, method: str, path: str, query: dict, body: object
) -> None:
    assert checked.problems(method, path, query, body)


def test_unsound_answers_do_not(checked: Schema) -> None:
    assert checked.problems_of_answer("POST", "/shelf/_search", {"hits": {"hits": []}})
    assert checked.problems_of_answer("GET", "/_alias/shelf", {"shelf-1": {"alias": {}}})
