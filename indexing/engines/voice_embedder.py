"""Voices as vectors: WeSpeaker's ResNet34, trained on VoxCeleb, from 80 mel bands of speech."""

from __future__ import annotations

from pathlib import Path

import kaldi_native_fbank
import numpy as np

from indexing.engines.onnx import session

SPACE = "wespeaker"
DIMENSIONS = 256
RATE = 16_000  # samples a second
BANDS = 80
SHIFT = 0.01  # seconds from one frame of features to the next
SHORTEST = 0.3  # seconds; the network halves time three times and needs frames left to take a spread of
FULL_SCALE = 32_768  # the network was trained on samples of 16 bits


class VoiceEmbedder:
    """Turns speech of one person into a unit vector; the cosine of two tells how alike the voices are."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session = session(path, threads)
        self._input = self._session.get_inputs()[0].name

    def embed(self, samples: np.ndarray) -> np.ndarray:
        """The voice in mono float32 samples of shape (n,) in -1..1 at 16 kHz: float32 of shape (256,), unit
        length. Raises ValueError for less than SHORTEST seconds."""
        return self.embed_features(features(samples))

    def embed_features(self, frames: np.ndarray) -> np.ndarray:
        """The voice in frames of `features`, in any selection: those in which only this person speaks."""
        if len(frames) < SHORTEST / SHIFT - 2:
            raise ValueError(f"A voice needs at least {SHORTEST} seconds of speech.")
        level = frames - frames.mean(0)
        vector: np.ndarray = self._session.run(None, {self._input: level[None]})[0][0]
        return vector / max(float(np.linalg.norm(vector)), 1e-9)


def features(samples: np.ndarray) -> np.ndarray:
    """Log mel energies, float32 of shape (frames, 80): 25 ms every 10 ms, Hamming window, without dither.

    These are the settings WeSpeaker was trained with (wespeaker/bin/infer_onnx.py).
    """
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.window_type = "hamming"
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = BANDS
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(RATE, np.asarray(samples, np.float32) * FULL_SCALE)
    bank.input_finished()
    frames = [bank.get_frame(number) for number in range(bank.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, BANDS), np.float32)
