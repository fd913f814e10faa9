"""Writing down the rights in an asset: its record, its embargo, and the facts by which both are searched."""

from __future__ import annotations

from django.db import transaction

from dam.assets.models import Asset
from dam.rights.forms import AssetRightsForm
from dam.rights.models import AssetRights
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation

Status = Annotation.Status


def record_of(asset: Asset, lock: bool = False) -> AssetRights:
    """The asset's own record, unsaved where it has none. With `lock`, the asset's row is held until the
    transaction ends, so that two people's changes follow each other."""
    if lock:
        asset.embargo_until = (
            Asset.objects.select_for_update().values_list("embargo_until", flat=True).get(pk=asset.pk)
        )
    found = AssetRights.objects.filter(asset=asset.pk).first() or AssetRights()
    found.asset = asset
    return found


def save(form: AssetRightsForm, user: User) -> list[str]:
    """Write what was changed in a valid form without clashes; returns the names of those fields.

    The transaction holds the lock of `record_of`.
    """
    record: AssetRights = form.instance
    changed = form.merge()
    record.changed_by = user
    record.save()
    if "embargo_until" in changed:
        _embargo(record.asset, form.cleaned_data["embargo_until"])
    _say(record, changed, user)
    return changed


def _embargo(asset: Asset, until: object) -> None:
    Asset.objects.filter(pk=asset.pk).update(embargo_until=until)


def _say(record: AssetRights, changed: list[str], user: User) -> None:
    """Keep the facts of credit and rights like the record, so that both are found by searching."""
    if "credit_line" in changed:
        replace_fact(record.asset, "credit", record.credit_line, user)
    if {"statement", "holder", "year"} & set(changed):
        replace_fact(record.asset, "rights", in_words(record), user)


def in_words(record: AssetRights) -> str:
    """Statement and copyright notice as one text: "In Copyright. © 1931 Harbour Archive"."""
    known = record.known_statement
    notice = " ".join(str(part) for part in (record.year, record.holder) if part)
    return ". ".join(part for part in (known.label if known else "", f"© {notice}" if notice else "") if part)


@transaction.atomic
def replace_fact(asset: Asset, kind: str, text: str, user: User) -> None:
    """Let a person's fact of that kind say this; what people said before is superseded. "" says nothing."""
    said = asset.annotations.filter(kind=kind, source=Annotation.Source.PERSON, status=Status.ACCEPTED)
    standing = list(said.select_related("asset"))
    if [fact.text for fact in standing] == ([text] if text else []):
        return
    for fact in standing:
        store.review(fact, user, Status.SUPERSEDED)
    if text:
        store.record(asset, Finding(kind, text), user)
