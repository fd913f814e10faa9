"""Libraries, and the nested collections that order their assets."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction


class Library(models.Model):
    """The outermost holder of assets: its members see it, nobody else knows that it exists."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    indexing_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return self.name


class Collection(models.Model):
    """A named, nested set of assets within one library.

    `lineage` holds the ids of all collections above this one and its own, so that "in this collection
    or below it" is one indexed array test.
    """

    library = models.ForeignKey(Library, models.CASCADE, related_name="collections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    assets = models.ManyToManyField("assets.Asset", through="CollectionItem", related_name="collections")

    class Meta:
        indexes = [GinIndex(fields=["lineage"], name="collection_lineage")]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "parent", "name"], nulls_distinct=False, name="one_name_per_parent"
            )
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

    def _set_lineage(self, lineage: list[int]) -> None:
        if lineage != self.lineage:
            self.lineage = lineage
            type(self).objects.filter(pk=self.pk).update(lineage=lineage)
            for child in self.children.all():
                child._set_lineage([*lineage, child.pk])


class CollectionItem(models.Model):
    """One asset's place in one collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="collection_items")
    position = models.IntegerField(default=0)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["collection", "asset"], name="once_per_collection")]

    def __str__(self) -> str:
        return f"{self.asset} in {self.collection}"
