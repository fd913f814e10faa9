"""Which rows the audit trail follows: how they are called, and which of their fields matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save

from dam.audit.recording import record

_BEFORE = "_audited_before"


@dataclass(frozen=True)
class Followed:
    """A model. `watched` are the fields whose changes are told; those in `secret` without their values.

    `moments` are dates that are set and taken back, with the names of both acts. `label` writes a row.
    """

    model: type[Model]
    noun: str
    watched: tuple[str, ...] = ()
    secret: frozenset[str] = frozenset()
    moments: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    label: Callable[[Any], str] = str
    tells_made: bool = True
    tells_removed: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.watched, *self.moments)


def follow(followed: Followed) -> None:
    """Write down what happens to rows of that model. Following twice does no harm."""
    uid = f"audit.{followed.model._meta.label}"
    if followed.fields:
        look = partial(_look, followed)
        pre_save.connect(look, sender=followed.model, weak=False, dispatch_uid=f"{uid}.before")
    tell = partial(_tell_saved, followed)
    post_save.connect(tell, sender=followed.model, weak=False, dispatch_uid=f"{uid}.saved")
    if followed.tells_removed:
        gone = partial(_tell_removed, followed)
        post_delete.connect(gone, sender=followed.model, weak=False, dispatch_uid=f"{uid}.removed")


def _look(followed: Followed, instance: Model, update_fields: Any = None, **_: Any) -> None:
    """Remember what the row was like, where a field that matters may be about to change."""
    concerned = update_fields is None or set(update_fields) & set(followed.fields)
    before = None
    if concerned and not instance._state.adding:
        rows = type(instance)._base_manager.filter(pk=instance.pk)
        before = rows.values(*followed.fields).first()
    setattr(instance, _BEFORE, before)


def _tell_saved(followed: Followed, instance: Model, created: bool, raw: bool = False, **_: Any) -> None:
    if created:
        if followed.tells_made and not raw:
            record(f"{followed.noun}.made", target=instance, label=followed.label(instance))
        return
    before = getattr(instance, _BEFORE, None) or {}
    after = {name: getattr(instance, name) for name in before}
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    for name, (old, new) in changed.items():
        _tell_moment(followed, instance, name, old, new)
    told = {name: _told(followed, name, *pair) for name, pair in changed.items() if name in followed.watched}
    if told:
        record(f"{followed.noun}.changed", target=instance, label=followed.label(instance), changed=told)


def _tell_moment(followed: Followed, instance: Model, name: str, old: Any, new: Any) -> None:
    if name in followed.moments and (old is None) != (new is None):
        action = followed.moments[name][old is not None]
        record(action, target=instance, label=followed.label(instance))


def _told(followed: Followed, name: str, old: Any, new: Any) -> Any:
    """From what to what a field was changed; of a secret one, only that it was."""
    return (
        "changed" if name in followed.secret else [_plain(followed, name, old), _plain(followed, name, new)]
    )


def _plain(followed: Followed, name: str, value: Any) -> Any:
    """A value as a person reads it and JSON knows it."""
    choices = dict(getattr(followed.model._meta.get_field(name), "flatchoices", ()))
    read = choices.get(value, value) if isinstance(value, (str, int)) else value
    return read if isinstance(read, (str, int, float, bool, list, type(None))) else str(read)


def _tell_removed(followed: Followed, instance: Model, **_: Any) -> None:
    record(f"{followed.noun}.removed", target=instance, label=followed.label(instance))
