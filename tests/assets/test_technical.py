"""Technical metadata: upright sizes, durations, streams; and refusal of what cannot be decoded."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.conf import settings

from dam.assets.refusals import Refused
from dam.assets.sniff import sniff
from dam.assets.stated_chapters import stated_chapters
from dam.assets.technical import Technical, probe
from indexing.analysers.contract import Place
from tests import media_made

SHARED = settings.BASE_DIR.parent / "shared" / "media"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared test media are not here")


def probed(path: Path) -> Technical:
    return probe(path, sniff(path, path.name))


def test_a_still(tmp_path: Path) -> None:
    found = probed(media_made.make_jpeg(tmp_path / "a.jpg", 90, 60, orientation=8))
    assert (found.width, found.height, found.duration) == (90, 60, None)
    assert found.details["orientation"] == 8


def test_a_film(tmp_path: Path) -> None:
    found = probed(media_made.make_video(tmp_path / "a.mp4", seconds_each=0.5))
    assert (found.width, found.height) == (160, 120)
    assert found.duration == pytest.approx(1.5, abs=0.1)
    video, audio = found.details["streams"]
    assert (video["codec"], video["rate"]) == ("h264", 25)
    assert (audio["codec"], audio["channels"]) == ("aac", 1)


def test_a_turned_film_has_its_upright_size(tmp_path: Path) -> None:
    found = probed(media_made.make_video(tmp_path / "a.mov", seconds_each=0.2, rotation=270))
    assert (found.width, found.height, found.details["rotation"]) == (120, 160, 270)


def test_oblong_pixels_are_made_square(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    words = ["-f", "lavfi", "-i", "color=s=160x120:d=0.2:r=25", "-vf", "setsar=4/3", "-c:v", "mpeg4"]
    found = probed(media_made.run_ffmpeg(*words, path=path))
    assert (found.width, found.height) == (213, 120)


def test_a_recording(tmp_path: Path) -> None:
    found = probed(media_made.make_audio(tmp_path / "a.flac", seconds=0.5))
    assert (found.width, found.height) == (None, None)
    assert found.duration == pytest.approx(0.5, abs=0.05)


def test_a_duration_nobody_wrote_is_measured(tmp_path: Path) -> None:
    """What a browser's recorder writes: a stream without a length in its header."""
    whole = media_made.make_video(tmp_path / "a.webm", seconds_each=0.5)
    path = tmp_path / "live.webm"
    media_made.run_ffmpeg("-i", str(whole), "-c", "copy", "-f", "webm", "-live", "1", path=path)
    assert probed(path).duration == pytest.approx(1.5, abs=0.1)


def test_a_recording_of_no_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no (sound|time)"):
        probed(media_made.make_audio(tmp_path / "a.wav", seconds=0))


def test_a_truncated_film_is_taken_in_or_refused_with_a_reason(tmp_path: Path) -> None:
    streamable = media_made.make_video(tmp_path / "a.mkv", seconds_each=0.5)
    streamable.write_bytes(streamable.read_bytes()[:-3000])
    assert probed(streamable).width == 160
    unindexed = media_made.make_video(tmp_path / "a.mp4", seconds_each=0.5)
    unindexed.write_bytes(unindexed.read_bytes()[:-3000])
    with pytest.raises(Refused, match="cannot be decoded"):
        probed(unindexed)


def test_a_wrong_extension_is_noted(tmp_path: Path) -> None:
    path = media_made.make_picture(tmp_path / "a.png").rename(tmp_path / "a.mp3")
    assert "image/png" in probed(path).details["note"]


def test_details_fit_into_json(tmp_path: Path) -> None:
    import json

    for path in (
        media_made.make_picture(tmp_path / "a.png"),
        media_made.make_video(tmp_path / "a.avi", seconds_each=0.2),
        media_made.make_audio(tmp_path / "a.ogg", seconds=0.2),
    ):
        details = dict(probed(path).details)
        assert json.loads(json.dumps(details)) == details


@needs_shared
def test_every_orientation_of_real_photographs() -> None:
    wrong = []
    with (SHARED / "metadata_orientation" / "manifest.csv").open() as manifest:
        for row in csv.DictReader(manifest):
            found = probed(SHARED / "metadata_orientation" / row["file"])
            assert found.width is not None and found.height is not None  # noqa: PT018
            landscape = found.width > found.height
            wrong += [row["file"]] if landscape != (row["true_aspect"] == "landscape") else []
    assert wrong == []


def test_chapters_that_a_film_states_are_facts(tmp_path: Path) -> None:
    told = [";FFMETADATA1"]
    for start, end, title in ((0, 1000, "Arrival"), (1000, 2000, "")):
        told += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}", f"title={title}"]
    (tmp_path / "told.txt").write_text("\n".join(told))
    source = ["-f", "lavfi", "-i", "sine=d=2", "-f", "ffmetadata", "-i", str(tmp_path / "told.txt")]
    path = media_made.run_ffmpeg(*source, "-map_chapters", "1", "-c:a", "flac", path=tmp_path / "a.mka")
    found = stated_chapters(probed(path))
    assert [(each.text, each.place) for each in found] == [
        ("Arrival", Place(0.0, 1.0)),
        ("Chapter 2", Place(1.0, 2.0)),
    ]
