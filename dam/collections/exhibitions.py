"""Exhibitions: what goes into them, what keeps them from being published, and what a visitor is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from dam.assets.models import Asset, MediaKind
from dam.collections.exhibition_models import Exhibition, ExhibitionMoment, ExhibitionSection
from indexing import flags
from indexing.models import Annotation

MOST = 300
"""Moments of one exhibition: it is one page."""

RENDITIONS: Mapping[str, tuple[str, ...]] = {
    MediaKind.IMAGE: ("thumb-large",),
    MediaKind.VIDEO: ("proxy", "poster"),
    MediaKind.AUDIO: ("proxy", "thumb-large"),
}
"""What a visitor may be sent of an asset. Never the original."""

DESCRIBING = ("alt", "description", "caption")
"""Kinds of facts that say what is to be seen, best first."""

PRIVATE_LIBRARY = "This library has no public pages. An administrator of it can allow them."
FLAGGED = "may be sensitive: a person has to clear it before everyone may see it"


class ExhibitionError(ValueError):
    """Why something cannot be done with an exhibition, in words for a person."""


def new_slug(title: str) -> str:
    """A free short name for the address of an exhibition of that title."""
    plain = slugify(title)[:180] or "exhibition"
    taken = set(Exhibition.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (plain, *numbered) if each not in taken)


def add_moments(section: ExhibitionSection, places: Iterable[Mapping[str, Any]]) -> int:
    """Put moments at the end of a section: mappings with asset, and start, x, y, w, h, caption where known.

    Each is described by what a person has said of its asset. Returns how many. Raises ExhibitionError,
    having changed nothing, for a flagged asset, one of another library, or too many.
    """
    wanted = list(places)
    _refuse_unfit(section.exhibition, [each["asset"] for each in wanted])
    standing = ExhibitionMoment.objects.filter(section__exhibition=section.exhibition_id)
    if standing.count() + len(wanted) > MOST:
        raise ExhibitionError(f"An exhibition holds at most {MOST} moments.")
    said = described([each["asset"].pk for each in wanted])
    last = section.moments.aggregate(last=Max("position"))["last"] or 0
    made = [
        ExhibitionMoment(section=section, position=number, alt=said.get(each["asset"].pk, ""), **each)
        for number, each in enumerate(wanted, start=last + 1)
    ]
    return len(ExhibitionMoment.objects.bulk_create(made))


def described(asset_ids: Iterable[int]) -> dict[int, str]:
    """What has been accepted as the alternative text, or else the description, of each asset."""
    accepted = Annotation.objects.filter(
        asset__in=list(asset_ids), kind__in=DESCRIBING, status=Annotation.Status.ACCEPTED, start=None
    )
    found: dict[int, str] = {}
    for fact in sorted(accepted, key=lambda each: (DESCRIBING.index(each.kind), -each.pk)):
        found.setdefault(fact.asset_id, fact.text)
    return found


def standing_moments(exhibition: Exhibition) -> QuerySet[ExhibitionMoment]:
    """The moments that have not been taken out, in order."""
    kept = ExhibitionMoment.objects.filter(
        section__exhibition=exhibition, section__taken_out_at=None, taken_out_at=None
    )
    return kept.order_by("section__position", "section", "position", "pk")


def left_out(moment: ExhibitionMoment, library_id: int) -> str:
    """Why a visitor is not shown that moment; empty where they are. Its asset's flags are marked before."""
    asset = moment.asset
    if asset.library_id != library_id:
        return "belongs to another library"
    if asset.trashed_at is not None:
        return "is in the trash"
    if asset.embargo_until is not None and asset.embargo_until > timezone.now():
        return f"is under embargo until {asset.embargo_until:%d %B %Y}"
    rights = getattr(asset, "rights", None)
    if rights is not None and rights.usage_ends and rights.usage_ends < timezone.now().date():
        return f"could be used until {rights.usage_ends:%d %B %Y}"
    return FLAGGED if flags.is_flagged(asset) else ""


def obstacles(exhibition: Exhibition) -> list[str]:
    """What keeps it from being published, each in words for a person; nothing where it is ready."""
    moments = list(standing_moments(exhibition).select_related("asset"))
    flags.mark(moment.asset for moment in moments)
    found = [] if exhibition.library.public else [PRIVATE_LIBRARY]
    if not moments:
        found.append("There is nothing in it yet: add a moment.")
    found += [f"{moment.asset} {FLAGGED}." for moment in moments if flags.is_flagged(moment.asset)]
    silent = [str(moment.asset) for moment in moments if not moment.alt.strip()]
    if silent:
        found.append(f"Alternative text is missing for {', '.join(silent[:5])}{' …' if silent[5:] else ''}.")
    return found


@transaction.atomic
def publish(exhibition: Exhibition) -> None:
    """Open it to everyone. Raises ExhibitionError where anything stands in the way."""
    if found := obstacles(exhibition):
        raise ExhibitionError(" ".join(found))
    exhibition.state = Exhibition.State.PUBLISHED
    exhibition.published_at = exhibition.published_at or timezone.now()
    exhibition.save(update_fields=["state", "published_at", "updated_at"])


def withdraw(exhibition: Exhibition) -> None:
    """Close it; archivists still see it."""
    exhibition.state = Exhibition.State.WITHDRAWN
    exhibition.save(update_fields=["state", "updated_at"])


def delete(exhibition: Exhibition) -> None:
    """Put it away until it is taken back; a published one is closed."""
    if exhibition.state == Exhibition.State.PUBLISHED:
        exhibition.state = Exhibition.State.WITHDRAWN
    exhibition.deleted_at = timezone.now()
    exhibition.save(update_fields=["state", "deleted_at", "updated_at"])


def _refuse_unfit(exhibition: Exhibition, assets: list[Asset]) -> None:
    flags.mark(assets)
    for asset in assets:
        if asset.library_id != exhibition.library_id:
            raise ExhibitionError(f"{asset} belongs to another library than this exhibition.")
        if flags.is_flagged(asset):
            raise ExhibitionError(f"{asset} {FLAGGED}.")
