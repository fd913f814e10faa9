"""Ingest jobs in the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dam.assets.models import IngestItem, IngestJob
from dam.collections.models import Collection
from dam.sharing.models import Role
from tests.factories import make_asset, make_member

pytestmark = pytest.mark.django_db
JOBS = "/api/ingest-jobs/"


def make_job(library, *states, **fields):
    job = IngestJob.objects.create(library=library, label="Attic", **fields)
    for number, state in enumerate(states):
        IngestItem.objects.create(job=job, source=f"/srv/{number}.jpg", name=f"{number}.jpg", state=state)
    return job


def listed(client):
    return [each["id"] for each in client.get(JOBS).json()["results"]]


@pytest.fixture
def contributor(library, as_user):
    return as_user(make_member(library, Role.CONTRIBUTOR))


def test_a_job_counts_its_files_by_what_became_of_them(library, contributor):
    job = make_job(library, "imported", "imported", "refused")
    body = contributor.get(f"{JOBS}{job.pk}/").json()
    assert body["counts"] == {"waiting": 0, "imported": 2, "duplicate": 0, "refused": 1}
    assert (body["label"], body["state"]) == ("Attic", "running")


def test_contributors_follow_all_jobs_of_the_library_and_viewers_their_own(
    library, as_user, contributor, stranger
):
    viewer = make_member(library)
    own, other = make_job(library, created_by=viewer), make_job(library)
    assert listed(contributor) == [other.pk, own.pk]
    assert listed(as_user(viewer)) == [own.pk]
    assert listed(stranger) == []
    assert stranger.get(f"{JOBS}{own.pk}/").status_code == 404
    assert stranger.get(f"{JOBS}{own.pk}/items/").status_code == 404


def test_a_job_of_ones_own_is_gone_with_the_membership(library, as_user):
    user = make_member(library, Role.CONTRIBUTOR)
    make_job(library, created_by=user)
    user.memberships.all().delete()
    assert listed(as_user(user)) == []


def test_a_contributor_of_one_collection_follows_its_jobs_only(library, as_user):
    films = Collection.objects.create(library=library, name="Films")
    below = Collection.objects.create(library=library, name="1950s", parent=films)
    inside = make_job(library, collection=below)
    make_job(library)
    assert listed(as_user(make_member(library, Role.CONTRIBUTOR, films))) == [inside.pk]


def test_files_of_a_job_say_why_they_were_refused_but_not_where_they_lay(library, contributor):
    job = make_job(library, "imported", "refused")
    refused = job.items.get(state="refused")
    refused.settle("refused", reason="The file is empty.")
    job.items.filter(state="imported").update(asset=make_asset(library))
    (item,) = contributor.get(f"{JOBS}{job.pk}/items/", {"state": "refused"}).json()["results"]
    assert (item["name"], item["reason"]) == ("1.jpg", "The file is empty.")
    assert "/srv" not in contributor.get(f"{JOBS}{job.pk}/items/").content.decode()


def test_a_state_that_does_not_exist_is_refused(library, contributor):
    job = make_job(library)
    assert contributor.get(f"{JOBS}{job.pk}/items/", {"state": "lost"}).status_code == 400


def test_the_list_takes_as_many_queries_for_many_jobs_as_for_one(library, contributor):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            contributor.get(JOBS)
        return len(taken)

    make_job(library, "waiting")
    few = queries()
    for _ in range(5):
        make_job(library, "waiting", "imported")
    assert queries() == few <= 4
