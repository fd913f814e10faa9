"""The sample library: its manifest, its fetching and its making."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from io import StringIO
from pathlib import Path

import imageio_ffmpeg
import pytest
import soundfile
from django.core.management import CommandError, call_command
from PIL import Image

from dam import env
from dam.assets import jobs
from dam.assets.embedded import read_embedded
from dam.assets.exiftool import find
from dam.assets.management.commands import sample as command
from dam.assets.models import IngestJob
from dam.sample import gather as gathering
from dam.sample import makers, manifest, packages
from dam.sample.manifest import Fetched, Made, Package
from dam.sample.sidecars import write_sidecar
from indexing.downloads import DownloadError
from tests.media_made import make_audio, make_picture

CONTENT = b"the bytes of a photograph"


def make_fetched(name: str = "photo.jpg", content: bytes = CONTENT, registry: str = "pypi") -> Fetched:
    """A file of a package that does not exist."""
    return Fetched(
        name=name,
        title="A <photo> & more",
        description="Seen.",
        creator="Somebody",
        rights="CC0 1.0",
        credit="Nobody",
        package=Package(registry, "made"),
        member="pictures/photo.jpg",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def make_made(maker: str, name: str, **fields) -> Made:
    """A file to be made."""
    said = {"title": "t", "description": "d", "creator": "c", "rights": "r", "credit": "k"}
    return Made(name=name, maker=maker, **said, **fields)


@pytest.fixture
def registry(monkeypatch) -> dict[str, bytes]:
    """What the package holds; without members the registry cannot be reached."""
    members: dict[str, bytes] = {}

    def client(name, folder, report):
        if not members:
            raise DownloadError("the network does not answer")
        with zipfile.ZipFile(folder / "made-1-py3-none-any.whl", "w") as wheel:
            for member, content in members.items():
                wheel.writestr(member, content)
        report(1000)

    monkeypatch.setitem(packages.CLIENTS, "pypi", client)
    return members


def test_every_entry_says_whose_it_is_under_which_licence_and_where_from():
    listed = [*manifest.fetched(), *manifest.made()]
    assert 25 <= len(listed) <= 40
    names = [each.name for each in listed]
    assert len(set(names)) == len(names)
    for each in listed:
        assert all((each.title, each.description, each.creator, each.rights, each.credit))
        assert Path(each.name).name == each.name
    assert {each.package.registry for each in manifest.fetched()} == {"pypi", "npm", "debian"}


def test_what_is_made_is_made_of_what_is_listed_before():
    known = {each.name for each in manifest.fetched()}
    for made in manifest.made():
        assert set(made.parts) <= known
        assert made.maker in makers.MAKERS
        known.add(made.name)


def test_a_file_is_taken_out_of_its_package(tmp_path, registry):
    registry["pictures/photo.jpg"] = CONTENT
    assert packages.fetch(Package("pypi", "made"), [make_fetched()], tmp_path, lambda done: None) == {}
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
    assert (tmp_path / "photo.jpg").read_bytes() == CONTENT


def test_other_bytes_are_not_taken(tmp_path, registry):
    registry["pictures/photo.jpg"] = CONTENT[::-1]
    reasons = packages.fetch(Package("pypi", "made"), [make_fetched()], tmp_path, lambda done: None)
    assert reasons == {"photo.jpg": "the package holds other bytes: the sha256 differs"}
    assert list(tmp_path.iterdir()) == []


def test_one_missing_member_does_not_stop_the_others(tmp_path, registry):
    registry["pictures/photo.jpg"] = CONTENT
    absent = Fetched(**{**vars(make_fetched("absent.jpg")), "member": "pictures/absent.jpg"})
    both = [absent, make_fetched()]
    reasons = packages.fetch(Package("pypi", "made"), both, tmp_path, lambda done: None)
    assert list(reasons) == ["absent.jpg"]
    assert (tmp_path / "photo.jpg").exists()


def test_a_registry_that_is_away_leaves_the_rest(tmp_path, registry, monkeypatch):
    made = make_made("test_card", "card.png")
    monkeypatch.setattr(manifest, "fetched", lambda: [make_fetched()])
    monkeypatch.setattr(manifest, "made", lambda: [made, make_made("film", "f.mp4", pictures=("photo.jpg",))])
    said: list[str] = []
    reasons = gathering.gather(tmp_path, said.append)
    assert reasons == {"photo.jpg": "the network does not answer", "f.mp4": "it needs photo.jpg"}
    assert gathering.described(tmp_path) == [made]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card.png", "card.png.xmp"]
    assert any("Fetching 1 files" in words for words in said)


def test_what_is_there_is_not_fetched_again(tmp_path, registry, monkeypatch):
    monkeypatch.setattr(manifest, "fetched", lambda: [make_fetched()])
    monkeypatch.setattr(manifest, "made", list)
    (tmp_path / "photo.jpg").write_bytes(CONTENT)
    said: list[str] = []
    assert gathering.gather(tmp_path, said.append) == {}
    assert said == []


def test_a_package_that_is_installed_is_not_fetched(tmp_path, registry, monkeypatch):
    site = tmp_path / "site"
    (site / "pictures").mkdir(parents=True)
    (site / "pictures" / "photo.jpg").write_bytes(CONTENT)
    monkeypatch.syspath_prepend(site)
    assert packages.installed(make_fetched()) == site / "pictures" / "photo.jpg"
    assert packages.installed(make_fetched(content=CONTENT + b"x")) is None


def test_a_debian_package_is_unpacked_and_not_installed(tmp_path, monkeypatch):
    root = tmp_path / "root"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "pictures").mkdir()
    (root / "pictures" / "photo.jpg").write_bytes(CONTENT)
    control = "Package: made\nVersion: 1\nArchitecture: all\nMaintainer: m <m@example.org>\nDescription: d\n"
    (root / "DEBIAN" / "control").write_text(control)
    if packages.shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is not on this machine")

    def download(name, folder):
        subprocess.run(["dpkg-deb", "--build", str(root), str(folder)], check=True, capture_output=True)

    monkeypatch.setattr(packages, "_download_deb", download)
    into = tmp_path / "into"
    into.mkdir()
    wanted = [make_fetched(registry="debian")]
    assert packages.fetch(Package("debian", "made"), wanted, into, lambda done: None) == {}
    assert (into / "photo.jpg").read_bytes() == CONTENT


def test_the_tune_sounds_and_is_the_same_each_time(tmp_path):
    for name in ("one.flac", "two.flac"):
        makers.make(make_made("tune", name), tmp_path)
    sound, rate = soundfile.read(tmp_path / "one.flac")
    assert rate == 44100
    assert 9 < len(sound) / rate < 11
    assert 0.7 < abs(sound).max() <= 0.81
    assert (tmp_path / "one.flac").read_bytes() == (tmp_path / "two.flac").read_bytes()


def test_the_ramp_has_all_its_bits(tmp_path):
    makers.make(make_made("grey_ramp", "ramp.tif"), tmp_path)
    with Image.open(tmp_path / "ramp.tif") as picture:
        assert picture.mode == "I;16"
        assert picture.getextrema() == (0, 65535)


def test_a_film_shows_each_picture_for_as_long_as_the_sound_lasts(tmp_path):
    for number in range(2):
        make_picture(tmp_path / f"{number}.png", 320, 200, seed=number)
    make_audio(tmp_path / "sound.wav", seconds=2)
    makers.make(make_made("film", "f.mp4", pictures=("0.png", "1.png"), sound="sound.wav"), tmp_path)
    probe = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(tmp_path / "f.mp4")]
    said = subprocess.run(probe, capture_output=True, text=True, check=False).stderr
    assert "640x360" in said
    assert "Duration: 00:00:02.0" in said
    assert "aac" in said
    assert [path.name for path in tmp_path.glob(".making*")] == []


@pytest.mark.skipif(find() is None, reason="ExifTool is not on this machine")
def test_what_the_manifest_says_becomes_facts(tmp_path):
    picture = make_picture(tmp_path / "photo.png")
    sidecar = write_sidecar(make_fetched("photo.png"), tmp_path)
    facts = {each.kind: each.text for each in read_embedded(picture, [sidecar]).findings}
    assert facts["title"] == "A <photo> & more"
    assert (facts["creator"], facts["rights"], facts["credit"]) == ("Somebody", "CC0 1.0", "Nobody")


@pytest.mark.django_db
def test_a_second_run_adds_nothing(monkeypatch, registry):
    registry["pictures/photo.jpg"] = CONTENT
    monkeypatch.setattr(manifest, "fetched", lambda: [make_fetched()])
    monkeypatch.setattr(manifest, "made", list)
    monkeypatch.setattr(jobs, "send", lambda task, calls: None)
    for _ in range(2):
        call_command("sample", "--no-wait", stdout=StringIO(), stderr=StringIO())
    job = IngestJob.objects.get()
    assert job.collection.name == command.NAME
    assert [item.source for item in job.items.all()] == [str(env.HOME / "sample" / "photo.jpg")]


@pytest.mark.django_db
def test_without_any_file_the_command_says_what_is_wrong(monkeypatch, registry):
    monkeypatch.setattr(manifest, "fetched", lambda: [make_fetched("another.jpg")])
    monkeypatch.setattr(manifest, "made", list)
    err = StringIO()
    with pytest.raises(CommandError, match="is there a network"):
        call_command("sample", "--no-wait", stdout=StringIO(), stderr=err)
    assert "another.jpg is left out: the network does not answer" in err.getvalue()
