"""The path of one file into the library."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dam.assets import ingest as ingesting
from dam.assets import jobs, quarantine
from dam.assets.derive import make, remake
from dam.assets.ingest import ingest, receive_upload
from dam.assets.models import Asset, IngestItem, IngestJob, originals
from dam.assets.signals import asset_ingested
from dam.collections.models import Collection
from dam.sharing.models import Role
from tests.factories import make_library, make_member
from tests.media_made import make_audio, make_jpeg, make_picture

pytestmark = pytest.mark.django_db

SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li
 xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"""


def bring_in(*paths: Path, library=None, collection=None) -> IngestJob:
    """A job of those paths of which every file has been tried once."""
    job = jobs.start_job(None, library or make_library(), collection, "made", paths)
    for item in job.items.order_by("pk"):
        ingest(item.pk)
    job.refresh_from_db()
    return job


def only(job: IngestJob) -> IngestItem:
    return job.items.get()


def test_a_photograph_becomes_an_asset_with_its_facts(tmp_path):
    path = make_jpeg(
        tmp_path / "beach.jpg", 64, 48, ImageDescription="Low tide", DateTime="2024:05:06 07:08:09"
    )
    item = only(bring_in(path))
    asset = item.asset
    assert (item.state, item.reason) == ("imported", "")
    assert asset.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (asset.size, asset.kind, asset.media_type) == (path.stat().st_size, "image", "image/jpeg")
    assert (asset.width, asset.height, asset.original_name) == (64, 48, "beach.jpg")
    assert asset.annotations.get(kind="description").text == "Low tide"
    assert asset.annotations.get(kind="description").source == "file"


def test_the_original_is_kept_whole_read_only_and_under_its_content(tmp_path):
    path = make_picture(tmp_path / "a.png")
    asset = only(bring_in(path)).asset
    kept = Path(asset.original.path)
    assert asset.original.name == f"{asset.sha256[:2]}/{asset.sha256[2:4]}/{asset.sha256}.png"
    assert kept.read_bytes() == path.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444


def test_nothing_is_left_in_quarantine(tmp_path):
    (tmp_path / "words.txt").write_text("not media")
    make_picture(tmp_path / "a.png", seed=7)
    bring_in(tmp_path)
    assert [path for path in quarantine.quarantine_dir().iterdir() if path.name.startswith("item-")] == []


def test_the_signal_follows_the_commit(tmp_path, django_capture_on_commit_callbacks):
    heard = []

    def listen(asset, **_):
        heard.append(asset)

    asset_ingested.connect(listen)
    with django_capture_on_commit_callbacks() as callbacks:
        item = only(bring_in(make_picture(tmp_path / "a.png", seed=1)))
    assert heard == []
    for callback in callbacks:
        callback()
    asset_ingested.disconnect(listen)
    assert heard == [item.asset]


def test_a_duplicate_is_recognised_and_put_into_the_collection(tmp_path):
    library = make_library()
    collection = Collection.objects.create(library=library, name="Second")
    first = only(bring_in(make_picture(tmp_path / "a.png", seed=2), library=library))
    (tmp_path / "copy of a.png").write_bytes((tmp_path / "a.png").read_bytes())
    second = only(bring_in(tmp_path / "copy of a.png", library=library, collection=collection))
    assert (second.state, second.asset) == ("duplicate", first.asset)
    assert list(collection.assets.all()) == [first.asset]
    assert Asset.objects.filter(library=library).count() == 1


def test_two_libraries_share_the_bytes_but_not_the_asset(tmp_path):
    path = make_picture(tmp_path / "a.png", seed=3)
    one, two = only(bring_in(path)).asset, only(bring_in(path)).asset
    assert one != two
    assert one.original.name == two.original.name


def test_a_duplicate_in_the_trash_says_so(tmp_path):
    path, library = make_picture(tmp_path / "a.png", seed=4), make_library()
    asset = only(bring_in(path, library=library)).asset
    Asset.objects.filter(pk=asset.pk).update(trashed_at="2026-01-01T00:00Z")
    again = only(bring_in(path, library=library))
    assert (again.state, again.reason) == ("duplicate", ingesting.IN_TRASH)


def test_a_sidecar_travels_with_its_photograph(tmp_path):
    path = make_picture(tmp_path / "a.png", seed=5)
    (tmp_path / "a.png.xmp").write_text(SIDECAR.format("Named beside"))
    item = only(bring_in(tmp_path))
    assert item.asset.title == "Named beside"
    assert item.asset.annotations.get(kind="title").text == "Named beside"
    [kept] = item.asset.technical["sidecars"]
    assert originals().open(kept["original"]).read() == (tmp_path / "a.png.xmp").read_bytes()
    assert path.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.jpg", b"", "empty"),
        ("words.jpg", b"these are words\n", "text file"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "cannot be decoded"),
        ("noise.mp4", bytes(range(200, 256)) * 50, "no known"),
    ],
)
def test_what_is_no_media_is_refused_with_a_reason(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    job = bring_in(tmp_path / name)
    item = only(job)
    assert item.state == "refused"
    assert item.asset is None
    assert words in item.reason
    assert job.state == "done"


def test_sound_of_no_length_is_refused(tmp_path):
    item = only(bring_in(make_audio(tmp_path / "silence.wav", seconds=0)))
    assert item.state == "refused"
    assert "no sound" in item.reason


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = make_picture(tmp_path / "a.png", 600, 400, seed=6)
    digest = quarantine.digest

    def touched(stream, copy=None):
        found = digest(stream, copy)
        with path.open("ab") as file:
            file.write(b"more")
        return found

    monkeypatch.setattr(quarantine, "digest", touched)
    item = only(bring_in(path))
    assert (item.state, item.reason) == ("refused", quarantine.CHANGED)


def test_a_file_that_is_gone_by_then_is_refused(tmp_path):
    job = jobs.start_job(None, make_library(), None, "made", [make_picture(tmp_path / "a.png")])
    (tmp_path / "a.png").unlink()
    ingest(only(job).pk)
    assert (only(job).state, only(job).reason) == ("refused", "The file is no longer there.")


def test_a_pipe_put_in_the_place_of_a_file_is_not_waited_for(tmp_path):
    job = jobs.start_job(None, make_library(), None, "made", [make_picture(tmp_path / "a.png")])
    (tmp_path / "a.png").unlink()
    os.mkfifo(tmp_path / "a.png")
    ingest(only(job).pk)
    assert (only(job).state, only(job).reason) == ("refused", quarantine.NOT_A_FILE)


def test_a_full_disk_pauses_the_job_and_loses_nothing(tmp_path, monkeypatch):
    path = make_picture(tmp_path / "a.png", seed=8)
    full = OSError(errno.ENOSPC, "No space left on device")

    def no_room(*_):
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(quarantine, "sync", no_room)
        job = bring_in(path)
    assert job.state == "paused"
    assert (only(job).state, only(job).attempts) == ("waiting", 0)
    assert "disk is full" in job.reason
    assert ingest(only(job).pk) is None
    jobs.unpause(job)
    assert job.reason == ""
    ingest(only(job).pk)
    assert only(job).state == "imported"


def test_an_unexpected_error_is_tried_a_bounded_number_of_times(tmp_path, monkeypatch):
    job = jobs.start_job(None, make_library(), None, "made", [make_picture(tmp_path / "a.png", seed=9)])
    tries = []

    def broken(path, sniffed):
        tries.append(path)
        raise RuntimeError("the decoder lost its way")

    monkeypatch.setattr(ingesting, "probe", broken)
    for _ in range(ingesting.MAX_ATTEMPTS + 3):
        ingest(only(job).pk)
    assert len(tries) == ingesting.MAX_ATTEMPTS
    assert only(job).state == "refused"
    assert "the decoder lost its way" in only(job).reason


def test_a_file_that_ends_its_worker_each_time_is_given_up(tmp_path):
    job = jobs.start_job(None, make_library(), None, "made", [make_picture(tmp_path / "a.png")])
    job.items.update(attempts=ingesting.MAX_ATTEMPTS)
    ingest(only(job).pk)
    assert only(job).state == "refused"
    assert "Given up after 5 attempts" in only(job).reason


def test_a_message_delivered_twice_does_nothing_the_second_time(tmp_path):
    job = bring_in(make_picture(tmp_path / "a.png", seed=10))
    assert ingest(only(job).pk) is None
    assert only(job).attempts == 1


def test_a_leftover_that_is_another_name_of_an_original_does_not_harm_it(tmp_path):
    """As after a kill between storing and tidying: the quarantine's name and the original's are one file."""
    path = make_picture(tmp_path / "a.png", seed=11)
    asset = only(bring_in(path)).asset
    other = make_picture(tmp_path / "b.png", 300, 200, seed=12)
    job = jobs.start_job(None, make_library(), None, "made", [other])
    leftover = quarantine.quarantine_dir() / f"item-{only(job).pk}"
    leftover.hardlink_to(asset.original.path)
    ingest(only(job).pk)
    assert only(job).state == "imported"
    assert Path(asset.original.path).read_bytes() == path.read_bytes()


def test_odd_names_reach_the_library_in_a_shape_that_can_be_shown(tmp_path):
    names = [b"two\nlines.png", b"latin-\xe9.png", "turned\u202egnp.png".encode(), b"x" * 200 + b".png"]
    for number, name in enumerate(names):
        target = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - bytes
        with open(target, "wb") as file:  # noqa: PTH123 - bytes
            file.write(make_picture(tmp_path / "made.bmp", 8, 8, seed=number).read_bytes())
    (tmp_path / "made.bmp").unlink()
    job = bring_in(tmp_path)
    assert job.counts() == {"imported": 4}
    shown = set(job.items.values_list("name", flat=True))
    assert shown == {"two\ufffdlines.png", "latin-\ufffd.png", "turned\ufffdgnp.png", "x" * 200 + ".png"}


def test_a_plain_upload_is_brought_in_and_its_copy_removed(tmp_path):
    library = make_library()
    user = make_member(library, Role.CONTRIBUTOR)
    content = make_picture(tmp_path / "a.png", seed=13).read_bytes()
    item = receive_upload(user, library, None, "../../etc/passwd.png", SimpleUploadedFile("a.png", content))
    kept = ingesting.path_of_upload(item.source)
    assert item.state == "waiting"
    assert kept.read_bytes() == content
    ingest(item.pk)
    item.refresh_from_db()
    assert (item.state, item.name) == ("imported", "passwd.png")
    assert item.asset.added_by == user
    assert not kept.exists()
    assert Path(item.asset.original.path).read_bytes() == content


def test_files_uploaded_together_share_a_job(tmp_path):
    library = make_library()
    user = make_member(library, Role.CONTRIBUTOR)
    items = [
        receive_upload(user, library, None, f"{n}.png", SimpleUploadedFile("a.png", b"x")) for n in range(2)
    ]
    assert items[0].job == items[1].job
    assert items[0].job.created_by == user


def test_renditions_are_made_once_and_again_when_asked(tmp_path):
    asset = only(bring_in(make_picture(tmp_path / "a.png", 400, 300, seed=14))).asset
    make(asset.pk)
    asset.refresh_from_db()
    assert asset.rendered_at is not None
    assert {each.name for each in asset.renditions.all()} == {"thumb-small", "thumb-large"}
    small = asset.renditions.get(name="thumb-small")
    assert (small.width, small.height, small.media_type) == (320, 240, "image/webp")
    assert Path(small.file.path).stat().st_size == small.size
    Path(small.file.path).unlink()
    make(asset.pk)
    assert not Path(small.file.path).exists()
    remake(asset)
    make(asset.pk)
    assert Path(small.file.path).exists()
    assert asset.renditions.count() == 2


def test_renditions_of_an_original_that_cannot_be_decoded_are_given_up_with_a_reason(tmp_path):
    asset = only(bring_in(make_picture(tmp_path / "a.png", 400, 300, seed=15))).asset
    path = Path(asset.original.path)
    path.chmod(0o644)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"damaged")
    make(asset.pk)
    asset.refresh_from_db()
    assert asset.rendered_at is not None
    assert asset.rendering_error
