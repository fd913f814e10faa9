"""The registry of kinds: what a fact may be about, in the field's standard terms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of fact. `reason` is the verb a search result shows; None keeps the kind out of full text."""

    name: str
    label: str
    reason: str | None = None


_KINDS: dict[str, Kind] = {}


def register(name: str, label: str, reason: str | None = None) -> Kind:
    """Add a kind, once. Raises ValueError where the name is taken by another."""
    kind = Kind(name, label, reason)
    if _KINDS.setdefault(name, kind) != kind:
        raise ValueError(f"The kind {name!r} is already registered as {_KINDS[name]}.")
    return kind


def get(name: str) -> Kind:
    """The kind of that name. Raises KeyError where nobody registered it."""
    return _KINDS[name]


def searchable() -> list[str]:
    """Names of the kinds whose text belongs in the full-text index."""
    return [kind.name for kind in _KINDS.values() if kind.reason]


for _name, _label, _reason in (
    ("title", "Title", "titled"),
    ("description", "Description", "described"),
    ("caption", "Caption", "described"),
    ("keyword", "Keyword", "tagged"),
    ("creator", "Creator", "created by"),
    ("credit", "Credit line", "credited"),
    ("rights", "Rights", "rights"),
    ("place", "Place", "taken at"),
    ("date", "Date", "dated"),
    ("note", "Note", "noted"),
    ("person", "Person", "shows"),
    ("object", "Object", "seen"),
    ("action", "Action", "looks like"),
    ("scene", "Scene", "looks like"),
    ("event", "Event", "looks like"),
    ("weather", "Weather", "looks like"),
    ("daytime", "Time of day", "looks like"),
    ("landmark", "Landmark", "looks like"),
    ("context", "Context", "looks like"),
    ("form", "Form", "is a"),
    ("colour", "Colour", "coloured"),
    ("text", "On-screen text", "written"),
    ("chapter", "Chapter", "chapter"),
    ("speech", "Speech", "said"),
    ("translation", "Translation", "translated"),
    ("narration", "Audio description", "described"),
    ("speaker", "Speaker", "speaks"),
    ("mention", "Watched word", "mentions"),
    ("sound", "Sound", "heard"),
    ("genre", "Genre", "sounds like"),
    ("mood", "Mood", "sounds like"),
    ("instrument", "Instrument", "played on"),
    ("vocals", "Voice or instrumental", "sounds like"),
    ("condition", "Audio condition", "has"),
    ("metadata", "Embedded metadata", None),
    ("position", "Position", None),
    ("shot", "Shot", None),
    ("word", "Word", None),
    ("face", "Face", None),
    ("alt", "Alternative text", None),
    ("credits", "Credits", None),
    ("quality", "Quality", None),
    ("sensitive", "Sensitive content", None),
    ("provenance", "Origin", None),
    ("turn", "Diarization turn", None),
    ("voice", "Voice", None),
    ("tempo", "Tempo", None),
    ("key", "Key", "in the key of"),
    ("loudness", "Loudness", None),
    ("danceability", "Danceability", None),
    ("energy", "Energy", None),
    ("section", "Section", None),
    ("beat", "Beat", None),
    ("highlight", "Highlight", None),
):
    register(_name, _label, _reason)
