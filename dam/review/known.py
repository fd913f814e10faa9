"""What a correction is chosen from: labels that are in use already, and people who consent to be named."""

from __future__ import annotations

from collections.abc import Sequence

from dam.assets.models import Asset
from dam.people.models import Person
from dam.people.scopes import nameable_people_for
from dam.review.subjects import PERSONS
from dam.sharing.models import User
from indexing.models import Annotation

MOST = 12
PEOPLE = 500
HOLDING = (Annotation.Status.PROPOSED, Annotation.Status.ACCEPTED)


def known_labels(user: User, kind: str, typed: str) -> list[str]:
    """Labels of a kind, in assets that the user may see, that begin as typed, in alphabetical order."""
    facts = Annotation.objects.filter(
        kind=kind, status__in=HOLDING, parent=None, asset__in=Asset.objects.visible_to(user)
    )
    begin_so = facts.filter(text__istartswith=typed).order_by("text")
    return list(begin_so.values_list("text", flat=True).distinct()[:MOST])


def nameable(user: User, fact: Annotation) -> Sequence[Person]:
    """Who may be said to be there instead, where the fact names somebody."""
    scope = PERSONS.get(fact.kind)
    return list(nameable_people_for(user, fact.asset, scope)[:PEOPLE]) if scope else []
