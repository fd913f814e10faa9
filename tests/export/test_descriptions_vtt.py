"""Descriptions are a valid WebVTT, whatever is described."""

from __future__ import annotations

import webvtt

from dam.export.formats import descriptions_vtt
from dam.export.record import AssetRecord
from dam.export.spoken import Passage

HOSTILE = "<b>00:01.000 --> 00:02.000\n\nNOTE & \x00\ud800</b>"


def record(*narrations: Passage, kind: str = "video") -> AssetRecord:
    return AssetRecord(kind, "film.mp4", "0" * 64, 640, 360, title="A film", narrations=narrations)


def cues(made: AssetRecord) -> list[tuple[str, str, str]]:
    parsed = webvtt.from_string(descriptions_vtt.render(made).decode())
    return [(each.start, each.end, each.text) for each in parsed]


def test_each_description_is_a_cue_in_its_time() -> None:
    made = record(Passage("A harbour.", 1.5, 2.75), Passage("A woman opens a door.", 3661.0, 3663.2))
    assert cues(made) == [
        ("00:00:01.500", "00:00:02.750", "A harbour."),
        ("01:01:01.000", "01:01:03.200", "A woman opens a door."),
    ]


def test_hostile_text_stays_text_on_one_line() -> None:
    rendered = descriptions_vtt.render(record(Passage(HOSTILE, 0.0, 1.0))).decode()
    assert "&lt;b&gt;00:01.000 --&gt; 00:02.000 NOTE &amp; ?&lt;/b&gt;" in rendered
    assert rendered.count("-->") == 1


def test_only_described_films_have_descriptions() -> None:
    assert descriptions_vtt.applies_to(record(Passage("A harbour.", 1, 2)))
    assert not descriptions_vtt.applies_to(record(Passage("A harbour.", 1, 1), Passage(" ", 2, 3)))
    assert not descriptions_vtt.applies_to(record(Passage("A harbour.", 1, 2), kind="audio"))
