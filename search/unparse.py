"""From the tree back to a string that means the same, written one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum

from search import fields
from search.lexer import OPERATORS
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
    Relation,
    Word,
)
from search.values import Unreadable, bounds


class _Place(IntEnum):
    """How close what stands around a node binds; a node that binds less needs brackets."""

    ALL = 0
    JOIN = 1
    EITHER = 2
    UNARY = 3
    OPERAND = 4


def unparse(query: Query) -> str:
    """The canonical string of a query: parsed, it gives the same tree up to positions."""
    return written(query.root)


def written(node: Node) -> str:
    """The canonical string of one node, as it stands side by side with others."""
    return _text(node, _Place.ALL)


def quoted(value: str) -> str:
    """A value in quotation marks, of the kind that it does not hold itself."""
    if '"' in value and not set(value) & set("“”"):
        return f"“{value}”"
    return f'"{value.replace(chr(34), " ")}"'


def _text(node: Node, place: _Place) -> str:
    match node:
        case Word(text=text, prefix=prefix):
            return f"{_escaped(text)}*" if prefix else _escaped(text)
        case Phrase(words=words, quoted=is_quoted):
            return _phrase(words, is_quoted)
        case Not(child=child):
            return _within(_Place.UNARY, place, f"-{_text(child, _Place.OPERAND)}")
        case And(children=children):
            return _within(_Place.ALL, place, " ".join(_text(child, _Place.JOIN) for child in children))
        case Or(children=children):
            return _within(
                _Place.EITHER, place, " OR ".join(_text(child, _Place.UNARY) for child in children)
            )
        case Joined():
            return _within(_Place.JOIN, place, _joined(node))
        case Field(name=name, child=child):
            return f"{name}:{_text(child, _Place.OPERAND)}"
        case Attribute(name=name, value=value):
            return f"{name}:{_value(name, value)}"
        case Near():
            point = f"{plain_number(node.latitude)},{plain_number(node.longitude)}"
            return f"near:{point}~{plain_number(node.kilometres)}km"
        case Like(asset_id=asset_id, by_sound=by_sound):
            return f"{'sounds-like' if by_sound else 'like'}:{asset_id}"


def _within(own: _Place, place: _Place, text: str) -> str:
    return f"({text})" if own < place else text


def _escaped(word: str) -> str:
    """A word that is no operator, though it looks like one."""
    return f"\\{word}" if word in OPERATORS else word


def _phrase(words: tuple[Word, ...], is_quoted: bool) -> str:
    texts = [word.text for word in words]
    if is_quoted:
        return quoted(" ".join(texts))
    return f"{'-'.join(texts)}*" if words[-1].prefix else "-".join(texts)


def _joined(node: Joined) -> str:
    left, right = _text(node.left, _Place.EITHER), _text(node.right, _Place.EITHER)
    if f"A{left}{right}".isupper():  # where all is in capitals, WITH would be a word
        left = f"({left})"
    within = "" if node.within is None else f" WITHIN {_seconds(node.within)}"
    return f"{left} {Relation(node.relation)} {right}{within}"


def _value(name: str, value: str | Bounds) -> str:
    if isinstance(value, str):
        return quoted(value) if any(c.isspace() or c in '"“”„()<>≤≥=' for c in value) else value
    measure = fields.ATTRIBUTES[name].measure
    for literal in _literals(measure, value):
        if _reads_as(measure, literal, value):
            return literal
    return _range(measure, value)


def _literals(measure: str, value: Bounds) -> Iterator[str]:
    """What may stand alone for these bounds, simplest first."""
    low, high = value.low, value.high
    if isinstance(low, date) and isinstance(high, date):
        yield from (_first(low), _last(high), low.isoformat())
    elif isinstance(low, float | int) and isinstance(high, float | int):
        if measure == "seconds":
            yield _seconds(low)
        else:
            yield from (f"{(low + high) / 2:.{decimals}f}" for decimals in range(7))


def _reads_as(measure: str, literal: str, value: Bounds) -> bool:
    try:
        return bounds(measure, literal) == value
    except Unreadable:
        return False


def _range(measure: str, value: Bounds) -> str:
    low, high = _limit(measure, value.low, _first), _limit(measure, value.high, _last)
    if value.high is None:
        return f"{'>=' if value.includes_low else '>'}{low}"
    if value.low is None:
        return f"{'<=' if value.includes_high else '<'}{high}"
    return f"{'' if value.includes_low else '>'}{low}..{'' if value.includes_high else '<'}{high}"


def _limit(measure: str, limit: float | date | None, of_day: Callable[[date], str]) -> str:
    if isinstance(limit, date):
        return of_day(limit)
    return "" if limit is None else _seconds(limit) if measure == "seconds" else plain_number(limit)


def _seconds(value: float) -> str:
    for size, unit in ((3600, "h"), (60, "m")):
        if value and value % size == 0:
            return f"{plain_number(value / size)}{unit}"
    return f"{plain_number(value)}s"


def plain_number(value: float) -> str:
    """A number without an exponent and without a decimal point that it does not need."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _first(day: date) -> str:
    """The shortest literal that begins on this day."""
    if (day.month, day.day) == (1, 1):
        return f"{day.year:04}"
    return day.isoformat()[:7] if day.day == 1 else day.isoformat()


def _last(day: date) -> str:
    """The shortest literal that ends on this day."""
    if (day.month, day.day) == (12, 31):
        return f"{day.year:04}"
    return day.isoformat()[:7] if (day + timedelta(days=1)).day == 1 else day.isoformat()
