"""Which asset a row of a file is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.functions import Lower

from dam.assets.models import Asset
from dam.bulk.fields import KEYS
from dam.sharing.access import AssetQuerySet
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.collections.models import Library
    from dam.sharing.access import AnyUser

NONE = "No asset that you may change in {} has this {}."
SEVERAL = "{} assets have this {}: {}."
NAMED = 5
"""Assets that are named where several fit."""


def find(user: AnyUser, library: Library | None, key: str, names: Sequence[str]) -> list[int | str]:
    """For each name the id of the one asset that bears it, or why there is none.

    `key` is one of KEYS. Case matters only where names differ by nothing else. One query.
    """
    assets = Asset.objects.reachable_by(user, Role.ARCHIVIST).filter(library=library)
    bearers = _bearers(assets, key, names)
    return [_one(library, key, _candidates(bearers, key, name)) for name in names]


def _bearers(assets: AssetQuerySet, key: str, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """By lower case, each name as it is written with its asset."""
    wanted = {form for name in names for form in _forms(key, name)}
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for written, pk in _rows(assets, key, wanted):
        found[str(written).lower()].append((str(written), pk))
    return found


def _rows(assets: AssetQuerySet, key: str, wanted: set[str]) -> QuerySet[Asset, Any]:
    if key == "id":
        numbers = [int(each) for each in wanted if each.isascii() and each.isdigit() and len(each) < 19]
        return assets.filter(pk__in=numbers).values_list("pk", "pk")
    if key == "sha256":
        return assets.filter(sha256__in=wanted).values_list("sha256", "pk")
    column = "original_name" if key == "name" else "title"
    return (
        assets.alias(written=Lower(column))
        .filter(written__in=wanted)
        .order_by("pk")
        .values_list(column, "pk")
    )


def _forms(key: str, name: str) -> list[str]:
    """How the name may be written in the library: a path's last part is a file's name too."""
    forms = [name.strip().lower()]
    if key == "name":
        forms.append(PurePosixPath(forms[0].replace("\\", "/")).name)
    return list(dict.fromkeys(forms))


def _candidates(bearers: dict[str, list[tuple[str, int]]], key: str, name: str) -> list[int]:
    for form in _forms(key, name):
        if found := bearers.get(form):
            exact = [pk for written, pk in found if written in (name.strip(), _last(name))]
            return exact or [pk for _, pk in found]
    return []


def _last(name: str) -> str:
    return PurePosixPath(name.strip().replace("\\", "/")).name


def _one(library: Library | None, key: str, found: Sequence[int]) -> int | str:
    if len(found) == 1:
        return found[0]
    what = KEYS[key] if key == "sha256" else KEYS[key].lower()
    if not found:
        return NONE.format(library, what)
    named = ", ".join(f"number {pk}" for pk in found[:NAMED]) + (", …" if len(found) > NAMED else "")
    return SEVERAL.format(len(found), what, named)
