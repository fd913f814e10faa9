import re

import pytest

from dam.assets.models import Rendition
from dam.review import deciding, measuring
from dam.review.models import Batch, Measure
from dam.sharing.models import Role
from indexing import store
from tests.factories import make_asset, make_fact, make_library, make_member, make_user
from tests.people.conftest import make_person
from tests.review.conftest import propose, statuses

pytestmark = pytest.mark.django_db

DOGS = "of=object&label=dog"


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_the_overview_lists_groups_progress_and_what_was_decided_lately(client, archivist, asset):
    waits = propose(asset, count=3)
    propose(asset, "cat")
    deciding.decide(archivist, [waits[0].pk], [])
    page = text(client.get("/review/"))
    assert "3 proposals to decide on · 1 decided by you today" in page
    assert page.index("/review/group/?of=object&amp;label=dog") < page.index("label=cat")
    assert "1 accepted: dog." in page


def test_an_empty_queue_says_what_comes_next(client, archivist):
    assert "Nothing waits here" in text(client.get("/review/"))
    assert "Nothing is left here" in text(client.get("/review/group/"))
    assert "Nothing was measured yet" in text(client.get("/review/precision/"))


def test_a_grid_is_sorted_with_one_key(client, archivist, asset):
    facts = propose(asset, count=3)
    page = text(client.get(f"/review/group/?{DOGS}"))
    assert page.count('name="chosen"') == page.count("checked") == 3
    sent = {"act": "sort", "shown": [fact.pk for fact in facts], "chosen": [facts[0].pk], "back": DOGS}
    answer = client.post("/review/decide/", sent, follow=True)
    assert statuses(facts) == ["accepted", "rejected", "rejected"]
    assert "1 accepted, 2 rejected: dog." in text(answer)


def test_the_next_group_comes_by_itself(client, archivist, asset):
    (dog,) = propose(asset)
    propose(asset, "cat")
    answer = client.post("/review/decide/", {"act": "accept", "shown": [dog.pk], "back": f"{DOGS}&least=10"})
    assert answer["Location"] == "/review/group/?of=object&label=cat&least=10"
    cat = asset.annotations.get(text="cat")
    last = client.post("/review/decide/", {"act": "reject", "shown": [cat.pk], "back": "of=object&label=cat"})
    assert last["Location"] == "/review/"


def test_one_by_one_the_next_fact_stands_where_the_last_one_was(client, archivist, asset):
    facts = [propose(asset, confidence=value)[0] for value in (0.9, 0.8, 0.7)]
    at = f"{DOGS}&view=one"
    first = text(client.get(f"/review/group/?{at}"))
    skip = re.search(r'href="([^"]+)" hx-get="[^"]+" data-key="s j"', first).group(1).replace("&amp;", "&")
    second = text(client.get(skip))
    assert f'name="shown" value="{facts[1].pk}"' in second
    back = skip.partition("?")[2]
    third = text(
        client.post("/review/decide/", {"act": "accept", "shown": facts[1].pk, "back": back}, follow=True)
    )
    assert f'name="shown" value="{facts[2].pk}"' in third
    assert "2</span> left here" in third


def test_at_the_end_the_skipped_ones_are_offered_again(client, archivist, asset):
    first, last = (propose(asset, confidence=value)[0] for value in (0.9, 0.2))
    back = f"{DOGS}&view=one&at=0.2_{last.pk}"
    answer = client.post("/review/decide/", {"act": "accept", "shown": last.pk, "back": back}, follow=True)
    assert "Begin again: 1 were skipped" in text(answer)
    assert statuses([first]) == ["proposed"]


def test_undo_leads_back_to_the_group(client, archivist, asset):
    facts = propose(asset, count=2)
    batch = deciding.decide(archivist, [facts[0].pk], []).batch
    answer = client.post(f"/review/batches/{batch.pk}/undo/", {"back": DOGS}, follow=True)
    assert statuses(facts) == ["proposed", "proposed"]
    assert "Undone: 1 accepted: dog." in text(answer)
    assert "2</span> left here" in text(answer)


def test_htmx_gets_the_panel_alone_and_the_address_to_show(client, archivist, asset):
    propose(asset)
    answer = client.get(f"/review/group/?{DOGS}", headers={"HX-Request": "true"})
    assert text(answer).lstrip().startswith('<div class="review"')
    assert answer["HX-Replace-Url"] == f"/review/group/?{DOGS}"


def test_a_correction_and_a_rename_are_posted(client, archivist, asset):
    first, second = propose(asset, "wulf", 2)
    client.post("/review/decide/", {"act": "correct", "shown": first.pk, "text": "fox", "back": ""})
    assert asset.annotations.filter(text="fox", source="person").exists()
    sent = {"act": "rename", "of": "object", "label": "wulf", "text": "wolf", "back": ""}
    assert "Renamed wulf to wolf: 1." in text(client.post("/review/decide/", sent, follow=True))
    second.refresh_from_db()
    assert (second.text, second.status) == ("wolf", "proposed")


def test_a_person_is_chosen_among_those_who_consent(client, archivist, library, asset):
    (guess,) = propose(asset, "Ada", kind="person", x=0.1, y=0.1, w=0.2, h=0.2)
    bob, _ = make_person(library, "Bob"), make_person(library, "Eve", consent=False)
    page = text(client.get("/review/group/?of=person&label=Ada&view=one"))
    assert "Bob</option>" in page
    assert "Eve" not in page
    client.post("/review/decide/", {"act": "name", "shown": guess.pk, "person": bob.pk, "back": ""})
    assert statuses([guess]) == ["rejected"]
    assert bob.appearances.get().annotation.status == "accepted"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"act": "correct", "text": ""}, "Write what it is instead."),
        ({"act": "name"}, "Choose who it is."),
        ({"act": "rename", "of": "object", "label": "dog", "text": " "}, "Write what “dog” is called."),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_lost(client, archivist, asset, sent, told):
    (fact,) = propose(asset)
    page = text(client.post("/review/decide/", {"shown": fact.pk, "back": DOGS, **sent}, follow=True))
    assert told in page
    assert statuses([fact]) == ["proposed"]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"act": "explode"}, {"act": "accept", "shown": "x"}, {"act": "accept", "shown": range(501)}]
)
def test_a_form_that_makes_no_sense_is_refused(client, archivist, sent):
    assert client.post("/review/decide/", sent).status_code == 400


def test_labels_in_use_are_offered_while_one_types(client, archivist, library, asset):
    for label in ("Dog", "dogfish", "cat"):
        propose(asset, label)
    make_fact(asset, text="dogma", status="rejected")
    propose(make_asset(make_library()), "doge")
    page = text(client.get("/review/labels/?of=object&text=do"))
    assert re.findall(r'value="([^"]+)"', page) == ["Dog", "dogfish"]
    assert text(client.get("/review/labels/?of=nonsense&text=do")).strip() == ""


def test_crops_show_the_region_of_a_picture_and_the_second_of_a_film(client, archivist, library, asset):
    Rendition.objects.create(asset=asset, name="thumb-large", media_type="image/webp", size=1, width=1280)
    film = make_asset(library, kind="video", duration=60.0, width=320, height=240)
    sheet = {"columns": 4, "rows": 3, "interval": 5.0, "tiles": 12, "tile_width": 160, "tile_height": 120}
    Rendition.objects.create(asset=film, name="sprite", media_type="image/webp", size=1, details=sheet)
    propose(asset, x=0.25, y=0.5, w=0.25, h=0.25)
    propose(film, start=30.0, end=34.0)
    page = text(client.get(f"/review/group/?{DOGS}"))
    assert 'viewBox="120.0 200.0 240.0 200.0"' in page
    assert f'href="/assets/{asset.pk}/renditions/thumb-large' in page or "thumb-large" in page
    assert 'x="-640.0" y="-240.0" width="1280.0" height="720.0"' in page


def test_a_sensitive_picture_is_blurred_here_too(client, archivist, asset):
    Rendition.objects.create(asset=asset, name="thumb-small", media_type="image/webp", size=1, width=320)
    propose(asset)
    make_fact(asset, "sensitive", "nudity", status="accepted", reviewer=archivist)
    assert "crop blurred" in text(client.get(f"/review/group/?{DOGS}"))


def test_a_film_plays_at_the_second_and_a_recording_is_heard(client, archivist, library):
    film = make_asset(library, kind="video", duration=60.0)
    sound = make_asset(library, kind="audio", duration=60.0, width=None, height=None)
    propose(film, "jump", kind="action", start=3.0, end=5.5)
    propose(sound, "bark", kind="sound", start=7.0, end=8.0)
    assert "#t=3,5.5" in text(client.get("/review/group/?of=action&label=jump&view=one"))
    assert re.search(r"<audio[^>]+#t=7,8", text(client.get("/review/group/?of=sound&label=bark")))


def test_measured_precision_is_shown_to_those_who_keep_the_library(client, archivist, library, asset):
    for fact in propose(asset, count=9):
        store.review(fact, make_user(), "rejected")
    waits = propose(asset)
    measuring.measure(library.pk)
    page = text(client.get("/review/precision/"))
    assert "0 % to 30 %" in page
    assert "withheld" in page
    held = text(client.get(f"/review/group/?{DOGS}&withheld=1"))
    assert "0 of 9 right" in held
    assert f'name="shown" value="{waits[0].pk}"' in held
    measure = Measure.objects.get()
    assert "dog is shown from now on" in text(
        client.post(f"/review/precision/{measure.pk}/keep/", {"keep": "1"}, follow=True)
    )
    assert statuses(waits) == ["proposed"]
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    assert "dog" not in text(client.get("/review/precision/"))
    assert client.post(f"/review/precision/{measure.pk}/keep/").status_code == 404


def test_a_colleague_cannot_undo_what_i_decided(client, archivist, library, asset):
    batch = deciding.decide(archivist, [propose(asset)[0].pk], []).batch
    client.force_login(make_member(library, Role.ARCHIVIST))
    assert client.post(f"/review/batches/{batch.pk}/undo/").status_code == 404


def test_the_link_in_the_header_tells_how_much_waits(client, archivist, asset, rf):
    from django.template.loader import render_to_string

    propose(asset, count=3)
    request = rf.get("/")
    request.user, request.resolver_match = archivist, None
    assert '<span class="count">3</span>' in render_to_string("review/waiting_link.html", request=request)
    request.user = make_user()
    assert render_to_string("review/waiting_link.html", request=request).strip() == ""
