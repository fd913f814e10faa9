"""What to type next: names of fields, their values, saved and recent searches, and spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from dam.assets.models import Asset
from dam.sharing.access import collections_for
from indexing import kinds
from search import fields
from search.backends import lexicon
from search.models import Word
from search.recent import recent_for
from search.saved import saved_searches_for
from search.suggest_caret import LONGEST, Caret, at, with_words_before
from search.suggest_terms import COUNTED, LANGUAGES, Found, beginning, resembling
from search.words import words

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

MOST = 10
NAMES, VALUES, SEARCHES = 3, 6, 3
"""Names of fields, values, and searches of a sort that are suggested for a free word."""
SHORTEST_RESEMBLING = 3
"""Characters from which a likeness says something."""

FIELD_OF = {
    kind: min(
        (name for name, those in fields.FACTS.items() if kind in those), key=lambda n: len(fields.FACTS[n])
    )
    for kind in sorted(frozenset().union(*fields.FACTS.values()))
}
"""For each kind of fact the narrowest field that looks at it."""
NAMED = frozenset({"person", "speaker", "keyword", "place", "landmark", "object", "sound", "instrument"})
"""The kinds whose terms are suggested for a free word."""


@dataclass(frozen=True)
class Suggestion:
    """One way to go on. `sort` is field, value, saved, recent or spelling; `note` says in words what it is.

    `text` is the whole search once it is taken, `caret` where the caret then stands, in characters.
    """

    label: str
    sort: str
    note: str
    text: str
    caret: int


def suggest(user: AnyUser, text: str, position: int | None = None) -> list[Suggestion]:
    """At most MOST ways to go on at that position, by default at the end, the likeliest first.

    A term is suggested only where the user may see an asset that has it. Never raises for any text.
    """
    if len(text) > LONGEST or "\x00" in text:
        return []
    caret = at(text, len(text) if position is None else position)
    if not text.strip():
        found = _searches(user, "")
    elif caret.complete:
        found = iter(())
    else:
        found = _of_field(user, caret) if caret.field else _of_word(user, caret)
    return list(islice(_once(found), MOST))


def _once(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for each in suggestions:
        key = each.text.strip().casefold()
        if key not in seen:
            seen.add(key)
            yield each


def _of_word(user: AnyUser, caret: Caret) -> Iterator[Suggestion]:
    """For a free word: fields that begin so, terms, searches, and, where there are none, spellings."""
    if not caret.typed:
        return
    longer = [
        _with_field(longer, found)
        for longer in with_words_before(caret)
        for found in beginning(user, NAMED, longer.typed, VALUES)
    ]
    terms = [_with_field(caret, found) for found in beginning(user, NAMED, caret.typed, VALUES)]
    searches = list(_searches(user, caret.text))
    yield from islice(_names(caret), NAMES)
    yield from islice(_once([*longer, *terms]), VALUES)
    yield from searches
    if not longer and not terms:
        yield from _spellings(user, caret)
        yield from _resembling(user, caret)


def _names(caret: Caret) -> Iterator[Suggestion]:
    typed = caret.typed.lower()
    for name, told in fields.HELP.items():
        if name.startswith(typed):
            text, stands = caret.replaced(f"{name}:")
            yield Suggestion(f"{name}:", "field", f"{told.help} {told.example}", text, stands)


def _of_field(user: AnyUser, caret: Caret) -> Iterator[Suggestion]:
    """For what stands behind a colon: the values of that field."""
    name = fields.canonical(caret.field) or ""
    if name in fields.FACTS:
        terms = beginning(user, fields.FACTS[name], caret.typed, MOST)
        if not terms and len(caret.typed) >= SHORTEST_RESEMBLING:
            terms = resembling(user, fields.FACTS[name], caret.typed, MOST)
        yield from (_value(caret, term.text, _seen(term)) for term in terms)
    elif name == "lang":
        languages = beginning(user, [LANGUAGES], caret.typed, MOST)
        yield from (_value(caret, term.text, _seen(term)) for term in languages)
    elif name == "collection":
        yield from _collections(user, caret)
    else:
        yield from _choices(name, caret)


def _choices(name: str, caret: Caret) -> Iterator[Suggestion]:
    shape = fields.ATTRIBUTES.get(name)
    for choice in shape.choices if shape else ():
        if choice.startswith(caret.typed.lower()):
            yield _value(caret, choice, fields.HELP[name].label)


def _collections(user: AnyUser, caret: Caret) -> Iterator[Suggestion]:
    named = collections_for(user).filter(name__icontains=caret.typed).select_related("library")
    for collection in named.order_by("name")[:MOST]:
        yield _value(caret, collection.name, collection.library.name)


def _value(caret: Caret, value: str, note: str) -> Suggestion:
    text, stands = caret.replaced(_quoted(value))
    return Suggestion(value, "value", note, text, stands)


def _with_field(caret: Caret, term: Found) -> Suggestion:
    text, stands = caret.replaced(f"{FIELD_OF[term.kind]}:{_quoted(term.text)}")
    return Suggestion(term.text, "value", f"{kinds.get(term.kind).label} · {_seen(term)}", text, stands)


def _quoted(value: str) -> str:
    """A value as the language takes it for one: in quotation marks where it is more than a word."""
    plain = value.replace('"', " ").strip()
    return plain if words(plain) == [plain] else f'"{plain}"'


def _seen(term: Found) -> str:
    if term.assets == COUNTED:
        return f"{COUNTED} files or more"
    return "1 file" if term.assets == 1 else f"{term.assets} files"


def _searches(user: AnyUser, text: str) -> Iterator[Suggestion]:
    """Saved searches by name, then recent ones that begin so."""
    saved = saved_searches_for(user).filter(name__icontains=text.strip()).order_by("-looked_at", "pk")
    for each in saved[:SEARCHES]:
        yield Suggestion(each.name, "saved", f"Saved search · {each.text}", each.text, len(each.text))
    most = SEARCHES if text.strip() else MOST
    for recent in recent_for(user).filter(text__istartswith=text.strip())[:most]:
        if recent.text != text.strip():
            yield Suggestion(recent.text, "recent", "Recent search", recent.text, len(recent.text))


def _spellings(user: AnyUser, caret: Caret) -> Iterator[Suggestion]:
    """A word that is near, where none that is known begins as typed."""
    typed = caret.typed.lower()
    if len(typed) < SHORTEST_RESEMBLING or Word.objects.filter(word__startswith=typed).exists():
        return
    for near in lexicon.spellings({typed}, Asset.objects.visible_to(user)).values():
        text, stands = caret.replaced(near)
        yield Suggestion(near, "spelling", "Did you mean this?", text, stands)


def _resembling(user: AnyUser, caret: Caret) -> Iterator[Suggestion]:
    if len(caret.typed) >= SHORTEST_RESEMBLING:
        for term in resembling(user, NAMED, caret.typed, VALUES):
            yield _with_field(caret, term)
