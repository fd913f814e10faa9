"""The page on which an asset is described."""

import json

import pytest
from django.urls import reverse

from dam.collections.models import Collection
from dam.describing.forms import DescribeForm
from dam.describing.record import record_of
from dam.describing.saving import save
from dam.sharing.models import Role
from tests.factories import make_asset, make_fact, make_member

pytestmark = pytest.mark.django_db


def address(asset):
    return reverse("describe", args=[asset.pk])


def opened(asset):
    """What the form holds when it is opened, as a browser sends it back."""
    form = DescribeForm(asset, record_of(asset))
    sent = {name: form[name].value() for name in form.fields if name != "before"}
    return {**sent, "before": json.dumps(record_of(asset).values)}


def test_saving_leads_to_the_asset_and_says_what_was_saved(signed_in, asset):
    response = signed_in.post(
        address(asset), {**opened(asset), "title": "Low tide", "keywords": "boat, sea"}, follow=True
    )
    assert response.redirect_chain[-1][0] == asset.get_absolute_url()
    assert "Saved: Title, Keywords." in response.content.decode()
    asset.refresh_from_db()
    assert (asset.title, asset.revision) == ("Low tide", 1)


def test_the_browser_is_told_that_the_draft_may_go(signed_in, asset):
    response = signed_in.post(address(asset), {**opened(asset), "title": "Low tide"})
    assert response.cookies[f"draft-saved-describe-{asset.pk}"].value == "1"


def test_what_cannot_be_saved_stays_in_the_form(signed_in, asset):
    response = signed_in.post(address(asset), {**opened(asset), "title": "Low tide", "date": "soon"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "cannot be read as a date" in text
    assert 'value="Low tide"' in text
    assert 'value="soon"' in text
    asset.refresh_from_db()
    assert asset.title == "Old title"


def test_a_viewer_gets_no_form(client, library, asset):
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    assert client.get(address(asset)).status_code == 404
    assert client.post(address(asset), {"title": "Mine"}).status_code == 404


def test_a_proposal_is_written_into_its_box_and_not_saved_yet(signed_in, asset):
    proposed = make_fact(asset, "keyword", "Owl, barn", confidence=0.8)
    sent = {**opened(asset), "title": "Typed", "keywords": "boat", "use": proposed.pk}
    text = signed_in.post(address(asset), sent).content.decode()
    assert "boat\n&quot;Owl, barn&quot;" in text
    assert 'value="Typed"' in text
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_two_people_at_different_fields_both_win(signed_in, asset, archivist, other):
    mine = {**opened(asset), "description": "Mine"}
    save(asset, other, {"title": "Theirs", "keywords": ("gull",)})
    response = signed_in.post(address(asset), mine, follow=True)
    assert "Somebody changed Title, Keywords meanwhile: both changes are kept." in response.content.decode()
    values = record_of(type(asset).objects.get(pk=asset.pk)).values
    assert (values["title"], values["description"], values["keywords"]) == ("Theirs", "Mine", ("gull",))


def test_two_people_at_the_same_field_are_shown_both_and_nothing_is_lost(signed_in, asset, other):
    save(asset, other, {"description": "First"})
    mine = {**opened(asset), "description": "Mine", "note": "Kept"}
    save(asset, other, {"description": "Theirs"})
    response = signed_in.post(address(asset), mine)
    text = response.content.decode()
    assert [str(choice.field.name) for choice in response.context["choices"]] == ["description"]
    for said in ("First", "Theirs", "Mine", str(other), "Kept"):
        assert said in text
    assert record_of(asset).values["description"] == "Theirs"
    chosen = {**dict(response.context["settled"]), "description": "Theirs\n\nMine"}
    signed_in.post(address(asset), {**chosen, "before": json.dumps(record_of(asset).values)})
    values = record_of(asset).values
    assert (values["description"], values["note"]) == ("Theirs\n\nMine", "Kept")


def test_a_fact_accepted_elsewhere_meanwhile_is_not_taken_out_again(signed_in, asset, other):
    proposed = make_fact(asset, "keyword", "boat")
    mine = {**opened(asset), "keywords": "sea"}
    save(asset, other, {"keywords": ("boat",)})
    signed_in.post(address(asset), mine)
    assert set(record_of(asset).values["keywords"]) == {"boat", "sea"}
    proposed.refresh_from_db()
    assert proposed.status == "accepted"


def test_saving_goes_on_to_the_next_older_asset(signed_in, library):
    older, asset = make_asset(library), make_asset(library)
    response = signed_in.post(address(asset), {**opened(asset), "next": "1"})
    assert response["Location"] == address(older)
    assert signed_in.post(address(older), {**opened(older), "next": "1"})["Location"] == (
        older.get_absolute_url()
    )


def test_the_next_one_may_be_that_of_a_collection(signed_in, library):
    inside, _, asset = (make_asset(library) for _ in range(3))
    collection = Collection.objects.create(library=library, name="Some")
    for each in (inside, asset):
        collection.items.create(asset=each)
    sent = {**opened(asset), "next": "1", "list": str(collection.pk)}
    assert signed_in.post(address(asset), sent)["Location"] == f"{address(inside)}?list={collection.pk}"


def test_a_date_is_read_back_while_it_is_typed(signed_in):
    said = signed_in.get(reverse("read-date"), {"date": "circa 1931"}).content.decode()
    assert "1931~" in said
    assert "1 January 1931" in said
    refused = signed_in.get(reverse("read-date"), {"date": "12.05.1931"}).content.decode()
    assert "not clear" in refused


def test_the_page_costs_no_more_with_many_facts(signed_in, asset, archivist, django_assert_max_num_queries):
    save(asset, archivist, {"keywords": tuple(f"word {number}" for number in range(60))})
    for number in range(60):
        make_fact(asset, "caption", f"caption {number}", confidence=0.5)
    with django_assert_max_num_queries(20):
        assert signed_in.get(address(asset)).status_code == 200
