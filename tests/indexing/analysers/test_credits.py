"""Opening and closing credits: many lines of text near the ends, more than the film usually shows."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from indexing.analysers.contract import Context, Finding, Place, Region
from indexing.analysers.credits import Credits
from indexing.analysers.shots import Shots
from indexing.analysers.text import Text
from indexing.media import open_media
from tests.indexing.analysers.made_media import MadeMedia
from tests.media_made import run_ffmpeg

STEP = 5.0


def line(text: str, start: float, end: float, top: float = 0.4) -> Finding:
    return Finding("text", text, place=Place(start, end, Region(0.2, top, 0.6, 0.05)), confidence=0.9)


def rolling(start: float, end: float, count: int = 6) -> list[Finding]:
    """Other lines in every frame."""
    steps = int((end - start) / STEP)
    return [
        line(f"Grip {step} {row}", start + step * STEP, start + (step + 1) * STEP, 0.1 + row * 0.1)
        for step in range(steps)
        for row in range(count)
    ]


def analysed(texts: list[Finding], length: float = 600.0) -> list[Finding]:
    edges = [number * STEP for number in range(int(length / STEP) + 1)]
    shots = [Finding("shot", place=Place(a, b), details={"keyframe": a + 1}) for a, b in pairwise(edges)]
    facts = {"shot": shots, "text": texts}
    context = Context(lambda name: Path(name), lambda kind: facts.get(kind, []))
    return list(Credits().analyse(MadeMedia("video", duration=length), context))


def found_in(texts: list[Finding], length: float = 600.0) -> list[tuple[str, float | None, float | None]]:
    return [(each.text, each.place.start, each.place.end) for each in analysed(texts, length)]


def test_rolling_text_at_the_end_is_closing_credits() -> None:
    assert found_in(rolling(540, 590)) == [("closing", 540, 590)]


def test_names_over_the_first_scenes_are_opening_credits() -> None:
    names = [line(f"Name {number}", 10 + 15 * number, 15 + 15 * number) for number in range(5)]
    assert found_in(names) == [("opening", 10, 75)]


def test_both_are_found() -> None:
    assert found_in(rolling(0, 30, 2) + rolling(540, 600)) == [("opening", 0, 30), ("closing", 540, 600)]


def test_a_sign_in_the_picture_is_no_credits() -> None:
    signs = [line(text, start, start + STEP) for text, start in (("HOTEL", 10), ("LIDO", 20), ("EXIT", 560))]
    assert found_in(signs) == []


def test_subtitles_are_no_credits() -> None:
    said = [line(f"He says {number}.", number * STEP, (number + 1) * STEP, 0.85) for number in range(120)]
    assert found_in(said) == []


def test_a_film_full_of_text_has_none_where_its_end_has_no_more() -> None:
    assert found_in(rolling(0, 600, 6)) == []
    assert found_in(rolling(0, 540, 2) + rolling(540, 600, 8)) == [("closing", 540, 600)]


def test_what_stays_all_along_is_a_logo() -> None:
    logo = [line(f"Channel {number}", 0, 600, 0.1 * number) for number in range(1, 6)]
    assert found_in(logo) == []


def test_text_in_the_middle_is_no_credits() -> None:
    assert found_in(rolling(280, 330)) == []


def test_clips_and_films_without_text_have_none() -> None:
    assert found_in(rolling(0, 20), length=20.0) == []
    assert found_in([]) == []


def test_more_lines_make_it_surer() -> None:
    (few,), (many,) = (analysed(rolling(540, 600, count)) for count in (3, 8))
    assert 0 < (few.confidence or 0) < (many.confidence or 0) < 1


def test_rolling_text_of_a_real_film_is_read_as_credits(tmp_path: Path) -> None:
    """Shots, the text on their frames and the credits in it, as they work on one another."""
    roll = Image.new("RGB", (480, 2400))
    pen, font = ImageDraw.Draw(roll), ImageFont.load_default(size=24)
    for number in range(60):
        pen.text((110, 40 * number), f"Camera assistant {number}", fill="white", font=font)
    roll.save(tmp_path / "roll.png")
    scene = [
        "-f",
        "lavfi",
        "-i",
        "gradients=s=480x270:r=4:d=30:speed=0.01:c0=navy:c1=tan:x0=0:y0=0:x1=480:y1=270",
    ]
    names = ["-loop", "1", "-r", "4", "-t", "12", "-i", str(tmp_path / "roll.png")]
    graph = "[1]crop=480:270:0:'150*t',setsar=1,fps=4[r];[0]setsar=1[s];[s][r]concat=n=2"
    path = run_ffmpeg(*scene, *names, "-filter_complex", graph, "-c:v", "libx264", path=tmp_path / "a.mp4")
    film = open_media("video", path, 42.0)
    facts: dict[str, list[Finding]] = {}
    context = Context(lambda name: Path(name), lambda kind: facts.get(kind, []), threads=2)
    facts["shot"] = list(Shots("pyscenedetect").analyse(film, context))
    facts["text"] = list(Text().analyse(film, context))
    (found,) = Credits().analyse(film, context)
    assert found.text == "closing"
    assert (found.place.start, found.place.end) == (pytest.approx(30, abs=1), pytest.approx(42, abs=1))
