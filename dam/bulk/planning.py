"""From what stands about an asset and what is wished for to the changes. Nothing is read or written here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from django.utils import timezone

from dam.assets.models import Asset
from dam.bulk import stating
from dam.bulk.fields import ADD, CLEAR, FIELDS, FILL, LABELS, REMOVE, RIGHTS, SET
from dam.bulk.standing import Standing
from dam.bulk.steps import Change, Decide, Place, Put, RefusalError, Say, Step
from dam.bulk.wishes import ENTER, PLACEHOLDER, RESTORE, Wish
from dam.describing import dates, places
from dam.describing.fields import Field
from dam.describing.record import is_said, text_of
from dam.describing.saving import finding
from indexing.models import Annotation

Status = Annotation.Status
OTHER_LIBRARY = "It is in another library than the collection {}."
NO_COLLECTION = "The collection is not there any more, or you may not fill it."
LONG_TITLE = "Its title would have {:,} characters; {:,} fit."
BLANKS = re.compile(r"\s+")


def changes(standing: Standing, wishes: Sequence[Wish], user_id: int | None) -> list[Change]:
    """What becomes of an asset; nothing where all is as it is wished already. Raises RefusalError."""
    rights = [wish for wish in wishes if wish.field in RIGHTS]
    others = [wish for wish in wishes if wish.field not in RIGHTS]
    return [
        *(change for wish in others for change in _change(standing, wish, user_id)),
        *stating.change(standing.rights, standing.facts.get("rights", ()), rights),
    ]


def titled(wish: Wish, asset: Asset, number: int) -> Wish:
    """The wish with its title filled in for one asset. Raises RefusalError where that becomes too long."""
    if wish.field != "title" or wish.value is None:
        return wish
    day = asset.taken_at
    filled = {
        "title": asset.title or PurePosixPath(asset.original_name).stem,
        "name": PurePosixPath(asset.original_name).stem,
        "date": day.date().isoformat() if day else "",
        "year": str(day.year) if day else "",
    }
    title = PLACEHOLDER.sub(lambda found: _filled(found[1], filled, number), wish.value)
    title = BLANKS.sub(" ", title).strip()
    if len(title) > FIELDS["title"].longest:
        raise RefusalError(LONG_TITLE.format(len(title), FIELDS["title"].longest))
    return Wish(wish.field, wish.mode, title)


def _filled(name: str, filled: Mapping[str, str], number: int) -> str:
    _, _, digits = name.partition(":")
    return filled.get(name, f"{number:0{digits or 1}}")


def _change(standing: Standing, wish: Wish, user_id: int | None) -> Iterator[Change]:
    match wish.field:
        case "collection":
            yield from _placed(standing, wish)
        case "trash":
            yield from _trashed(standing, wish.mode == RESTORE, user_id)
        case "decision":
            yield from _decided(standing, wish)
        case name if FIELDS[name].many:
            yield from _many(standing, FIELDS[name], wish)
        case name:
            yield from _one(standing, FIELDS[name], wish)


def _one(standing: Standing, field: Field, wish: Wish) -> Iterator[Change]:
    """A field of one value."""
    facts = standing.facts.get(field.kind, ())
    held = [fact for fact in facts if fact.status == Status.ACCEPTED]
    before = standing.asset.title if field.name == "title" else _latest(held)
    after = _after(before, wish)
    if after == before or (wish.mode == FILL and before):
        return
    steps: list[Step] = [_let_go(fact) for fact in held if text_of(fact) != after]
    steps += _said(field, after, facts) if after else []
    yield Change(field.name, before, after, (*steps, *_columns(field, after)))


def _latest(held: Sequence[Annotation]) -> str:
    """What people wrote last, else what the file says first."""
    said = [fact for fact in held if is_said(fact)]
    return text_of(said[-1]) if said else text_of(held[0]) if held else ""


def _after(before: str, wish: Wish) -> str:
    """The text that is wished for. What is to be added and stands there already is not added again."""
    value = str(wish.value or "")
    if wish.mode == ADD and before:
        return before if value in before.split("\n\n") else f"{before}\n\n{value}"
    return "" if wish.mode == CLEAR else value


def _columns(field: Field, after: str) -> list[Step]:
    """What the asset itself holds of a field."""
    if field.name == "title":
        return [Put("title", after)]
    moment = dates.read(after).moment if field.name == "date" and after else None
    return [Put("taken_at", moment.isoformat())] if moment else []


def _many(standing: Standing, field: Field, wish: Wish) -> Iterator[Change]:
    """A field of several values."""
    facts = standing.facts.get(field.kind, ())
    held = [fact for fact in facts if fact.status == Status.ACCEPTED]
    wished: list[str] = list(wish.value or ())
    removed = _unwished(field, facts, held, wish)
    kept = [fact for fact in held if fact not in removed]
    added = [] if wish.mode == REMOVE else [text for text in wished if not _among(field, text, kept)]
    if not removed and not added:
        return
    steps = [*map(_let_go, removed), *(step for text in added for step in _said(field, text, facts))]
    before, after = (dict.fromkeys(text_of(fact) for fact in facts) for facts in (held, kept))
    yield Change(field.name, "; ".join(before), "; ".join([*after, *added]), tuple(steps))


def _unwished(
    field: Field, facts: Sequence[Annotation], held: Sequence[Annotation], wish: Wish
) -> list[Annotation]:
    match wish.mode:
        case mode if mode == REMOVE:
            return [fact for fact in facts if any(_reads(field, fact, text) for text in wish.value)]
        case mode if mode == SET:
            return [fact for fact in held if not any(_reads(field, fact, text) for text in wish.value)]
        case mode if mode == CLEAR:
            return list(held)
    return []


def _among(field: Field, text: str, facts: Sequence[Annotation]) -> bool:
    return any(_reads(field, fact, text) for fact in facts)


def _reads(field: Field, fact: Annotation, text: str) -> bool:
    """Whether the fact says that; a place that is named without coordinates is the one that has some."""
    if text_of(fact).casefold() == text.casefold():
        return True
    return field.kind == "place" and not places.read(text).details and fact.text.casefold() == text.casefold()


def _let_go(fact: Annotation) -> Decide:
    """What a person wrote becomes history; what a machine or the file says is turned down."""
    own = fact.source == Annotation.Source.PERSON
    return Decide(fact, Status.SUPERSEDED if own else Status.REJECTED)


def _said(field: Field, text: str, facts: Sequence[Annotation]) -> list[Step]:
    """Accept what says so already, or write it down."""
    same = next((fact for fact in facts if text_of(fact) == text), None)
    if same is None:
        return [Say(finding(field, text))]
    return [] if is_said(same) else [Decide(same, Status.ACCEPTED)]


def _placed(standing: Standing, wish: Wish) -> Iterator[Change]:
    collection = standing.fillable.get(wish.value)
    if collection is None:
        raise RefusalError(NO_COLLECTION)
    inside = wish.mode == ENTER
    if inside and collection.library_id != standing.asset.library_id:
        raise RefusalError(OTHER_LIBRARY.format(collection))
    if inside != (collection.pk in standing.positions):
        before, after = ("", collection.name) if inside else (collection.name, "")
        yield Change("collection", before, after, (Place(collection, inside),))


def _trashed(standing: Standing, restore: bool, user_id: int | None) -> Iterator[Change]:
    if restore == (standing.asset.trashed_at is None):
        return
    when = None if restore else timezone.now().isoformat()
    steps = (Put("trashed_at", when), Put("trashed_by", None if restore else user_id))
    before, after = ("in the trash", "") if restore else ("", "in the trash")
    yield Change("trash", before, after, steps)


def _decided(standing: Standing, wish: Wish) -> Iterator[Change]:
    if standing.proposals:
        texts = dict.fromkeys(fact.text or LABELS["decision"] for fact in standing.proposals)
        steps = tuple(Decide(fact, Status(wish.mode)) for fact in standing.proposals)
        yield Change("decision", "; ".join(texts), Status(wish.mode).label.lower(), steps)
