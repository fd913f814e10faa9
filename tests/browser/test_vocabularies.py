"""Terms and the map in a browser: with the keyboard, without findings of axe, on a desk and on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dam.vocabularies import concepts
from dam.vocabularies.models import Vocabulary
from tests.browser.test_accessibility import RUN, SERIOUS, TOO_WIDE, axe  # noqa: F401
from tests.browser.waiting import wait_until
from tests.factories import make_fact
from tests.vocabularies.conftest import ANIMALS, BASE

WIDTHS = {"light": (1440, 360), "dark": (1440,)}


@pytest.fixture
def vocabulary(showcase):
    made = Vocabulary.objects.create(library=showcase.library, name="Animals", uri=BASE)
    concepts.write(made, ANIMALS)
    make_fact(showcase.film, "keyword", "Barn owl")
    for asset, lat in ((showcase.film, 53.55), (showcase.photographs[0], 38.72)):
        make_fact(asset, "position", "", details={"lat": lat, "lon": 9.99})
        make_fact(asset, "place", "Hamburg, Germany")
    return made


def addresses(vocabulary):
    owl = vocabulary.terms.get(name="Owl")
    on_vocabulary = [
        reverse(name, args=[vocabulary.pk]) for name in ("vocabulary", "edit-vocabulary", "new-term")
    ]
    on_term = [reverse(name, args=[owl.pk]) for name in ("term", "edit-term", "merge-term", "delete-term")]
    return [
        "/vocabularies/",
        "/map/",
        *on_vocabulary,
        *on_term,
        reverse("new-vocabulary-import", args=[vocabulary.pk]),
    ]


@pytest.mark.parametrize("scheme", list(WIDTHS))
def test_the_pages_read_well(page, vocabulary, axe, scheme):  # noqa: F811
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    wrong = []
    for width in WIDTHS[scheme]:
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses(vocabulary):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            page.evaluate(axe)
            found = page.evaluate(RUN)["violations"]
            wrong += [
                f"{address} at {width}: {each['id']} {each['nodes'][0]['html'][:120]}"
                for each in found
                if each["impact"] in SERIOUS
            ]
            if page.evaluate(TOO_WIDE):
                wrong.append(f"{address} at {width}: scrolls sideways")
    assert not wrong, "\n".join(wrong)


def test_with_keys_alone_a_branch_opens_a_term_moves_and_a_point_of_the_map_is_followed(page, vocabulary):
    page.goto(vocabulary.get_absolute_url())
    page.locator("summary", has_text="Narrower than Animals").press("Enter")
    page.get_by_role("link", name="Birds", exact=True).wait_for()
    page.goto(reverse("edit-term", args=[vocabulary.terms.get(name="Barn owl").pk]))
    box = page.get_by_role("combobox", name="Broader terms")
    box.press_sequentially("cat")
    page.get_by_role("option", name="Cat").wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.get_by_role("button", name="Remove Owl").press("Enter")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("Changed Barn owl").wait_for()
    assert vocabulary.terms.get(name="Barn owl").broader.get().name == "Cat"
    page.goto("/map/")
    point = page.get_by_role("button", name="around Hamburg").first
    point.wait_for()
    wait_until(page, "document.querySelectorAll('.land').length > 100")
    point.press("Enter")
    page.wait_for_url("**/search/?q=near*")
