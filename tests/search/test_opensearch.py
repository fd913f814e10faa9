"""The description by which a browser adds this search to its own, held against OpenSearch 1.1 draft 6."""

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import resolve

from search import documents, suggest_terms
from tests.factories import make_asset, make_fact, make_library, make_member

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"
HTML, SUGGESTIONS = "text/html", "application/x-suggestions+json"


@pytest.fixture
def description(client: Client) -> ElementTree.Element:
    """As somebody who is not signed in gets it: no database is touched."""
    response = client.get("/opensearch.xml", headers={"host": "localhost:8000"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 - of our own making


def templates(description: ElementTree.Element) -> dict[str, str]:
    return {url.attrib["type"]: url.attrib["template"] for url in description.iter(f"{SPACE}Url")}


def text(description: ElementTree.Element, name: str) -> str:
    return description.findtext(f"{SPACE}{name}") or ""


def test_it_has_what_the_standard_demands_within_its_lengths(description: ElementTree.Element) -> None:
    assert description.tag == f"{SPACE}OpenSearchDescription"
    assert 0 < len(text(description, "ShortName")) <= 16
    assert 0 < len(text(description, "Description")) <= 1024
    assert "<" not in text(description, "ShortName") + text(description, "Description")
    assert text(description, "InputEncoding") == text(description, "OutputEncoding") == "UTF-8"
    image = description.find(f"{SPACE}Image")
    assert image is not None
    assert image.attrib["type"] == "image/svg+xml"


def test_addresses_are_absolute_on_the_host_that_was_asked(description: ElementTree.Element) -> None:
    addresses = [*templates(description).values(), text(description, "Image")]
    assert all(each.startswith("http://localhost:8000/") for each in addresses)


def test_each_template_takes_the_words_and_leads_to_a_page(description: ElementTree.Element) -> None:
    path, _, query = templates(description)[HTML].removeprefix("http://localhost:8000").partition("?")
    assert resolve(path).view_name == "search"
    assert query == "q={searchTerms}"
    path, _, query = templates(description)[SUGGESTIONS].removeprefix("http://localhost:8000").partition("?")
    assert resolve(path).view_name == "opensearch-suggestions"
    assert query == "q={searchTerms}"


@pytest.mark.django_db
def test_the_search_of_the_description_works(client: Client, description: ElementTree.Element) -> None:
    client.force_login(make_member(make_library()))
    address = templates(description)[HTML].replace("{searchTerms}", "red%20balloon")
    response = client.get(address.removeprefix("http://localhost:8000"))
    assert response.status_code == 200
    assert "red balloon" in response.content.decode()


@pytest.mark.django_db
def test_suggestions_come_as_browsers_read_them(client: Client) -> None:
    asset = make_asset()
    make_fact(asset, "object", "zebra")
    documents.rebuild([asset.pk])
    suggest_terms.refresh()
    client.force_login(make_member(asset.library))
    response = client.get("/opensearch/suggestions/", {"q": "zeb"}, headers={"host": "localhost:8000"})
    assert response["Content-Type"] == SUGGESTIONS
    typed, texts, notes, addresses = response.json()
    assert typed == "zeb"
    assert texts[0].strip() == "object:zebra"
    assert len(texts) == len(notes) == len(addresses)
    assert addresses[0].startswith("http://localhost:8000/search/?q=object%3Azebra")


@pytest.mark.django_db
def test_suggestions_tell_nothing_of_what_the_reader_may_not_see(client: Client) -> None:
    asset = make_asset()
    make_fact(asset, "object", "zebra")
    documents.rebuild([asset.pk])
    suggest_terms.refresh()
    client.force_login(make_member(make_library()))
    assert client.get("/opensearch/suggestions/", {"q": "zeb"}).json() == ["zeb", [], [], []]


@pytest.mark.django_db
def test_pages_name_the_description(client: Client) -> None:
    client.force_login(make_member(make_library()))
    page = client.get("/search/").content.decode()
    assert 'rel="search" href="/opensearch.xml" type="application/opensearchdescription+xml"' in page


def test_it_is_only_read(client: Client) -> None:
    assert client.post("/opensearch.xml").status_code == 405
