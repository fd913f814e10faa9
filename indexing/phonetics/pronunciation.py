"""Grapheme to phoneme: a language's lexicon first, then its model for unknown words (gruut's data)."""

from __future__ import annotations

import pkgutil
import re
import sqlite3
import unicodedata
from contextlib import closing
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from indexing.phonetics.tokens import tokens

PREFIX = "gruut_lang_"
LONGEST = 40
"""Letters of a word that is still pronounced."""
STRESS = re.compile("[\u02c8\u02cc]")
SPLIT = {"\u025a": ("\u0259", "\u0279")}  # a rhotic schwa is a schwa and an r
YEARS = range(1100, 2100)

Phones = tuple[str, ...]
_lock = Lock()


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """The languages (ISO 639-1) whose pronunciation is installed here."""
    found = (module.name for module in pkgutil.iter_modules() if module.name.startswith(PREFIX))
    return frozenset(name.removeprefix(PREFIX) for name in found)


def base(language: str) -> str:
    """The language of a BCP 47 tag: en of en-GB."""
    return re.split("[-_]", language.lower())[0]


def speaks(language: str) -> bool:
    """Whether the pronunciation of that language (BCP 47) is installed."""
    return base(language) in languages()


def pronounce(text: str, language: str) -> Phones:
    """The phones of a text, word after word, without stress, in IPA.

    Empty where the language is not installed, or where any word cannot be pronounced in it: another script,
    more than LONGEST letters.
    """
    code = base(language)
    return _joined(text, code) if code in languages() else ()


def _joined(text: str, code: str) -> Phones:
    words = [_word(token, code) for token in tokens(text)]
    return tuple(phone for word in words for phone in word) if all(words) else ()


@lru_cache(maxsize=200_000)
def _word(token: str, code: str) -> Phones:
    if token.isdecimal():
        return _number(token, code)
    if len(token) > LONGEST:
        return ()
    with _lock:
        phonemes = _lexicon(code).get(token, "").split() or _guess(token, code)
    return tuple(part for each in phonemes for part in _parts(each))


def _guess(token: str, code: str) -> list[str]:
    """What the model makes of an unknown word; nothing where it knows fewer than half of the letters."""
    folded = _folded(token) if code == "en" else token
    phonemes: list[str] = _model(code)(folded)
    return phonemes if 2 * len(phonemes) >= len(token) else []


def _folded(token: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", token) if not unicodedata.combining(each))


def _parts(phoneme: str) -> Phones:
    bare = STRESS.sub("", phoneme)
    return SPLIT.get(bare, (bare,))


def _number(digits: str, code: str) -> Phones:
    from num2words import num2words

    if len(digits) > LONGEST:
        return ()
    number = int(digits)
    try:
        return _joined(num2words(number, lang=code, to="year" if number in YEARS else "cardinal"), code)
    except (NotImplementedError, OverflowError):
        return ()


@lru_cache(maxsize=8)
def _lexicon(code: str) -> dict[str, str]:
    """The first pronunciation of each word, in memory: its database has no index."""
    database = sqlite3.connect(_folder(code) / "lexicon.db")
    with closing(database):
        rows = database.execute("SELECT word, phonemes FROM word_phonemes ORDER BY pron_order DESC")
        return dict(rows.fetchall())


@lru_cache(maxsize=8)
def _model(code: str) -> Any:
    from gruut.g2p import GraphemesToPhonemes

    return GraphemesToPhonemes(_folder(code) / "g2p" / "model.crf")


def _folder(code: str) -> Path:
    return Path(str(import_module(PREFIX + code).__file__)).parent
