"""Pages of vocabularies and terms."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dam.sharing.models import Role
from dam.vocabularies import concepts
from dam.vocabularies.models import Vocabulary
from tests.factories import make_member, make_user
from tests.vocabularies.conftest import BASE, concept

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def written(client, term, **fields):
    """Post the edit form of a term with some fields changed."""
    shown = client.get(reverse("edit-term", args=[term.pk])).context["form"].initial
    return client.post(reverse("edit-term", args=[term.pk]), {**shown, **fields}, follow=True)


def test_an_archivist_makes_a_vocabulary(client, library, archivist):
    chosen = {"name": "Trees", "place": library.pk, "language": "en", "is_open": "on"}
    assert "There are no terms yet" in text(client.post(reverse("vocabularies"), chosen, follow=True))
    assert Vocabulary.objects.get().uri.startswith("urn:uuid:")
    assert "of that name here already" in text(client.post(reverse("vocabularies"), chosen))
    assert "language tag" in text(client.post(reverse("vocabularies"), {**chosen, "language": "?"}))


def test_in_another_language_terms_have_other_names(client, vocabulary, archivist):
    client.post(
        reverse("edit-vocabulary", args=[vocabulary.pk]), {"name": "Tiere", "language": "de", "uri": BASE}
    )
    assert set(vocabulary.terms.values_list("name", flat=True)) == {
        "Animals",
        "Vögel",
        "Eule",
        "Barn owl",
        "Cat",
    }


def test_a_vocabulary_for_all_is_the_administrators(client, library, archivist):
    chosen = {"name": "Trees", "place": "all", "language": "en"}
    assert "valid choice" in text(client.post(reverse("vocabularies"), chosen))
    client.force_login(make_user(is_superuser=True))
    client.post(reverse("vocabularies"), chosen)
    assert Vocabulary.objects.get().library is None


def test_the_tree_counts_what_is_narrower_too(client, vocabulary, archivist, tagged):
    tagged("Barn owl", "owl")
    tagged("Vögel")
    tagged("Birds").annotations.update(status="rejected")
    page = text(client.get(vocabulary.get_absolute_url()))
    assert "Animals" in page
    assert "2 files" in page
    branch = text(client.get(reverse("term-branch", args=[vocabulary.terms.get(name="Birds").pk])))
    assert "Owl" in branch
    assert "1 file<" in branch


def test_searching_within_finds_any_label(client, vocabulary, archivist):
    page = text(client.get(vocabulary.get_absolute_url(), {"q": "eul"}))
    assert "Owl" in page
    assert "Animals › Birds" in page
    assert "Add it as a term" in text(client.get(vocabulary.get_absolute_url(), {"q": "zebra"}))


def test_the_pages_take_as_many_queries_however_large_it_is(
    client, vocabulary, archivist, django_assert_max_num_queries, tagged
):
    concepts.write(
        vocabulary, [concept(f"T{n}") for n in range(60)] + [concept(f"N{n}", ("T1",)) for n in range(60)]
    )
    tagged(*(f"T{n}" for n in range(60)))
    with django_assert_max_num_queries(16):
        client.get(vocabulary.get_absolute_url())
    with django_assert_max_num_queries(16):
        client.get(reverse("term-branch", args=[vocabulary.terms.get(name="T1").pk]))
    with django_assert_max_num_queries(22):
        client.get(vocabulary.terms.get(name="T1").get_absolute_url())


def test_a_term_tells_everything(client, term, archivist, tagged):
    tagged("tyto alba")
    page = text(client.get(term("Owl").get_absolute_url()))
    for part in ("Animals › Birds › Owl", "Eule", "Owll", "Barn owl", "1 file</a> tagged", "0 with itself"):
        assert part in page


def test_a_term_is_added_below_another(client, vocabulary, term, archivist):
    address = reverse("new-term", args=[vocabulary.pk])
    form = client.get(f"{address}?broader={term('Owl').pk}").context["form"]
    assert form["broader"].value() == "Owl"
    chosen = {"preferred": "Eagle owl\nde: Uhu", "broader": "owl", "alternative": "Bubo bubo"}
    client.post(address, chosen)
    made = term("Eagle owl")
    assert made.uri.startswith(BASE)
    assert made.broader.get() == term("Owl")
    assert made.labels.count() == 3


def test_moving_a_term_below_itself_is_refused_and_nothing_is_lost(client, term, archivist):
    page = text(written(client, term("Animals"), broader="Barn owl", alternative="Fauna"))
    assert "Animals › Birds › Owl › Barn owl › Animals" in page
    assert "Fauna" in page
    assert not term("Animals").labels.filter(text="Fauna").exists()


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"preferred": ""}, "required"),
        ({"preferred": "Owl\nOwls"}, "2 preferred labels in en"),
        ({"broader": "Zebra"}, "no term “Zebra”"),
        ({"exact": "not-an-address"}, "no address"),
        ({"alternative": "x" * 301}, "longer than 300"),
    ],
)
def test_what_is_wrong_with_a_term_is_said(client, term, archivist, fields, complaint):
    assert complaint in text(written(client, term("Owl"), **fields))


def test_a_name_that_several_terms_have_asks_for_an_address(client, vocabulary, term, archivist):
    vocabulary.terms.filter(name="Cat").update(name="Owl")
    term_labels = vocabulary.terms.get(uri=BASE + "Cat").labels
    term_labels.update(text="Owl", plain="owl")
    page = text(written(client, term("Barn owl"), broader="Owl"))
    assert "Several terms are called “Owl”" in page
    assert BASE + "Cat" in page


def test_two_who_edit_a_term_see_each_other_and_lose_nothing(client, term, archivist):
    shown = client.get(reverse("edit-term", args=[term("Cat").pk])).context["form"].initial
    written(client, term("Cat"), preferred="Tomcat")
    late = client.post(reverse("edit-term", args=[term("Tomcat").pk]), {**shown, "alternative": "Moggy"})
    assert "Somebody has changed this term meanwhile; its labels are now “Tomcat”" in text(late)
    assert "Moggy" in text(late)
    again = late.context["form"].data
    client.post(reverse("edit-term", args=[term("Tomcat").pk]), again)
    assert set(term("Cat").labels.values_list("text", flat=True)) == {"Cat", "Moggy"}


def test_notes_and_matches_that_the_form_does_not_show_stay(client, vocabulary, term, archivist):
    known = {"scopeNote": {"de": "Nachts"}, "definition": {"en": "A bird."}}
    vocabulary.terms.filter(name="Owl").update(notes=known, matches={"broadMatch": ["urn:x"]})
    written(client, term("Owl"), scope_note="At night", exact="http://other.org/1")
    assert term("Owl").notes == {
        "scopeNote": {"de": "Nachts", "en": "At night"},
        "definition": {"en": "A bird."},
    }
    assert term("Owl").matches == {"broadMatch": ["urn:x"], "exactMatch": ["http://other.org/1"]}


def test_merging_deleting_and_undoing(client, vocabulary, term, archivist, tagged):
    tagged("Owl")
    assert "1 file tagged with Owl" in text(client.get(reverse("merge-term", args=[term("Owl").pk])))
    assert "no term" in text(client.post(reverse("merge-term", args=[term("Owl").pk]), {"into": "Zebra"}))
    client.post(reverse("merge-term", args=[term("Owl").pk]), {"into": "cat"})
    assert not vocabulary.terms.filter(name="Owl").exists()
    client.post(reverse("undo-vocabulary-change", args=[vocabulary.changes.first().pk]))
    assert "used by 1 file" in text(client.get(reverse("delete-term", args=[term("Owl").pk])))
    page = text(client.post(reverse("delete-term", args=[term("Owl").pk]), follow=True))
    assert "Deleted Owl" in page
    assert "Undo" in page


def test_a_deleted_vocabulary_is_taken_back(client, vocabulary, archivist, library):
    client.post(reverse("delete-vocabulary", args=[vocabulary.pk]))
    assert client.get(vocabulary.get_absolute_url()).status_code == 404
    assert "Take back" in text(client.get(reverse("vocabularies")))
    client.post(reverse("restore-vocabulary", args=[vocabulary.pk]))
    assert client.get(vocabulary.get_absolute_url()).status_code == 200


def test_a_viewer_sees_and_changes_nothing(client, vocabulary, library, term):
    client.force_login(make_member(library, Role.VIEWER))
    page = text(client.get(term("Owl").get_absolute_url()))
    assert "Merge" not in page
    assert client.get(reverse("edit-term", args=[term("Owl").pk])).status_code == 404


def test_addresses_that_are_no_web_addresses_are_no_links(client, vocabulary, term, archivist):
    vocabulary.terms.filter(name="Owl").update(matches={"exactMatch": ["javascript:alert(1)"]})
    page = text(client.get(term("Owl").get_absolute_url()))
    assert "javascript:alert(1)" in page
    assert 'href="javascript:' not in page


def test_an_export_is_named_and_unknown_endings_are_not_there(client, vocabulary, archivist):
    response = client.get(reverse("export-vocabulary", args=[vocabulary.pk, "ttl"]))
    assert response["Content-Disposition"] == 'attachment; filename="animals.ttl"'
    assert b"Barn owl" in b"".join(response.streaming_content)
    assert client.get(reverse("export-vocabulary", args=[vocabulary.pk, "exe"])).status_code == 404
