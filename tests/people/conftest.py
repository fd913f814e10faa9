"""Faces made of numbers, persons with and without consent, and a likeness that is plain to read."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from dam.people import biometrics
from dam.people.models import Consent, LibraryRecognition, Person
from indexing import store
from indexing.analysers.contract import Finding, Place, Region, Vector
from indexing.models import Annotation
from tests.factories import make_library, make_run, make_user

SPACE, VOICES = "sface", "wespeaker"
LEFT, RIGHT = Region(0.1, 0.1, 0.2, 0.3), Region(0.6, 0.1, 0.2, 0.3)


@pytest.fixture(autouse=True)
def likeness(monkeypatch):
    """A logistic curve through 0.5 at a cosine of 0.36, in place of the one measured on SFace."""

    def curve(cosine):
        return 1 / (1 + math.exp(-25 * (cosine - 0.36)))

    monkeypatch.setattr(biometrics, "_likeness", {SPACE: curve, VOICES: curve})


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def user():
    return make_user()


def unit(*values: float) -> np.ndarray:
    vector = np.zeros(128, np.float32)
    vector[: len(values)] = values
    return vector / np.linalg.norm(vector)


ADA, BOB = unit(1, 0, 0), unit(0, 1, 0)
LIKE_ADA = unit(0.8, 0.1, 0.6)


def face(vector: np.ndarray, region: Region = LEFT, **place: float) -> Finding:
    """What the analyser yields for one face."""
    here = Place(region=region, **place)
    return Finding("face", place=here, confidence=0.9, vector=Vector(SPACE, vector, here))


def see(asset, *faces: Finding, version: str = "1") -> None:
    """A run of the faces analyser that found those faces; a new version each time it is called with one."""
    run = asset.runs.filter(analyser="faces", version=version).first()
    store.save(run or make_run(asset, "faces", version=version, model=SPACE), faces)


def speaker(number: int, vector: np.ndarray, *turns: tuple[float, float]) -> list[Finding]:
    """What the analyser yields for one speaker: the turns, and the voice at the longest of them."""
    longest = max(turns, key=lambda span: span[1] - span[0])
    heard, details = Place(*longest), {"speaker": number}
    named = {"text": f"Speaker {number}", "details": details}
    voice = Finding("voice", place=heard, vector=Vector(VOICES, vector, heard), **named)
    return [*(Finding("turn", place=Place(*span), **named) for span in turns), voice]


def hear(asset, *speakers: list[Finding], version: str = "1") -> None:
    """A run of the speakers analyser that told those speakers apart."""
    run = asset.runs.filter(analyser="speakers", version=version).first()
    run = run or make_run(asset, "speakers", version=version, model=VOICES)
    store.save(run, [found for each in speakers for found in each])


def voice(asset, number: int = 1) -> Annotation:
    """The stored voice of that speaker."""
    return asset.annotations.get(kind="voice", details__speaker=number)


def make_person(library, name: str = "Ada", consent: bool = True, **fields: object) -> Person:
    person = Person.objects.create(library=library, name=name)
    if consent:
        consent_of(person, **fields)
    return person


def consent_of(person: Person, **fields: object) -> Consent:
    return Consent.objects.create(person=person, **{"given_by": person.name, "scope": "face", **fields})


def declare(library, **fields: object) -> LibraryRecognition:
    return LibraryRecognition.objects.create(library=library, **{"given_by": "The board", **fields})


def long_ago(days: int = 10):
    return timezone.now() - timedelta(days=days)


def box(asset, region: Region = LEFT) -> Annotation:
    """The stored face box nearest to that region."""
    return min(asset.annotations.filter(kind="face"), key=lambda fact: abs(fact.x - region.x))


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Callable:
    """Run what waits for the commit when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
