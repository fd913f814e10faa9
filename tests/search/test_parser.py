"""The reader's string becomes a tree, whatever the string."""

from __future__ import annotations

import contextlib
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.parser import MAX_CHARACTERS, MAX_WORDS, QueryError, clauses, parse
from search.query import (
    And,
    Attribute,
    Bounds,
    Field,
    Joined,
    Like,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Word,
)
from search.unparse import unparse
from tests.search.languages import queries


def shape(node: Node) -> object:
    """The tree without positions, in plain tuples and lists, to compare with."""
    match node:
        case Word(text=text, prefix=prefix):
            return f"{text}*" if prefix else text
        case Phrase(words=words, quoted=quoted):
            return ('"' if quoted else "~", *(shape(word) for word in words))
        case Not(child=child):
            return ("not", shape(child))
        case And(children=children):
            return [shape(child) for child in children]
        case Or(children=children):
            return ("or", *(shape(child) for child in children))
        case Field(name=name, child=child):
            return (f"{name}:", shape(child))
        case Attribute(name=name, value=value):
            return (f"{name}:", value)
        case Near(latitude=latitude, longitude=longitude, kilometres=kilometres):
            return ("near:", latitude, longitude, kilometres)
        case Like(asset_id=asset_id, by_sound=by_sound):
            return ("sounds-like:" if by_sound else "like:", asset_id)
        case Joined(left=left, relation=relation, right=right, within=within):
            return (str(relation), shape(left), shape(right), within)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", []),
        ("dog beach", ["dog", "beach"]),
        ('"red balloon" sky', [('"', "red", "balloon"), "sky"]),
        ("“red balloon” „rot“", [('"', "red", "balloon"), ('"', "rot")]),
        ("dog -cat", ["dog", ("not", "cat")]),
        ('-"red car"', [("not", ('"', "red", "car"))]),
        ("beach dog OR cat", ["beach", ("or", "dog", "cat")]),
        ("a OR b OR c", [("or", "a", "b", "c")]),
        ("dog or cat", ["dog", "or", "cat"]),
        ("OR dog", ["OR", "dog"]),
        ("dog OR", ["dog", "OR"]),
        ("dog OR OR cat", ["dog", ("or", "OR", "cat")]),
        ("ORdog FOR", ["ORdog", "FOR"]),
        ("-OR \\OR", [("not", "OR"), "OR"]),
        ("well-known", [("~", "well", "known")]),
        ("DSC_0042.JPG", [("~", "DSC", "0042", "JPG")]),
        ('"open phrase', [('"', "open", "phrase")]),
        ('a "" b', ["a", "b"]),
        ("- -- -!", []),
        ("!!! ??? &&& ||| <-> :*", []),
        ("(dog) & 'cat'", ["dog", "cat"]),
        ("na\x00me \u200fשלום\u200e 😀", [("~", "na", "me"), "שלום", "😀"]),
        ("\ud800dog", ["dog"]),
    ],
)
def test_words_phrases_and_exclusions(text: str, tree: object) -> None:
    assert shape(parse(text).root) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("wed* a*b*", ["wed*", ("~", "a", "b*")]),
        ('* ** "wed*" 5*5', [('"', "wed"), ("~", "5", "5")]),
        ("(dog beach) OR cat", [("or", ["dog", "beach"], "cat")]),
        ("(dog beach) cat", ["dog", "beach", "cat"]),
        ("(a OR b) OR c", [("or", "a", "b", "c")]),
        ("-(dog OR cat) -(-a)", [("not", ("or", "dog", "cat")), "a"]),
        ("dog AND cat NOT bus AND -car", ["dog", "cat", ("not", "bus"), ("not", "car")]),
        ("a OR NOT b NOT -c", [("or", "a", ("not", "b")), ("not", "c")]),
        ("-” dog -”", ["dog"]),
        ("AND dog NOT", ["AND", "dog", "NOT"]),
        ("dog) (cat", ["dog", "cat"]),
        ("() (()) a -() (!!)", ["a"]),
        ("IMG(1).jpg f(x) :( :)", [("~", "IMG", "1", "jpg"), ("~", "f", "x")]),
        ("a\\b 5'10\"", [("~", "a", "b"), ("~", "5", "10")]),
    ],
)
def test_groups_and_prefixes(text: str, tree: object) -> None:
    assert shape(parse(text).root) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("said:engine", [("said:", "engine")]),
        ('object:"fire engine"', [("object:", ('"', "fire", "engine"))]),
        ("person:(Ada OR Grace)", [("person:", ("or", "Ada", "Grace"))]),
        ("said:(engine -steam)", [("said:", ["engine", ("not", "steam")])]),
        ("-said:engine said:-steam", [("not", ("said:", "engine")), ("not", ("said:", "steam"))]),
        ("said:wed* said:well-known", [("said:", "wed*"), ("said:", ("~", "well", "known"))]),
        ("Objects:dog PEOPLE:ada license:cc", [("object:", "dog"), ("person:", "ada"), ("licence:", "cc")]),
        ("said: engine", [("said:", "engine")]),
        ("said:OR said:12:30", [("said:", "OR"), ("said:", ("~", "12", "30"))]),
        ("said:foo:bar said:object:x", [("said:", ("~", "foo", "bar")), ("said:", ("~", "object", "x"))]),
        ("key:C# person:Ada.", [("key:", "C"), ("person:", "Ada")]),
        ("type:video OR type:audio", [("or", ("type:", "video"), ("type:", "audio"))]),
        ("said:a OR b", [("or", ("said:", "a"), "b")]),
        (
            "(said:a confidence:>0.8) b",
            [[("said:", "a"), ("confidence:", Bounds(0.8, includes_low=False))], "b"],
        ),
        ("near:48.85,2.35~5km", [("near:", 48.85, 2.35, 5.0)]),
        ("near:-33.9,18.4 near:1,2~500m", [("near:", -33.9, 18.4, 5.0), ("near:", 1.0, 2.0, 0.5)]),
        ("like:123 sounds-like:#4", [("like:", 123), ("sounds-like:", 4)]),
    ],
)
def test_fields_and_attributes(text: str, tree: object) -> None:
    assert shape(parse(text).root) == tree


@pytest.mark.parametrize(
    "text",
    ["12:30", "http://x.org/a:b", "C++", "C:\\films", "std::vector", "Note: this", "ISO:9001", "smile:)"],
)
def test_what_only_resembles_a_field_is_words(text: str) -> None:
    query = parse(text)
    assert query.root.children
    assert all(isinstance(child, Word | Phrase) for child in query.root.children)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            'said:"engine" WITH object:train WITHIN 5s',
            [("WITH", ("said:", ('"', "engine")), ("object:", "train"), 5.0)],
        ),
        (
            'person:"Ada" WHILE speaker:"Grace"',
            [("WHILE", ("person:", ('"', "Ada")), ("speaker:", ('"', "Grace")), None)],
        ),
        ("object:dog THEN sound:bark WITHIN 3", [("THEN", ("object:", "dog"), ("sound:", "bark"), 3.0)]),
        ("budget NOT WHILE said:school", [("NOT WHILE", "budget", ("said:", "school"), None)]),
        ("a b OR c THEN d OR e f", ["a", ("THEN", ("or", "b", "c"), ("or", "d", "e"), None), "f"]),
        ("a THEN b WITHIN 2 minutes c", [("THEN", "a", "b", 120.0), "c"]),
        ("a THEN b WITHIN 0:05", [("THEN", "a", "b", 5.0)]),
        ("-(a WHILE b)", [("not", ("WHILE", "a", "b", None))]),
        ("(a WHILE b) OR c", [("or", ("WHILE", "a", "b", None), "c")]),
        ("(said:a source:human) WITH b", [("WITH", [("said:", "a"), ("source:", "human")], "b", None)]),
        ("(a -b) WITH c", [("WITH", ["a", ("not", "b")], "c", None)]),
        ("猫 WITH 狗", [("WITH", "猫", "狗", None)]),
        ("gone with the wind", ["gone", "with", "the", "wind"]),
        ("GONE WITH THE WIND", ["GONE", "WITH", "THE", "WIND"]),
        ("TO BE OR NOT TO BE", ["TO", ("or", "BE", "NOT"), "TO", "BE"]),
        ("a WITHIN b", ["a", "WITHIN", "b"]),
    ],
)
def test_time_joins(text: str, tree: object) -> None:
    assert shape(parse(text).root) == tree


@pytest.mark.parametrize(
    ("text", "told", "position", "mend"),
    [
        ("dog spaeker:Ada", "did you mean speaker:", 4, "dog speaker:Ada"),
        ("camera:nikon dog", "no field “camera:”", 0, '"camera:nikon" dog'),
        ("duration:abc", "no duration", 9, ""),
        ("date:1969-13", "no day", 5, "date:1969"),
        ("date:20.07.1969", "write it as 1969", 5, "date:1969-07-20"),
        ("confidence:>0,8", "no number", 11, "confidence:>0.8"),
        ("date:1972..1969 x", "smaller comes first", 5, "date:1969..1972 x"),
        ("type:vidoe", "one of image, video, audio", 5, "type:video"),
        ("a type:(image OR video) b", "one value", 7, "a (type:image OR type:video) b"),
        ("lang:klingon", "no language", 5, ""),
        ("near:Paris", "takes a point", 5, "place:Paris"),
        ("near:91,0", "Latitude", 5, ""),
        ("like:dog", "no asset's number", 5, ""),
        ("a said:", "waits for", 2, ""),
        ('said:"" a', "waits for", 0, ""),
        ("said:!! a", "waits for", 0, ""),
        ("said:-() a", "waits for", 0, ""),
        ("said: OR a", "waits for", 0, ""),
        ("(type:)", "waits for", 1, ""),
        ("said: object:dog", "waits for", 0, ""),
        ('collection:""', "nothing to look for", 11, ""),
        ("said:(a type:video)", "“type:” stands inside", 8, ""),
        ("said:(a WITH b)", "a time join stands inside", 8, ""),
        ("dog WITH", "nothing after it", 4, "dog with"),
        ("WITH dog", "nothing before it", 0, "with dog"),
        ("(a WHILE) b", "nothing after it", 3, "(a while) b"),
        ("a NOT WITH b", "NOT WHILE there is", 2, "a NOT WHILE b"),
        ("a THEN b THEN c", "two sides", 2, ""),
        ("type:video WITH a", "whole asset", 0, ""),
        ("a WITH like:3", "whole asset", 7, ""),
        ("a WHILE -b", "what is there", 9, "a NOT WHILE b"),
        ("-a WITH b", "what is there", 1, ""),
        ("a WITHIN 5s", "WITHIN belongs", 2, "a within 5s"),
        ("a WHILE b WITHIN 5s", "WITHIN belongs", 10, "a WHILE b within 5s"),
        ("a WITH b WITHIN soon", "WITHIN stands", 9, "a WITH b within soon"),
        ("a WITH b WITHIN 5x", "no duration", 9, ""),
    ],
)
def test_what_cannot_be_meant_is_told_where_and_mended(
    text: str, told: str, position: int, mend: str
) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert told in str(refused.value)
    assert (refused.value.position, refused.value.mend) == (position, mend)
    assert parse(mend).text == mend


def test_attributes_of_assets_and_facts_are_read_by_their_measure() -> None:
    values = {node.name: node.value for node in parse("date:1969 tempo:90..110 reviewed:Yes").root.children}  # type: ignore[union-attr]
    assert values == {
        "date": Bounds(date(1969, 1, 1), date(1969, 12, 31)),
        "tempo": Bounds(90.0, 110.0),
        "reviewed": "yes",
    }


def test_positions_point_into_the_string() -> None:
    text = 'some -not "in here" DSC_01.jpg said:(wed* OR b) a WITH b WITHIN 5s type:video near:1,2'
    query = parse(text)
    for word in query.words():
        assert text[word.position :].startswith(word.text)
    named = {type(node): text[node.position :] for node in query.root.children if hasattr(node, "position")}
    assert named[Field].startswith("said:")
    assert named[Attribute].startswith("type:")
    assert named[Near].startswith("near:")
    assert named[Joined].startswith("WITH")


def test_words_beyond_the_limit_are_counted_not_searched() -> None:
    query = parse("word " * (MAX_WORDS + 5))
    assert (len(query.words()), query.ignored) == (MAX_WORDS, 5)


def test_attributes_behind_the_last_word_still_hold() -> None:
    query = parse("a OR " * MAX_WORDS + "b OR c said:d e WITH f type:video")
    assert shape(query.root) == [("or", *"a" * MAX_WORDS), ("type:", "video")]
    assert query.ignored == 5


def test_a_string_that_is_too_long_is_refused_at_the_limit() -> None:
    with pytest.raises(QueryError, match="10,000 characters") as refused:
        parse("a" * (MAX_CHARACTERS + 1))
    assert refused.value.position == MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "told", "position"),
    [("(" * 30 + "a", "20 deep", 20), ("type:video " * 70, "64 fields", 64 * 11), ("(a) " * 70, "64", 256)],
)
def test_what_is_too_deep_or_too_many_is_refused_where_it_begins(text: str, told: str, position: int) -> None:
    with pytest.raises(QueryError, match=told) as refused:
        parse(text)
    assert refused.value.position == position


def test_the_things_asked_for_stand_where_they_are_said_to() -> None:
    text = ' dog OR cat  said:"a b" WITH c WITHIN 5 s -(x y) type:video "open'
    pieces = [text[clause.start : clause.end] for clause in clauses(text)]
    assert pieces == ["dog OR cat", 'said:"a b" WITH c WITHIN 5 s', "-(x y)", "type:video", '"open']


def outcome(text: str) -> tuple[Query, QueryError | None]:
    """What the string asks for and why it is refused; any other exception fails the test."""
    try:
        return parse(text), None
    except QueryError as error:
        return Query(And()), error


def is_pointed(error: QueryError, text: str) -> bool:
    """Whether it says what is wrong, where, and what else might be typed."""
    return bool(str(error)) and 0 <= error.position <= len(text) and error.mend != text


@settings(deadline=None, max_examples=120)
@given(st.text(max_size=400) | st.text(alphabet='ab -"OR:()*\u200f\x00\\', max_size=400) | queries())
def test_any_string_has_a_tree_or_a_pointed_error(text: str) -> None:
    query, error = outcome(text)
    assert error is None or is_pointed(error, text)
    assert len(query.words()) <= MAX_WORDS
    for word in query.words():
        assert text[word.position :].startswith(word.text)


@settings(deadline=None, max_examples=120)
@given(queries() | st.text(max_size=100))
def test_what_is_parsed_is_written_so_that_it_parses_the_same(text: str) -> None:
    query, _ = outcome(text)
    again = parse(unparse(query))
    assert shape(again.root) == shape(query.root)
    assert unparse(again) == unparse(query)


PIECES = [
    "a ",
    '"',
    '-"',
    "OR ",
    "a OR ",
    "-",
    '" "',
    "\x00",
    "é",
    "NOT ",
    "NOT WHILE ",
    "a(",
    "(a",
    "-a(",
    "> ",
]
PIECES += [
    "said:",
    "said: ",
    "type:video OR ",
    "a WITH ",
    "tempo:",
    "tempo:1",
    "near:1,",
    "WITHIN 1",
    "1h",
    "“a",
]


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_strings_are_read_at_once(piece: str) -> None:
    text = (piece * MAX_CHARACTERS)[:MAX_CHARACTERS]
    started = time.process_time()
    with contextlib.suppress(QueryError):
        parse(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("before", ["type:", "a WITHIN", "a WITH b WITHIN", "said:", "duration:>"])
def test_long_blanks_are_passed_over_at_once(before: str) -> None:
    started = time.process_time()
    with contextlib.suppress(QueryError):
        parse(f"{before}{' ' * 9000}")
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("value", ["9" * 9000, "1h" * 4000, "1." * 4000, ">" * 9000, "1:" * 4000, "-" * 9000])
@pytest.mark.parametrize("name", ["tempo", "duration", "date", "near", "like", "lang", "type"])
def test_the_longest_values_are_refused_at_once(name: str, value: str) -> None:
    started = time.process_time()
    with pytest.raises(QueryError) as refused:
        parse(f"{name}:{value}")
    assert len(str(refused.value)) < 300
    assert time.process_time() - started < 1
