"""Another file under the same record."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dam.assets import jobs
from dam.assets.ingest import ingest
from dam.assets.models import Asset, FileVersion, Rendition
from dam.assets.quarantine import quarantine_dir
from dam.describing.saving import save
from indexing import store
from indexing.models import Run
from tests.factories import make_fact, make_run
from tests.media_made import make_audio, make_jpeg, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought_in(library, tmp_path):
    """A photograph that came in by the ordinary road."""
    return bring_in(library, make_jpeg(tmp_path / "scan.jpg", 64, 48, ImageDescription="Low tide"))


def bring_in(library, path):
    job = jobs.start_job(None, library, None, "made", [path])
    ingest(job.items.get().pk)
    return Asset.objects.get(library=library, sha256=job.items.get().asset.sha256)


def send(client, asset, path):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("replace-file", args=[asset.pk]), {"file": file}, follow=True)


def test_the_new_file_takes_the_place_and_the_old_one_is_kept(signed_in, brought_in, archivist, tmp_path):
    before, path = Asset.objects.get(pk=brought_in.pk), make_picture(tmp_path / "better.png", seed=3)
    save(brought_in, archivist, {"title": "Harbour"})
    response = send(signed_in, brought_in, path)
    assert "The file is replaced" in response.content.decode()
    asset = Asset.objects.get(pk=brought_in.pk)
    assert (asset.original_name, asset.media_type, asset.title) == ("better.png", "image/png", "Harbour")
    assert Path(asset.original.path).read_bytes() == path.read_bytes()
    version = asset.versions.get()
    assert (version.sha256, version.original_name, version.replaced_by) == (
        before.sha256,
        "scan.jpg",
        archivist,
    )
    assert Path(version.original.path).exists()


def test_the_earlier_file_can_be_downloaded(signed_in, brought_in, tmp_path):
    old = Path(brought_in.original.path).read_bytes()
    send(signed_in, brought_in, make_picture(tmp_path / "better.png", seed=3))
    version = FileVersion.objects.get()
    response = signed_in.get(reverse("file-version", args=[brought_in.pk, version.pk]))
    assert b"".join(response.streaming_content) == old
    assert "attachment" in response["Content-Disposition"]


def test_putting_the_earlier_file_back_keeps_the_other(signed_in, brought_in, tmp_path):
    send(signed_in, brought_in, make_picture(tmp_path / "better.png", seed=3))
    version = FileVersion.objects.get()
    signed_in.post(reverse("restore-file", args=[brought_in.pk, version.pk]))
    asset = Asset.objects.get(pk=brought_in.pk)
    assert (asset.sha256, asset.original_name) == (brought_in.sha256, "scan.jpg")
    assert [each.original_name for each in asset.versions.all()] == ["better.png"]


def test_facts_of_the_old_file_go_and_decisions_stay(signed_in, brought_in, archivist, tmp_path):
    kept = store.review(make_fact(brought_in, "object", "boat"), archivist, "accepted")
    make_fact(brought_in, "object", "dog")
    undecided = make_run(brought_in, "captions")
    save(brought_in, archivist, {"description": "Mine"})
    send(signed_in, brought_in, make_picture(tmp_path / "better.png", seed=3))
    found = {(fact.kind, fact.text) for fact in brought_in.annotations.filter(status="accepted")}
    assert ("object", "boat") in found
    assert ("description", "Mine") in found
    assert ("description", "Low tide") not in found
    assert not brought_in.annotations.filter(text="dog").exists()
    assert not Run.objects.filter(pk=undecided.pk).exists()
    kept.run.refresh_from_db()
    assert "on file version" in kept.run.model


def test_pictures_are_made_anew(signed_in, brought_in, tmp_path, django_capture_on_commit_callbacks):
    Asset.objects.filter(pk=brought_in.pk).update(rendered_at=timezone.now(), rendering_attempts=1)
    Rendition.objects.create(asset=brought_in, name="poster", file="p.webp", media_type="image/webp", size=4)
    with django_capture_on_commit_callbacks(execute=True):
        send(signed_in, brought_in, make_picture(tmp_path / "better.png", seed=3))
    asset = Asset.objects.get(pk=brought_in.pk)
    assert (asset.rendered_at, asset.rendering_attempts) == (None, 0)
    assert not asset.renditions.filter(name="poster").exists()


def test_another_kind_of_file_is_refused(signed_in, brought_in, tmp_path):
    response = send(signed_in, brought_in, make_audio(tmp_path / "sound.wav", 1))
    assert "This is a recording, and the record is about a picture" in response.content.decode()
    assert not FileVersion.objects.exists()


def test_a_file_that_the_library_holds_is_refused_with_a_link(signed_in, library, brought_in, tmp_path):
    path = make_picture(tmp_path / "other.png", seed=9)
    other = bring_in(library, path)
    text = send(signed_in, brought_in, path).content.decode()
    assert "already, as an asset of its own" in text
    assert f'href="{other.get_absolute_url()}"' in text


def test_the_same_file_is_refused(signed_in, brought_in, tmp_path):
    same = tmp_path / "same.jpg"
    same.write_bytes(Path(brought_in.original.path).read_bytes())
    assert "the file that is there already" in send(signed_in, brought_in, same).content.decode()


@pytest.mark.parametrize(("content", "told"), [(b"", "empty"), (b"just words", "text file")])
def test_what_is_no_media_is_refused_and_nothing_is_left(signed_in, brought_in, tmp_path, content, told):
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)
    assert told in send(signed_in, brought_in, path).content.decode()
    assert [each for each in quarantine_dir().iterdir() if each.name.startswith("replace-")] == []
    assert Asset.objects.get(pk=brought_in.pk).sha256 == brought_in.sha256


def test_a_file_beyond_the_limit_is_refused(signed_in, brought_in, tmp_path, settings):
    settings.UPLOAD_MAX_BYTES = 10
    response = send(signed_in, brought_in, make_picture(tmp_path / "better.png", seed=3))
    assert "the most that is taken in" in response.content.decode()


def test_a_date_that_a_person_gave_outranks_that_of_the_new_file(signed_in, brought_in, archivist, tmp_path):
    save(brought_in, archivist, {"date": "circa 1931"})
    path = make_jpeg(tmp_path / "new.jpg", 32, 32, DateTimeOriginal="2024:05:06 07:08:09")
    send(signed_in, brought_in, path)
    assert Asset.objects.get(pk=brought_in.pk).taken_at.year == 1931
