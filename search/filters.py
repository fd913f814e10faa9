"""What narrows a search besides its words; the whole of it fits in a URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Upper

from dam.assets.models import MediaKind
from dam.collections.models import CollectionItem
from dam.sharing.access import AssetQuerySet, collections_for
from search.models import MomentDocument

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

MAX_LABEL = 200


@dataclass(frozen=True)
class Filters:
    """Every field is optional. Dates are whole days in UTC, both inclusive: when an asset was taken or,
    where that is not known, added. `collection` is an id and stands for the collections below it too.
    `object` is a label such as "dog"; `language` is BCP 47 and "pt" stands for "pt-BR" too.
    `errors` says in words which given values could not be used.
    """

    kind: str = ""
    date_from: date | None = None
    date_to: date | None = None
    collection: int | None = None
    object: str = ""
    language: str = ""
    errors: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """Read the fields from a query string's mapping, such as request.GET. Never raises."""
        reader = _Reader(query)
        values = {
            "kind": reader.kind("kind"),
            "date_from": reader.day("date_from"),
            "date_to": reader.day("date_to"),
            "collection": reader.number("collection"),
            "object": reader.label("object"),
            "language": reader.label("language"),
        }
        return cls(**values, errors=tuple(reader.errors))  # type: ignore[arg-type]

    def to_query(self) -> dict[str, str]:
        """The fields that are set, as from_query reads them."""
        values = {
            "kind": self.kind,
            "date_from": self.date_from and self.date_from.isoformat(),
            "date_to": self.date_to and self.date_to.isoformat(),
            "collection": self.collection and str(self.collection),
            "object": self.object,
            "language": self.language,
        }
        return {name: value for name, value in values.items() if value}

    def __bool__(self) -> bool:
        return bool(self.to_query())

    def apply(self, assets: AssetQuerySet, user: AnyUser) -> AssetQuerySet:
        """Those of the assets that fit; a collection that the user cannot see holds nothing."""
        if self.kind:
            assets = assets.filter(kind=self.kind)
        if self.date_from or self.date_to:
            assets = self._in_days(assets)
        if self.collection is not None:
            within = collections_for(user).filter(lineage__contains=[self.collection])
            assets = assets.filter(
                pk__in=CollectionItem.objects.filter(collection__in=within).values("asset")
            )
        if self.object:
            assets = assets.filter(Exists(self.object_moments().filter(asset=OuterRef("pk"))))
        if self.language:
            assets = assets.filter(Exists(self._spoken_moments().filter(asset=OuterRef("pk"))))
        return assets

    def object_moments(self) -> QuerySet[MomentDocument]:
        """The moments at which the object of the filter is seen."""
        labelled = MomentDocument.objects.filter(kind="object")
        return labelled.alias(label=Upper("text")).filter(label=self.object.upper())

    def _spoken_moments(self) -> QuerySet[MomentDocument]:
        same = Q(language__iexact=self.language) | Q(language__istartswith=f"{self.language}-")
        return MomentDocument.objects.exclude(language="").filter(same)

    def _in_days(self, assets: AssetQuerySet) -> AssetQuerySet:
        assets = assets.alias(day=Coalesce("taken_at", "added_at"))
        if self.date_from:
            assets = assets.filter(day__gte=datetime.combine(self.date_from, time.min, UTC))
        if self.date_to:
            assets = assets.filter(day__lte=datetime.combine(self.date_to, time.max, UTC))
        return assets


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self.errors: list[str] = []

    def kind(self, name: str) -> str:
        value = self._value(name)
        if value and value not in MediaKind.values:
            return self._refuse(f"“{value[:50]}” is no type of media; choose {', '.join(MediaKind.values)}.")
        return value

    def day(self, name: str) -> date | None:
        value = self._value(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self._refuse(f"“{value[:50]}” is no date; write it as 2026-11-23.")
            return None

    def number(self, name: str) -> int | None:
        value = self._value(name)
        if value and not (value.isascii() and value.isdigit() and len(value) <= 18):
            self._refuse(f"“{value[:50]}” is no collection.")
            return None
        return int(value) if value else None

    def label(self, name: str) -> str:
        value = self._value(name)
        if len(value) > MAX_LABEL:
            return self._refuse(f"“{value[:50]}…” is too long for the field {name}.")
        return value

    def _value(self, name: str) -> str:
        printable = self._query.get(name, "").encode("utf-8", "ignore").decode()
        return printable.replace("\x00", "").strip()

    def _refuse(self, error: str) -> str:
        self.errors.append(error)
        return ""
