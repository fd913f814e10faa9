"""Addresses of the queue: a group, how it is looked at, and what it is narrowed to. All can be shared."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from dam.assets.models import Asset
from dam.review.grouping import Group
from dam.review.subjects import GROUPINGS, REVIEWED
from dam.sharing.models import Role

FILTERS = ("kind", "place", "least", "most", "analyser")
KEPT = (*FILTERS, "by", "view", "withheld")
"""What stays in the address from one group to the next."""
NAMES = ("asset", "of", "label")
VIEWS = ("grid", "one")


def group_in(request: HttpRequest, asked: QueryDict) -> Group:
    """The group that an address names; an empty one where it names none that the user may review."""
    asset_id = asked.get("asset", "")
    if asset_id.isdecimal() and len(asset_id) < 19:
        asset = Asset.objects.reachable_by(request.user, Role.ARCHIVIST).filter(pk=asset_id).first()
        return Group(asset_id=asset.pk, asset_name=str(asset)) if asset else Group()
    kind = asked.get("of", "")
    return Group(kind=kind, label=asked.get("label", "").replace("\x00", "")) if kind in REVIEWED else Group()


def by_in(asked: QueryDict) -> str:
    """How what waits is grouped."""
    by = asked.get("by", "")
    return by if by in GROUPINGS else "label"


def view_in(asked: QueryDict, group: Group) -> str:
    """ "grid" or "one": as asked, else as suits the group."""
    view = asked.get("view", "")
    return view if view in VIEWS else "grid" if group.in_a_grid else "one"


def kept(asked: QueryDict, **changes: str) -> dict[str, str]:
    """The parameters that go along from page to page, with some changed, or left out where they are ""."""
    values = {name: str(asked[name]) for name in KEPT if asked.get(name)}
    return {name: value for name, value in {**values, **changes}.items() if value}


def group_address(group: Group, parameters: Mapping[str, str]) -> str:
    """Where a group is reviewed."""
    return f"{reverse('review-group')}?{urlencode({**group.query, **parameters})}"


def queue_address(parameters: Mapping[str, str]) -> str:
    """Where all groups are listed."""
    asked = {name: value for name, value in parameters.items() if name not in ("view", "at")}
    return f"{reverse('review')}?{urlencode(asked)}" if asked else reverse("review")
