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

PLACES_AND_LIKENESSES = frozenset({"near", "like", "sounds-like"})
"""What is written as an attribute is and has a node of its own."""


@dataclass(frozen=True)
class Help:
    """A field for people: its label, what it looks at in one sentence, and a search that uses it."""

    label: str
    help: str
    example: str


HELP: dict[str, Help] = {
    "said": Help("Said", "What is spoken.", "said:engine"),
    "seen": Help("Seen", "Anything recognised in the picture.", "seen:bridge"),
    "object": Help("Object", "A thing in the picture.", 'object:"fire engine"'),
    "person": Help("Person", "Someone in the picture.", 'person:"Ada Lovelace"'),
    "speaker": Help("Speaker", "Someone who speaks.", 'speaker:"Grace Hopper"'),
    "text": Help("On-screen text", "What is written in the picture.", 'text:"no entry"'),
    "caption": Help("Caption", "What a caption, description or audio description says.", "caption:harbour"),
    "place": Help("Place", "Where it was taken, or a landmark in it.", "place:Lisbon"),
    "action": Help("Action", "What is being done, or what is going on.", "action:swimming"),
    "context": Help("Context", "What the picture or scene is about.", "context:wedding"),
    "sound": Help("Sound", "What is heard, other than speech.", "sound:bark"),
    "genre": Help("Genre", "The genre of music.", "genre:jazz"),
    "mood": Help("Mood", "The mood of music.", "mood:calm"),
    "instrument": Help("Instrument", "What the music is played on.", "instrument:piano"),
    "key": Help("Key", "The key of music.", 'key:"A minor"'),
    "tag": Help("Tag", "A keyword.", "tag:archive"),
    "title": Help("Title", "The title or the file's name.", "title:harbour"),
    "rights": Help("Rights", "The rights, the credit line and the creator.", "rights:Nasa"),
    "licence": Help("Licence", "What the rights say.", 'licence:"CC BY"'),
    "type": Help("Type", "Image, video or audio.", "type:video"),
    "duration": Help("Duration", "How long it lasts.", "duration:>10m"),
    "date": Help("Date", "When it was taken or, where that is not known, added.", "date:1969..1972"),
    "taken": Help("Taken", "When it was taken.", "taken:1969-07"),
    "added": Help("Added", "When it was added here.", "added:>=2026-11"),
    "tempo": Help("Tempo", "Beats a minute.", "tempo:90..110"),
    "collection": Help("Collection", "In this collection or one below it.", "collection:Apollo"),
    "status": Help("Status", "How far it has come.", "status:unreviewed"),
    "lang": Help("Language", "Has something said or written in this language.", "lang:fr"),
    "confidence": Help("Confidence", "How sure a machine was, from 0 to 1.", "confidence:>0.8"),
    "reviewed": Help("Reviewed", "Whether a person has accepted the fact.", "reviewed:yes"),
    "source": Help("Source", "Who says so: a person, the file or a machine.", "source:human"),
    "near": Help("Near", "Taken near a point: latitude, longitude, distance.", "near:48.85,2.35~5km"),
    "like": Help("Looks like", "Looks like the asset of this number.", "like:123"),
    "sounds-like": Help("Sounds like", "Sounds like the asset of this number.", "sounds-like:123"),
}

ALIASES = {
    "speech": "said", "says": "said", "spoken": "said", "see": "seen", "shows": "seen",
    "people": "person", "who": "person", "ocr": "text", "written": "text",
    "description": "caption", "location": "place", "landmark": "place", "event": "action",
    "heard": "sound", "keyword": "tag", "name": "title",
    "filename": "title", "creator": "rights", "credit": "rights",
    "copyright": "rights", "license": "licence", "kind": "type", "media": "type", "length": "duration",
    "when": "date", "created": "taken", "uploaded": "added", "bpm": "tempo", "album": "collection",
    "folder": "collection", "language": "lang", "certainty": "confidence",
    "similar": "like", "looks-like": "like", "lookslike": "like", "soundslike": "sounds-like",
}  # fmt: skip
"""Other names that people try. Plurals need no entry."""

CHOICES = {
    ("type", "photo"): "image", ("type", "picture"): "image", ("type", "still"): "image",
    ("type", "film"): "video", ("type", "movie"): "video", ("type", "clip"): "video",
    ("type", "sound"): "audio", ("type", "music"): "audio", ("type", "recording"): "audio",
    ("reviewed", "true"): "yes", ("reviewed", "false"): "no",
    ("source", "person"): "human", ("source", "people"): "human", ("source", "ai"): "machine",
    ("source", "model"): "machine", ("source", "computer"): "machine",
}  # fmt: skip
"""Other words for the choices of an attribute."""


def names() -> list[str]:
    """Every field's name, in the order in which people are told of them."""
    return list(HELP)


def canonical(name: str) -> str | None:
    """The field that a person means by a name in any case, singular or plural; None where there is none."""
    lowered = name.lower().replace("_", "-")
    for form in (lowered, lowered.removesuffix("s"), lowered.removesuffix("es")):
        known = ALIASES.get(form, form)
        if known in HELP:
            return known
    return None
