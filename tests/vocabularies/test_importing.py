"""From a file to terms: shown first, taken over once, the same again, and out as it came in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dam.vocabularies import concepts, importing, writing
from dam.vocabularies.models import Import, Vocabulary
from tests.factories import make_library

pytestmark = pytest.mark.django_db

PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://example.org/animals/> .\n"
TURTLE = f"""{PREFIX}
:scheme a skos:ConceptScheme ; skos:prefLabel "Animals" .
:Dog a skos:Concept ; skos:prefLabel "Dog"@en, "Hund"@de ; skos:broader :Animals .
:Owl a skos:Concept ; skos:prefLabel "Owl"@en, "Owls"@en ; skos:broader :Birds .
"""


def sent(client, vocabulary, text):
    file = SimpleUploadedFile("animals.ttl", text.encode())
    client.post(reverse("new-vocabulary-import", args=[vocabulary.pk]), {"file": file})
    return Import.objects.first()


def test_a_file_is_shown_before_it_is_taken_over(client, vocabulary, archivist):
    made = sent(client, vocabulary, TURTLE)
    assert b"Reading the file" in client.get(made.get_absolute_url()).content
    importing.read(made.pk)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Take over 1 term" in page
    assert "2 preferred labels in en" in page
    assert not vocabulary.terms.filter(name="Dog").exists()


def test_what_is_confirmed_is_taken_over_once(client, vocabulary, archivist):
    made = sent(client, vocabulary, TURTLE)
    importing.read(made.pk)
    client.post(reverse("confirm-vocabulary-import", args=[made.pk]))
    for _ in range(2):
        importing.apply(made.pk)
    made.refresh_from_db()
    assert (made.state, made.concepts, made.file) == ("done", [], None)
    assert vocabulary.terms.get(name="Dog").broader.get().name == "Animals"
    assert [each.text for each in vocabulary.changes.all()] == ["Imported animals.ttl"]
    again = client.post(reverse("confirm-vocabulary-import", args=[made.pk]), follow=True)
    assert "not waiting" in again.content.decode()


def test_nothing_is_taken_over_without_a_word(vocabulary, archivist, client):
    made = sent(client, vocabulary, TURTLE)
    importing.read(made.pk)
    importing.apply(made.pk)
    assert not vocabulary.terms.filter(name="Dog").exists()


def test_a_file_that_is_no_vocabulary_is_refused(client, vocabulary, archivist):
    made = sent(client, vocabulary, "no RDF {")
    importing.read(made.pk)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "cannot be read" in page
    assert "Nothing was changed" in page


@pytest.mark.parametrize("ending", list(writing.FORMS))
def test_what_goes_out_comes_in_again_the_same(vocabulary, archivist, ending):
    data = b"".join(writing.write(vocabulary, ending))
    copy = Vocabulary.objects.create(library=make_library(), name="Copy")
    for change in (True, False):
        made = importing.begin(copy, archivist, f"a.{ending}", data)
        importing.read(made.pk)
        made.refresh_from_db()
        assert (made.report["counts"].get("added") == 5) is change
        assert (made.report["counts"].get("kept") == 5) is not change
        importing.confirm(made)
        importing.apply(made.pk)
    assert concepts.read(copy) == concepts.read(vocabulary)
    copy.refresh_from_db()
    assert copy.uri == vocabulary.uri


def test_turtle_goes_out_in_pieces_that_are_one_file(vocabulary, monkeypatch):
    monkeypatch.setattr(writing, "TOGETHER", 2)
    pieces = list(writing.write(vocabulary, "ttl"))
    assert len(pieces) == 3
    from rdflib import Graph

    whole = Graph().parse(data=b"".join(pieces), format="turtle")
    assert len(whole) == len(Graph().parse(data=b"".join(writing.write(vocabulary, "rdf")), format="xml"))


def test_a_sample_of_the_standard_is_read_or_refused_with_a_reason(shared, vocabulary, archivist):
    for path in sorted(shared("standards", "skos").glob("*.ttl")):
        made = importing.begin(vocabulary, archivist, path.name, path.read_bytes())
        importing.read(made.pk)
        made.refresh_from_db()
        assert made.state == "ready" or made.problem
