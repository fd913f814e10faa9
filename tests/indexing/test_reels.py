"""Preview reels: what they show, how long they are, and what cannot be cut."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from dam.assets.models import Asset, renditions
from indexing import on_demand, reels
from indexing.decoding import child, containers
from tests import media_made
from tests.factories import make_asset, make_fact, make_run

pytestmark = pytest.mark.django_db


def asset_with(kind: str, path: Path) -> Asset:
    asset = make_asset(kind=kind, duration=9.0)
    on_demand.keep(asset, "proxy", path, "video/mp4", {})
    return asset


def highlight(asset: Asset, rank: int, start: float, end: float, **more: object) -> None:
    run = make_run(asset, f"highlights {rank}")
    make_fact(asset, "highlight", f"reason {rank}", run=run, start=start, end=end, number=rank, **more)


@pytest.fixture
def film(tmp_path: Path) -> Asset:
    return asset_with("video", media_made.make_video(tmp_path / "proxy.mp4", seconds_each=3.0))


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_reel_is_as_long_as_its_pieces_and_is_played_in_order(kind: str, tmp_path: Path) -> None:
    name = tmp_path / ("proxy.mp4" if kind == "video" else "proxy.m4a")
    made = (
        media_made.make_video(name, seconds_each=3.0)
        if kind == "video"
        else media_made.make_audio(name, seconds=9.0)
    )
    asset = asset_with(kind, made)
    highlight(asset, 1, 5.0, 7.0)
    highlight(asset, 2, 1.0, 2.5)
    reels.cut_reel(asset.pk)
    told, reel = on_demand.progress(asset.pk, "reel"), Asset.objects.get(pk=asset.pk).rendition("reel")
    assert told == on_demand.Progress("done", 2, 2)
    assert reel is not None
    facts = child.call(containers.describe, Path(reel.file.path), seconds=20)
    assert facts["duration"] == pytest.approx(3.5, abs=0.25)
    assert [each["type"] for each in facts["details"]["streams"]] == (
        ["video", "audio"] if kind == "video" else ["audio"]
    )
    assert [fact.start for fact in reels.pieces(asset)] == [1.0, 5.0]


def test_a_reel_is_bounded_and_leaves_out_what_was_rejected(
    film: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reels, "LONGEST", 5.0)
    highlight(film, 1, 0.0, 3.0, status="rejected")
    highlight(film, 2, 3.0, 6.0)
    highlight(film, 3, 6.0, 9.0)
    highlight(film, 4, 7.0, 8.5)
    assert [fact.number for fact in reels.pieces(film)] == [2, 4]


def test_without_highlights_or_a_playable_copy_there_is_a_reason(film: Asset) -> None:
    for asset in (film, make_asset(kind="video")):
        reels.cut_reel(asset.pk)
        told = on_demand.progress(asset.pk, "reel")
        assert told is not None
        assert (told.state, "nothing to show" in told.message) == ("failed", True)


def test_a_copy_that_cannot_be_decoded_fails_with_its_reason(film: Asset) -> None:
    proxy = film.rendition("proxy")
    assert proxy is not None
    proxy.file.name = renditions().save("broken.mp4", ContentFile(b"no film"))
    proxy.save()
    highlight(film, 1, 1.0, 3.0)
    reels.cut_reel(film.pk)
    told = on_demand.progress(film.pk, "reel")
    assert told is not None
    assert told.state == "failed"
    assert "cannot be decoded" in told.message
