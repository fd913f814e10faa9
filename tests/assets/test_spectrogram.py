"""The picture of sound: where pitches stand, how wide it is, and what has none."""

from pathlib import Path

import numpy as np
import pytest
import pyvips

from dam.assets.spectrogram import BANDS, COLUMNS, HIGHEST, LOWEST, _columns, _folded, write_spectrogram
from indexing.analysers.contract import MediaError
from tests import media_made


def row_of(hertz: float) -> float:
    """The row from the top in which a pitch stands."""
    return BANDS * (1 - np.log(hertz / LOWEST) / np.log(HIGHEST / LOWEST))


@pytest.mark.parametrize("hertz", [100.0, 1000.0, 6000.0])
def test_a_tone_is_a_line_at_its_pitch(tmp_path: Path, hertz: float) -> None:
    source = media_made.make_audio(tmp_path / "a.wav", tone=hertz)
    size = write_spectrogram(source, None, tmp_path / "a.webp")
    picture = pyvips.Image.new_from_file(str(tmp_path / "a.webp")).numpy()
    assert size == (picture.shape[1], BANDS)
    assert picture.sum(2).mean(1).argmax() == pytest.approx(row_of(hertz), abs=3)


def test_a_long_recording_is_no_wider_and_keeps_its_proportions() -> None:
    rate, seconds = 22_050, 400
    loud = np.sin(np.arange(rate * 10, dtype=np.float32) * 0.3)
    chunks = [loud * (1.0 if start < seconds // 2 else 0.01) for start in range(0, seconds, 10)]
    power = _folded(_columns(chunks)).sum(1)
    assert COLUMNS // 2 < len(power) <= COLUMNS
    assert np.flatnonzero(power < power.max() / 2)[0] == pytest.approx(len(power) / 2, abs=2)


def test_a_moment_is_one_column_and_nothing_is_none() -> None:
    moment = [np.full(300, 0.1, np.float32)]
    assert _folded(_columns(moment)).shape == (1, BANDS)
    assert _folded(_columns([])).shape == (0, BANDS)


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF....WAVEnothing")
    with pytest.raises(MediaError):
        write_spectrogram(tmp_path / "a.wav", None, tmp_path / "a.webp")
