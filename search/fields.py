"""The fields of the query language: their names, what they look at, and how each is told to people."""

from __future__ import annotations

from dataclasses import dataclass

FACTS: dict[str, frozenset[str]] = {
    "said": frozenset({"speech"}),
    "seen": frozenset(
        {"object", "action", "scene", "event", "weather", "daytime", "landmark", "colour", "form"}
    ),
    "object": frozenset({"object"}),
    "person": frozenset({"person"}),
    "speaker": frozenset({"speaker"}),
    "text": frozenset({"text"}),
    "caption": frozenset({"caption", "description", "narration"}),
    "place": frozenset({"place", "landmark"}),
    "action": frozenset({"action", "event"}),
    "context": frozenset({"context"}),
    "sound": frozenset({"sound"}),
    "genre": frozenset({"genre"}),
    "mood": frozenset({"mood"}),
    "instrument": frozenset({"instrument"}),
    "key": frozenset({"key"}),
    "tag": frozenset({"keyword"}),
    "title": frozenset({"title", "name"}),
    "rights": frozenset({"rights", "credit", "creator"}),
    "licence": frozenset({"rights"}),
}
"""The kinds of fact that each text field looks at."""


@dataclass(frozen=True)
class Shape:
    """How the value of an attribute is written: `choices` where only those words are, else `measure`:
    number, seconds, day, or text. `of_fact` where it narrows facts instead of assets."""

    measure: str = "text"
    choices: tuple[str, ...] = ()
    of_fact: bool = False


ATTRIBUTES: dict[str, Shape] = {
    "type": Shape(choices=("image", "video", "audio")),
    "duration": Shape("seconds"),
    "date": Shape("day"),
    "taken": Shape("day"),
    "added": Shape("day"),
    "tempo": Shape("number"),
    "collection": Shape(),
    "status": Shape(choices=("reviewed", "unreviewed", "flagged", "analysing", "failed")),
    "lang": Shape(),
    "confidence": Shape("number", of_fact=True),
    "reviewed": Shape(choices=("yes", "no"), of_fact=True),
    "source": Shape(choices=("human", "file", "machine"), of_fact=True),
}
"""The attributes. `date` is when an asset was taken or, where that is not known, added."""
