"""The facts of one asset as its page shows them: boxes, shots, transcript, and groups with provenance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dam.assets.lanes import Lane, lanes
from dam.assets.models import Asset
from dam.export import transcript
from dam.people.speakers import names_of
from indexing import kinds
from indexing.models import Annotation

SHOWN_ELSEWHERE = {"word", "shot", "speech", "metadata", "chapter", "sensitive"}
SHOWN_ELSEWHERE |= {"turn", "voice", "translation", "narration", "highlight"}
CHIPS = {"object", "keyword", "action", "scene", "event", "weather", "daytime", "landmark", "context"}
CHIPS |= {"form", "colour", "person", "place", "face", "speaker", "mention", "sound", "condition"}
CHIPS |= {"genre", "mood", "instrument", "vocals", "section", "tempo", "key", "loudness"}
PLACES_SHOWN = 24
REJECTED_SHOWN = 50


@dataclass(frozen=True)
class Segment:
    """One stretch of speech, and its words where their times are known."""

    fact: Annotation
    words: Sequence[Annotation] = ()


@dataclass
class Entry:
    """One value of a kind, and every fact that says so, best first."""

    text: str
    facts: list[Annotation] = field(default_factory=list)

    @property
    def best(self) -> Annotation:
        return self.facts[0]

    @property
    def places(self) -> list[Annotation]:
        """The facts that name a second or a region, in order of time, at most PLACES_SHOWN of them."""
        placed = [fact for fact in self.facts if fact.start is not None or fact.x is not None]
        return sorted(placed, key=lambda fact: fact.start or 0)[:PLACES_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.facts) - PLACES_SHOWN)


@dataclass(frozen=True)
class Group:
    """All values of one kind."""

    kind: kinds.Kind
    entries: list[Entry]

    @property
    def chips(self) -> bool:
        """Whether its values are words to be set side by side, not sentences."""
        return self.kind.name in CHIPS


@dataclass(frozen=True)
class AssetFacts:
    """What is known about an asset, ordered for reading. `found` names the kinds of fact that there are,
    `translations` the languages into which its speech was translated."""

    groups: list[Group]
    boxes: list[Annotation]
    shots: list[Annotation]
    transcript: list[Segment]
    metadata: list[Annotation]
    lanes: list[Lane]
    found: frozenset[str]
    translations: list[str]
    rejected: list[Annotation]
    alt: str

    @property
    def has_faces(self) -> bool:
        """Whether there is a face to be named."""
        return any(box.kind == "face" for box in self.boxes)

    @property
    def box_kinds(self) -> list[kinds.Kind]:
        """The kinds of which there are boxes, to be shown or hidden one by one."""
        return [_kind(name) for name in dict.fromkeys(box.kind for box in self.boxes)]


def asset_facts(asset: Asset) -> AssetFacts:
    """The facts that still hold, and those that people rejected. Five queries at most."""
    holding = asset.annotations.filter(status__in=["proposed", "accepted"])
    facts = list(
        holding.exclude(kind="word").select_related("run", "author", "reviewer").order_by("start", "pk")
    )
    words = holding.filter(kind="word", parent__kind="speech").order_by("start", "pk")
    by_kind: dict[str, list[Annotation]] = defaultdict(list)
    for fact in facts:
        by_kind[fact.kind].append(fact)
    return AssetFacts(
        groups=_groups(by_kind),
        boxes=[fact for fact in facts if fact.x is not None],
        shots=by_kind["shot"],
        transcript=_transcript(transcript.holding(by_kind["speech"]), words),
        metadata=by_kind["metadata"],
        lanes=lanes(by_kind, _speakers(asset)) if asset.duration else [],
        translations=sorted({fact.language for fact in by_kind["translation"] if fact.language}),
        found=frozenset(name for name, facts in by_kind.items() if facts),
        rejected=_rejected(asset),
        alt=_alt(by_kind["alt"]) or str(asset),
    )


def _speakers(asset: Asset) -> dict[int, str]:
    """What the asset's speakers are called; with a question mark where a machine proposes it."""
    named = names_of(asset).items()
    return {number: name.text if name.probability is None else f"{name.text}?" for number, name in named}


def _alt(facts: Iterable[Annotation]) -> str:
    """The text that stands for the picture: an accepted one before a proposed one, the surest first."""
    ordered = sorted(facts, key=lambda fact: (fact.status == "accepted", fact.confidence or 0.0))
    return ordered[-1].text if ordered else ""


def _rejected(asset: Asset) -> list[Annotation]:
    """What people turned down, the latest first."""
    rows = asset.annotations.filter(status="rejected", parent=None).select_related("run")
    return list(rows.order_by("-reviewed_at", "-pk")[:REJECTED_SHOWN])


def _groups(by_kind: dict[str, list[Annotation]]) -> list[Group]:
    """Kinds that people search for first, in the registry's order; then the others."""
    order = [*kinds.searchable(), *sorted(set(by_kind) - set(kinds.searchable()))]
    shown = [name for name in order if name not in SHOWN_ELSEWHERE and by_kind.get(name)]
    return [Group(_kind(name), _entries(by_kind[name])) for name in shown]


def _kind(name: str) -> kinds.Kind:
    """The registered kind, or a plain one for facts of an analyser that is no longer installed."""
    try:
        return kinds.get(name)
    except KeyError:
        return kinds.Kind(name, name.capitalize())


def _entries(facts: Iterable[Annotation]) -> list[Entry]:
    entries: dict[str, Entry] = {}
    for fact in sorted(facts, key=lambda each: -(each.confidence or 0)):
        entries.setdefault(fact.text, Entry(fact.text)).facts.append(fact)
    return sorted(entries.values(), key=lambda entry: -len(entry.facts))


def _transcript(speech: list[Annotation], words: Iterable[Annotation]) -> list[Segment]:
    spoken: dict[int | None, list[Annotation]] = defaultdict(list)
    for word in words:
        spoken[word.parent_id].append(word)
    return [Segment(fact, spoken[fact.pk]) for fact in speech]
