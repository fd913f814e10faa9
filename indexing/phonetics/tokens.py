"""Text as the bare words that are compared: no case, no punctuation, no possessive s."""

from __future__ import annotations

import re
import unicodedata

UNSPACED = "\u3040-\u30ff\u3400-\u9fff"  # kana and Chinese characters: written without spaces
TOKEN = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+(?:'(?:(?![{UNSPACED}])\w)+)*")
POSSESSIVE = re.compile(r"'s$")


def tokens(text: str) -> list[str]:
    """The words of a text in order, casefolded; each character of a script without spaces is one.

    "Mc Cullough's well-known" gives mc, cullough, well, known.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return [POSSESSIVE.sub("", found) for found in TOKEN.findall(plain)]
