"""Topics of speech: parted where the words change, and titled by what is said there and not elsewhere."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from indexing.analysers.chapters import Chapters
from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.topics import phrases_of, title_of, topics

SMALL = "and then there was that which they would have with some other thing about this"
ABOUT = {
    "sea": "harbour ferry captain sailors lighthouse keeper storm anchor herring island mast cargo",
    "farm": "barley tractor harvest cattle meadow orchard plough stable farmer seed barn wheat",
    "court": "judge verdict lawyer witness prison jury appeal sentence defence crime evidence oath",
}


def talk(about: str, start: float, seconds: float, seed: int = 1) -> list[Finding]:
    """Sentences of six seconds, a third of their words about the topic."""
    random = Random(f"{about}{start}{seed}")
    found = []
    for at in range(int(seconds / 6)):
        words = [random.choice((ABOUT[about] if number % 3 == 0 else SMALL).split()) for number in range(15)]
        second = start + 6 * at
        text = " ".join(words).capitalize() + "."
        found.append(Finding("speech", text, place=Place(second, second + 5.5), language="en"))
    return found


THREE = [*talk("sea", 0, 150), *talk("farm", 150, 120), *talk("court", 270, 180)]


class Recording:
    """A recording of which only the length is asked."""

    kind = "audio"

    def __init__(self, duration: float) -> None:
        self.duration = duration


def chapters(speech: list[Finding], duration: float) -> list[Finding]:
    context = Context(lambda name: Path(name), lambda kind: speech if kind == "speech" else [])
    return list(Chapters("made").analyse(Recording(duration), context))  # type: ignore[arg-type]


def test_topics_are_parted_where_the_words_change() -> None:
    found = topics(THREE, 60)
    assert len(found) == 3
    assert [topic.start for topic in found] == pytest.approx([0, 150, 270], abs=18)
    for topic, about in zip(found, ABOUT, strict=True):
        words = {word for phrase in topic.phrases for word in phrase.lower().split()}
        assert words & set(ABOUT[about].split())
        assert not words & set().union(*(set(ABOUT[other].split()) for other in ABOUT if other != about))


def test_a_recording_has_chapters_with_titles_that_fill_it() -> None:
    found = chapters(THREE, 460.0)
    assert [found[0].place.start, found[-1].place.end] == [0, 460]
    assert [one.place.end for one in found[:-1]] == [other.place.start for other in found[1:]]
    assert all(each.details["composed"] and each.text == title_of(each.details["phrases"]) for each in found)
    assert {each.language for each in found} == {"en"}


def test_one_topic_little_speech_and_a_short_recording_have_no_chapters() -> None:
    assert chapters(talk("sea", 0, 400), 400.0) == []
    assert chapters(THREE[:4], 400.0) == []
    assert chapters(THREE, 299.0) == []
    assert chapters([], 4000.0) == []


def test_no_topic_is_shorter_than_it_may_be() -> None:
    changing = [each for n in range(12) for each in talk([*ABOUT][n % 3], 30 * n, 30)]
    assert all(topic.end - topic.start >= 54 for topic in topics(changing, 60))


def test_a_name_that_comes_back_is_kept_whole() -> None:
    here = "We met Margaret Ellis there. Later Margaret Ellis spoke. The storm came, a storm indeed."
    whole = topics_counter(here + " We met at other times and spoke of other days, spoke and met again.")
    assert phrases_of(here, whole)[0] == "Margaret Ellis"


def topics_counter(text: str):
    from indexing.analysers.topics import counted

    return counted([Finding("speech", text)])


def test_chinese_and_japanese_count_by_pairs_of_characters() -> None:
    sea = "港に船が来た。灯台守は嵐を見た。" * 3
    farm = "畑で麦を刈る。牛と農夫は納屋に居た。" * 3
    speech = [
        Finding("speech", text, place=Place(20.0 * n, 20.0 * n + 19), language="ja")
        for n, text in enumerate([sea] * 8 + [farm] * 8)
    ]
    assert [topic.start for topic in topics(speech, 60)] == [0, 160]
