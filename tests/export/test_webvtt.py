"""WebVTT and SubRip files are valid, keep the rules of broadcasters, and leave not a word out."""

from __future__ import annotations

from itertools import accumulate
from random import Random

import pytest
from webvtt.errors import MalformedCaptionError, MalformedFileError

from dam.export.formats import chapters, plain_text, srt, webvtt
from dam.export.record import AssetRecord
from dam.export.spoken import Passage, Segment
from tests.export.caption_rules import Cue, cues_of, faults, srt_cues_of, wide
from tests.export.spoken_made import recording, said

SENTENCES = (
    "Well, I went down to the harbour with Ada Lovelace in the morning.",
    "The keeper of the light told us that nobody had seen the ferry since Dr. Watson left for the island.",
    "Did you believe him?",
    "No!",
    "He always said things like that when the wind blew from the north, and the boats came home early.",
    "Of the 36 boats that left in 1953 because the herring had come back, not one was built of oak.",
    "Of course.",
)
HOSTILE = (
    "<script>alert('&')</script> --> \x00\x08 00:01.000 --> 00:02.000 &amp; <v Nobody> NOTE \u202egnp.exe"
)


def talk(rate: float, turns: int = 60, pause: float = 0.3, seed: int = 1) -> list[Segment]:
    """Sentences one after another at so many characters a second, by two speakers."""
    random = Random(seed)
    texts = [random.choice(SENTENCES) for _ in range(turns)]
    ends = list(accumulate(len(text) / rate + pause for text in texts))
    starts = [0.0, *ends[:-1]]
    return [
        said(text, start, end - pause, random.choice(["Ada", "Ben <3>"]))
        for text, start, end in zip(texts, starts, ends, strict=True)
    ]


def shown(cues: list[Cue]) -> str:
    """All that the cues say, without spaces and the dashes of dialogues."""
    lines = [line.removeprefix("- ") for cue in cues for line in cue.lines]
    return "".join("".join(lines).split())


def spoken(record: AssetRecord) -> str:
    return "".join("".join(segment.text for segment in record.speech).split())


@pytest.mark.parametrize("rate", [8, 13, 16, 19, 30])
def test_speech_of_any_speed_keeps_every_rule_and_every_word(rate: float) -> None:
    segments = talk(rate)
    record = recording(*segments, duration=segments[-1].end + 1)
    cues = cues_of(webvtt.render(record))
    assert not faults(cues)
    assert shown(cues) == spoken(record)


def test_captions_stand_with_their_words_where_there_is_time_to_read() -> None:
    segments = talk(11, pause=1.0)
    record = recording(*segments, duration=segments[-1].end + 1)
    assert b"faster" not in webvtt.render(record)
    first = cues_of(webvtt.render(record))[0]
    assert first.start == 0


def test_what_is_said_too_fast_to_be_read_says_so_and_ends_with_the_recording_where_it_can() -> None:
    fast = talk(25, turns=20, pause=0.0)
    end = fast[-1].end
    late = recording(*fast, said("Then there was a long silence.", end + 40, end + 42), duration=end + 43)
    assert "captions come up to" in webvtt.render(late).decode()
    assert cues_of(webvtt.render(late))[-1].end <= 1000 * (end + 43)
    assert not faults(cues_of(webvtt.render(recording(*fast, duration=end))))


@pytest.mark.parametrize("text", [HOSTILE, "x" * 500, "-->", "& < >", "a\nb\n\nc", "é" * 90, "👩‍👩‍👧 " * 40])
def test_hostile_text_is_only_text(text: str) -> None:
    record = recording(said(text, 1, 9, HOSTILE), name=HOSTILE, duration=20)
    cues = cues_of(webvtt.render(record))
    assert not {"too wide a line", "too fast", "too many lines", "overlap"} & set(faults(cues))
    kept = "".join(each for each in text if each.isprintable() or each in "\u202e\u200d")
    assert shown(cues) == "".join(kept.split())
    assert shown(srt_cues_of(srt.render(recording(said(text, 1, 9), duration=20))))


def test_languages_without_spaces_are_set_in_full_width_characters() -> None:
    text = "昨日私は港に行きました。灯台守は船を見ていなかったと言いました、そしてフェリーは来なかった。" * 3
    record = recording(said(text, 0, 60, "", "ja"), duration=62)
    cues = cues_of(webvtt.render(record))
    assert not faults(cues, "ja")
    assert shown(cues) == text
    assert max(wide(line) for cue in cues for line in cue.lines) <= 42
    assert all(not line.startswith(("、", "。")) for cue in cues for line in cue.lines)


def test_a_line_in_another_language_says_so() -> None:
    record = recording(said(SENTENCES[0], 0, 6), said("Guten Abend.", 7, 9, "", "de"), duration=10)
    assert "<lang de>Guten Abend.</lang>" in webvtt.render(record).decode()


def test_each_caption_has_one_speaker_but_for_quick_turns_with_dashes() -> None:
    slow = recording(said("Did you see the ferry?", 0, 2, "Ada"), said("Not today.", 4, 6, "Ben"), duration=8)
    assert [cue.speakers for cue in cues_of(webvtt.render(slow))] == [["Ada"], ["Ben"]]
    quick = recording(said("Did you see it?", 0, 0.5, "Ada"), said("No.", 0.6, 0.8, "Ben"), duration=8)
    (cue,) = cues_of(webvtt.render(quick))
    assert (cue.lines, cue.speakers) == (["- Did you see it?", "- No."], ["Ada", "Ben"])


def test_people_who_speak_at_once_are_shown_one_after_the_other() -> None:
    record = recording(
        said(SENTENCES[1], 0, 6, "Ada"),
        said(SENTENCES[4], 1, 7, "Ben"),
        said("No!", 2, 2.4, "Ada"),
        duration=20,
    )
    cues = cues_of(webvtt.render(record))
    assert not faults(cues)
    assert shown(cues) == spoken(record)


def test_subrip_names_each_new_speaker_within_the_rules() -> None:
    segments = talk(14)
    cues = srt_cues_of(srt.render(recording(*segments, duration=segments[-1].end)))
    assert not set(faults(cues)) - {"broken phrase"}  # it does not say who speaks, so turns look like breaks
    assert cues[0].lines[0].startswith(segments[0].words[0].speaker + ": ")
    alone = recording(said(SENTENCES[0], 0, 6, "Ada"), duration=8)
    assert "Ada:" not in srt.render(alone).decode()


def test_an_endless_name_leaves_room_for_words() -> None:
    record = recording(said("Yes.", 0, 1, "N" * 300), said("No.", 3, 4, "Ben"), duration=9)
    assert not faults(srt_cues_of(srt.render(record)))


def test_plain_text_has_paragraphs_by_speaker_and_chapters() -> None:
    record = recording(
        said("Good evening.", 0, 2, "Ada"),
        said("Good evening to you.", 2, 4, "Ben"),
        said("The storm came.", 70, 72, "Ben"),
        chapters=[Passage("Greetings", 0, 60), Passage("Storm", 60, 90)],
    )
    assert plain_text.render(record).decode().split("\n\n")[1:] == [
        "GREETINGS",
        "[00:00:00] Ada: Good evening.",
        "[00:00:02] Ben: Good evening to you.",
        "STORM",
        "[00:01:10] Ben: The storm came.\n",
    ]


def test_chapters_are_cues() -> None:
    record = recording(chapters=[Passage("A & B", 0, 60), Passage("", 60, 60)])
    assert chapters.applies_to(record)
    assert "00:00:00.000 --> 00:01:00.000\nA &amp; B\n" in chapters.render(record).decode()


def test_silence_has_no_captions() -> None:
    for record in (recording(duration=10), recording(said("", 0, 1), duration=10)):
        assert not any(form.applies_to(record) for form in (webvtt, srt, plain_text, chapters))


HEAD = "WEBVTT\n\n1\n"


@pytest.mark.parametrize(
    "file",
    [
        "1\n00:00:01.000 --> 00:00:02.000\nno signature\n",
        HEAD + "00:60:01.000 --> 00:60:02.000\nno such minute\n",
        HEAD + "00:00:01.0 --> 00:00:02.000\ntoo short a time\n",
        HEAD + "00:00:01.000 --> 00:00:02.000\n<b>markup</b> that we do not write\n",
        HEAD + "00:00:01.000 --> 00:00:02.000\nan arrow --> in the text\n",
        HEAD + "00:00:01.000 --> 00:00:02.000\nno & character\n",
    ],
)
def test_the_reading_refuses_files_that_are_not_right(file: str) -> None:
    with pytest.raises((AssertionError, MalformedFileError, MalformedCaptionError)):
        cues_of(file.encode())


def test_the_rules_find_what_breaks_them() -> None:
    cues = [
        Cue(0, 500, ["w" * 43, "the", "house"], []),
        Cue(400, 9000, ["Mr.", "Ames"], []),
        Cue(9010, 10000, ["went."], []),
    ]
    assert faults(cues) == {
        "too many lines": 1,
        "too wide a line": 1,
        "too fast": 1,
        "too short": 1,
        "too long": 1,
        "broken phrase": 2,
        "overlap": 1,
        "too small a gap": 1,
    }
