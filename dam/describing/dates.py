"""Dates as people write them, read as EDTF: the Extended Date/Time Format of ISO 8601-2:2019."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import struct_time
from typing import Any

from edtf import EDTFParseException, parse_edtf, text_to_edtf

MEND = (
    "This cannot be read as a date. Write it like 1931, circa 1931, May 1931, 12 May 1931, 1940s, "
    "19th century, before 1920, between 1914 and 1918, or in EDTF, like 1931-05?."
)
MONTHS = "january february march april may june july august september october november december"
WORDS = frozenset(
    f"{MONTHS} jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter of in the "
    "circa ca c approx approximately around about possibly maybe uncertain century ad bc ce bce".split()
)
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:st|nd|rd|th|s)?|\S", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,4}(?:st|nd|rd|th|s)?", re.IGNORECASE)
MARKS = frozenset(",.~?")
DIGITS_ONLY = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d+")
BETWEEN = re.compile(r"(?:between|from)\s+(.+?)\s+(?:and|to|until)\s+(.+)", re.IGNORECASE)
RANGE = re.compile(r"(.+?)\s*(?:\s-\s|\u2013|\bto\b|\buntil\b)\s*(.+)|(\d{4})-(\d{4})", re.IGNORECASE)
BEFORE = re.compile(r"(?:before|until|not after)\s+(.+)", re.IGNORECASE)
AFTER = re.compile(r"(?:after|since|not before)\s+(.+)", re.IGNORECASE)
LONGEST_EDTF = 100
SYNONYMS = {"probably": "possibly", "perhaps": "possibly", "roughly": "about", "c.": "circa", "ca.": "circa"}


class UnreadableDateError(ValueError):
    """What was written is no date; the message says how to write one."""


@dataclass(frozen=True)
class Reading:
    """A date as it was written, as EDTF, and the first and last day that it may mean; None where open, or
    before the year 1."""

    text: str
    edtf: str
    earliest: date | None
    latest: date | None

    @property
    def moment(self) -> datetime | None:
        """The earliest moment that it may mean, in UTC."""
        day = self.earliest
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def read(text: str) -> Reading:
    """Read a date written in EDTF or in plain English. Raises UnreadableDateError with the mend."""
    text = " ".join(text.split())
    edtf = text.upper() if _parsed(text.upper()) is not None else _translated(text)
    found = _parsed(edtf)
    if found is None:
        raise UnreadableDateError(MEND)
    reading = Reading(text, edtf, _day(found.lower_strict()), _day(found.upper_strict()))
    if reading.earliest and reading.latest and reading.earliest > reading.latest:
        raise UnreadableDateError("The second date lies before the first one. Write the earlier one first.")
    return reading


def _translated(text: str) -> str:
    """English words as EDTF; empty where they are none that are known."""
    if match := BETWEEN.fullmatch(text) or RANGE.fullmatch(text):
        one, other = (each for each in match.groups() if each)
        return f"{_single(one)}/{_single(other)}"
    if match := BEFORE.fullmatch(text):
        return f"../{_single(match[1])}"
    if match := AFTER.fullmatch(text):
        return f"{_single(match[1])}/.."
    return _single(text)


def _single(text: str) -> str:
    """One date as EDTF. The library guesses at whatever it is given, so it is given only what is known."""
    if _parsed(text.upper()) is not None:
        return text.upper()
    plain = " ".join(SYNONYMS.get(word, word) for word in text.lower().split())
    if DIGITS_ONLY.search(plain):
        raise UnreadableDateError(
            "The order of day and month is not clear here. Write 12 May 1931, or 1931-05-12."
        )
    if not plain or not all(_is_known(token) for token in TOKEN.findall(plain)):
        return ""
    edtf = text_to_edtf(plain) or ""
    if edtf.startswith("XXXX"):
        raise UnreadableDateError("The year is missing. Write it too, even if it is a guess: circa 1931.")
    return edtf


def _is_known(token: str) -> bool:
    return token in WORDS or token in MARKS or NUMBER.fullmatch(token) is not None


def _parsed(edtf: str) -> Any:
    """The library's object; None for what is no EDTF, and for years of more than four digits."""
    if "Y" in edtf or len(edtf) > LONGEST_EDTF:
        return None
    try:
        return parse_edtf(edtf)
    except EDTFParseException:
        return None


def _day(found: struct_time | float) -> date | None:
    """The library writes an open end as an infinite number."""
    if isinstance(found, float):
        return None
    try:
        return date(found.tm_year, found.tm_mon, found.tm_mday)
    except ValueError:
        return None
