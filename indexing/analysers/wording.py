"""English for what was found: counted things, lists, and texts cut where a phrase ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
IRREGULAR = {
    "person": "people", "man": "men", "woman": "women", "child": "children", "mouse": "mice",
    "knife": "knives", "sheep": "sheep", "deer": "deer",
    "fish": "fish", "leaf": "leaves", "foot": "feet", "tooth": "teeth",
}  # fmt: skip
UNCOUNTED = {"skis", "scissors", "broccoli", "glasses", "trousers", "food", "snow", "water", "furniture"}
"""Named without a number: what has no singular, or no plural."""
ALT_LENGTH = 125
"""Characters that screen readers speak without a break (WebAIM's and the IPTC's advice for alt text)."""
OPENING = re.compile(
    r"^(this is |here is |there is |it is )?((an?|the|this) )?(close[- ]?up )?"
    r"(image|picture|photo|photograph|snapshot|screenshot|view)s? (of|showing|with|that shows|depicting) ",
    re.IGNORECASE,
)
FILE_NAME = re.compile(
    r"\S+\.(jpe?g|png|gif|tiff?|webp|heic|avif|bmp|dng|cr2|nef|arw|mp4|mov|avi|mkv|webm|pdf)\b"
    r"|\b(IMG|DSCN?|DSCF|PXL|MVI|VID|GOPR)[_-]?\d{3,}\b",
    re.IGNORECASE,
)


def counted(name: str, number: int, exactly: bool = True) -> str:
    """ "a dog", "two people", "many sheep": more than ten are many. Unless `exactly`, three or more are
    several, since detectors seldom count more than two right (tests/bench/bench_captions.py)."""
    if name in UNCOUNTED:
        return name
    if number <= 1:
        return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
    return f"{_number(number, exactly)} {plural(name)}"


def _number(number: int, exactly: bool) -> str:
    if number >= len(NUMBERS):
        return "many"
    return NUMBERS[number] if exactly or number < 3 else "several"


def plural(name: str) -> str:
    """The plural of a thing's English name; of several words the last one changes."""
    *before, last = name.split(" ")
    if last in IRREGULAR:
        ending = IRREGULAR[last]
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        ending = f"{last}es"
    elif re.search(r"[^aeiou]y$", last):
        ending = f"{last[:-1]}ies"
    else:
        ending = f"{last}s"
    return " ".join([*before, ending])


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def sentence(text: str) -> str:
    """The text with a capital first and a full stop last; empty stays empty."""
    words = " ".join(text.split()).rstrip(" .,;")
    return f"{words[0].upper()}{words[1:]}." if words else ""


def cut(text: str, length: int) -> str:
    """The text where it has at most that many characters; else its phrases that fit, or its words."""
    if len(text) <= length:
        return text
    head = text[: length + 1]
    phrases = [found.start() for found in re.finditer(r"[.;:,](?=\s)|\s(?=and\b|with\b|in front of\b)", head)]
    ends = [at for at in phrases if at >= length // 3] or [head.rfind(" ")]
    return text[: ends[-1] if ends[-1] > 0 else length].rstrip(" ,;:.")


def alt_text(caption: str) -> str:
    """What a screen reader should say instead of showing the picture, or nothing where nothing is left.

    At most ALT_LENGTH characters, cut where a phrase ends; without "image of", since the reader says so
    itself; without names of files.
    """
    text = " ".join(FILE_NAME.sub("", caption).split())
    while (shorter := OPENING.sub("", text)) != text:
        text = shorter
    text = cut(text.strip(" .,;:"), ALT_LENGTH)
    return f"{text[0].upper()}{text[1:]}" if re.search(r"\w", text) else ""
