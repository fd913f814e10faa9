"""Suggestions of keywords: by any label, with the path, of what the reader may see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dam.sharing.models import Role
from dam.vocabularies import concepts
from dam.vocabularies.models import Vocabulary
from tests.factories import make_library, make_member
from tests.vocabularies.conftest import concept

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client, library):
    """asked(typed, **parameters): the terms suggested to a viewer of the library."""
    client.force_login(make_member(library, Role.VIEWER))

    def ask(typed, **parameters):
        response = client.get(
            reverse("suggest-terms"), {"q": typed, **parameters}, headers={"Accept": "application/json"}
        )
        return response.json()["terms"]

    return ask


def test_a_term_is_suggested_with_its_path(vocabulary, asked):
    assert asked("ow")[0] == {"text": "Owl", "path": "Animals › Birds › Owl", "matched": ""}


@pytest.mark.parametrize(
    ("typed", "text", "matched"),
    [("EUL", "Owl", "Eule"), ("vog", "Birds", "Vögel"), ("tyto a", "Barn owl", "Tyto alba")],
)
def test_any_label_leads_to_the_term(vocabulary, asked, typed, text, matched):
    assert (asked(typed)[0]["text"], asked(typed)[0]["matched"]) == (text, matched)


def test_a_word_within_a_label_and_a_misspelling_are_found(vocabulary, asked):
    assert [each["text"] for each in asked("owl")] == ["Owl", "Barn owl"]
    assert asked("animels")[0]["text"] == "Animals"


def test_keywords_in_use_are_suggested_too(vocabulary, asked, tagged):
    tagged("Owlet", "owl")
    assert asked("owl")[-1] == {"text": "Owlet", "path": "", "matched": ""}
    assert [each["text"].lower() for each in asked("owl")].count("owl") == 1


def test_what_others_have_is_not_suggested(vocabulary, asked, tagged):
    other = make_library()
    concepts.write(Vocabulary.objects.create(library=other, name="Other"), [concept("Owlery")])
    tagged("Owling", library=other)
    assert {each["text"] for each in asked("owl")} == {"Owl", "Barn owl"}


def test_one_library_or_one_vocabulary_may_be_asked(vocabulary, asked, library, tagged):
    tagged("Owlet")
    shared = Vocabulary.objects.create(name="Shared")
    concepts.write(shared, [concept("Owlery")])
    assert {"Owlet", "Owlery"} <= {each["text"] for each in asked("owle", library=library.pk)}
    assert {each["text"] for each in asked("owle", vocabulary=shared.pk)} == {"Owlery"}
    assert asked("owle", library=make_library().pk)[0]["text"] == "Owlery"


@pytest.mark.parametrize("typed", ["", "  ", "%", "\x00", "_", "'", "x" * 5000])
def test_odd_input_is_answered(vocabulary, asked, typed):
    assert isinstance(asked(typed), list)


def test_a_page_gets_options(vocabulary, asked, client):
    html = client.get(reverse("suggest-terms"), {"q": "barn"}).content.decode()
    assert 'role="option"' in html
    assert 'data-text="Barn owl"' in html


def test_ten_are_the_most_and_take_as_many_queries(vocabulary, asked, client, django_assert_max_num_queries):
    concepts.write(vocabulary, [concept(f"Owl {n}", ("Owl",)) for n in range(40)])
    with django_assert_max_num_queries(7):
        assert len(asked("owl")) == 10
