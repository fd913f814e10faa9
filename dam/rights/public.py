"""What the public page of an asset tells: nothing but what its library lets out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.text import slugify

from dam.assets.models import Asset, Rendition
from dam.export.record import AssetRecord
from dam.export.spoken import Passage, Segment
from dam.export.transcript import HOLDING, passages_of, transcript_of
from dam.people.models import Person
from dam.rights import resolution
from dam.rights.models import LibraryRights
from dam.rights.resolution import Rights
from dam.sharing.scopes import published
from indexing.models import Annotation

RENDITIONS = ("thumb-small", "thumb-large", "poster", "proxy")
"""Those that everybody may fetch; never the original."""
PICTURES = ("thumb-large", "poster", "thumb-small")
TOLD = ("description", "caption", "alt", "keyword", "person")
LONGEST_SLUG = 80


@dataclass(frozen=True)
class PublicAsset:
    """An asset as everybody may see it. `people` is empty where the library names nobody; the speech then has
    numbers for speakers. `language` (BCP 47) is that of the translation shown, "" for what is said."""

    asset: Asset
    rights: Rights
    language: str = ""
    languages: Sequence[str] = ()
    spoken: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    speech: Sequence[Segment] = ()
    chapters: Sequence[Passage] = ()

    @property
    def title(self) -> str:
        return str(self.asset)

    @property
    def description(self) -> str:
        """The description, else the first caption; "" where there is neither."""
        return next(iter([*self.texts.get("description", []), *self.texts.get("caption", [])]), "")

    @property
    def summary(self) -> str:
        """What a page says of itself where it has to say something."""
        return self.description or self.title

    @property
    def alt(self) -> str:
        return next(iter(self.texts.get("alt", [])), "") or self.summary

    @property
    def keywords(self) -> list[str]:
        return self.texts.get("keyword", [])

    @property
    def people(self) -> list[str]:
        return self.texts.get("person", [])

    @property
    def address(self) -> str:
        """The path of its one page."""
        return address_of(self.asset)

    @cached_property
    def picture(self) -> Rendition | None:
        return next(filter(None, map(self.asset.rendition, PICTURES)), None)

    @property
    def player(self) -> Rendition | None:
        return self.asset.rendition("proxy")

    @property
    def record(self) -> AssetRecord:
        """What captions are written from."""
        asset = self.asset
        return AssetRecord(
            kind=asset.kind,
            name=self.title,
            sha256=asset.sha256,
            width=asset.width,
            height=asset.height,
            title=self.title,
            duration=asset.duration,
            speech=self.speech,
        )


def address_of(asset: Asset) -> str:
    """The path of an asset's public page: its number, and its title for people to read."""
    slug = slugify(str(asset), allow_unicode=True)[:LONGEST_SLUG].strip("-")
    return reverse("public-asset", args=[asset.pk, slug or asset.kind])


def media_address(asset: Asset, name: str) -> str:
    """The path of a rendition that everybody may fetch."""
    return reverse("public-rendition", args=[asset.pk, name])


def find(pk: int) -> tuple[Asset, Rights]:
    """A published asset and the rights in it. Raises Http404 for any other, in the same words.

    The last day of use may come from a collection too, which the query does not know.
    """
    rows = published().select_related("rights", "library").prefetch_related("renditions")
    asset = rows.filter(pk=pk).first()
    rights = resolution.of(asset) if asset is not None else None
    if asset is None or rights is None or rights.expired:
        raise Http404("Nothing is published here.")
    return asset, rights


def show(pk: int, language: str = "") -> PublicAsset:
    """All that the page of a published asset tells. Raises Http404 where nothing is published, and for a
    translation that there is not."""
    asset, rights = find(pk)
    decided = LibraryRights.of(asset.library_id)
    shown = PublicAsset(asset, rights, texts=_texts(asset, decided))
    if asset.kind != "image" and decided.public_transcripts:
        shown = _with_speech(shown, language, decided)
    if language and language not in shown.languages:
        raise Http404("Nothing is published here.")
    return shown


def _with_speech(shown: PublicAsset, language: str, decided: LibraryRights) -> PublicAsset:
    asset = shown.asset
    holding = asset.annotations.filter(kind="translation", status__in=HOLDING).exclude(language="")
    languages = sorted(holding.order_by().values_list("language", flat=True).distinct())
    speech = _named(asset, transcript_of(asset, language), decided)
    return replace(
        shown,
        language=language,
        languages=languages,
        spoken=_spoken(asset),
        speech=speech,
        chapters=passages_of(asset, "chapter"),
    )


def _spoken(asset: Asset) -> str:
    """The language that is spoken first."""
    speech = asset.annotations.filter(kind="speech", status__in=HOLDING).exclude(language="")
    return speech.order_by("start", "pk").values_list("language", flat=True).first() or ""


def texts_of(assets: Iterable[Asset]) -> dict[int, dict[str, list[str]]]:
    """The accepted texts of each asset by kind, a person's before the file's. One query."""
    ids = [asset.pk for asset in assets]
    facts = Annotation.objects.filter(
        asset__in=ids, kind__in=TOLD, status=Annotation.Status.ACCEPTED, start=None
    )
    found: dict[int, dict[str, list[str]]] = {pk: {} for pk in ids}
    for fact in sorted(facts, key=lambda each: (each.source != Annotation.Source.PERSON, each.pk)):
        said = found[fact.asset_id].setdefault(fact.kind, [])
        if fact.text and fact.text not in said:
            said.append(fact.text)
    return found


def _texts(asset: Asset, decided: LibraryRights) -> dict[str, list[str]]:
    texts = texts_of([asset])[asset.pk]
    named = set(texts.pop("person", []))
    if decided.public_people:
        named |= _seen(asset)
        texts["person"] = sorted(named - _hidden(asset))
    return texts


def _seen(asset: Asset) -> set[str]:
    """Those whom a person has named at some second of a film."""
    facts = asset.annotations.filter(kind__in=("person", "speaker"), status=Annotation.Status.ACCEPTED)
    return set(facts.exclude(text="").values_list("text", flat=True))


def _hidden(asset: Asset) -> set[str]:
    """Names that are shown to archivists only."""
    return set(Person.objects.filter(library=asset.library_id, hidden=True).values_list("name", flat=True))


def _named(asset: Asset, speech: Sequence[Segment], decided: LibraryRights) -> list[Segment]:
    """The speech with numbers in the place of all names, or of those that are hidden."""
    speakers = dict.fromkeys(word.speaker for segment in speech for word in segment.words if word.speaker)
    kept = set(speakers) - _hidden(asset) if decided.public_people else set()
    called = {name: f"Speaker {number}" for number, name in enumerate(speakers, start=1)}
    called |= {name: name for name in kept}
    return [
        replace(
            segment, words=[word._replace(speaker=called.get(word.speaker, "")) for word in segment.words]
        )
        for segment in speech
    ]
