"""Media made on the spot: a tune, a test card, a grey ramp, and films out of photographs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile
from PIL import Image, ImageDraw, ImageFont

from dam.sample.manifest import Made

RATE = 44100
BEAT = 0.5  # seconds
CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))  # A minor, F, C, G, as MIDI notes
MELODY = (76, 74, 72, 69, 72, 74, 72, 69, 67, 72, 76, 79, 74, 71, 74, 79)
DAMPING = 0.996
BARS = ((191,) * 3, (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191))
FRAME = (640, 360)
FRAMES_A_SECOND = 25
FFMPEG_SECONDS = 120


def pluck(note: int, seconds: float, generator: np.random.Generator) -> np.ndarray:
    """A plucked string: float32 in -1..1. `note` is a MIDI number.

    Karplus, Strong: Digital Synthesis of Plucked-String and Drum Timbres, Computer Music Journal 7 (1983).
    """
    period = round(RATE / (440 * 2 ** ((note - 69) / 12)))
    string = generator.uniform(-1, 1, period)
    turns = []
    for _ in range(int(seconds * RATE) // period + 1):
        turns.append(string)
        string = DAMPING * (string + np.roll(string, 1)) / 2
    return np.concatenate(turns)[: int(seconds * RATE)].astype(np.float32)


def tune(made: Made, folder: Path) -> None:
    """Write four bars of four beats as FLAC: a chord on each bar, a note of the melody on each beat."""
    generator = np.random.default_rng(1)
    sound = np.zeros(int((len(MELODY) + 4) * BEAT * RATE), np.float32)
    for beat, note in enumerate(MELODY):
        _add(sound, beat, pluck(note, 2 * BEAT, generator))
    for bar, chord in enumerate(CHORDS):
        for note in chord:
            _add(sound, 4 * bar, pluck(note - 12, 6 * BEAT, generator) * 0.6)
    soundfile.write(folder / made.name, sound / np.abs(sound).max() * 0.8, RATE, format="FLAC")


def _add(sound: np.ndarray, beat: int, note: np.ndarray) -> None:
    start = int(beat * BEAT * RATE)
    part = sound[start : start + len(note)]
    part += note[: len(part)]


def test_card(made: Made, folder: Path) -> None:
    """Write colour bars of 75 per cent, a grey scale and a line of text as PNG."""
    card = Image.new("RGB", (1280, 720))
    draw = ImageDraw.Draw(card)
    for index, colour in enumerate(BARS):
        draw.rectangle((index * 1280 // 7, 0, (index + 1) * 1280 // 7, 480), fill=colour)
    for step in range(11):
        draw.rectangle((step * 1280 // 11, 480, (step + 1) * 1280 // 11, 580), fill=(step * 255 // 10,) * 3)
    draw.text((640, 650), "Mediatheque test card", anchor="mm", font=ImageFont.load_default(72), fill="white")
    card.save(folder / made.name, "PNG")


def grey_ramp(made: Made, folder: Path) -> None:
    """Write a horizontal ramp from black to white as a TIFF of 16 bits a sample."""
    ramp = np.tile(np.linspace(0, 65535, 1024).astype(np.uint16), (256, 1))
    Image.fromarray(ramp).save(folder / made.name, "TIFF")


def film(made: Made, folder: Path) -> None:
    """Write an MP4 that shows the pictures in hard cuts, slowly drawing near, for as long as the sound is."""
    frames = round(soundfile.info(folder / made.sound).duration * FRAMES_A_SECOND / len(made.pictures))
    pictures = [word for name in made.pictures for word in ("-i", str(folder / name))]
    shots = ";".join(f"[{number}:v]{_shot(frames)}[s{number}]" for number in range(len(made.pictures)))
    joined = "".join(f"[s{number}]" for number in range(len(made.pictures)))
    graph = f"{shots};{joined}concat=n={len(made.pictures)},format=yuv420p[v]"
    video = ["-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"]
    sound = ["-map", f"{len(made.pictures)}:a", "-c:a", "aac", "-b:a", "128k", "-ac", "2"]
    inputs = [*pictures, "-i", str(folder / made.sound)]
    _ffmpeg(*inputs, "-filter_complex", graph, *video, *sound, path=folder / made.name)


def _shot(frames: int) -> str:
    width, height = FRAME
    size = f"{2 * width}:{2 * height}"
    fill = f"scale={size}:force_original_aspect_ratio=increase,crop={size},setsar=1"
    zoom = f"zoompan=z='1+0.15*on/{frames}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
    return f"{fill},{zoom}:d={frames}:s={width}x{height}:fps={FRAMES_A_SECOND}"


def _ffmpeg(*words: str, path: Path) -> None:
    start = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-threads", "2"]
    exact = ["-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart", "-shortest"]
    subprocess.run([*start, *words, *exact, str(path)], check=True, timeout=FFMPEG_SECONDS)


MAKERS: dict[str, Callable[[Made, Path], None]] = {
    "tune": tune,
    "test_card": test_card,
    "grey_ramp": grey_ramp,
    "film": film,
}


def make(made: Made, folder: Path) -> None:
    """Make one file in the folder that holds its parts; it appears whole or not at all."""
    aside = Path(f".making-{made.name}")
    try:
        MAKERS[made.maker](Made(**{**vars(made), "name": str(aside)}), folder)
        (folder / aside).replace(folder / made.name)
    finally:
        (folder / aside).unlink(missing_ok=True)
