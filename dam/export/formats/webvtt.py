"""WebVTT (W3C): captions with who says them. The grammar is that of the specification's section 4."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dam.export.captioning.captions import Caption, captions, lateness, spoken_languages
from dam.export.captioning.rules import SPEED
from dam.export.record import AssetRecord
from dam.export.spoken import plain

MEDIA_TYPE = "text/vtt; charset=utf-8"
EXTENSION = "vtt"


def applies_to(record: AssetRecord) -> bool:
    """Recordings and films in which somebody speaks."""
    return any(segment.words for segment in record.speech)


def render(record: AssetRecord) -> bytes:
    """The captions of the record in UTF-8."""
    made = captions(record.speech, record.duration)
    languages = spoken_languages(record.speech)
    blocks = ["WEBVTT", note(*_about(record, languages, lateness(made)))]
    blocks += [_cue(number, each, languages) for number, each in enumerate(made, start=1)]
    return document(blocks)


def document(blocks: list[str]) -> bytes:
    """The blocks of a file, parted as the format has it."""
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def timings(start: int, end: int) -> str:
    """The line that says when a cue stands; milliseconds."""
    return f"{timestamp(start)} --> {timestamp(end)}"


def timestamp(milliseconds: int, point: str = ".") -> str:
    """Milliseconds as hours, minutes, seconds and thousandths: 00:01:02.345."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{rest:03}"


def escaped(text: str) -> str:
    """Text of a cue, in which nothing is markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def note(*lines: str) -> str:
    """A comment; what would be taken for the times of a cue is written otherwise."""
    return "\n".join(["NOTE", *(plain(line).replace("-->", "→") for line in lines)])


def _about(record: AssetRecord, languages: list[str], late: int) -> Iterator[str]:
    yield f"Captions of {record.title or record.name}"
    if languages:
        yield f"Language: {', '.join(languages)}"
    if late:
        yield (
            f"The speech is faster than {SPEED} characters a second can be read: "
            f"captions come up to {late / 1000:.1f} seconds after the words."
        )


def _cue(number: int, caption: Caption, languages: list[str]) -> str:
    said = groupby(caption.lines, key=lambda line: (line.speaker, line.language))
    lines = [
        _voice(speaker, _spoken(language, [line.text for line in same], languages))
        for (speaker, language), same in said
    ]
    return "\n".join([str(number), timings(caption.start, caption.end), *lines])


def _spoken(language: str, lines: list[str], languages: list[str]) -> str:
    """The lines, marked where they are in another language than most."""
    text = escaped("\n".join(lines))
    return text if language in ("", *languages[:1]) else f"<lang {escaped(language)}>{text}</lang>"


def _voice(speaker: str, text: str) -> str:
    return f"<v {escaped(plain(speaker))}>{text}</v>" if speaker else text
