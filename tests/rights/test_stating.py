"""Archivists state rights; what two of them change at once is kept, and what cannot be is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dam.rights import resolution
from dam.rights.models import AssetRights, CollectionRights, LibraryRights, Terms
from dam.sharing.models import Role
from tests.factories import make_fact, make_member
from tests.rights.filling import filled, send

pytestmark = pytest.mark.django_db
BY = "https://creativecommons.org/licenses/by/4.0/"


def address(asset):
    return f"/assets/{asset.pk}/rights/"


def test_rights_are_stated_and_found_by_searching(as_archivist, asset, archivist):
    changes = {
        "statement": BY,
        "credit_line": "Photo: Ada",
        "holder": "Town",
        "year": "1931",
        "uses": ["editorial"],
    }
    assert send(as_archivist, address(asset), **changes).status_code == 302
    found = resolution.of(asset)
    assert (found.statement.uri, found.credit, found.notice, found.uses) == (
        BY,
        "Photo: Ada",
        "© 1931 Town",
        ("editorial",),
    )
    facts = asset.annotations.filter(source="person", status="accepted", author=archivist)
    assert dict(facts.values_list("kind", "text")) == {
        "credit": "Photo: Ada",
        "rights": "Attribution 4.0 International. © 1931 Town",
    }


def test_what_is_stated_anew_supersedes_what_was_said_before(as_archivist, asset):
    send(as_archivist, address(asset), credit_line="Photo: Ada")
    send(as_archivist, address(asset), credit_line="Photo: Grace")
    said = dict(asset.annotations.filter(kind="credit").values_list("text", "status"))
    assert said == {"Photo: Ada": "superseded", "Photo: Grace": "accepted"}
    send(as_archivist, address(asset), credit_line="")
    assert not asset.annotations.filter(kind="credit", status="accepted").exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("contact", "somewhere", "neither an e-mail address"),
        ("contact", "javascript:alert(1)", "neither an e-mail address"),
        ("year", "19", "greater than or equal to 1000"),
        ("statement", "https://example.org/mine", "Select a valid choice"),
        ("mining", "DMI-MAYBE", "Select a valid choice"),
        ("uses", ["everything"], "Select a valid choice"),
        ("terms", "x" * 20_001, "at most 20000 characters"),
        ("embargo_until", "2001-01-01T10:00", "That moment has passed"),
    ],
)
def test_bad_input_is_refused_and_stays_in_the_form(as_archivist, asset, field, value, said):
    page = as_archivist.get(address(asset)).content
    sent = filled(page, "holder", holder="Typed already", **{field: value})
    response = as_archivist.post(address(asset), sent)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert "Typed already" in response.content.decode()
    assert not AssetRights.objects.exists()


def test_markup_in_terms_is_text(as_archivist, asset):
    send(as_archivist, address(asset), terms="<script>alert(1)</script>")
    assert b"<script>alert(1)</script>" not in as_archivist.get(address(asset)).content


def test_two_people_who_change_different_fields_both_keep_theirs(as_archivist, asset):
    page = as_archivist.get(address(asset)).content
    send(as_archivist, address(asset), holder="Town archive")
    response = as_archivist.post(address(asset), filled(page, "holder", credit_line="Photo: Ada"))
    assert response.status_code == 302
    record = AssetRights.objects.get(asset=asset)
    assert (record.holder, record.credit_line) == ("Town archive", "Photo: Ada")


def test_two_people_who_change_the_same_field_are_shown_both_values_and_decide(as_archivist, asset):
    page = as_archivist.get(address(asset)).content
    send(as_archivist, address(asset), holder="Town archive")
    response = as_archivist.post(address(asset), filled(page, "holder", holder="City museum"))
    shown = response.content.decode()
    assert "Changed by somebody else meanwhile" in shown
    assert "Town archive" in shown
    assert AssetRights.objects.get(asset=asset).holder == "Town archive"
    as_archivist.post(address(asset), filled(response.content, "holder"))
    assert AssetRights.objects.get(asset=asset).holder == "City museum"


def test_an_embargo_is_set_and_lifted(as_archivist, asset, client, library):
    until = timezone.now() + timedelta(days=3)
    text = until.strftime("%Y-%m-%dT%H:%M")
    send(as_archivist, address(asset), embargo_until=text, embargo_reason="The heirs ask for it")
    asset.refresh_from_db()
    assert asset.embargo_until == until.replace(second=0, microsecond=0)
    assert b"The heirs ask for it" in as_archivist.get(address(asset)).content
    send(as_archivist, address(asset), embargo_until="")
    asset.refresh_from_db()
    assert asset.embargo_until is None


def test_a_past_embargo_does_not_stand_in_the_way_of_other_changes(as_archivist, asset):
    type(asset).objects.filter(pk=asset.pk).update(embargo_until=timezone.now() - timedelta(days=9))
    assert send(as_archivist, address(asset), holder="Town").status_code == 302


def test_the_file_proposes_values(as_archivist, asset):
    make_fact(asset, "credit", "Photo: Ada", source="file", status="accepted", details={"tag": "IPTC:Credit"})
    page = as_archivist.get(address(asset)).content.decode()
    assert 'data-take="id_credit_line" data-value="Photo: Ada"' in page


def test_the_rights_of_a_collection_hold_for_its_assets(as_archivist, asset, collection):
    send(as_archivist, f"/collections/{collection.pk}/rights/", holder="Town", asked__text="Name the source.")
    assert resolution.of(asset).holder == "Town"
    assert CollectionRights.objects.get().changed_by is not None
    assert Terms.objects.get().text == "Name the source."
    assert "the collection Lights" in as_archivist.get(address(asset)).content.decode()


def test_an_archivist_of_another_collection_does_not_learn_the_collections_name(
    client, library, asset, collection
):
    from dam.collections.models import Collection, CollectionItem

    other = Collection.objects.create(library=library, name="Other")
    CollectionItem.objects.create(collection=other, asset=asset)
    CollectionRights.objects.create(collection=collection, holder="Town")
    client.force_login(make_member(library, Role.ARCHIVIST, other))
    page = client.get(address(asset)).content.decode()
    assert "its collection" in page
    assert "Lights" not in page


def test_a_library_decides_about_originals_marks_and_public_pages(as_administrator, library):
    place = f"/libraries/{library.pk}/rights/"
    changes = {
        "originals_from": str(int(Role.CONTRIBUTOR)),
        "mark_text": "Harbour archive",
        "public_pages": "on",
    }
    assert send(as_administrator, place, "mark_text", **changes, asked__text="No resale.").status_code == 302
    library.refresh_from_db()
    decided = LibraryRights.of(library.pk)
    assert (decided.originals_from, decided.mark_text, library.public) == (
        Role.CONTRIBUTOR,
        "Harbour archive",
        True,
    )
    assert Terms.objects.get(collection=None).version == 1
    assert as_administrator.get(f"/libraries/{library.pk}/watermark/")["Content-Type"] == "image/png"


def test_a_watermark_that_the_font_cannot_write_is_refused(as_administrator, library):
    response = send(as_administrator, f"/libraries/{library.pk}/rights/", mark_text="港")
    assert "no letters for &#x27;港&#x27;" in response.content.decode()


def test_the_same_terms_make_no_new_version(as_administrator, library):
    place = f"/libraries/{library.pk}/rights/"
    send(as_administrator, place, asked__text="No resale.")
    send(as_administrator, place, asked__text="No resale.")
    send(as_administrator, place, asked__text="")
    assert list(Terms.objects.order_by("version").values_list("text", flat=True)) == ["No resale.", ""]
