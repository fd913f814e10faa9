"""What a reader asked for: a frozen tree that knows nothing of how it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Word:
    """One word. `position` is where it stands in the reader's string, in characters."""

    text: str
    position: int = 0


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


Node = Word | Phrase | Not | And | Or


@dataclass(frozen=True)
class Query:
    """The whole request: the tree, the string it came from, and how many words were too many to use."""

    root: And
    text: str = ""
    ignored: int = 0

    def __bool__(self) -> bool:
        return bool(self.root.children)

    def words(self) -> list[Word]:
        """Every word in reading order, excluded ones too."""
        return list(_words(self.root))

    def sought(self) -> list[Word]:
        """The words that a result may show: all but the excluded ones."""
        return list(_words(self.root, excluded=False))

    def musts(self) -> And:
        """What holds for every result however it was found: quoted phrases and exclusions."""
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
    return isinstance(node, Not) or (isinstance(node, Phrase) and node.quoted)


def _words(node: Node, *, excluded: bool = True) -> Iterator[Word]:
    match node:
        case Word():
            yield node
        case Phrase(words=words):
            yield from words
        case Not(child=child):
            if excluded:
                yield from _words(child)
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _words(child, excluded=excluded)


def _corrected(node: Node, spellings: dict[str, str]) -> Node:
    match node:
        case Word(text=text):
            return replace(node, text=spellings.get(text, text))
        case Phrase(words=words):
            return replace(node, words=tuple(replace(w, text=spellings.get(w.text, w.text)) for w in words))
        case And(children=children) | Or(children=children):
            return replace(node, children=tuple(_corrected(child, spellings) for child in children))
        case Not():
            return node


def _respelt(text: str, words: list[Word], spellings: dict[str, str]) -> str:
    for word in sorted(words, key=lambda each: each.position, reverse=True):
        if word.text in spellings:
            end = word.position + len(word.text)
            text = text[: word.position] + spellings[word.text] + text[end:]
    return text
