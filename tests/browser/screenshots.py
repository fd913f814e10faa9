"""Writes pictures of every page, wide and narrow, light and dark, to screenshots/.

Run it by hand: python -m pytest tests/browser/screenshots.py
It fills the library with the photographs, films and speech of shared/media where that folder exists.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from dam.assets.models import Asset
from dam.sharing.models import Role
from search import documents, service
from search.meaning import MeaningOff
from tests.browser.showcase import Showcase, prepared, store
from tests.factories import make_fact, make_user

FOLDER = Path(settings.BASE_DIR) / "screenshots"
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
PHOTOGRAPHS = 36


@pytest.fixture
def filled(showcase: Showcase, shared: Callable[..., Path], tmp_path: Path) -> Showcase:
    """The showcase with real photographs, a real film and real speech beside it."""
    add_photographs(showcase, shared("media", "photos_coco"), tmp_path)
    add_film(showcase, shared("media", "video_shots"), tmp_path)
    add_speech(showcase, shared("media", "speech_librispeech"), tmp_path)
    documents.rebuild(Asset.objects.values_list("pk", flat=True))
    return showcase


def add_photographs(showcase: Showcase, folder: Path, scratch: Path) -> None:
    names = (folder / "classes.txt").read_text().splitlines()
    with (folder / "manifest.csv").open() as manifest:
        rows = list(csv.DictReader(manifest))[:PHOTOGRAPHS]
    for number, row in enumerate(rows):
        made = prepared(folder / row["file"], scratch)
        asset = store(
            made, showcase.library, title="", taken_at=datetime(2023, 1 + number % 12, 9, tzinfo=UTC)
        )
        make_fact(asset, "caption", row["caption1"], confidence=0.7)
        for line in (folder / row["yolo_labels"]).read_text().splitlines():
            label, x, y, w, h = line.split()
            x, y, w, h = float(x), float(y), float(w), float(h)
            left, top = max(0.0, x - w / 2), max(0.0, y - h / 2)
            make_fact(asset, "object", names[int(label)], x=left, y=top, w=w, h=h, confidence=0.8)


def add_film(showcase: Showcase, folder: Path, scratch: Path) -> None:
    film = store(
        prepared(folder / "hardcuts.mp4", scratch), showcase.library, title="People at work and play"
    )
    with (folder / "hardcuts_shots.csv").open() as rows:
        for row in csv.DictReader(rows):
            make_fact(film, "shot", start=float(row["start_s"]), end=float(row["end_s"]))
            make_fact(
                film, "object", "person", start=float(row["start_s"]), end=float(row["end_s"]), confidence=0.8
            )


def add_speech(showcase: Showcase, folder: Path, scratch: Path) -> None:
    with (folder / "manifest.csv").open() as rows:
        for row in list(csv.DictReader(rows))[:4]:
            path = folder / row["file"]
            asset = store(prepared(path, scratch), showcase.library, title=path.stem)
            make_fact(asset, "speech", row["transcript"], start=0, end=asset.duration, language="en")


@pytest.fixture
def addresses(filled: Showcase) -> dict[str, str]:
    film = Asset.objects.filter(title="People at work and play").first() or filled.film
    photograph = Asset.objects.filter(annotations__text="bear").first() or filled.photographs[0]
    return {
        "library": "/",
        "film": f"{filled.film.get_absolute_url()}?t=5",
        "film-shots": f"{film.get_absolute_url()}?t=8",
        "recording": f"{filled.recording.get_absolute_url()}?t=5",
        "photograph": photograph.get_absolute_url(),
        "search": "/search/?q=dog OR bus",
        "search-said": "/search/?q=ferry",
        "search-person": "/search/?q=person",
        "search-empty": "/search/",
        "collections": "/collections/",
        "collection": f"/collections/{filled.collection.pk}/",
        "members": f"/libraries/{filled.library.pk}/members/",
        "upload": "/upload/",
        "jobs": "/jobs/",
        "job": f"/jobs/{filled.job.pk}/",
        "models": "/models/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_every_page(page, archivist, addresses, scheme, monkeypatch):
    def off(text: str) -> None:
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)
    archivist.memberships.update(role=Role.ADMINISTRATOR)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    FOLDER.mkdir(exist_ok=True)
    for device, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for name, address in addresses.items():
            page.goto(address)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{device}-{scheme}.png")


def test_pictures_of_signing_in_and_of_an_empty_library(page, sign_in):
    FOLDER.mkdir(exist_ok=True)
    page.goto("/accounts/login/")
    page.screenshot(path=FOLDER / "login.png")
    sign_in(make_user())
    page.goto("/")
    page.screenshot(path=FOLDER / "empty.png")
