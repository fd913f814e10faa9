"""Pages of work: counts, reasons, polling only while something goes on, and who may steer."""

import pytest

from dam.assets.models import IngestItem, IngestJob
from dam.sharing.models import Role
from indexing.models import Run
from tests.factories import make_asset, make_library, make_member, make_run, make_user

pytestmark = pytest.mark.django_db

POLLING = 'hx-trigger="every 2s"'


@pytest.fixture
def library():
    return make_library("Archive")


@pytest.fixture
def archivist(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


def make_job(library, state=IngestJob.State.RUNNING, **counts):
    job = IngestJob.objects.create(library=library, label="Holidays", state=state)
    for item_state, count in counts.items():
        for number in range(count):
            name = f"{item_state} {number}.jpg"
            reason = "The file is empty." if item_state == "refused" else ""
            IngestItem.objects.create(job=job, source=name, name=name, state=item_state, reason=reason)
    return job


def text(response):
    return " ".join(response.content.decode().split())


def test_the_list_counts_what_became_of_the_files(archivist, library):
    make_job(library, "done", imported=3, duplicate=2, refused=1)
    page = text(archivist.get("/jobs/"))
    assert "3 imported, 2 here already" in page
    assert "1 refused" in page
    assert POLLING not in page


def test_the_page_asks_again_only_while_something_goes_on(archivist, library):
    job = make_job(library, imported=1, waiting=1)
    assert POLLING in text(archivist.get("/jobs/"))
    assert POLLING in text(archivist.get(f"/jobs/{job.pk}/"))
    archivist.post(f"/jobs/{job.pk}/steer/", {"action": "pause"})
    assert POLLING not in text(archivist.get("/jobs/"))
    assert POLLING not in text(archivist.get(f"/jobs/{job.pk}/"))


def test_htmx_gets_the_changing_part_and_a_word_for_screen_readers(archivist, library):
    make_job(library, waiting=1)
    page = text(archivist.get("/jobs/", headers={"hx-request": "true"}))
    assert "<html" not in page
    assert 'hx-swap-oob="innerHTML">Work goes on.' in page


def test_the_list_takes_as_many_queries_for_many_jobs_as_for_one(
    archivist, library, django_assert_max_num_queries
):
    for _ in range(12):
        make_job(library, imported=2, waiting=1)
    with django_assert_max_num_queries(16):
        archivist.get("/jobs/")


def test_a_job_lists_refused_files_first_with_their_reasons(archivist, library):
    job = make_job(library, "done", imported=2, refused=1)
    page = text(archivist.get(f"/jobs/{job.pk}/"))
    assert page.index("refused 0.jpg") < page.index("imported 0.jpg")
    assert "The file is empty." in page
    assert "imported 0.jpg" not in text(archivist.get(f"/jobs/{job.pk}/", {"state": "refused"}))


@pytest.mark.parametrize("query", [{"state": "nonsense"}, {"page": "99"}, {"page": "x"}])
def test_a_strange_address_of_a_job_still_shows_it(archivist, library, query):
    job = make_job(library, imported=1)
    assert archivist.get(f"/jobs/{job.pk}/", query).status_code == 200


def test_refused_files_are_tried_again(archivist, library):
    job = make_job(library, "done", refused=2)
    archivist.post(f"/jobs/{job.pk}/steer/", {"action": "retry"})
    assert job.counts() == {"waiting": 2}


def test_the_analysis_of_a_library_is_paused_and_resumed(archivist, library):
    archivist.post(f"/libraries/{library.pk}/indexing/", {"action": "pause"})
    library.refresh_from_db()
    assert library.indexing_paused
    assert "Resume" in text(archivist.get("/jobs/"))
    archivist.post(f"/libraries/{library.pk}/indexing/", {"action": "resume"})
    library.refresh_from_db()
    assert not library.indexing_paused


def test_failed_analyses_are_tried_again(archivist, library):
    asset = make_asset(library)
    first, second = (
        make_run(asset, state=Run.State.FAILED),
        make_run(make_asset(library), state=Run.State.FAILED),
    )
    archivist.post(f"/assets/{asset.pk}/retry/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Run.State.QUEUED, Run.State.FAILED)
    archivist.post(f"/libraries/{library.pk}/indexing/", {"action": "retry"})
    second.refresh_from_db()
    assert second.state == Run.State.QUEUED


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_lower_roles_do_not_steer_the_analysis(client, library, role):
    client.force_login(make_member(library, role))
    asset = make_asset(library)
    assert client.post(f"/libraries/{library.pk}/indexing/", {"action": "pause"}).status_code == 404
    assert client.post(f"/assets/{asset.pk}/retry/").status_code == 404


def test_viewers_and_strangers_see_no_jobs_of_others(client, library):
    job = make_job(library, refused=1)
    for user in (make_member(library), make_user()):
        client.force_login(user)
        assert "Holidays" not in text(client.get("/jobs/"))
        assert client.get(f"/jobs/{job.pk}/").status_code == 404
        assert client.post(f"/jobs/{job.pk}/steer/", {"action": "pause"}).status_code == 404


def test_the_models_page_names_licences_and_says_why_something_rests(archivist):
    page = text(archivist.get("/models/"))
    assert "licence" in page
    assert "manage.py models fetch" in page or "resting" not in page
