"""Which rights hold for an asset: its own, else those of its nearest collection; and what its file says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from dam.assets.models import Asset
from dam.collections.models import CollectionItem
from dam.rights import mining
from dam.rights.mining import PERMISSIONS, Permission
from dam.rights.models import AssetRights, CollectionRights, RightsRecord, Use
from dam.rights.statements import STATEMENTS, Statement
from indexing.models import Annotation

MINING_TAG = "XMP-plus:DataMining"
KINDS = ("credit", "rights")
COPIED = ("terms", "credit_line", "holder", "year", "usage_ends", "contact")


@dataclass(frozen=True)
class Said:
    """What the asset's facts say of its rights: a person's word before the file's own. `mining` is a URI."""

    credit: str = ""
    rights: str = ""
    mining: str = ""


@dataclass(frozen=True)
class Rights:
    """The rights that hold for an asset. `source` says who states them; `collection` is the id of the
    collection that does, where one does. `mining` and `credit` fall back to what the file says."""

    source: Literal["asset", "collection", "file", "nobody"] = "nobody"
    collection: int | None = None
    statement: Statement | None = None
    terms: str = ""
    credit_line: str = ""
    holder: str = ""
    year: int | None = None
    uses: tuple[str, ...] = ()
    usage_ends: date | None = None
    stated_mining: Permission | None = None
    contact: str = ""
    said: Said = Said()

    @property
    def credit(self) -> str:
        """The credit line as it is to be printed."""
        return self.credit_line or self.said.credit

    @property
    def mining(self) -> Permission | None:
        """What machines may do: as stated by a person, else as the file says."""
        return self.stated_mining or PERMISSIONS.get(self.said.mining)

    @property
    def mining_uri(self) -> str:
        return self.mining.uri if self.mining else ""

    @property
    def notice(self) -> str:
        """The copyright notice: "© 1931 Harbour Archive", else what the file writes."""
        stated = " ".join(str(part) for part in (self.year, self.holder) if part)
        return f"© {stated}" if stated else self.said.rights

    @property
    def use_labels(self) -> list[str]:
        return [Use(each).label for each in self.uses]

    @property
    def expired(self) -> bool:
        """Whether the last day of use has passed."""
        return self.usage_ends is not None and self.usage_ends < timezone.localdate()

    @property
    def contact_url(self) -> str:
        """The address to ask at, as a link takes it."""
        return f"mailto:{self.contact}" if "@" in self.contact and "/" not in self.contact else self.contact

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return self.source != "nobody"


def of(asset: Asset) -> Rights:
    """The rights that hold for an asset. Four queries at most."""
    return of_many([asset])[asset.pk]


def of_many(assets: Iterable[Asset]) -> dict[int, Rights]:
    """The rights of assets by id, in four queries however many there are.

    An asset's own record holds as a whole where it states anything. Otherwise that of the nearest collection
    does: the deepest one that it lies in or below; of two as deep, the one that was made first.
    """
    assets = list(assets)
    ids = [asset.pk for asset in assets]
    own = {each.asset_id: each for each in AssetRights.objects.filter(asset__in=ids) if each.is_stated}
    inherited = _of_collections([pk for pk in ids if pk not in own])
    said = _said(ids)
    return {pk: _rights(own.get(pk) or inherited.get(pk), said[pk]) for pk in ids}


def _of_collections(asset_ids: list[int]) -> dict[int, CollectionRights]:
    """By asset id, the record of the nearest collection that states anything."""
    rows = CollectionItem.objects.filter(asset__in=asset_ids).order_by("collection")
    above: dict[int, list[list[int]]] = defaultdict(list)
    for asset_id, lineage in rows.values_list("asset", "collection__lineage"):
        above[asset_id].append(lineage)
    wanted = {pk for lineages in above.values() for lineage in lineages for pk in lineage}
    records = CollectionRights.objects.filter(collection__in=wanted) if wanted else []
    stated = {each.collection_id: each for each in records if each.is_stated}
    nearest = ((pk, _nearest(lineages, stated)) for pk, lineages in above.items())
    return {pk: found for pk, found in nearest if found is not None}


def _nearest(lineages: list[list[int]], stated: Mapping[int, CollectionRights]) -> CollectionRights | None:
    candidates = [(depth, -pk) for lineage in lineages for depth, pk in enumerate(lineage) if pk in stated]
    return stated[-max(candidates)[1]] if candidates else None


def _said(asset_ids: list[int]) -> dict[int, Said]:
    """What the accepted facts of each asset say."""
    telling = Q(kind__in=KINDS) | Q(kind="metadata", details__has_key=MINING_TAG)
    rows = Annotation.objects.filter(telling, asset__in=asset_ids, status=Annotation.Status.ACCEPTED)
    rows = rows.exclude(source=Annotation.Source.MACHINE)
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for fact in sorted(rows, key=lambda each: (each.source == Annotation.Source.PERSON, each.pk)):
        if fact.kind != "metadata":
            told[fact.asset_id][fact.kind] = fact.text
        elif MINING_TAG in fact.details:
            told[fact.asset_id]["mining"] = mining.named(fact.details[MINING_TAG])
    return {pk: Said(**told[pk]) for pk in asset_ids}


def _rights(record: RightsRecord | None, said: Said) -> Rights:
    if record is None:
        return Rights(source="file" if any(vars(said).values()) else "nobody", said=said)
    return Rights(
        source="collection" if isinstance(record, CollectionRights) else "asset",
        collection=record.collection_id if isinstance(record, CollectionRights) else None,
        statement=STATEMENTS.get(record.statement),
        uses=tuple(record.uses),
        stated_mining=record.known_mining,
        said=said,
        **{name: getattr(record, name) for name in COPIED},
    )
