"""Libraries, and the nested collections that order their assets."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Max, Q


class Library(models.Model):
    """The outermost holder of assets: its members see it, nobody else knows that it exists."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    indexing_paused = models.BooleanField(default=False)
    public = models.BooleanField(default=False, help_text="its published exhibitions are open to everyone")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return self.name


class Ordering(models.TextChoices):
    """In which order a collection shows its assets."""

    NEWEST = "newest", "newest first"
    TITLE = "title", "by title"
    TAKEN = "taken", "by date, oldest first"
    HAND = "hand", "arranged by hand"


class Collection(models.Model):
    """A named, nested set of assets within one library.

    `lineage` holds the ids of all collections above this one and its own, so that "in this collection
    or below it" is one indexed array test. A smart collection has a `query` in place of items: it shows
    what answers it, of what its reader may see, at the time of asking.
    """

    library = models.ForeignKey(Library, models.CASCADE, related_name="collections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    ordering = models.CharField(max_length=10, choices=Ordering.choices, default=Ordering.NEWEST)
    query = models.TextField(blank=True, help_text="as in the search box; makes it a smart collection")
    cover = models.ForeignKey("assets.Asset", models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, help_text="how often people have changed it")
    created_at = models.DateTimeField(auto_now_add=True)
    assets = models.ManyToManyField("assets.Asset", through="CollectionItem", related_name="collections")

    class Meta:
        indexes = [GinIndex(fields=["lineage"], name="collection_lineage")]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "parent", "name"], nulls_distinct=False, name="one_name_per_parent"
            ),
            models.CheckConstraint(
                condition=Q(query="") | ~Q(ordering="hand"), name="no_hand_orders_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the lineage of this collection and of all below it true.

        Raises ValueError for a parent that lies in this collection.
        """
        above = self.parent.lineage if self.parent else []
        if self.pk in above:
            raise ValueError("A collection cannot be moved into itself or below itself.")
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._set_lineage([*above, self.pk])

    @property
    def smart(self) -> bool:
        """Whether its assets are the answer to a query."""
        return bool(self.query)

    def _set_lineage(self, lineage: list[int]) -> None:
        if lineage != self.lineage:
            self.lineage = lineage
            type(self).objects.filter(pk=self.pk).update(lineage=lineage)
            for child in self.children.all():
                child._set_lineage([*lineage, child.pk])


class CollectionItem(models.Model):
    """One asset's place in one collection. Positions rise with gaps of GAP between them."""

    GAP = 1024

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="collection_items")
    position = models.IntegerField(default=0)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["collection", "position", "id"], name="item_by_hand")]
        constraints = [models.UniqueConstraint(fields=["collection", "asset"], name="once_per_collection")]

    def __str__(self) -> str:
        return f"{self.asset} in {self.collection}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new item without a position goes to the end."""
        if self._state.adding and not self.position:
            last = type(self).objects.filter(collection=self.collection_id).aggregate(last=Max("position"))
            self.position = (last["last"] or 0) + self.GAP
        super().save(*args, **kwargs)


from dam.collections.exhibition_models import Exhibition, ExhibitionMoment, ExhibitionSection  # noqa: E402
from dam.collections.lightbox_models import Lightbox, LightboxItem  # noqa: E402

__all__ = [
    "Collection",
    "CollectionItem",
    "Exhibition",
    "ExhibitionMoment",
    "ExhibitionSection",
    "Library",
    "Lightbox",
    "LightboxItem",
    "Ordering",
]
