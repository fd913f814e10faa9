"""The map of moods on a desk and on a phone: dots, the same in words, nothing serious for axe."""

from __future__ import annotations

import pytest

from tests.browser.test_accessibility import RUN, SERIOUS, TOO_WIDE, axe  # noqa: F401
from tests.factories import make_asset, make_fact

pytestmark = pytest.mark.browser

MOODS = [
    ("Ragtime", 0.8, 0.8, "happy"),
    ("Dance of the Sugar Plum Fairy", 0.3, 0.5, "sad"),
    ("Waltz", 0.45, 0.2, "relaxed"),
]


@pytest.fixture
def music(showcase, archivist):
    for title, valence, energy, mood in MOODS:
        asset = make_asset(
            showcase.library, kind="audio", title=title, duration=60.0, width=None, height=None
        )
        make_fact(asset, "energy", "", number=energy, details={"valence": valence})
        make_fact(asset, "mood", mood)
    return showcase


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_fits_and_reads_well(page, music, axe, width, scheme):  # noqa: F811
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/music/")
    assert page.locator(".music-map circle").count() == len(MOODS)
    assert page.locator(".music-list li").all_inner_texts()[0].startswith("Ragtime")
    assert not page.evaluate(TOO_WIDE)
    page.evaluate(axe)
    found = page.evaluate(RUN)["violations"]
    assert [each["id"] for each in found if each["impact"] in SERIOUS] == []
