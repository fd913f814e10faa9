"""Reads WebVTT and SubRip files back, and says which of the rules of captions they break."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from io import StringIO
from itertools import pairwise
from typing import NamedTuple

import webvtt

from dam.export.captioning.phrases import BROKEN, strain

TIMES = re.compile(r"(\d{2,}:[0-5]\d:[0-5]\d\.\d{3}) --> (\d{2,}:[0-5]\d:[0-5]\d\.\d{3})")
TAGS = re.compile(r"</?(?:v|lang)(?: [^<>&]*(?:&(?:amp|lt|gt);[^<>&]*)*)?>")
VOICE = re.compile(r"<v ([^<>]*)>")


class Cue(NamedTuple):
    """A cue as a player shows it: milliseconds, lines without markup, and who speaks."""

    start: int
    end: int
    lines: list[str]
    speakers: list[str]


def cues_of(file: bytes) -> list[Cue]:
    """The cues of a WebVTT file. Raises where webvtt-py's strict reading or the grammar finds a fault."""
    text = file.decode("utf-8")
    webvtt.from_buffer(StringIO(text), format="vtt", strict=True)
    header, *blocks = text.rstrip("\n").split("\n\n")
    assert header == "WEBVTT"
    return [_cue(block) for block in blocks if not block.startswith("NOTE\n")]


def _cue(block: str) -> Cue:
    identifier, times, *lines = block.split("\n")
    assert "-->" not in identifier, block
    assert lines, block
    assert all(lines), block
    found = TIMES.fullmatch(times)
    assert found, block
    body = "\n".join(lines)
    shown = TAGS.sub("", body)
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", shown), block
    assert "-->" not in body, block
    speakers = [html.unescape(each) for each in VOICE.findall(body)]
    return Cue(_time(found[1]), _time(found[2]), html.unescape(shown).split("\n"), speakers)


def _time(text: str) -> int:
    hours, minutes, seconds = text.replace(",", ".").split(":")
    return 3_600_000 * int(hours) + 60_000 * int(minutes) + round(1000 * float(seconds))


def srt_cues_of(file: bytes) -> list[Cue]:
    """The cues of a SubRip file, which number themselves from 1."""
    blocks = file.decode("utf-8").strip().split("\r\n\r\n")
    cues = []
    for number, block in enumerate(blocks, start=1):
        counter, times, *lines = block.split("\r\n")
        assert counter == str(number)
        start, end = times.split(" --> ")
        cues.append(Cue(_time(start), _time(end), lines, []))
    return cues


def faults(cues: list[Cue], language: str = "en") -> Counter[str]:
    """How often each rule is broken; an empty counter where none is."""
    found: Counter[str] = Counter()
    for cue in cues:
        length = cue.end - cue.start
        found["too many lines"] += len(cue.lines) > 2
        found["too wide a line"] += any(wide(line) > 42 for line in cue.lines)
        found["too fast"] += 1000 * wide(" ".join(cue.lines)) > 17 * length
        found["too short"] += length < 833
        found["too long"] += length > 7000
        found["broken phrase"] += sum(_broken(one, other, language) for one, other in pairwise(cue.lines))
    for before, after in pairwise(cues):
        gap = after.start - before.end
        found["overlap"] += gap < 0
        found["too small a gap"] += 0 <= gap < 80
        near = gap < 1000 and before.speakers[-1:] == after.speakers[:1]
        found["broken phrase"] += near and _broken(before.lines[-1], after.lines[0], language)
    return +found


def wide(text: str) -> int:
    """How many columns a text takes."""
    marks = sum(unicodedata.category(each) in ("Mn", "Me", "Cf") for each in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(each) in "WF" for each in text)


def _broken(before: str, after: str, language: str) -> bool:
    if not before.split() or not after.split() or after.startswith("- "):
        return False
    return strain(before.split()[-1], after.split()[0], language) >= BROKEN
