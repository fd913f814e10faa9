"""Why text that a model wrote is not to be believed: what Whisper makes up over silence, noise and music."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Any

SILENT, SILENT_LIKELY = 0.6, -1.0  # no-speech probability above, mean log probability below
LOOPING = 2.4  # compression ratio of the text
IMPROBABLE = -1.5  # mean log probability of the tokens
ECHO = 3  # words; a name or two may well be all that is said


def doubt(segment: Any, previous: str = "") -> str:
    """Why a segment of faster-whisper is made up, or nothing where it is not.

    `previous` is the text of the segment before. The limits on silence and loops are those of the Whisper
    paper (Radford et al. 2022, section 4.5).
    """
    if segment.no_speech_prob > SILENT and segment.avg_logprob < SILENT_LIKELY:
        return "silence"
    if segment.compression_ratio > LOOPING or segment.text.strip() == previous:
        return "repetition"
    return "improbable" if segment.avg_logprob < IMPROBABLE else ""


def compression(text: str) -> float:
    """How many times zlib makes the text shorter: high for loops. faster-whisper counts it the same way."""
    return len(text.encode()) / len(zlib.compress(text.encode()))


def echoes(text: str, hints: Sequence[str]) -> str:
    """Why text is only the hints read out, or nothing: ECHO words or more in the order of the hints."""
    said, given = _words(text), _words(" ".join(hints))
    runs = (given[first : first + len(said)] for first in range(len(given) - len(said) + 1))
    return "echo of the glossary" if len(said) >= ECHO and said in runs else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
