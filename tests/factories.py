"""Objects for tests, made with as little as possible."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from django.utils import timezone

from dam.assets.models import Asset
from dam.collections.models import Collection, Library
from dam.sharing.models import Membership, Role, User
from indexing.models import Annotation, Run

_count = itertools.count(1)


def make_user(email: str = "", **fields: Any) -> User:
    """A user whose password is "correct horse"."""
    return User.objects.create_user(email or f"person{next(_count)}@example.org", "correct horse", **fields)


def make_library(name: str = "", **fields: Any) -> Library:
    """A library with a name and slug of its own."""
    number = next(_count)
    return Library.objects.create(name=name or f"Library {number}", slug=f"library-{number}", **fields)


def make_member(library: Library, role: int = Role.VIEWER, collection: Collection | None = None) -> User:
    """A new user who holds that role in the library, or in one collection of it."""
    user = make_user()
    Membership.objects.create(user=user, library=library, collection=collection, role=role)
    return user


def make_asset(library: Library | None = None, **fields: Any) -> Asset:
    """An asset row without a stored file."""
    number = next(_count)
    values: dict[str, Any] = {
        "library": library or make_library(),
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "size": 1000 + number,
        "original": f"made/{number}.jpg",
        "original_name": f"photograph {number}.jpg",
        "kind": "image",
        "media_type": "image/jpeg",
        "width": 640,
        "height": 480,
        "rendered_at": timezone.now(),
    }
    return Asset.objects.create(**{**values, **fields})


def make_run(asset: Asset, analyser: str = "objects", **fields: Any) -> Run:
    """A finished run of that analyser."""
    values: dict[str, Any] = {"version": "1", "model": "made", "state": Run.State.DONE}
    return Run.objects.create(asset=asset, analyser=analyser, **{**values, **fields})


def make_fact(asset: Asset, kind: str = "object", text: str = "dog", **fields: Any) -> Annotation:
    """A fact found by a machine unless `source` says otherwise."""
    source = fields.pop("source", Annotation.Source.MACHINE)
    if source == Annotation.Source.MACHINE and "run" not in fields:
        run, _ = Run.objects.get_or_create(
            asset=asset, analyser="objects", version="1", model="made", defaults={"state": Run.State.DONE}
        )
        fields["run"] = run
    return Annotation.objects.create(asset=asset, kind=kind, text=text, source=source, **fields)
