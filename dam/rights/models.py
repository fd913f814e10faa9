"""Who may do what with an asset: rights statements, embargo, licences, downloads."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from dam.rights.download_models import Acceptance, Download, Terms
from dam.rights.mining import PERMISSIONS, Permission
from dam.rights.statements import STATEMENTS, Statement
from dam.sharing.models import Role

__all__ = [
    "Acceptance",
    "AssetRights",
    "CollectionRights",
    "Download",
    "LibraryRights",
    "Position",
    "Terms",
    "Use",
]


def mark_storage() -> Storage:
    """The storage of pictures that are laid over downloads."""
    return storages["default"]


class Use(models.TextChoices):
    """What an asset may be used for."""

    EDITORIAL = "editorial"
    COMMERCIAL = "commercial"
    ADVERTISING = "advertising"
    EDUCATION = "education"
    RESEARCH = "research"
    EXHIBITION = "exhibition"
    SOCIAL = "social", "Social media"
    PERSONAL = "personal"
    INTERNAL = "internal", "Internal only"


class RightsRecord(models.Model):
    """What is stated about the rights in an asset, or in all assets of a collection."""

    statement = models.CharField(max_length=200, blank=True, help_text="a URI of dam.rights.statements")
    terms = models.TextField(blank=True, help_text="licence terms in words")
    credit_line = models.CharField(max_length=500, blank=True)
    holder = models.CharField(max_length=300, blank=True, help_text="of the copyright")
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(9999)]
    )
    uses = ArrayField(models.CharField(max_length=20, choices=Use.choices), default=list, blank=True)
    usage_ends = models.DateField(null=True, blank=True, help_text="the last day of use")
    mining = models.CharField(max_length=200, blank=True, help_text="a URI of dam.rights.mining")
    contact = models.CharField(max_length=300, blank=True, help_text="URL or e-mail for licensing")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    STATED: ClassVar[tuple[str, ...]] = (
        "statement", "terms", "credit_line", "holder", "year", "uses", "usage_ends", "mining", "contact",
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def is_stated(self) -> bool:
        """Whether anything is stated at all."""
        return any(getattr(self, name) for name in self.STATED)

    @property
    def known_statement(self) -> Statement | None:
        return STATEMENTS.get(self.statement)

    @property
    def known_mining(self) -> Permission | None:
        return PERMISSIONS.get(self.mining)


class AssetRights(RightsRecord):
    """The rights in one asset; and whether everybody may see it on a page of its own."""

    asset = models.OneToOneField("assets.Asset", models.CASCADE, related_name="rights")
    embargo_reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["asset"], name="asset_published", condition=models.Q(published_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"rights in {self.asset_id}"


class CollectionRights(RightsRecord):
    """The rights in the assets of a collection, and of those below it, that state none of their own."""

    collection = models.OneToOneField("collections.Collection", models.CASCADE, related_name="rights")

    def __str__(self) -> str:
        return f"rights in the collection {self.collection_id}"


class Position(models.TextChoices):
    """Where a watermark stands."""

    BOTTOM_RIGHT = "bottom-right", "Bottom right"
    BOTTOM_LEFT = "bottom-left", "Bottom left"
    TOP_RIGHT = "top-right", "Top right"
    TOP_LEFT = "top-left", "Top left"
    CENTRE = "centre", "Centre"


class LibraryRights(models.Model):
    """What a library decides for all of its assets: public pages, originals, the mark on copies."""

    library = models.OneToOneField("collections.Library", models.CASCADE, related_name="rights")
    public_people = models.BooleanField(default=False)
    public_transcripts = models.BooleanField(default=True)
    originals_from = models.IntegerField(
        choices=[(role.value, role.label) for role in Role if role <= Role.ARCHIVIST], default=Role.VIEWER
    )
    mark_text = models.CharField(max_length=100, blank=True)
    mark_picture = models.FileField(
        storage=mark_storage, upload_to="watermarks/", max_length=400, blank=True, help_text="PNG"
    )
    mark_position = models.CharField(max_length=20, choices=Position.choices, default=Position.BOTTOM_RIGHT)
    mark_opacity = models.PositiveSmallIntegerField(
        default=40, validators=[MinValueValidator(5), MaxValueValidator(100)], help_text="per cent"
    )
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"rights in the library {self.library_id}"

    @property
    def public_pages(self) -> bool:
        """Whether the library may have public pages at all, of single assets and of exhibitions."""
        return self.library.public

    @property
    def marks(self) -> bool:
        """Whether downloads carry a watermark."""
        return bool(self.mark_text or self.mark_picture)

    @classmethod
    def of(cls, library_id: int) -> LibraryRights:
        """What that library decided; the defaults, unsaved, where it has decided nothing."""
        found = cls.objects.filter(library=library_id).select_related("library").first()
        return found or cls(library_id=library_id)
