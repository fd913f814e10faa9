"""What the page of a recording's speakers shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dam.assets.models import Asset
from dam.people.speakers import Name, names_of
from dam.people.turns import Span
from dam.people.whereabouts import HOLDING, turns_of
from indexing.models import Annotation

FINEST = 1 / 400
"""Share of the recording below which a pause between two turns is not drawn: about two pixels."""


@dataclass(frozen=True)
class Bar:
    """Turns that are drawn as one, in seconds."""

    start: float
    end: float


@dataclass(frozen=True)
class Speaker:
    """A speaker of a recording: the stretch by which he is heard, and who he is, if anybody said so.

    `seconds` is how long he speaks, `share` how much of all that is said, 0..1.
    """

    voice: Annotation
    name: Name | None
    seconds: float
    share: float
    bars: Sequence[Bar]


def speakers(asset: Asset) -> list[Speaker]:
    """The speakers of an asset, who speaks longest first. Three queries."""
    turns = turns_of(asset)
    names = names_of(asset, turns)
    total = sum(turns.seconds(number) for number in turns.spans) or 1.0
    voices = asset.annotations.filter(kind="voice", status__in=HOLDING, start__isnull=False)
    numbered = [(voice, voice.details.get("speaker")) for voice in voices.order_by("start")]
    shown = [
        Speaker(
            voice,
            names.get(number),
            turns.seconds(number),
            turns.seconds(number) / total,
            _bars(turns.of(number), (asset.duration or 0.0) * FINEST),
        )
        for voice, number in numbered
    ]
    return sorted(shown, key=lambda speaker: speaker.seconds, reverse=True)


def _bars(spans: Sequence[Span], finest: float) -> list[Bar]:
    drawn: list[Bar] = []
    for start, end in spans:
        if drawn and start - drawn[-1].end <= finest:
            drawn[-1] = Bar(drawn[-1].start, end)
        else:
            drawn.append(Bar(start, end))
    return drawn
