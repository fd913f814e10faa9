"""What stands behind the colon of an attribute: choices, numbers, durations, days, points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import NamedTuple

from django.conf.locale import LANG_INFO

from search import fields
from search.errors import shortened
from search.query import Bounds


class Unreadable(ValueError):  # noqa: N818 - said of a value, as DoesNotExist is of a row
    """A value that cannot be read; `instead` is what was probably meant, or "", and `name` the field that it
    was meant for, where it is another."""

    def __init__(self, message: str, instead: str = "", name: str = "") -> None:
        super().__init__(message)
        self.instead = instead
        self.name = name


class Span(NamedTuple):
    """What one literal covers when it stands alone (1969: a whole year), and `point`, the number itself,
    which comparisons are made with; days have none."""

    low: float | date
    high: float | date
    point: float | None = None


LONGEST = 900_000_000.0
"""Seconds, about 28 years: no duration is written above it."""

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_LITERAL = re.compile(rf"({_NUMBER})(%?)")
_UNIT = r"(ms|hours?|hr|h|minutes?|min|m|seconds?|sec|s)"
_DURATION = re.compile(rf"(?:{_NUMBER}\s*{_UNIT}\s*){{1,3}}|{_NUMBER}")
_PART = re.compile(rf"({_NUMBER})\s*{_UNIT}?")
_TIMECODE = re.compile(r"(?:([0-9]{1,5}):)?([0-9]{1,5}):([0-5]?[0-9](?:\.[0-9]{1,9})?)")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DECADE = re.compile(r"([0-9]{3})0s")
_OTHER_DAY = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")
_COMPARED = re.compile(r"(>=|<=|>|<|≥|≤|=|)\s*(.*)", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_OPERATORS = {"≥": ">=", "≤": "<="}


def bounds(measure: str, raw: str) -> Bounds:
    """Bounds from what a person wrote: 120, >0.8, <=10m, 90..110, 1969.., 2026-11.

    `measure` is number, seconds or day (see fields.Shape). Raises Unreadable.
    """
    read = {"number": number, "seconds": duration, "day": days}[measure]
    found = Bounds()
    for operator, literal in _limits(raw, measure):
        try:
            found = _bounded(found, operator, read(literal))
        except Unreadable as error:
            instead = raw.replace(literal, error.instead, 1) if error.instead else ""
            raise Unreadable(str(error), instead) from None
    _ordered(found, raw)
    return found


def choice(name: str, raw: str) -> str:
    """One of an attribute's choices, in any case, or a word that stands for one. Raises Unreadable."""
    choices = fields.ATTRIBUTES[name].choices
    lowered = raw.strip().lower()
    for form in (lowered, lowered.removesuffix("s")):
        known = fields.CHOICES.get((name, form), form)
        if known in choices:
            return known
    near = get_close_matches(lowered, choices, n=1, cutoff=0.6)
    message = f"“{name}:” is one of {', '.join(choices)}; “{shortened(raw)}” is none."
    raise Unreadable(message, near[0] if near else "")


def plain(raw: str) -> str:
    """A value without its quotation marks and without what no database can hold. Raises Unreadable."""
    closers = {'"': '"', "“": "“”", "„": "“”"}.get(raw[:1], "")
    unquoted = raw[1 : -1 if len(raw) > 1 and raw[-1] in closers else None] if closers else raw
    printable = unquoted.encode("utf-8", "ignore").decode().replace("\x00", "")
    value = " ".join(printable.split())
    if not value:
        raise Unreadable("There is nothing to look for here.")
    return value


def language(raw: str) -> str:
    """A BCP 47 tag from a tag or from the language's English or own name. Raises Unreadable."""
    if _LANGUAGE.fullmatch(raw):
        return raw
    for code, info in LANG_INFO.items():
        if raw.lower() in (info.get("name", "").lower(), info.get("name_local", "").lower()):
            return code
    raise Unreadable(f"“{shortened(raw)}” is no language; write it as fr, pt-BR or French.")


def number(raw: str) -> Span:
    """A number not below 0, or a percentage; alone it covers what rounds to it. Raises Unreadable."""
    match = _LITERAL.fullmatch(raw)
    if match is None:
        pointed = raw.replace(",", ".")
        instead = pointed if _LITERAL.fullmatch(pointed) else ""
        raise Unreadable(f"“{shortened(raw)}” is no number; write it as 120 or 0.8.", instead)
    scale = 100 if match[2] else 1
    half = 0.5 * 10.0 ** -min(6, len(match[1].partition(".")[2]))
    value = float(match[1])
    low, high = max(0.0, value - half), value + half
    return Span(_rounded(low / scale), _rounded(high / scale), _rounded(value / scale))


def duration(raw: str) -> Span:
    """Seconds from 90, 90s, 10m, 1h30m or 1:30; alone it covers its last unit. Raises Unreadable."""
    if match := _TIMECODE.fullmatch(raw):
        value = int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3])
        return _lasting(raw, value, 1.0)
    lowered = raw.lower()
    if not _DURATION.fullmatch(lowered):
        raise Unreadable(f"“{shortened(raw)}” is no duration; write it as 90s, 10m, 1h30m or 1:30.")
    value, unit = 0.0, 1.0
    for part in _PART.finditer(lowered):
        unit = _unit(part[2] or "s")
        value += float(part[1]) * unit
    return _lasting(raw, value, unit)


def days(raw: str) -> Span:
    """The first and last day of a year, month, day or decade. Raises Unreadable."""
    if match := _DECADE.fullmatch(raw):
        first = int(match[1]) * 10
        return Span(_day(raw, first, 1, 1), _day(raw, first + 9, 12, 31))
    match = _DAY.fullmatch(raw)
    if match is None:
        other = _OTHER_DAY.fullmatch(raw)
        instead = f"{other[3]}-{int(other[2]):02}-{int(other[1]):02}" if other else ""
        raise Unreadable(f"“{shortened(raw)}” is no date; write it as 1969, 1969-07 or 1969-07-20.", instead)
    year, month, day = int(match[1]), match[2], match[3]
    low = _day(raw, year, int(month or 1), int(day or 1))
    if day:
        return Span(low, low)
    return Span(low, _last_of_month(low) if month else date(year, 12, 31))


def _limits(raw: str, measure: str) -> Iterator[tuple[str, str]]:
    """Pairs of a comparison and a literal; "=" where a literal stands alone."""
    text = raw.strip().replace("…", "..")
    if measure == "day":
        text = re.sub(r"^([0-9]{4})\s*[-–]\s*([0-9]{4})$", r"\1..\2", text)  # noqa: RUF001
    low, dots, high = text.partition("..")
    if not dots:
        yield _compared(text, "=")
        return
    if not low.strip() and not high.strip("."):
        raise Unreadable("A range has a beginning or an end, as in 90..110, 90.. or ..110.")
    if low.strip():
        yield _compared(low.strip(), ">=")
    if high.strip("."):
        yield _compared(high.lstrip(".").strip(), "<=")


def _compared(text: str, default: str) -> tuple[str, str]:
    match = _COMPARED.match(text)
    operator, literal = (match[1], match[2]) if match else ("", text)
    return _OPERATORS.get(operator, operator) or default, literal


def _bounded(found: Bounds, operator: str, span: Span) -> Bounds:
    if span.point is None:
        return _in_days(found, operator, span)
    low, high, above, below = found.low, found.high, found.includes_low, found.includes_high
    if operator == "=":
        return Bounds(span.low, span.high, includes_high=False)
    if operator.startswith(">"):
        return Bounds(span.point, high, operator == ">=", below)
    return Bounds(low, span.point, above, operator == "<=")


def _in_days(found: Bounds, operator: str, span: Span) -> Bounds:
    """Days are whole, so that a bound is always the last day that belongs to it."""
    low, high = _as_day(span.low), _as_day(span.high)
    if operator == "=":
        return Bounds(low, high)
    if operator.startswith(">"):
        return Bounds(low if operator == ">=" else _shifted(high, 1), found.high)
    return Bounds(found.low, high if operator == "<=" else _shifted(low, -1))


def _ordered(found: Bounds, raw: str) -> None:
    if found.low is None or found.high is None:
        return
    empty = found.low == found.high and not (found.includes_low and found.includes_high)
    if empty or found.low > found.high:  # type: ignore[operator]
        low, dots, high = raw.partition("..")
        plain = bool(dots) and not re.search("[<>≤≥=]", raw)
        message = f"Nothing lies in “{shortened(raw)}”; the smaller comes first."
        raise Unreadable(message, f"{high.strip()}..{low.strip()}" if plain else "")


def _lasting(raw: str, value: float, unit: float) -> Span:
    if value > LONGEST:
        raise Unreadable(f"“{shortened(raw)}” is longer than anything lasts.")
    return Span(_rounded(value), _rounded(value + unit), _rounded(value))


def _rounded(value: float) -> float:
    """To as many decimals as a literal may have."""
    return round(value, 9)


def _unit(name: str) -> float:
    if name == "ms":
        return 0.001
    return {"h": 3600.0, "m": 60.0, "s": 1.0}[name[0]]


def _day(raw: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        instead = f"{year:04}" if year and not 1 <= month <= 12 else f"{year:04}-{month:02}" if year else ""
        raise Unreadable(f"There is no day “{shortened(raw)}” in the calendar.", instead) from None


def _last_of_month(first: date) -> date:
    following = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return date(*following, 1) - timedelta(days=1) if following[0] <= date.max.year else date.max


def _shifted(day: date, by: int) -> date:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        raise Unreadable(f"There is no day beyond {day}.") from None


def _as_day(value: float | date) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value} is no day.")
    return value
