"""A small library with real files, renditions, facts, jobs and a search index, for browsers to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.core.files import File
from PIL import Image, ImageFilter

from dam.assets.models import Asset, IngestItem, IngestJob, Rendition
from dam.assets.renditions import MadeRendition, make_renditions
from dam.assets.sniff import Sniffed, sniff
from dam.assets.technical import Technical, probe
from dam.collections.models import Collection, CollectionItem, Library
from indexing.models import Annotation
from search import documents
from tests.factories import make_asset, make_fact
from tests.media_made import make_audio, run_ffmpeg

SENTENCES = (
    "the lighthouse keeper waved to the boats",
    "then the evening ferry left the harbour",
    "and the gulls followed it out to sea",
)
SECONDS_EACH = 4.0


@dataclass(frozen=True)
class Made:
    """One file, what the system knows of it, and its renditions."""

    path: Path
    sniffed: Sniffed
    technical: Technical
    renditions: Sequence[MadeRendition]


@dataclass(frozen=True)
class Media:
    film: Made
    recording: Made
    photographs: Sequence[Made]


@dataclass(frozen=True)
class Showcase:
    library: Library
    film: Asset
    recording: Asset
    photographs: Sequence[Asset]
    collection: Collection
    job: IngestJob


def make_media(folder: Path) -> Media:
    """Make the files and their renditions below the folder."""
    sizes = [(960, 640), (640, 960), (1200, 500), (800, 800), (960, 640), (900, 700)]
    photographs = [
        landscape(folder / f"photograph {number}.jpg", *size, seed=number)
        for number, size in enumerate(sizes)
    ]
    return Media(
        film=prepared(make_film(folder / "ferry at dusk.mp4"), folder),
        recording=prepared(make_audio(folder / "keeper.wav", 12, title="The keeper"), folder),
        photographs=[prepared(path, folder) for path in photographs],
    )


def landscape(path: Path, width: int, height: int, seed: int) -> Path:
    """A painted view of hills under a sky, different for every seed."""
    random = np.random.default_rng(seed)
    sky, ground = random.integers(90, 235, (2, 3)), random.integers(20, 110, 3)
    down = np.linspace(0, 1, height)[:, None, None]
    pixels = (sky[0] * (1 - down) + sky[1] * down) * np.ones((height, width, 1))
    along = np.linspace(0, 2 * np.pi, width)
    for layer in range(4):
        waves = np.sin(along * (layer + 1.3) + random.uniform(0, 6)) * 0.06
        horizon = (0.45 + 0.13 * layer + waves + 0.02 * np.sin(along * 9 + layer)) * height
        below = np.arange(height)[:, None] > horizon[None, :]
        pixels[below] = ground * (1 - layer / 5) + sky[1] * (0.5 - layer / 8)
    picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    picture.save(path, quality=90)
    return path


def make_film(path: Path) -> Path:
    """Three moving shots of SECONDS_EACH, with a tone whose loudness rises and falls."""
    shots = [
        f"gradients=s=640x360:r=12:d={SECONDS_EACH}:c0={one}:c1={two}:x0=0:y0=0:x1=640:y1=360:speed=0.02:seed={seed},"
        f"setsar=1,format=yuv420p[v{seed}]"
        for seed, (one, two) in enumerate(
            (("0x20405c", "0xe8a060"), ("0x3a1c4a", "0xe07050"), ("0x0d3b3a", "0xd8d0a0"))
        )
    ]
    graph = ";".join([*shots, "[v0][v1][v2]concat=n=3"])
    sound = f"aevalsrc=0.4*sin(440*2*PI*t)*abs(sin(2*t)):d={3 * SECONDS_EACH}"
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    return run_ffmpeg("-f", "lavfi", "-i", graph, "-f", "lavfi", "-i", sound, *codecs, path=path)


def prepared(path: Path, folder: Path) -> Made:
    """The file as ingest would have found it, with its renditions in a folder of their own."""
    sniffed = sniff(path, path.name)
    technical = probe(path, sniffed)
    into = folder / "renditions" / path.stem
    into.mkdir(parents=True)
    return Made(path, sniffed, technical, list(make_renditions(path, sniffed.kind, technical, into)))


def store(made: Made, library: Library, **fields: object) -> Asset:
    """Put a prepared file into the storages and the database."""
    asset = make_asset(
        library,
        sha256=hashlib.sha256(made.path.read_bytes()).hexdigest(),
        size=made.path.stat().st_size,
        original_name=made.path.name,
        kind=made.sniffed.kind,
        media_type=made.sniffed.media_type,
        width=made.technical.width,
        height=made.technical.height,
        duration=made.technical.duration,
        technical=dict(made.technical.details),
        **fields,
    )
    with made.path.open("rb") as source:
        asset.original.save(made.path.name, File(source))
    for each in made.renditions:
        _store_rendition(asset, each)
    return asset


def _store_rendition(asset: Asset, made: MadeRendition) -> None:
    rendition = Rendition(
        asset=asset,
        name=made.name,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        size=made.path.stat().st_size,
        details=dict(made.details),
    )
    with made.path.open("rb") as source:
        rendition.file.save(f"{asset.pk}-{made.path.name}", File(source))


def furnish(media: Media, library: Library) -> Showcase:
    """Fill the library, write facts about it, and index it for search."""
    photographs = [
        store(made, library, taken_at=datetime(2024, 5, number + 1, 12, tzinfo=UTC))
        for number, made in enumerate(media.photographs)
    ]
    film = store(media.film, library, title="Ferry at dusk")
    recording = store(media.recording, library, title="The keeper")
    collection = Collection.objects.create(library=library, name="Harbours", description="Ships and lights")
    CollectionItem.objects.create(collection=collection, asset=photographs[0])
    describe_photograph(photographs[0])
    speak(film)
    speak(recording)
    describe_film(film)
    documents.rebuild(Asset.objects.values_list("pk", flat=True))
    return Showcase(library, film, recording, photographs, collection, make_job(library, film))


def describe_photograph(asset: Asset) -> None:
    make_fact(asset, "object", "boat", x=0.12, y=0.5, w=0.25, h=0.3, confidence=0.91)
    make_fact(asset, "object", "person", x=0.55, y=0.35, w=0.12, h=0.4, confidence=0.74)
    make_fact(asset, "caption", "a boat below green hills", confidence=0.6)
    for word in ("harbour", "summer"):
        make_fact(asset, "keyword", word, source="file", status="accepted", details={"tag": "IPTC:Keywords"})
    make_fact(asset, "metadata", "", source="file", status="accepted", details={"EXIF:FNumber": 5.6})


def describe_film(asset: Asset) -> None:
    for number in range(3):
        start = number * SECONDS_EACH
        make_fact(asset, "shot", start=start, end=start + SECONDS_EACH)
        make_fact(
            asset,
            "object",
            "boat",
            start=start + 1,
            end=start + 3,
            x=0.2 + 0.1 * number,
            y=0.4,
            w=0.3,
            h=0.3,
            confidence=0.8,
        )


def speak(asset: Asset) -> None:
    """A sentence for every SECONDS_EACH, with the times of its words."""
    for number, sentence in enumerate(SENTENCES):
        start = number * SECONDS_EACH
        whole = make_fact(asset, "speech", sentence, start=start, end=start + SECONDS_EACH, language="en")
        words = sentence.split()
        step = SECONDS_EACH / len(words)
        for place, word in enumerate(words):
            at = start + place * step
            make_fact(asset, "word", word, start=at, end=at + step, parent=whole)


def make_job(library: Library, asset: Asset) -> IngestJob:
    job = IngestJob.objects.create(library=library, label="/media/harbour", state=IngestJob.State.DONE)
    state = IngestItem.State
    IngestItem.objects.create(
        job=job, source="a", name="ferry at dusk.mp4", state=state.IMPORTED, asset=asset
    )
    IngestItem.objects.create(
        job=job, source="b", name="copy of ferry.mp4", state=state.DUPLICATE, asset=asset
    )
    IngestItem.objects.create(
        job=job,
        source="c",
        name="notes.docx",
        state=state.REFUSED,
        reason="This is no photograph, film or recording.",
    )
    return job


def first_speech(asset: Asset, text: str) -> Annotation:
    """The sentence of the asset that holds those words."""
    return asset.annotations.get(kind="speech", text__contains=text)
