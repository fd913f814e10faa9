"""Who spoke when with PyTorch: pyannote's pipeline on whisperX's segmentation and WeSpeaker's voices."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np

from indexing.engines import torchaudio_shim, torchvision_shim
from indexing.engines.diarization.contract import RATE, Diarization, Turn, numbered
from indexing.engines.speech import tidy

SHORTEST = 0.5  # seconds; less cannot be analysed
LONGEST = 4 * 3600  # seconds; the pipeline keeps all its windows in memory, about 100 MB for an hour
SETTINGS = {
    "segmentation": {"threshold": 0.5, "min_duration_off": 0.1},
    "clustering": {"method": "centroid", "min_cluster_size": 3, "threshold": 0.7},
}
STEP = 0.25  # of the segmentation's window


class PyannoteDiarizer:
    """The sound lies in a temporary file, the pipeline's windows in memory."""

    name = "pyannote"

    def __init__(self, voices: Path, threads: int = 1) -> None:
        self._torch, self._pipeline = _pipeline(voices)
        self._threads = threads

    def diarize(self, chunks: Iterable[np.ndarray]) -> Diarization:
        """See Diarizer. Raises ValueError for more than LONGEST seconds. pyannote tells no confidence."""
        with TemporaryFile() as file:
            sound = _on_disk(chunks, file)
            if len(sound) < SHORTEST * RATE:
                return Diarization([], {})
            self._torch.set_num_threads(self._threads)
            waveform = self._torch.from_numpy(sound[None])
            found = self._pipeline({"waveform": waveform, "sample_rate": RATE})
        return _diarization(found, len(sound) / RATE)


def _on_disk(chunks: Iterable[np.ndarray], file: IO[bytes]) -> np.ndarray:
    """The sound in a file, seen as an array that can be written to, as PyTorch wants it."""
    length = 0
    for chunk in chunks:
        length += len(chunk)
        if length > LONGEST * RATE:
            raise ValueError(
                f"pyannote diarizes at most {LONGEST // 3600} hours; set DIARIZATION_ENGINE=onnx for more."
            )
        file.write(tidy(chunk).tobytes())
    file.flush()
    return np.memmap(file, np.float32, "r+", shape=(length,)) if length else np.empty(0, np.float32)


def _diarization(found: Any, duration: float) -> Diarization:
    labels = {label: number for number, label in enumerate(found.speaker_diarization.labels())}
    turns = [
        Turn(span.start, min(span.end, duration), labels[label], None)
        for span, _, label in found.speaker_diarization.itertracks(yield_label=True)
    ]
    centres = [] if found.speaker_embeddings is None else found.speaker_embeddings
    lengths = [float(np.linalg.norm(centre)) for centre in centres]
    voices = {
        number: (centre / length).astype(np.float32)
        for number, (centre, length) in enumerate(zip(centres, lengths, strict=True))
        if np.isfinite(length) and length > 0
    }
    return numbered(turns, voices)


def _pipeline(voices: Path) -> tuple[Any, Any]:
    """PyTorch and the pipeline on local weights, with telemetry off before it can be read. No PLDA is loaded:
    agglomerative clustering does without, and there are no free weights of one."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    torchvision_shim.declare_operators()
    torchaudio_shim.install()
    import torch
    import whisperx
    from pyannote.audio import Model
    from pyannote.audio.core.plda import PLDA
    from pyannote.audio.pipelines.speaker_diarization import SpeakerDiarization

    segmentation = Model.from_pretrained(Path(whisperx.__file__).parent / "assets" / "pytorch_model.bin")
    if segmentation is None:
        raise RuntimeError("The segmentation that whisperX carries cannot be loaded.")
    pipeline = SpeakerDiarization(
        segmentation=segmentation,
        segmentation_step=STEP,
        segmentation_batch_size=8,
        embedding=str(voices),
        embedding_exclude_overlap=True,
        embedding_batch_size=8,
        plda=PLDA.__new__(PLDA),
        clustering="AgglomerativeClustering",
    )
    return torch, pipeline.instantiate(SETTINGS).to(_device(torch))


def _device(torch: Any) -> Any:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
