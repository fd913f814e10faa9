"""Edit decision lists of highlights, read back by the same library that editing programs' importers use."""

import opentimelineio as otio
import pytest

from dam.export.formats import edl
from dam.export.record import AssetRecord
from dam.export.spoken import Passage

HIGHLIGHTS = (Passage("Applause", 61.0, 65.5), Passage("“Lido” is said\nTITLE: x", 10.2, 14.6))


def record(kind: str = "video", rate: float | None = 24.0) -> AssetRecord:
    return AssetRecord(
        kind, "harbour.mov", "ab" * 32, 640, 480, title="Harbour", highlights=HIGHLIGHTS, frame_rate=rate
    )


@pytest.mark.parametrize(("kind", "rate", "counted"), [("video", 29.97, 30.0), ("audio", None, 25.0)])
def test_every_highlight_is_a_cut_at_its_time(kind: str, rate: float | None, counted: float) -> None:
    text = edl.render(record(kind, rate)).decode()
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=counted)
    clips = list(timeline.find_clips())
    starts = [clip.source_range.start_time.to_seconds() for clip in clips]
    assert starts == pytest.approx([10.2, 61.0], abs=1 / counted)
    assert [clip.duration().to_seconds() for clip in clips] == pytest.approx([4.4, 4.5], abs=2 / counted)
    assert {clip.name for clip in clips} == {"harbour.mov"}


def test_reasons_are_comments_of_one_line() -> None:
    lines = edl.render(record()).decode().splitlines()
    assert "* “Lido” is said TITLE: x" in lines
    assert sum(line.startswith("TITLE:") for line in lines) == 1


def test_nothing_highlighted_is_no_list() -> None:
    assert not edl.applies_to(AssetRecord("video", "a.mov", "ab", 1, 1))
