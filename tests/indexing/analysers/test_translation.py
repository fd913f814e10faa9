"""Sentences are translated by the models that are here, directly or through English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from indexing.analysers import translation
from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.translation import Pair, Translation, translated_segments, way
from tests.indexing.analysers.made_media import MadeMedia

SPEECH = (
    Finding("speech", "Good evening.", place=Place(1.0, 2.5), language="en-GB", accepted=True),
    Finding("speech", "Bom dia.", place=Place(3.0, 4.0), language="pt"),
    Finding("speech", "Good evenings", place=Place(1.1, 2.6), language="en"),
    Finding("speech", "", place=Place(4.0, 5.0), language="en"),
    Finding("speech", "In no language", place=Place(5.0, 6.0)),
)


@pytest.fixture
def translate(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Translate SPEECH with models that write down what they were asked."""

    class Marked:
        def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
            return [f"{each} [{source}>{target}]" for each in sentences]

    def run(targets: Sequence[str], *pairs: Pair) -> list[Finding]:
        analyser = Translation(targets, lambda: {pair: "-".join(pair) for pair in pairs})
        context = Context(lambda name: Path(name), lambda kind: SPEECH if kind == "speech" else ())
        return list(analyser.analyse(MadeMedia("audio"), context))

    monkeypatch.setattr(translation, "open_translator", lambda folder, threads: Marked())
    monkeypatch.setattr(translation, "loaded", lambda key, make: make())
    return run


def test_a_sentence_is_translated_in_its_place_and_proposed(translate: Callable[..., list[Finding]]) -> None:
    (found,) = translate(["pt"], ("en", "pt"))
    assert (found.kind, found.text, found.language) == ("translation", "Good evening. [en>pt]", "pt")
    assert (found.place, dict(found.details), found.accepted) == (Place(1.0, 2.5), {"of": "en"}, False)


def test_each_language_asked_for_is_served_and_its_own_is_left(
    translate: Callable[..., list[Finding]],
) -> None:
    found = translate(["pt", "en", "de"], ("en", "pt"), ("pt", "en"), ("en", "de"))
    assert [(each.text, each.language) for each in found] == [
        ("Good evening. [en>pt]", "pt"),
        ("Good evening. [en>de]", "de"),
        ("Bom dia. [pt>en]", "en"),
        ("Bom dia. [pt>en] [en>de]", "de"),
    ]
    assert found[-1].details == {"of": "pt", "through": ["en"]}


def test_a_language_that_no_model_reaches_is_left_out(translate: Callable[..., list[Finding]]) -> None:
    assert [each.language for each in translate(["de", "pt"], ("en", "pt"))] == ["pt"]


def test_it_rests_with_a_reason() -> None:
    assert "TRANSLATE_TO" in Translation().hindrance
    assert "pt" in Translation(["pt"]).hindrance
    assert "pt" in Translation(["pt"], lambda: {("pt", "en"): "firefox-pt-en"}).hindrance
    assert not Translation(["pt"], lambda: {("en", "pt"): "firefox-en-pt"}).hindrance


def test_its_identity_names_what_is_asked_and_what_is_used() -> None:
    models: dict[Pair, str | Path] = {
        ("en", "pt"): "firefox-en-pt",
        ("de", "en"): Path("translation-de-en"),
        ("en", "fr"): "unused",
    }
    analyser = Translation(["pt-BR"], lambda: models)
    assert analyser.model == "to pt by de-en en-pt"
    assert analyser.weights == ["firefox-en-pt"]


def test_the_way_is_direct_where_it_can_be() -> None:
    pairs = [("en", "pt"), ("de", "en"), ("de", "pt")]
    assert way(pairs, "de", "pt") == ["de", "pt"]
    assert way(pairs[:2], "de", "pt") == ["de", "en", "pt"]
    assert way(pairs, "pt", "de") == []
    assert way(pairs, "pt", "pt") == []


def test_captions_in_a_language_hold_one_text_a_span_and_a_persons_first() -> None:
    def fact(text: str, start: float, language: str = "pt", accepted: bool = False) -> Finding:
        place = Place(start, start + 1)
        return Finding("translation", text, place=place, language=language, accepted=accepted)

    facts = [
        fact("Adeus.", 5), fact("Boa noite.", 1, accepted=True), fact("Noite boa.", 1),
        fact("Gute Nacht.", 1, "de"), Finding("translation", "nowhere", language="pt"),
    ]  # fmt: skip
    found = translated_segments(facts, "pt-BR")
    assert [(each.text, each.start, each.end) for each in found] == [("Boa noite.", 1, 2), ("Adeus.", 5, 6)]
