"""The trash: moving there, coming back, and going for good."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from dam.assets import curation
from dam.assets.models import Asset, IngestItem, IngestJob, Rendition, originals
from dam.describing import purging, unused
from dam.describing.models import Purge, UnusedOriginal
from dam.sharing.models import Role
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def thrown(library, archivist):
    """An asset in the trash with a stored file, a picture and a fact."""
    return stored(library, archivist)


def stored(library, user=None, content=b"bytes"):
    asset = make_asset(library, title="Thrown away", trashed_at=timezone.now(), trashed_by=user)
    asset.original.save(f"{asset.sha256}.jpg", ContentFile(content))
    picture = Rendition(asset=asset, name="thumb-small", media_type="image/webp", size=4)
    picture.file.save(f"{asset.pk}.webp", ContentFile(b"webp"))
    make_fact(asset, "object", "dog")
    return asset


def test_an_asset_moves_to_the_trash_with_an_undo(signed_in, asset, archivist):
    response = signed_in.post(reverse("trash-asset", args=[asset.pk]), follow=True)
    asset.refresh_from_db()
    assert asset.trashed_by == archivist
    text = response.content.decode()
    assert f"Moved to the trash: {asset}" in text
    assert f"?asset={asset.pk}" in text
    assert signed_in.get(asset.get_absolute_url()).status_code == 404


def test_the_trash_tells_who_and_when_and_shows_the_picture(signed_in, thrown, archivist):
    text = signed_in.get(reverse("trash")).content.decode()
    assert "Thrown away" in text
    assert str(archivist) in text
    picture = signed_in.get(reverse("trashed-picture", args=[thrown.pk]))
    assert b"".join(picture.streaming_content) == b"webp"


def test_strangers_see_an_empty_trash(client, thrown):
    client.force_login(make_member(make_library(), Role.ADMINISTRATOR))
    assert "The trash is empty" in client.get(reverse("trash")).content.decode()
    assert client.get(reverse("trashed-picture", args=[thrown.pk])).status_code == 404
    assert client.post(reverse("restore-assets"), {"assets": thrown.pk}).status_code == 404


def test_several_come_back_at_once(signed_in, library):
    found = [stored(library) for _ in range(3)]
    signed_in.post(reverse("restore-assets"), {"assets": [asset.pk for asset in found[:2]]})
    assert list(Asset.objects.exclude(trashed_at=None)) == found[2:]


def test_undo_by_htmx_sends_the_browser_to_the_asset(signed_in, thrown):
    response = signed_in.post(
        reverse("restore-assets"), {"assets": thrown.pk}, headers={"HX-Request": "true"}
    )
    assert response["HX-Redirect"] == thrown.get_absolute_url()


def test_a_purge_wants_the_number_to_be_typed(client, administrator, thrown):
    client.force_login(administrator)
    asked = client.post(reverse("purge"), {"assets": thrown.pk}).content.decode()
    assert "type how many they are: 1" in asked
    wrong = client.post(reverse("purge"), {"assets": thrown.pk, "number": "2"}).content.decode()
    assert "Nothing was deleted" in wrong
    assert Asset.objects.filter(pk=thrown.pk).exists()


def test_a_purge_leaves_nothing(client, administrator, thrown, django_capture_on_commit_callbacks):
    client.force_login(administrator)
    original, picture = Path(thrown.original.path), Path(thrown.renditions.get().file.path)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("purge"), {"assets": thrown.pk, "number": "1"})
    assert not Asset.objects.filter(pk=thrown.pk).exists()
    assert not Annotation.objects.exists()
    assert not original.exists()
    assert not picture.exists()


def test_archivists_may_not_purge(signed_in, thrown):
    assert signed_in.post(reverse("purge"), {"assets": thrown.pk, "number": "1"}).status_code == 404
    assert Asset.objects.filter(pk=thrown.pk).exists()


def test_what_came_back_meanwhile_is_not_purged(administrator, thrown):
    purge = Purge.objects.create(created_by=administrator, assets=[thrown.pk])
    curation.restore(thrown)
    purging.run(purge.pk)
    assert Asset.objects.filter(pk=thrown.pk).exists()


def test_bytes_that_another_library_needs_stay(administrator, thrown):
    make_asset(make_library(), sha256=thrown.sha256, original=thrown.original.name)
    purging.start([thrown.pk], administrator)
    assert originals().exists(thrown.original.name)
    assert not UnusedOriginal.objects.exists()


def test_bytes_wait_while_a_file_is_being_brought_in(administrator, thrown, library, monkeypatch):
    job = IngestJob.objects.create(library=library, label="made")
    item = IngestItem.objects.create(job=job, source="/a", name="a", attempts=1)
    monkeypatch.setattr(unused, "held", lambda namespace, pks: set(pks))
    purging.start([thrown.pk], administrator)
    assert originals().exists(thrown.original.name)
    item.delete()
    purging.look()
    assert not originals().exists(thrown.original.name)


def test_many_are_purged_by_a_worker_with_progress(client, administrator, library, monkeypatch):
    sent = []
    monkeypatch.setattr(purging.jobs, "send", lambda task, calls: sent.extend(calls))
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    found = [stored(library) for _ in range(3)]
    client.force_login(administrator)
    response = client.post(reverse("purge"), {"all": "1", "number": "3"})
    purge = Purge.objects.get()
    assert sent == [(purge.pk,)]
    assert "0 of 3" in client.get(response["Location"]).content.decode()
    purging.run(purge.pk)
    assert "3 of 3" in client.get(response["Location"]).content.decode()
    assert not Asset.objects.filter(pk__in=[asset.pk for asset in found]).exists()


def test_a_purge_goes_on_where_a_dead_worker_left_it(administrator, library, monkeypatch):
    found = [stored(library) for _ in range(2)]
    purge = Purge.objects.create(created_by=administrator, assets=[999_999_999, found[1].pk], done=1)
    sent = []
    monkeypatch.setattr(purging.jobs, "send", lambda task, calls: sent.extend(calls))
    purging.look()
    assert sent == [(purge.pk,)]
    purging.run(purge.pk)
    purge.refresh_from_db()
    assert (purge.done, purge.finished_at is not None) == (2, True)
    assert list(Asset.objects.values_list("pk", flat=True)) == [found[0].pk]


def test_the_trash_is_emptied_by_age_only_where_that_is_wished(library, settings, monkeypatch):
    sent = []
    monkeypatch.setattr(purging.jobs, "send", lambda task, calls: sent.extend(calls))
    old, new = stored(library), stored(library)
    Asset.objects.filter(pk=old.pk).update(trashed_at=timezone.now() - timedelta(days=31))
    settings.TRASH_DAYS = 0
    purging.look()
    assert not Purge.objects.exists()
    settings.TRASH_DAYS = 30
    purging.look()
    purging.look()
    assert Purge.objects.get().assets == [old.pk]
    assert new.pk not in Purge.objects.get().assets


def test_a_full_trash_costs_no_more_queries(signed_in, library, archivist, django_assert_max_num_queries):
    for _ in range(30):
        make_asset(library, trashed_at=timezone.now(), trashed_by=archivist)
    with django_assert_max_num_queries(16):
        assert signed_in.get(reverse("trash")).status_code == 200
