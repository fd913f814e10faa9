"""What somebody wants to become of every asset of a job, as it is read and as it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from dam.bulk.fields import ADD, CLEAR, FIELDS, FILL, REMOVE, RIGHTS, SET
from dam.describing.fields import clean
from dam.rights.statements import STATEMENTS

TRASH, RESTORE = "trash", "restore"
ENTER, TAKE_OUT = "enter", "take out"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
SEPARATORS = re.compile(r"[;|\n]")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
KNOWN_PLACEHOLDER = re.compile(r"title|name|date|year|number(:[1-9])?")
UNKNOWN = (
    "{%s} cannot be filled in. Known are {title}, {name}, {date}, {year}, {number} and, with as many digits, "
    "{number:4}."
)
NO_STATEMENT = "Rights statement: {!r} is none of those known here. Write its address or its name."
VERBS = {SET: "set", FILL: "fill in", ADD: "add to", REMOVE: "remove from", CLEAR: "empty"}


class WishError(ValueError):
    """Why something cannot be wished for; the message is for a person and says how to mend it."""


@dataclass(frozen=True)
class Wish:
    """One change: a field's name with one of its modes and a value, or `collection` (enter or take out, an
    id), `trash` (trash or restore) or `decision` (accepted or rejected; a kind and the least confidence)."""

    field: str
    mode: str
    value: Any = None


def kept(wishes: Iterable[Wish]) -> list[list[Any]]:
    """The wishes as JSON keeps them."""
    return [[wish.field, wish.mode, wish.value] for wish in wishes]


def stored(rows: Iterable[list[Any]]) -> list[Wish]:
    """The wishes that `kept` wrote."""
    return [Wish(*row) for row in rows]


def wish(name: str, mode: str, text: str) -> Wish:
    """The wish for a field whose value was typed. Raises WishError where it cannot be read."""
    if mode == CLEAR:
        return Wish(name, mode)
    value = _read(name, SEPARATORS.sub("\n", _plain(text)) if FIELDS[name].many else _plain(text))
    if value is None:
        raise WishError("Write what it should be, or leave it as it is.")
    if name == "title":
        check_pattern(value)
    return Wish(name, mode, value)


def of_row(cells: Mapping[str, Any], mode: str, mode_of_many: str) -> Iterator[Wish]:
    """The wishes of one row of a file, whose cells `cell` has read."""
    for name, value in cells.items():
        yield Wish(name, mode_of_many if FIELDS[name].many else mode, value)


def cell(name: str, text: str) -> Any:
    """What a cell says about a field: a text or, for fields of several values, a list of those between
    semicolons, bars and ends of lines; None where it is empty. Raises WishError where it cannot be read."""
    text = _plain(text)
    return _read(name, tuple(SEPARATORS.split(text)) if FIELDS[name].many else text)


def _plain(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _read(name: str, written: str | tuple[str, ...]) -> Any:
    if name in RIGHTS:
        return _right(name, " ".join(str(written).split()))
    try:
        value = clean(name, written)
    except ValidationError as error:
        raise WishError(f"{FIELDS[name].label}: {error.messages[0]}") from error
    return (value if isinstance(value, str) else list(value)) or None


def _right(name: str, text: str) -> str | None:
    """A rights statement by its address or its name, or a holder."""
    longest = FIELDS[name].longest
    if len(text) > longest:
        raise WishError(f"{FIELDS[name].label}: {len(text):,} characters are too many; {longest:,} fit.")
    if name == "statement" and text and text not in STATEMENTS:
        named = {each.label.casefold(): uri for uri, each in STATEMENTS.items()}
        if text.casefold() not in named:
            raise WishError(NO_STATEMENT.format(text))
        return named[text.casefold()]
    return text or None


def check_pattern(pattern: str) -> None:
    """Raises WishError for a title that names what cannot be put into it."""
    for name in PLACEHOLDER.findall(pattern):
        if not KNOWN_PLACEHOLDER.fullmatch(name):
            raise WishError(UNKNOWN % name)


def sentence(wishes: Iterable[Wish]) -> str:
    """The wishes in a few words, as the label of a job."""
    words = ", ".join(_words(wish) for wish in wishes)
    return words[:1].upper() + words[1:]


def _words(wish: Wish) -> str:
    match wish.field:
        case "collection":
            return "put into a collection" if wish.mode == ENTER else "take out of a collection"
        case "trash":
            return "move to the trash" if wish.mode == TRASH else "restore from the trash"
        case "decision":
            return f"{'accept' if wish.mode == 'accepted' else 'reject'} proposals ({wish.value[0]})"
        case name:
            return f"{VERBS[wish.mode]} {FIELDS[name].label.lower()}"
