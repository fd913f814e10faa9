"""A small vocabulary of animals in a library, and what is tagged with them."""

from __future__ import annotations

import pytest

from dam.sharing.models import Role
from dam.vocabularies import concepts
from dam.vocabularies.concepts import Concept
from dam.vocabularies.labels import Wording
from dam.vocabularies.models import Vocabulary
from tests.factories import make_asset, make_fact, make_library, make_member

BASE = "http://example.org/animals/"


def concept(name: str, broader: tuple[str, ...] = (), other: tuple[str, ...] = (), **rest) -> Concept:
    """A concept by its English name, with other labels in English."""
    labels = [Wording("preferred", "en", name), *(Wording("alternative", "en", each) for each in other)]
    labels += rest.pop("labels", [])
    above = tuple(sorted(address(each) for each in broader))
    return Concept(address(name), tuple(sorted(labels)), broader=above, **rest)


def address(name: str) -> str:
    """The URI of a concept by its English name."""
    return BASE + name.replace(" ", "_")


ANIMALS = [
    concept("Animals"),
    concept("Birds", ("Animals",), ("Aves",), labels=[Wording("preferred", "de", "Vögel")]),
    concept("Owl", ("Birds",), labels=[Wording("hidden", "en", "Owll"), Wording("preferred", "de", "Eule")]),
    concept("Barn owl", ("Owl",), ("Tyto alba",)),
    concept("Cat", ("Animals",)),
]


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def vocabulary(library):
    made = Vocabulary.objects.create(library=library, name="Animals", uri=BASE)
    concepts.write(made, ANIMALS)
    return made


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def term(vocabulary):
    """term(name): the term of that name."""
    return lambda name: vocabulary.terms.get(name=name)


@pytest.fixture
def tagged(library):
    """tagged(keyword, ...): a new asset with those keywords."""

    def made(*keywords, **fields):
        asset = make_asset(fields.pop("library", library), **fields)
        for keyword in keywords:
            make_fact(asset, "keyword", keyword, source="person", status="accepted")
        return asset

    return made
