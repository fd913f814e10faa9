"""Each damage is found where it was done and nowhere else, in recordings made on the spot."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy import signal

from indexing.analysers import registry
from indexing.analysers.condition import Condition, examined
from indexing.analysers.contract import Context, Finding
from indexing.engines.audio_condition.fault import Fault
from indexing.media import open_media
from tests.indexing.analysers.made_sound import MadeSound, babble, hum

RATE = 16000
VOICE = babble(12)
OTHER = babble(12, seed=3)


def faults(samples: np.ndarray, rate: int = RATE, seconds: float = 10.0) -> dict[str, Fault]:
    """The faults by their terms, without the noise floor, which is told of every recording."""
    channels = np.atleast_2d(samples).astype(np.float32)
    size = round(rate * seconds)
    blocks = (channels[:, first : first + size] for first in range(0, channels.shape[1], size))
    return {fault.term: fault for fault in examined(blocks, rate) if fault.term != "noise floor"}


def findings(samples: np.ndarray | None, rate: int = RATE) -> list[Finding]:
    media = MadeSound(samples, rate)
    return list(Condition().analyse(media, Context(lambda name: Path(name))))  # type: ignore[arg-type]


def test_a_sound_recording_has_no_fault() -> None:
    assert faults(VOICE) == {}
    assert faults(np.stack([VOICE, OTHER])) == {}


@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_clipping_is_found_where_it_is_at_any_level(gain: float) -> None:
    damaged = VOICE.copy()
    damaged[: 4 * RATE] = np.clip(damaged[: 4 * RATE], -0.05, 0.05)
    found = faults(damaged * gain)["clipping"]
    assert found.start == 0
    assert 3 <= (found.end or 0) <= 4.5
    assert (found.number or 0) > 20
    assert found.details["level_dbfs"] == pytest.approx(20 * np.log10(0.05 * gain), abs=0.2)


def test_low_tones_and_quiet_noise_are_not_clipped() -> None:
    at = np.arange(6 * RATE) / RATE
    low = np.round(np.sin(2 * np.pi * 30 * at) * 32767) / 32768
    assert "clipping" not in faults(low)
    assert "clipping" not in faults(np.round(VOICE * 300) / 32768)


@pytest.mark.parametrize("pitch", [50.0, 50.3, 60.0])
def test_mains_hum_is_found_with_its_pitch_and_harmonics(pitch: float) -> None:
    found = faults(VOICE + hum(pitch, 0.002))
    term = f"mains hum {round(pitch / 10) * 10} Hz"
    assert found[term].number == pytest.approx(pitch, abs=0.1)
    assert 1 in found[term].details["harmonics"]
    assert "wrong speed suspected" not in found


@pytest.mark.parametrize(("pitch", "percent"), [(47.6, -4.8), (52.1, 4.2), (62.4, 4.0)])
def test_hum_of_another_pitch_makes_the_speed_suspect(pitch: float, percent: float) -> None:
    found = faults(VOICE + hum(pitch, 0.006))
    assert found["wrong speed suspected"].number == pytest.approx(percent, abs=0.3)
    assert set(found["wrong speed suspected"].details["percent_if_mains_hz"]) == {"50", "60"}
    assert not any(term.startswith("mains") for term in found)


def test_a_bass_line_is_no_hum() -> None:
    at = np.arange(12 * RATE) / RATE
    notes = np.array([49.0, 55.0, 61.7, 51.9])[(at * 2).astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(notes) / RATE
    found = faults(VOICE + 0.05 * sum(np.sin(n * phase) / n for n in (1, 2, 3)))
    assert not any("hum" in term or "speed" in term for term in found)


def test_hiss_is_found_with_its_level() -> None:
    noise = np.random.default_rng(1).normal(0, 0.003, len(VOICE))
    found = faults(VOICE + noise)["hiss"]
    expected = 10 * np.log10(0.003**2 * (0.9 * 8000 - 3000) / 8000)
    assert found.number == pytest.approx(expected, abs=2)


def test_the_noise_floor_is_the_level_of_the_pauses() -> None:
    noise = np.random.default_rng(1).normal(0, 0.001, len(VOICE)).astype(np.float32)
    (floor,) = [
        fault for fault in examined(iter([(VOICE + noise)[None]]), RATE) if fault.term == "noise floor"
    ]
    assert floor.number == pytest.approx(-60, abs=1.5)


@pytest.mark.parametrize("milliseconds", [5, 20, 60])
def test_dropouts_are_found_where_they_are(milliseconds: int) -> None:
    damaged = VOICE.copy()
    starts = [second * RATE + RATE // 24 for second in (1, 2, 5)]
    for start in starts:
        damaged[start : start + milliseconds * RATE // 1000] = 0
    for seconds in (10.0, 0.37):
        spans = [
            (fault.start or 0, fault.number or 0)
            for fault in examined(
                (damaged[None, first : first + round(seconds * RATE)]
                 for first in range(0, len(damaged), round(seconds * RATE))), RATE)
            if fault.term == "dropout"
        ]  # fmt: skip
        assert [start for start, _ in spans] == pytest.approx([start / RATE for start in starts], abs=0.005)
        assert all(abs(number - milliseconds) <= 4 for _, number in spans)


def test_pauses_and_silence_at_both_ends_are_no_dropouts() -> None:
    padded = np.concatenate([np.zeros(RATE), VOICE, np.zeros(RATE)])
    assert "dropout" not in faults(padded)


def test_one_channel_twice_one_inverted_and_one_silent() -> None:
    assert faults(np.stack([VOICE, VOICE]))["duplicated channels"].number == pytest.approx(1, abs=1e-3)
    assert faults(np.stack([VOICE, -0.8 * VOICE]))["inverted polarity"].number == pytest.approx(-1, abs=1e-3)
    assert faults(np.stack([VOICE, 0 * VOICE]))["silent channel"].details == {"channels": [2]}


def test_eight_channels_name_those_that_are_the_same() -> None:
    channels = np.stack([babble(3, seed=seed) for seed in range(8)])
    channels[5] = channels[2]
    assert faults(channels)["duplicated channels"].details == {"pairs": [[3, 6]]}


def test_a_direct_voltage_is_told_in_percent() -> None:
    found = faults(np.stack([VOICE, OTHER + 0.02]))
    assert found["DC offset"].number == pytest.approx(2, abs=0.05)
    assert found["DC offset"].details == {"channels": [2]}


def test_a_telephone_recording_and_an_upsampled_one_are_recognised() -> None:
    noise = np.random.default_rng(2).normal(0, 0.01, len(VOICE))
    low = signal.sosfilt(signal.ellip(10, 0.5, 60, 3400, fs=RATE, output="sos"), VOICE + noise)
    assert faults(low)["telephone bandwidth"].number == pytest.approx(3500, abs=200)
    doubled = signal.resample_poly(VOICE + noise, 3, 1)
    assert faults(doubled, 48000)["nothing above 8 kHz"].number == pytest.approx(8000, abs=300)


def test_digital_silence_says_so_and_nothing_else() -> None:
    assert [(each.text, each.number) for each in findings(np.zeros((2, 5 * RATE)))] == [("no signal", -100.0)]


@pytest.mark.parametrize(
    "samples", [None, np.zeros((1, 0)), np.zeros((8, 0))], ids=["none", "empty", "eight"]
)
def test_no_sound_no_findings(samples: np.ndarray | None) -> None:
    assert findings(samples) == []


@pytest.mark.parametrize("length", [1, 2, 50, 700, 9000])
@pytest.mark.parametrize("rate", [1, 100, 2000, 8000, 192_000])
def test_very_short_recordings_and_odd_rates_are_borne(length: int, rate: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (2, length)).astype(np.float32)
    blocks = itertools.chain([noise[:, : length // 2]], [noise[:, length // 2 :]])
    if rate >= 2000:
        assert all(np.isfinite(fault.number or 0) for fault in examined(blocks, rate))
    else:
        assert findings_at_least(noise, rate)


def findings_at_least(noise: np.ndarray, rate: int) -> bool:
    """A rate below what is read is asked for at the lowest one."""
    media = MadeSound(noise, 2000)
    media.sound = lambda: type(MadeSound(noise, rate).sound())(rate, 2)  # type: ignore[method-assign,misc,assignment]
    list(Condition().analyse(media, Context(lambda name: Path(name))))  # type: ignore[arg-type]
    return True


def test_samples_that_are_no_numbers_are_counted_and_harm_nothing() -> None:
    damaged = np.stack([VOICE, OTHER])
    damaged[0, 1000:1010] = np.nan
    damaged[1, 5] = np.inf
    found = faults(damaged)
    assert found["invalid samples"].number == 11
    assert set(found) <= {"invalid samples", "dropout"}


def test_a_long_recording_of_many_channels_at_192_khz_stays_small() -> None:
    """Twice the length costs hardly more: what is kept are sums and one number a frame."""
    block = np.random.default_rng(1).normal(0, 0.1, (2, 192_000)).astype(np.float32)

    def peak(seconds: int) -> int:
        def blocks() -> Iterator[np.ndarray]:
            for _ in range(seconds):
                yield block

        tracemalloc.start()
        examined(blocks(), 192_000)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    short, long = peak(3), peak(6)
    assert long < 1.1 * short
    assert long < 250e6


def test_a_file_is_read_as_it_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "tape.wav"
    damaged = np.stack([np.clip(VOICE, -0.05, 0.05), 0 * VOICE], axis=1)
    soundfile.write(path, damaged, RATE, subtype="PCM_16")
    told = list(Condition().analyse(open_media("audio", path, 12.0), Context(lambda name: Path(name))))
    by_term = {each.text: each for each in told}
    assert {"clipping", "silent channel"} <= set(by_term)
    assert by_term["clipping"].kind == "condition"
    assert by_term["clipping"].details["unit"] == "plateaus"
    assert by_term["silent channel"].place.start is None


def test_the_analyser_is_registered() -> None:
    assert registry.BUILT_IN["condition"] == f"{Condition.__module__}:{Condition.__name__}"
