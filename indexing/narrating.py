"""The spoken audio description of a film: its narrations read aloud, each at its time, as one sound track."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

from dam.assets.models import Asset
from dam.assets.quarantine import workspace
from dam.locks import advisory_lock
from indexing import weights
from indexing.analysers.contract import MediaError
from indexing.analysers.translation import primary
from indexing.decoding import ffmpeg
from indexing.engines.voice_synthesis import LONGEST, WORD, Utterance, VoiceError, speak
from indexing.models import Annotation
from indexing.on_demand import Progress, keep, tell

RENDITION = "narration"
LOCK = "narration"
AT_ONCE = 25  # texts given to the voice in one go
HASTE = 1.25  # times as fast as the voice speaks, at most, where a text does not fit
SILENCE = 1 << 20  # samples written at a time
ENCODE = ["-c:a", "aac", "-b:a", "64k", "-ac", "1", "-map_metadata", "-1", "-movflags", "+faststart"]

Spoken = list[tuple[Annotation, Utterance]]


class Unspeakable(Exception):  # noqa: N818
    """No description can be spoken; the message says why, and how to mend it, to a person."""


def narrations(asset: Asset) -> list[Annotation]:
    """What is to be said, in order: the accepted descriptions, or while none is, all that were proposed."""
    facts = asset.annotations.filter(kind="narration", start__isnull=False).order_by("start", "pk")
    holding = list(facts.filter(status__in=("proposed", "accepted")))
    return [fact for fact in holding if fact.status == "accepted"] or holding


def voice_for(facts: Sequence[Annotation]) -> str:
    """The name of the voice for the language of these descriptions. Raises Unspeakable without one."""
    language = primary(facts[0].language or "en") if facts else ""
    if not facts:
        raise Unspeakable("There are no descriptions to speak.")
    names = [name for name, model in weights.shelf().models.items() if model.use == f"voice-{language}"]
    here = [name for name in names if weights.available(name)]
    if here:
        return here[0]
    raise Unspeakable(weights.shelf().reason(names[0]) if names else f"There is no voice for {language!r}.")


def speak_narrations(asset_id: int) -> None:
    """Make the rendition "narration" of a film anew, unless another worker is at it. Tells its progress."""
    with advisory_lock(LOCK, asset_id) as ours:
        asset = Asset.objects.filter(pk=asset_id, kind="video").first() if ours else None
        if asset is None:
            return
        try:
            count, left_out = _make(asset)
        except (Unspeakable, VoiceError, MediaError) as problem:
            tell(asset_id, RENDITION, Progress("failed", message=str(problem)))
            return
        said = f"{left_out} were left out: too long for their pauses, or in another language."
        tell(asset_id, RENDITION, Progress("done", count, count + left_out, said if left_out else ""))


def _make(asset: Asset) -> tuple[int, int]:
    """How many descriptions were spoken, and how many did not fit."""
    facts = narrations(asset)
    name = voice_for(facts)
    voice = weights.path(name)
    spoken = fitting(_spoken(asset.pk, facts, voice), voice)
    if not spoken:
        raise Unspeakable("No description fits into its pause, even spoken faster. Shorten them.")
    with workspace(f"narration-{asset.pk}") as folder:
        write_track(spoken, asset.duration or 0.0, folder / "track.wav")
        target = folder / "narration.m4a"
        ffmpeg.convert(folder / "track.wav", [], [*ENCODE, f"file:{target}"], asset.duration)
        details = {"voice": name, "facts": [fact.pk for fact, _ in spoken]}
        keep(asset, RENDITION, target, "audio/mp4", details)
    return len(spoken), len(facts) - len(spoken)


def _spoken(asset_id: int, facts: Sequence[Annotation], voice: Path) -> Spoken:
    """The descriptions as the voice speaks them, a few at a time, without those that hold no word."""
    own = [fact for fact in facts if primary(fact.language) == primary(facts[0].language)]
    able = [fact for fact in own if WORD.search(fact.text) and len(fact.text) <= LONGEST]
    spoken: Spoken = []
    for first in range(0, len(able), AT_ONCE):
        tell(asset_id, RENDITION, Progress("making", first, len(facts)))
        some = able[first : first + AT_ONCE]
        spoken += zip(some, speak([fact.text for fact in some], voice), strict=True)
    return spoken


def fitting(spoken: Spoken, voice: Path) -> Spoken:
    """Those that end before their pause and before the next one begins; the longer ones are tried faster."""
    rooms = {fact.pk: room for (fact, _), room in zip(spoken, _rooms(spoken), strict=True)}
    long = [fact for fact, said in spoken if rooms[fact.pk] < said.seconds <= HASTE * rooms[fact.pk]]
    again = speak([fact.text for fact in long], voice, HASTE)
    faster = {fact.pk: said for fact, said in zip(long, again, strict=True)}
    tried = [(fact, faster.get(fact.pk, said)) for fact, said in spoken]
    return [(fact, said) for fact, said in tried if said.seconds <= rooms[fact.pk]]


def _rooms(spoken: Spoken) -> Iterator[float]:
    """The seconds that each description may last."""
    starts = [fact.start or 0.0 for fact, _ in spoken]
    for (fact, _), start, following in zip(spoken, starts, [*starts[1:], float("inf")], strict=True):
        pause = fact.details.get("pause")
        free = pause[1] if isinstance(pause, list) and len(pause) == 2 else fact.end
        yield min(free if free is not None else float("inf"), following) - start


def write_track(spoken: Spoken, duration: float, target: Path) -> None:
    """Write the descriptions, in order and apart, as a mono WAV of that many seconds; silence between."""
    rate = spoken[0][1].rate
    with wave.open(str(target), "wb") as track:
        track.setparams((1, 2, rate, 0, "NONE", "not compressed"))
        for fact, said in spoken:
            _silence(track, round((fact.start or 0.0) * rate))
            track.writeframes(said.samples.tobytes())
        _silence(track, round(duration * rate))


def _silence(track: wave.Wave_write, until: int) -> None:
    missing = until - track.tell()
    while missing > 0:
        some = min(missing, SILENCE)
        track.writeframesraw(bytes(2 * some))
        missing -= some
