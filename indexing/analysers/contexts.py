"""An occasion and its mood, such as "joyful wedding": scored apart, claimed only on evidence of two kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.vocabulary import sentiments

WORDS = {
    "title": "description",
    "description": "description",
    "keyword": "description",
    "speech": "speech",
    "text": "on-screen text",
}
"""Kinds of fact that carry words, and the source that each belongs to. A caption is none: a machine wrote it
by looking, and moods by looks alone were measured to be noise."""
SOUNDS = ("sound", "mood")
PICTURE, SOUND = "picture", "sound"
FEWEST = 2
"""Pieces of evidence that a mood needs; repeating a word adds nothing."""
LEAD = 2
"""Times the evidence of the next mood that the mood must have: mixed feelings are no claim."""
SURE_SOUND = 0.5
LANGUAGES = ("", "en")


class Evidence(NamedTuple):
    """Something that speaks of a mood: where from, what it says, when (seconds) and how sure it is."""

    source: str
    sentiment: str
    says: str
    place: Place
    weight: float


class Contexts:
    """The occasions of an asset with the mood that its words and sounds speak of.

    Nobody's face is read: the mood is the occasion's, not a person's.
    """

    name = "contexts"
    version = "1"
    model = ""
    kinds = ("context",)
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("tags", "speech", "text", "sounds", "music")
    queue: Queue = "cpu"
    weights: tuple[str, ...] = ()
    spaces: dict[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        evidence = [*_from_words(context), *_from_sounds(context)]
        for event in context.facts("event"):
            finding = _claim(event, [each for each in evidence if _together(each.place, event.place)])
            if finding:
                yield finding


def _from_words(context: Context) -> Iterator[Evidence]:
    for kind, source in WORDS.items():
        for fact in context.facts(kind):
            if fact.language[:2] in LANGUAGES:
                for sentiment, word in sentiments.of_words(fact.text):
                    yield Evidence(source, sentiment, word, fact.place, 1.0)


def _from_sounds(context: Context) -> Iterator[Evidence]:
    for kind in SOUNDS:
        for fact in context.facts(kind):
            sentiment = sentiments.of_sound(fact.text)
            if sentiment and (fact.confidence or 0.0) >= SURE_SOUND:
                yield Evidence(SOUND, sentiment, fact.text, fact.place, 2 * (fact.confidence or 0.0))


def _together(one: Place, other: Place) -> bool:
    """Whether the spans touch; what has no span holds for all of the asset."""
    if one.start is None or other.start is None:
        return True
    ends = [place.end if place.end is not None else place.start for place in (one, other)]
    return one.start <= (ends[1] or 0.0) and other.start <= (ends[0] or 0.0)


def _claim(event: Finding, evidence: Sequence[Evidence]) -> Finding | None:
    """The event with its mood, where one mood leads and picture and words (or sound) bear it together."""
    scores = _scores(evidence)
    if not scores:
        return None
    mood, *others = sorted(scores, key=lambda name: -scores[name])
    rest = scores[others[0]] if others else 0.0
    bearing = [each for each in evidence if each.sentiment == mood]
    sources = {each.source for each in bearing} | {_source_of(event)}
    if scores[mood] < FEWEST or scores[mood] < LEAD * rest or len(sources) < 2:
        return None
    share = scores[mood] / (sum(scores.values()) + 1)
    return Finding(
        "context",
        f"{mood} {event.text}",
        place=Place(event.place.start, event.place.end),
        confidence=round((event.confidence if event.confidence is not None else 1.0) * share, 3),
        language="en",
        details=_details(event, mood, bearing),
    )


def _scores(evidence: Sequence[Evidence]) -> Mapping[str, float]:
    """How much speaks for each mood; the same thing said again by one source counts once."""
    heaviest: dict[tuple[str, str, str], float] = {}
    for each in evidence:
        key = (each.sentiment, each.source, each.says)
        heaviest[key] = max(each.weight, heaviest.get(key, 0.0))
    totals: dict[str, float] = defaultdict(float)
    for (sentiment, _, _), weight in heaviest.items():
        totals[sentiment] += weight
    return totals


def _source_of(event: Finding) -> str:
    """A likeness, or what a person or the file says about the occasion."""
    return PICTURE if event.confidence is not None else "description"


def _details(event: Finding, mood: str, bearing: Sequence[Evidence]) -> dict[str, Any]:
    said = {(each.source, each.says): each.place.start for each in reversed(bearing)}
    evidence = [{"source": _source_of(event), "says": event.text, "start": event.place.start}]
    evidence += [{"source": source, "says": says, "start": start} for (source, says), start in said.items()]
    return {"event": event.text, "sentiment": mood, "evidence": evidence[:20], "calibrated": False}
