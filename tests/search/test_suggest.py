"""Suggestions: what is being typed, what may be told, and how it is taken."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dam.collections.models import Collection, CollectionItem
from dam.people.signals import traces_erased
from dam.sharing.models import Role
from search import documents, suggest_terms
from search.recent import remember
from search.saved_models import SavedSearch, Term
from search.suggest import suggest
from search.suggest_caret import at, with_words_before
from tests.factories import make_asset, make_fact, make_library, make_member, make_user


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def reader(library):
    return make_member(library)


def known(library, *facts):
    """An asset of the library with those facts (kind, text), indexed and gathered."""
    asset = make_asset(library)
    for kind, text in facts:
        make_fact(asset, kind, text, source="person", status="accepted")
    documents.rebuild([asset.pk])
    suggest_terms.refresh()
    return asset


def labels(user, text, position=None):
    return [each.label for each in suggest(user, text, position)]


@pytest.mark.parametrize(
    ("text", "typed", "field", "start"),
    [
        ("dog be", "be", "", 4),
        ("person:ad", "ad", "person", 7),
        ('person:"Ada L', "Ada L", "person", 7),
        ("-cat", "cat", "", 1),
        ("Person:(Ada OR gr", "gr", "person", 15),
        ('"red ball" ada', "ada", "", 11),
        ("dog ", "", "", 4),
    ],
)
def test_the_caret_knows_what_is_typed(text, typed, field, start):
    caret = at(text, len(text))
    assert (caret.typed, caret.field, caret.start) == (typed, field, start)


def test_the_rest_of_the_word_is_replaced_with_it():
    text = 'person:"Ada Lovelace" dog'
    assert at(text, 9).replaced('"Grace Hopper"') == ('person:"Grace Hopper" dog', 22)
    assert at("dog", 2).replaced("object:") == ("object:", 7)
    assert at("(do)", 3).replaced("dog") == ("(dog)", 4)


def test_free_words_before_the_caret_may_be_one_name():
    text = "harbour ada lov"
    assert [each.typed for each in with_words_before(at(text, len(text)))] == ["harbour ada lov", "ada lov"]
    assert with_words_before(at("-ada lov", 8)) == []


@given(st.text(max_size=200), st.integers(-5, 300))
def test_any_string_has_a_caret_that_lies_in_it(text, position):
    caret = at(text, position)
    assert 0 <= caret.start <= caret.end <= len(text)
    replaced, stands = caret.replaced("x")
    assert 0 <= stands <= len(replaced)


@pytest.mark.django_db
def test_names_of_fields_are_completed_with_their_help(reader):
    first = suggest(reader, "dog spea")[0]
    assert (first.label, first.sort, first.text, first.caret) == ("speaker:", "field", "dog speaker:", 12)
    assert "speaks" in first.note


@pytest.mark.django_db
def test_values_of_the_field_at_the_caret_come_most_frequent_first(library, reader):
    for _ in range(2):
        known(library, ("person", "Adam Smith"))
    known(library, ("person", "Ada Lovelace"), ("object", "adapter"), ("person", "Grace Adams"))
    assert labels(reader, "person:ad") == ["Adam Smith", "Ada Lovelace", "Grace Adams"]
    taken = suggest(reader, "person:ada dog", 9)[0]
    assert (taken.text, taken.note) == ('person:"Adam Smith" dog', "2 files")


@pytest.mark.django_db
def test_free_words_find_people_places_and_tags_whatever_case_and_accents(library, reader):
    known(library, ("person", "Ada Lovelace"), ("place", "Évora"), ("keyword", "evening"))
    assert suggest(reader, "evo")[0].text == "place:Évora "
    assert suggest(reader, "harbour ada lov")[0].text == 'harbour person:"Ada Lovelace" '
    assert "evening" in labels(reader, "EVE")


@pytest.mark.django_db
def test_a_misspelt_value_is_found_by_its_likeness(library, reader):
    known(library, ("person", "Lovelace"))
    assert labels(reader, "person:lovlace") == ["Lovelace"]
    assert "lovelace" in [each.casefold() for each in labels(reader, "lovlace")]


@pytest.mark.django_db
def test_choices_languages_and_collections_are_values_too(library, reader):
    asset = make_asset(library)
    make_fact(asset, "speech", "bonjour", language="fr", source="file")
    documents.rebuild([asset.pk])
    suggest_terms.refresh()
    Collection.objects.create(library=library, name="Apollo papers")
    Collection.objects.create(library=make_library(), name="Apollo secrets")
    assert labels(reader, "type:v") == ["video"]
    assert labels(reader, "lang:") == ["fr"]
    assert [each.text for each in suggest(reader, "collection:apo")] == ['collection:"Apollo papers" ']


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["person:zuz", "zuz", "person:zuzanax", "person:"])
def test_a_term_of_assets_that_the_reader_may_not_see_is_never_suggested(library, reader, text):
    known(make_library(), ("person", "Zuzana"))
    confined = Collection.objects.create(library=library, name="Open")
    visitor = make_member(library, Role.VIEWER, confined)
    CollectionItem.objects.create(collection=confined, asset=known(library, ("person", "Bob")))
    known(library, ("person", "Zuzanna"))
    assert not [each for each in labels(visitor, text) if each.startswith("Zuz")]
    assert "Zuzana" not in labels(reader, text)
    assert "Zuzanna" in labels(reader, text)


@pytest.mark.django_db
def test_a_trashed_asset_and_a_rejected_fact_suggest_nothing_even_before_terms_are_gathered(library, reader):
    asset = known(library, ("person", "Ada"))
    assert labels(reader, "person:a") == ["Ada"]
    asset.annotations.update(status="rejected")
    documents.rebuild([asset.pk])
    assert labels(reader, "person:a") == []
    assert Term.objects.filter(text="Ada").exists()


@pytest.mark.django_db
def test_an_erased_name_leaves_the_terms_at_once(library, reader):
    asset = known(library, ("person", "Ada"), ("object", "dog"))
    asset.annotations.filter(kind="person").delete()
    traces_erased.send(sender=None, asset_ids=[asset.pk])
    assert list(Term.objects.values_list("text", flat=True)) == ["dog"]


@pytest.mark.django_db
def test_gathering_follows_the_index_and_rests_in_between(library, monkeypatch):
    monkeypatch.setattr(suggest_terms, "_newest", None)
    monkeypatch.setattr(suggest_terms, "_rested_until", float("-inf"))
    asset = make_asset(library)
    make_fact(asset, "object", "dog", source="file")
    documents.rebuild([asset.pk])
    assert suggest_terms.look()
    assert Term.objects.get().assets == 1
    assert not suggest_terms.look()


@pytest.mark.django_db
def test_an_empty_box_offers_saved_and_recent_searches(reader):
    SavedSearch.objects.create(owner=reader, name="Ferries", text="object:boat")
    SavedSearch.objects.create(owner=make_user(), name="Private", text="secret")
    remember(reader, "harbour")
    assert [(each.label, each.sort) for each in suggest(reader, "")] == [
        ("Ferries", "saved"),
        ("harbour", "recent"),
    ]
    assert labels(reader, "harb") == ["harbour"]


@pytest.mark.django_db
def test_a_word_that_is_nowhere_is_respelt(library, reader):
    known(library, ("caption", "a lighthouse at night"))
    respelt = [each for each in suggest(reader, "old lighthuose") if each.sort == "spelling"]
    assert [each.text for each in respelt] == ["old lighthouse "]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "person:%%", "'; DROP", "a\x00", "x" * 2000, "person:(", "🦊 do"]
)
def test_strange_strings_are_answered(library, reader, text):
    known(library, ("object", "dog"))
    assert "dog" not in labels(reader, text) or text.endswith("do")


@pytest.mark.django_db
def test_the_address_answers_with_options_or_json_and_only_for_who_is_signed_in(client, library, reader):
    known(library, ("object", "<b>dog</b>"))
    address = reverse("suggestions")
    assert client.get(address, {"q": "object:"}).status_code == 302
    client.force_login(reader)
    page = client.get(address, {"q": "object:"}, headers={"accept": "text/html"}).content.decode()
    assert 'role="option"' in page
    assert "&lt;b&gt;dog" in page
    told = client.get(address, {"q": "object: cat", "at": "7"}, headers={"accept": "application/json"}).json()
    assert told["suggestions"][0]["text"] == 'object:"<b>dog</b>" cat'
