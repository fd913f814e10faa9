"""Where a phrase may be broken: how much a break between two words disturbs the reader.

After Netflix, Timed Text Style Guide, General Requirements, 5: break after punctuation and before
conjunctions and prepositions; part no article from its noun, no first name from a last name, no verb from
its pronoun.
"""

from __future__ import annotations

from functools import cache

from dam.export.captioning.function_words import ABBREVIATIONS, BINDING, LEANING
from dam.export.spoken import unspaced

SENTENCE, CLAUSE, BEFORE_PHRASE, PLAIN, LEAN, BROKEN = 0.0, 1.0, 2.5, 5.0, 12.0, 100.0
"""What breaks cost: at the end of a sentence, of a clause, before a phrase, anywhere, after a word that leans
on the next one, and inside what belongs together."""
ENDS, PAUSES = ".?!…。？！", ",;:–—、，；：·"  # noqa: RUF001
CLOSERS, OPENERS = "\"'”’»)]」』）】〉》", "\"'“‘«([「『（【〈《„"  # noqa: RUF001
NEVER_FIRST = set("、。，．・：；？！）」』】〉》〕］｝ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々…‥%％")  # noqa: RUF001
"""What no line begins with in East Asian text (JIS X 4051, kinsoku shori)."""
NEVER_LAST = set("（「『【〈《〔［｛¥＄£")  # noqa: RUF001
"""What no line ends with there."""


def strain(before: str, after: str, language: str) -> float:
    """What a break between two neighbouring words costs: 0 (none) to BROKEN (not to be broken)."""
    if unspaced(language):
        return _east_asian(before, after)
    bare = before.rstrip(CLOSERS)
    if _is_abbreviation(bare):
        return BROKEN
    if bare[-1:] in ENDS and bare:
        return SENTENCE
    if bare[-1:] in PAUSES and bare:
        return CLAUSE
    return _inside_clause(_key(before), _key(after), before, after, language)


def _inside_clause(word: str, following: str, before: str, after: str, language: str) -> float:
    if word in _binding(language) or _is_name(before, after) or _is_amount(before, after):
        return BROKEN
    if word in _leaning(language):
        return LEAN
    return BEFORE_PHRASE if following in _binding(language) else PLAIN


@cache
def _binding(language: str) -> frozenset[str]:
    return frozenset(BINDING.get(language.split("-")[0].lower(), "").split())


@cache
def _leaning(language: str) -> frozenset[str]:
    return frozenset(LEANING.get(language.split("-")[0].lower(), "").split())


def _key(word: str) -> str:
    return word.strip(CLOSERS + OPENERS + "¿¡").lower()


def _is_abbreviation(word: str) -> bool:
    """ "Dr." and single letters, as in "J. S. Bach": no sentence ends there."""
    initial = len(word) == 2 and word[0].isupper() and word[0] != "I"
    return word.endswith(".") and (initial or word.lower() in ABBREVIATIONS.split())


def _is_name(before: str, after: str) -> bool:
    """Two capitalised words without a mark between them are taken for parts of a name."""
    return _capitalised(before) and _capitalised(after)


def _capitalised(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and word[1:2].islower()


def _is_amount(before: str, after: str) -> bool:
    """A number and what is counted."""
    return before[-1:].isdigit() and after[:1].isalpha()


def _east_asian(before: str, after: str) -> float:
    if after[:1] in NEVER_FIRST or before[-1:] in NEVER_LAST:
        return BROKEN
    if before[-1:] in ENDS:
        return SENTENCE
    return CLAUSE if before[-1:] in PAUSES else PLAIN
