"""Diarization error, number of speakers, and words given to speakers.

Run: python -m tests.bench.bench_speakers [onnx | pyannote]

No collar, overlap counted (pyannote.metrics). `spliced` are conversations of about a minute made here from
readings, with pauses of 0.1 to 0.8 s and overlaps; the truth is each reading without the silence around it.
Settings were chosen on the first five readings of each reader; reported are conversations of the others.
`ami` are the 30 s excerpts of meetings; two of them were in view when the windows' distance was chosen.
Words are those of the readings, spread over the reading by their length.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import soundfile
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from dam.env import BASE_DIR
from indexing import speakers, weights
from indexing.engines.diarization.contract import Diarizer, Turn
from indexing.engines.diarization.onnx import OnnxDiarizer
from tests.bench.conversations import RATE, READINGS, Conversation, Said, converse, utterances

AMI = BASE_DIR.parent / "shared" / "media" / "diarization_ami"
SEEDS = range(100, 103)
SECONDS = 60.0
MODELS = "pyannote-segmentation-3", "wespeaker-resnet34"


class Word(NamedTuple):
    """A word with its seconds and who said it."""

    start: float
    end: float
    speaker: str


def spliced(number: int) -> list[Conversation]:
    """Conversations of that many speakers, of readings on which nothing was chosen."""
    unseen = {reader: readings[5:] for reader, readings in utterances().items()}
    return [converse(unseen, number, SECONDS, seed) for seed in SEEDS]


def meetings() -> list[Conversation]:
    """The excerpts of AMI that have a truth."""
    said: dict[str, list[Said]] = {}
    for table in sorted(AMI.glob("debug.*.rttm")):
        for row in map(str.split, table.read_text().splitlines()):
            said.setdefault(row[1], []).append(Said(float(row[3]), float(row[3]) + float(row[4]), row[7], ""))
    paths = [path for path in sorted(AMI.glob("*.wav")) if path.stem in said]
    return [Conversation(soundfile.read(path, dtype="float32")[0], said[path.stem]) for path in paths]


def annotation(turns: Sequence[Said] | Sequence[Turn]) -> Annotation:
    found = Annotation()
    for number, turn in enumerate(turns):
        found[Segment(turn.start, turn.end), number] = str(turn.speaker)
    return found


def words(said: Said) -> Iterator[Word]:
    """The words of a reading, each as long as its letters are many."""
    texts = said.transcript.split()
    a_letter = (said.end - said.start) / max(1, sum(map(len, texts)))
    start = said.start
    for text in texts:
        yield Word(start, start + len(text) * a_letter, said.speaker)
        start += len(text) * a_letter


def right_words(
    conversation: Conversation, turns: Sequence[Turn], mapping: dict[str, str]
) -> tuple[int, int]:
    """How many words are given to who said them, and how many words there are."""
    told = sorted(word for said in conversation.said for word in words(said))
    known = [speakers.Turn(turn.start, turn.end, turn.speaker) for turn in turns]
    found = speakers.assigned(told, known)
    right = (mapping.get(str(who)) == word.speaker for who, word in zip(found, told, strict=True))
    return sum(right), len(told)


def measure(name: str, conversations: Sequence[Conversation], diarizer: Diarizer) -> None:
    """Print the figures of a set. The baseline takes the whole recording for one speaker."""
    errors, alone = DiarizationErrorRate(collar=0.0), DiarizationErrorRate(collar=0.0)
    miscounted, right, told, busy, length = [], 0, 0, 0.0, 0.0
    parts = dict.fromkeys(("missed detection", "false alarm", "confusion", "total"), 0.0)
    for conversation in conversations:
        seconds = len(conversation.sound) / RATE
        begin = time.process_time()
        found = diarizer.diarize([conversation.sound]).turns
        busy, length = busy + time.process_time() - begin, length + seconds
        truth, guess, whole = (
            annotation(conversation.said),
            annotation(found),
            Timeline([Segment(0, seconds)]),
        )
        detailed = errors(truth, guess, uem=whole, detailed=True)
        parts = {key: parts[key] + detailed[key] for key in parts}
        alone(truth, annotation([Turn(0, seconds, 1)]), uem=whole)
        miscounted.append(len({turn.speaker for turn in found}) - len(truth.labels()))
        hits, all_words = right_words(conversation, found, errors.optimal_mapping(truth, guess))
        right, told = right + hits, told + all_words
    shares = ", ".join(f"{key} {parts[key] / parts['total']:.3f}" for key in list(parts)[:3])
    print(f"{name}: {len(conversations)} recordings, {length:.0f} s")
    print(f"  diarization error rate {abs(errors):.3f} ({shares}); one speaker for all {abs(alone):.3f}")
    print(
        f"  speakers too many or too few {miscounted}, mean {sum(map(abs, miscounted)) / len(miscounted):.2f}"
    )
    if told:
        print(f"  words given to who said them {right / told:.3f} of {told}")
    print(
        f"  processor time {busy / length:.3f} of the sound's; peak memory so far {_memory():.0f} MB",
        flush=True,
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _diarizer(engine: str) -> Diarizer:
    if engine == "onnx":
        return OnnxDiarizer(*map(weights.path, MODELS))
    from indexing.engines.diarization.pyannote import PyannoteDiarizer

    return PyannoteDiarizer(weights.path(MODELS[1]))


def main(engine: str = "onnx") -> None:
    missing = [weights.shelf().reason(name) for name in MODELS if not weights.available(name)]
    if missing or not READINGS.is_dir() or not AMI.is_dir():
        print("\n".join(missing) or f"The labelled recordings are not here: {READINGS}, {AMI}")
        return
    used = (weights.shelf().models[name] for name in MODELS)
    print(f"engine {engine}; " + "; ".join(f"{model.title} ({model.licence})" for model in used))
    diarizer = _diarizer(engine)
    measure("spliced, two speakers", spliced(2), diarizer)
    measure("spliced, three speakers", spliced(3), diarizer)
    measure("ami", meetings(), diarizer)


if __name__ == "__main__":
    main(*sys.argv[1:])
