"""What a reader asked for: a frozen tree that knows nothing of how it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Word:
    """One word, or with `prefix` every word that begins so. `position` is where it stands in the reader's
    string, in characters."""

    text: str
    position: int = 0
    prefix: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other in one fact; `quoted` where the reader insisted on it."""

    words: tuple[Word, ...]
    quoted: bool = True


@dataclass(frozen=True)
class Not:
    """What must be nowhere in the asset."""

    child: Node


@dataclass(frozen=True)
class And:
    """All of these, each in any fact of the asset."""

    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Or:
    """At least one of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Field:
    """What one kind of fact says: `said:engine`, `object:"fire engine"`, `person:(Ada OR Grace)`.

    `name` is a key of fields.FACTS. The child holds words, phrases, and Not, And and Or of those, all of
    them to be answered by one fact. Its words are not searched by meaning. An `implied` one stands for no
    words of the reader: it asks for what a word beside it stands for in a vocabulary.
    """

    name: str
    child: Node
    position: int = 0
    implied: bool = False


@dataclass(frozen=True)
class Bounds:
    """Numbers (in the field's own unit: seconds, beats a minute, 0..1) or days, from low to high; None is
    open. Days are whole and both belong to it."""

    low: float | date | None = None
    high: float | date | None = None
    includes_low: bool = True
    includes_high: bool = True


@dataclass(frozen=True)
class Attribute:
    """What is known of an asset or of a fact other than its words: `type:video`, `duration:>10m`.

    `name` is a key of fields.ATTRIBUTES; `value` a word as the field names it, or bounds. Attributes of
    facts (`confidence:`, `reviewed:`, `source:`) narrow every fact that answers beside them in one And.
    """

    name: str
    value: str | Bounds
    position: int = 0


@dataclass(frozen=True)
class Near:
    """Taken within so many kilometres of a point, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    kilometres: float
    position: int = 0


@dataclass(frozen=True)
class Like:
    """As similar as the vectors of an asset are: by its looks or by its sound."""

    asset_id: int
    by_sound: bool = False
    position: int = 0


class Relation(StrEnum):
    """How two facts of one asset lie in its time; see docs/query.md for each as Allen relations."""

    WITH = "WITH"
    WHILE = "WHILE"
    THEN = "THEN"
    NOT_WHILE = "NOT WHILE"


@dataclass(frozen=True)
class Joined:
    """Moments of `left` that stand in a relation to a moment of `right` in the same asset.

    Each side is one fact's: a Word, a Phrase, a Field, or And, Or and Not of attributes and these, all
    answered by the same fact. `within` is in seconds; None where nothing was said (0 for WITH, any
    distance for THEN, without a meaning for WHILE and NOT WHILE).
    """

    left: Node
    relation: Relation
    right: Node
    within: float | None = None
    position: int = 0


Node = Word | Phrase | Not | And | Or | Field | Attribute | Near | Like | Joined


@dataclass(frozen=True)
class Query:
    """The whole request: the tree, the string it came from, and how many words were too many to use."""

    root: And
    text: str = ""
    ignored: int = 0

    def __bool__(self) -> bool:
        return bool(self.root.children)

    def words(self) -> list[Word]:
        """Every word in reading order, excluded and implied ones too."""
        return list(_words(self.root, implied=True))

    def sought(self) -> list[Word]:
        """The words that a result may show: all but the excluded ones."""
        return list(_words(self.root, excluded=False))

    def musts(self) -> And:
        """What holds for every result however it was found: all but free words."""
        return And(tuple(child for child in self.root.children if _is_must(child)))

    def meaning(self) -> str:
        """The free words as one string, for a search by meaning; empty where there are none."""
        free = And(tuple(child for child in self.root.children if not _is_must(child)))
        return " ".join(word.text for word in _words(free, excluded=False))

    def corrected(self, spellings: dict[str, str]) -> Query:
        """The same query with words replaced; both sides of `spellings` are single words."""
        root = And(tuple(_corrected(child, spellings) for child in self.root.children))
        return Query(root, _respelt(self.text, self.sought(), spellings), self.ignored)


def _is_must(node: Node) -> bool:
    match node:
        case Word():
            return False
        case Phrase(quoted=quoted):
            return quoted
        case Field(implied=True):
            return False
        case And(children=children) | Or(children=children):
            return any(_is_must(child) for child in children)
        case _:
            return True


def _words(node: Node, *, excluded: bool = True, implied: bool = False) -> Iterator[Word]:
    match node:
        case Word():
            yield node
        case Phrase(words=words):
            yield from words
        case Not(child=child):
            if excluded:
                yield from _words(child, implied=implied)
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _words(child, excluded=excluded, implied=implied)
        case Field(child=child):
            if implied or not node.implied:
                yield from _words(child, excluded=excluded, implied=implied)
        case Joined(left=left, right=right, relation=relation):
            yield from _words(left, excluded=excluded)
            if excluded or relation is not Relation.NOT_WHILE:
                yield from _words(right, excluded=excluded)


def _corrected(node: Node, spellings: dict[str, str]) -> Node:
    match node:
        case Word(text=text):
            return replace(node, text=spellings.get(text, text))
        case Phrase(words=words):
            return replace(node, words=tuple(replace(w, text=spellings.get(w.text, w.text)) for w in words))
        case And(children=children) | Or(children=children):
            return replace(node, children=tuple(_corrected(child, spellings) for child in children))
        case Field(child=child):
            return node if node.implied else replace(node, child=_corrected(child, spellings))
        case Joined(left=left, right=right):
            return replace(node, left=_corrected(left, spellings), right=_corrected(right, spellings))
        case _:
            return node


def _respelt(text: str, words: list[Word], spellings: dict[str, str]) -> str:
    for word in sorted(words, key=lambda each: each.position, reverse=True):
        if word.text in spellings:
            end = word.position + len(word.text)
            text = text[: word.position] + spellings[word.text] + text[end:]
    return text
