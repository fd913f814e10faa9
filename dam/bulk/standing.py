"""What stands now about assets that are to be changed, read for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from dam.assets.models import Asset
from dam.bulk.fields import FIELDS, RIGHTS
from dam.bulk.wishes import RESTORE, Wish
from dam.collections.models import Collection, CollectionItem
from dam.rights.models import AssetRights
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from dam.sharing.scopes import trashed_for
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

Status = Annotation.Status
HOLDING = (Status.PROPOSED, Status.ACCEPTED)
ONLY_SEEN = "You may look at it, but not change it."
GONE = "It is not there any more, or lies in the trash."


@dataclass(frozen=True)
class Standing:
    """One asset, its facts that hold by kind, the facts to be decided on, its positions in collections by
    their ids, all collections that are concerned and that the person may fill, and what is stated of its
    rights."""

    asset: Asset
    facts: Mapping[str, Sequence[Annotation]] = field(default_factory=dict)
    proposals: Sequence[Annotation] = ()
    positions: Mapping[int, int] = field(default_factory=dict)
    fillable: Mapping[int, Collection] = field(default_factory=dict)
    rights: AssetRights | None = None


def changeable(user: AnyUser, ids: Ids[int], trashed: bool, lock: bool = False) -> dict[int, Asset]:
    """Those of the assets that the person may change, with `trashed` ones in the trash too.

    With `lock` their rows are held until the transaction ends: nobody describes them meanwhile.
    """
    scopes: list[QuerySet[Asset]] = [Asset.objects.reachable_by(user, Role.ARCHIVIST)]
    scopes += [trashed_for(user)] if trashed else []
    found: dict[int, Asset] = {}
    for scope in scopes:
        chosen = scope.filter(pk__in=ids).order_by("pk")
        held = chosen.select_for_update(of=("self",), no_key=True) if lock else chosen
        found |= {asset.pk: asset for asset in held}
    return found


def read(user: AnyUser, ids: Ids[int], wishes: Sequence[Wish], lock: bool = False) -> dict[int, Standing]:
    """What stands about those of the assets that the person may change. Seven queries at most."""
    assets = changeable(user, ids, any(wish.mode == RESTORE for wish in wishes), lock)
    facts = _facts(assets, {FIELDS[wish.field].kind for wish in wishes if wish.field in FIELDS})
    proposals = _proposals(assets, [wish for wish in wishes if wish.field == "decision"])
    wanted = [wish.value for wish in wishes if wish.field == "collection"]
    fillable = {each.pk: each for each in collections_for(user, Role.ARCHIVIST).filter(pk__in=wanted)}
    positions = places_in(wanted, assets)
    rights = rights_of(assets) if any(wish.field in RIGHTS for wish in wishes) else {}
    return {
        pk: Standing(asset, facts[pk], proposals[pk], positions[pk], fillable, rights.get(pk))
        for pk, asset in assets.items()
    }


def rights_of(assets: Ids[int]) -> dict[int, AssetRights]:
    """By asset, the record of its rights where it has one."""
    return {record.asset_id: record for record in AssetRights.objects.filter(asset__in=list(assets))}


def places_in(collections: Ids[int], assets: Ids[int]) -> dict[int, dict[int, int]]:
    """By asset, its position in each of the collections that holds it."""
    positions: dict[int, dict[int, int]] = defaultdict(dict)
    if collections:
        items = CollectionItem.objects.filter(collection__in=collections, asset__in=list(assets))
        for asset, collection, position in items.values_list("asset", "collection", "position"):
            positions[asset][collection] = position
    return positions


def missing(user: AnyUser, ids: Ids[int]) -> dict[int, str]:
    """Why each of those assets cannot be changed by the person."""
    seen = set(Asset.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return {pk: ONLY_SEEN if pk in seen else GONE for pk in ids}


def _facts(assets: Ids[int], kinds: set[str]) -> dict[int, dict[str, list[Annotation]]]:
    """Facts about whole assets, people's first, then the file's."""
    by_asset: dict[int, dict[str, list[Annotation]]] = defaultdict(lambda: defaultdict(list))
    if kinds:
        whole = Annotation.objects.filter(parent=None, start=None, x=None, status__in=HOLDING)
        rows = whole.filter(asset__in=list(assets), kind__in=kinds).order_by("pk")
        order = {Annotation.Source.PERSON: 0, Annotation.Source.FILE: 1, Annotation.Source.MACHINE: 2}
        for fact in sorted(rows, key=lambda row: order[Annotation.Source(row.source)]):
            by_asset[fact.asset_id][fact.kind].append(fact)
    return by_asset


def _proposals(assets: Ids[int], decisions: Sequence[Wish]) -> dict[int, list[Annotation]]:
    """What machines propose of a kind with at least that confidence, for the decision that is wished."""
    by_asset: dict[int, list[Annotation]] = defaultdict(list)
    for wish in decisions:
        kind, least = wish.value
        sure = Q(confidence__gte=least) if least > 0 else Q()
        rows = Annotation.objects.filter(sure, asset__in=list(assets), kind=kind, parent=None)
        for fact in rows.filter(status=Status.PROPOSED, source=Annotation.Source.MACHINE).order_by("pk"):
            by_asset[fact.asset_id].append(fact)
    return by_asset
