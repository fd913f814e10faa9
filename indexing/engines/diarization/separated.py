"""Recordings with one speaker on each channel: whoever speaks there is he."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from indexing.engines.diarization.contract import Diarization, Diarizer, Turn, numbered
from indexing.engines.speech_channels import without_crosstalk


def diarize_channels(
    diarizer: Diarizer, sound: Callable[[], Iterable[np.ndarray]], channels: Sequence[int]
) -> Diarization:
    """The turns of the speakers on those channels.

    `sound` gives the recording anew at each call, in chunks of float32 of shape (channels, n) at 16 kHz; it
    is read once for each channel, in which what another channel drowns out is silence.
    """
    turns: list[Turn] = []
    voices: dict[int, np.ndarray] = {}
    for channel in channels:
        heard = diarizer.diarize(without_crosstalk(chunk)[channel] for chunk in sound())
        turns += _united(heard.turns, channel)
        if heard.voices:
            voices[channel] = _main_voice(heard)
    return numbered(turns, voices)


def _united(turns: Sequence[Turn], speaker: int) -> list[Turn]:
    """The same stretches as turns of one speaker; those that overlap are one, as sure as the surer."""
    found: list[Turn] = []
    for turn in turns:
        if found and turn.start <= found[-1].end:
            before = found.pop()
            sure = max(each.confidence or 0.0 for each in (before, turn))
            known = None if before.confidence is None and turn.confidence is None else sure
            turn = Turn(before.start, max(before.end, turn.end), speaker, known)
        found.append(turn._replace(speaker=speaker))
    return found


def _main_voice(heard: Diarization) -> np.ndarray:
    """The voice of whom the engine heard most."""
    seconds = {
        speaker: sum(turn.end - turn.start for turn in heard.turns if turn.speaker == speaker)
        for speaker in heard.voices
    }
    return heard.voices[max(seconds, key=lambda speaker: seconds[speaker])]
