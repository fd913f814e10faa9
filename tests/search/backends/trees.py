"""Any tree of the query language, over a few words, for tests of what backends make of it."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from search.query import And, Attribute, Bounds, Field, Joined, Near, Node, Not, Or, Phrase, Relation, Word

WORDS = ("dog", "cat", "red", "running", "café", "harb", "the")

words = st.sampled_from([Word(text) for text in WORDS] + [Word("do", prefix=True), Word("runn", prefix=True)])
phrases = st.lists(words, min_size=2, max_size=3).map(
    lambda found: Phrase((*(Word(word.text) for word in found[:-1]), found[-1]))
)
leaves = words | phrases

numbers = st.builds(Bounds, st.none() | st.floats(0, 0.9), st.none() | st.floats(0.1, 1), st.booleans())
seconds = st.builds(Bounds, st.none() | st.integers(0, 60), st.none() | st.integers(0, 90), st.booleans())
days = st.builds(
    Bounds, st.none() | st.just(date(1969, 7, 20)), st.none() | st.sampled_from([date(1969, 7, 20), date.max])
)

of_facts = st.one_of(
    st.builds(Attribute, st.just("confidence"), numbers),
    st.builds(Attribute, st.just("reviewed"), st.sampled_from(["yes", "no"])),
    st.builds(Attribute, st.just("source"), st.sampled_from(["human", "file", "machine"])),
)
of_assets = st.one_of(
    st.builds(Attribute, st.just("type"), st.sampled_from(["image", "video", "audio"])),
    st.builds(Attribute, st.just("duration"), seconds),
    st.builds(Attribute, st.sampled_from(["date", "taken", "added"]), days),
    st.builds(Attribute, st.just("lang"), st.sampled_from(["fr", "pt", "pt-BR", "en"])),
    st.builds(Attribute, st.just("status"), st.sampled_from(["reviewed", "unreviewed"])),
    st.builds(Attribute, st.just("collection"), st.just("Shelf")),
    st.just(Near(48.85, 2.35, 10)),
)


def combined(of: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Not, And and Or of those."""
    several = st.lists(of, min_size=1, max_size=3).map(tuple)
    return st.builds(Not, of) | st.builds(And, several) | st.builds(Or, several)


contents = leaves | combined(leaves)
fields = st.builds(Field, st.sampled_from(["said", "object", "seen", "title", "caption"]), contents)
sides = leaves | fields | st.builds(lambda *both: And(both), leaves | fields, of_facts)
joins = st.builds(
    Joined, sides, st.sampled_from(Relation), sides, st.none() | st.sampled_from([0.0, 3.0, 1000.0])
)
nodes = st.recursive(leaves | fields | of_facts | of_assets | joins, combined, max_leaves=6)
trees = st.lists(nodes, min_size=1, max_size=3).map(lambda children: And(tuple(children)))
