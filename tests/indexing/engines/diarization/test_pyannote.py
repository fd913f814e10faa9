"""pyannote's pipeline on local weights, with sockets that refuse."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.diarization import pyannote
from indexing.engines.diarization.contract import RATE
from tests.bench.conversations import READINGS, utterances

OFFLINE = """
import socket, sys
from pathlib import Path
import numpy, soundfile

def refuse(*arguments, **options):
    raise AssertionError(f"the network was asked for: {arguments}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from indexing.engines.diarization.pyannote import PyannoteDiarizer
sound, _ = soundfile.read(sys.argv[2], dtype="float32")
diarizer = PyannoteDiarizer(Path(sys.argv[1]), 1)
assert diarizer.diarize([]).turns == [] and diarizer.diarize([numpy.zeros(16000)]).turns == []
found = diarizer.diarize(numpy.array_split(sound, 3))
for number, voice in found.voices.items():
    assert voice.shape == (256,) and abs(numpy.linalg.norm(voice) - 1) < 1e-3
for turn in found.turns:
    print("turn", round(turn.start, 2), round(turn.end, 2), turn.speaker)
"""


@pytest.mark.models
def test_two_readers_are_two_speakers_without_the_network(tmp_path: Path) -> None:
    if not weights.available("wespeaker-resnet34"):
        pytest.skip(weights.shelf().reason("wespeaker-resnet34"))
    if not READINGS.is_dir():
        pytest.skip(f"The labelled recordings are not here: {READINGS}")
    one, other = (each[2].sound[: 6 * RATE] for each in list(utterances().values())[:2])
    sound = np.concatenate([one, np.zeros(RATE // 2, np.float32), other])
    soundfile.write(tmp_path / "talk.wav", sound, RATE)
    where = str(weights.path("wespeaker-resnet34")), str(tmp_path / "talk.wav")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OFFLINE, *where],
        capture_output=True, text=True, cwd=BASE_DIR, env=os.environ, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    turns = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("turn ")]
    before = {who for start, end, who in turns if float(end) < len(one) / RATE + 0.4}
    after = {who for start, end, who in turns if float(start) > len(one) / RATE}
    assert before
    assert after
    assert not before & after


def test_a_recording_beyond_its_memory_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pyannote, "LONGEST", 10)
    sound = (np.zeros(RATE, np.float32) for _ in range(11))
    with (
        (tmp_path / "sound").open("w+b") as file,
        pytest.raises(ValueError, match="DIARIZATION_ENGINE=onnx"),
    ):
        pyannote._on_disk(sound, file)
