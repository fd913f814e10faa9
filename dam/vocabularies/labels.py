"""Labels: how they are compared, which of them names a term, and how people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dam.vocabularies.models import LONGEST_LABEL, Label

PREFERRED, ALTERNATIVE, HIDDEN = Label.Kind.values
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
"""A language tag in the shape of BCP 47."""
BELOW = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""What stands between a term and a narrower one."""
_WORD = re.compile(r"\w+")
_LINE = re.compile(r"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*):\s+(.+)")


class LabelError(ValueError):
    """What was typed is no label. The message is for a person."""


class Wording(NamedTuple):
    """One label: its kind, its language (BCP 47, empty where it has none) and its text."""

    kind: str
    language: str
    text: str


def folded(text: str) -> str:
    """The words of the text without case, accents and punctuation: equal for what people take for the same.
    What has no words is left as it is."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return (" ".join(_WORD.findall(plain)) or plain.strip())[: 2 * LONGEST_LABEL]


def name_of(wordings: Iterable[Wording], language: str) -> str:
    """The preferred label in that language, else in English, else the first; empty without any."""
    preferred = {each.language: each.text for each in wordings if each.kind == PREFERRED}
    general = language.partition("-")[0]
    for choice in (language, general, "en", ""):
        if choice in preferred:
            return preferred[choice]
    return preferred[min(preferred)] if preferred else ""


def typed(text: str, kind: str, language: str) -> list[Wording]:
    """The labels of a text, one a line: "de: Eule" or, in the given language, "Owl". Raises LabelError."""
    return [_of_line(line, kind, language) for each in text.splitlines() if (line := " ".join(each.split()))]


def _of_line(line: str, kind: str, language: str) -> Wording:
    match = _LINE.fullmatch(line)
    wording = Wording(kind, match[1], match[2]) if match else Wording(kind, language, line)
    if len(wording.text) > LONGEST_LABEL:
        raise LabelError(f"“{wording.text[:30]}…” is longer than {LONGEST_LABEL} characters.")
    return wording


def lines(wordings: Sequence[Wording], kind: str, language: str) -> str:
    """Labels of one kind as `typed` reads them."""
    return "\n".join(
        each.text if each.language == language and not _LINE.fullmatch(each.text) else _tagged(each)
        for each in wordings
        if each.kind == kind
    )


def _tagged(wording: Wording) -> str:
    return f"{wording.language}: {wording.text}" if wording.language else wording.text
