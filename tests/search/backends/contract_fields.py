"""The contract for fields, prefixes, attributes, places and likenesses."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from indexing.engines.music.musicnn import SPACE as MUSIC
from indexing.engines.spaces import PREFERENCE
from indexing.models import Annotation, Embedding, Run
from search import documents
from search.parser import parse
from tests.factories import make_asset, make_fact, make_library, make_member, make_run
from tests.search.backends.contract_base import PERSON, ContractBase

CLAUSES = (
    "dog", "-dog", '"red dog"', "do*", "said:dog", "-said:dog", "object:(dog OR cat)", "confidence:>0.1",
    "-source:machine", "type:image", "-type:video", "duration:>1s", "date:1900..", "near:48.85,2.35~9000km",
    "lang:en", "-lang:fr", "status:unreviewed", "collection:Shelf", "tempo:1..300", "dog WITH dog",
    "(dog NOT WHILE cat)", "(dog OR type:image)", "dgo",
)  # fmt: skip


class FieldsContract(ContractBase):
    """Each field says which facts it looks at, each attribute what is true of an asset or of a fact."""

    def test_a_field_looks_at_its_kinds_of_fact_only(self) -> None:
        said = self.seen(("speech", "the engine runs"))
        boxed = self.seen(("object", "engine"))
        assert self.found("said:engine") == [said.pk]
        assert self.found("object:engine") == [boxed.pk]
        assert set(self.found("engine")) == {said.pk, boxed.pk}

    def test_one_fact_answers_the_whole_field(self) -> None:
        together = self.seen(("speech", "the red engine"))
        self.seen(("speech", "the engine"), ("speech", "a red car"))
        assert self.found("said:(red engine)") == [together.pk]
        assert self.found('said:"red engine"') == [together.pk]

    def test_either_word_of_a_field_will_do(self) -> None:
        pair = {self.seen(("person", "Ada")).pk, self.seen(("person", "Grace")).pk}
        self.seen(("object", "Ada"))
        assert set(self.found("person:(Ada OR Grace)")) == pair

    def test_a_field_may_exclude_within_its_fact(self) -> None:
        plain = self.seen(("speech", "a dog"), ("speech", "a cat"))
        self.seen(("speech", "a dog and a cat"))
        assert self.found("said:(dog -cat)") == [plain.pk]

    def test_an_excluded_field_leaves_other_facts_alone(self) -> None:
        boxed = self.seen(("object", "dog"))
        self.seen(("speech", "dog"))
        assert self.found("dog -said:dog") == [boxed.pk]
        assert self.found("-said:dog") == [boxed.pk]

    def test_many_conditions_hold_together(self) -> None:
        asset = self.seen(("speech", "one two three four five six seven"), ("object", "dog"))
        many = " ".join(f"said:{word}" for word in ("one", "two", "three", "four", "five", "six", "seven"))
        assert self.found(f"{many} dog") == [asset.pk]
        assert self.found(f"{many} -cat type:image source:machine") == [asset.pk]
        assert self.found(f"{many} -dog") == self.found(f"{many} said:dog") == []
        assert self.found(f"{many} type:video") == []

    def test_titles_and_file_names_have_a_field(self) -> None:
        titled = self.seen(title="Harbour at dawn")
        named = self.seen(original_name="harbour.jpg")
        self.seen(("speech", "harbour"))
        assert set(self.found("title:harbour")) == {titled.pk, named.pk}
        assert set(self.found("title:harb")) == {titled.pk, named.pk}

    def test_a_misspelt_word_in_a_field_is_replaced(self) -> None:
        asset = self.seen(("speech", "an elephant"))
        lexical = self.open_backend(self.viewer).lexical(parse("said:elefant"), limit=5)
        assert (list(lexical.assets), lexical.query.text) == ([asset.pk], "said:elephant")

    def test_a_prefix_finds_every_word_that_begins_so(self) -> None:
        wedding = self.seen(("caption", "a wedding"))
        wednesday = self.seen(("speech", "see you on Wednesday"))
        self.seen(("caption", "a swede"))
        assert set(self.found("wed*")) == {wedding.pk, wednesday.pk}
        assert self.found("caption:wed*") == [wedding.pk]

    def test_a_prefix_longer_than_the_stem_finds_the_word(self) -> None:
        wedding = self.seen(("caption", "many weddings"))
        assert self.found("weddi*") == [wedding.pk]
        assert self.found("weddim*") == []

    def test_a_prefix_marks_the_words_that_begin_so(self) -> None:
        self.seen(("caption", "a wedding"))
        backend = self.open_backend(self.viewer)
        assert backend.matched(parse("wed*"), {"Wedding", "weds", "bed"}) == {"Wedding", "weds"}

    def test_the_moments_of_a_field_come_before_those_of_a_free_word(self) -> None:
        asset = self.seen(("object", "dog dog dog"), ("speech", "a dog"))
        texts = [moment.text for moment in self.moments_of("dog said:dog", asset)]
        assert texts == ["a dog", "dog dog dog"]
        assert [moment.text for moment in self.moments_of("said:dog", asset)] == ["a dog"]

    def test_attributes_of_facts_narrow_what_stands_beside_them(self) -> None:
        sure, unsure = make_asset(self.library), make_asset(self.library)
        make_fact(sure, "object", "dog", confidence=0.9)
        make_fact(sure, "object", "cat", confidence=0.4)
        make_fact(unsure, "object", "dog", confidence=0.5)
        make_fact(unsure, "object", "cat", confidence=0.9)
        self.refresh(sure, unsure)
        assert self.found("dog confidence:>0.8") == [sure.pk]
        assert self.found("object:dog confidence:>0.8") == [sure.pk]
        assert self.found("dog cat confidence:>0.8") == []
        assert self.found("dog -cat confidence:>0.8") == [sure.pk]
        assert self.found("(dog -cat) confidence:>0.8") == [sure.pk]
        assert set(self.found("(dog confidence:>0.8) OR (cat confidence:>0.8)")) == {sure.pk, unsure.pk}
        assert [m.text for m in self.moments_of("(dog OR cat) confidence:>0.8", sure)] == ["dog"]

    def test_attributes_of_facts_alone_ask_for_any_such_fact(self) -> None:
        sure = make_asset(self.library)
        fact = make_fact(sure, "object", "dog", confidence=0.9)
        self.refresh(sure)
        self.seen(("object", "dog"))
        assert self.found("confidence:>0.8") == [sure.pk]
        assert self.found("confidence:>0.8 type:image") == [sure.pk]
        assert [moment.annotation_id for moment in self.moments_of("confidence:>0.8", sure)] == [fact.pk]

    def test_who_says_so_can_be_asked(self) -> None:
        person, file, machine = (make_asset(self.library, original_name=f"{n}.jpg") for n in "xyz")
        make_fact(person, "keyword", "boat", source=PERSON)
        make_fact(file, "keyword", "boat", source=Annotation.Source.FILE)
        make_fact(machine, "keyword", "boat")
        accepted = make_fact(
            machine, "object", "ship", reviewer=self.viewer, status=Annotation.Status.ACCEPTED
        )
        self.refresh(person, file, machine)
        assert self.found("boat source:human") == [person.pk]
        assert self.found("boat source:file") == [file.pk]
        assert self.found("boat source:machine") == [machine.pk]
        assert set(self.found("boat -source:machine")) == {person.pk, file.pk}
        assert self.found("ship reviewed:yes") == [machine.pk]
        assert set(self.found("reviewed:yes")) == {person.pk, machine.pk}
        assert set(self.found("boat reviewed:no")) == {file.pk, machine.pk}
        assert [m.annotation_id for m in self.moments_of("reviewed:yes", machine)] == [accepted.pk]

    def test_an_excluded_attribute_of_facts_alone_is_one_that_no_fact_has(self) -> None:
        plain = self.seen(("object", "dog"))
        marked = make_asset(self.library)
        make_fact(marked, "object", "dog", confidence=0.95)
        self.refresh(marked)
        assert self.found("-confidence:>0.9") == [plain.pk]

    def test_type_and_duration_are_the_assets(self) -> None:
        image = self.seen(("object", "dog"))
        film = self.seen(("object", "dog"), kind="video", duration=600)
        sound = self.seen(("sound", "dog"), kind="audio", duration=30.5)
        assert self.found("type:video") == [film.pk]
        assert set(self.found("-type:video")) == {image.pk, sound.pk}
        assert self.found("dog duration:>=10m") == [film.pk]
        assert self.found("duration:>10m") == []
        assert self.found("duration:20s..1m") == [sound.pk]
        assert set(self.found("-duration:>=10m")) == {image.pk, sound.pk}
        assert set(self.found("type:image OR duration:<1m")) == {image.pk, sound.pk}

    def test_attributes_of_assets_alone_make_no_moments(self) -> None:
        assert self.moments_of("type:image", self.seen(("object", "dog"))) == []

    def test_days_are_whole_and_in_utc(self) -> None:
        taken = self.seen(taken_at=datetime(1969, 7, 20, 23, 59, 59, tzinfo=UTC))
        later = self.seen(taken_at=datetime(1969, 7, 21, tzinfo=UTC))
        undated = self.seen()
        Asset.objects.filter(pk=undated.pk).update(added_at=datetime(1969, 7, 20, tzinfo=UTC))
        self.refresh(undated)
        assert set(self.found("date:1969-07-20")) == {taken.pk, undated.pk}
        assert self.found("taken:1969-07-20") == [taken.pk]
        assert self.found("taken:>1969-07-20") == [later.pk]
        assert self.found("added:1969") == [undated.pk]
        assert set(self.found("taken:1969-07-20..1969-07-21")) == {taken.pk, later.pk}
        assert self.found("-taken:1900..") == [undated.pk]

    def test_a_collection_holds_those_below_it_and_only_for_whom_it_may_be_seen(self) -> None:
        shelf = Collection.objects.create(library=self.library, name="Apollo")
        box = Collection.objects.create(library=self.library, name="Moon", parent=shelf)
        above, below = self.seen(), self.seen()
        CollectionItem.objects.create(collection=shelf, asset=above)
        CollectionItem.objects.create(collection=box, asset=below)
        self.refresh(above, below, self.seen())
        assert set(self.found("collection:apollo")) == {above.pk, below.pk}
        assert set(self.found(f"collection:{shelf.pk}")) == {above.pk, below.pk}
        assert self.found("collection:Moon") == [below.pk]
        guest = make_member(self.library, collection=box)
        assert self.found("collection:Moon", guest) == [below.pk]
        assert self.found("collection:Apollo", guest) == []
        assert self.found("-collection:Apollo", guest) == [below.pk]

    def test_the_language_of_any_fact_can_be_asked(self) -> None:
        assets = [make_asset(self.library) for _ in range(3)]
        for asset, language in zip(assets, ("pt-BR", "pt", "fr"), strict=True):
            make_fact(asset, "speech", "casa", language=language)
        self.refresh(*assets)
        assert set(self.found("lang:pt")) == {assets[0].pk, assets[1].pk}
        assert self.found("lang:pt-br") == [assets[0].pk]
        assert self.found("-lang:pt") == [assets[2].pk]

    def test_the_tempo_is_a_number(self) -> None:
        slow, quick, refused = (make_asset(self.library, kind="audio") for _ in range(3))
        make_fact(slow, "tempo", "92 BPM", number=92.3)
        make_fact(quick, "tempo", "128 BPM", number=128)
        make_fact(refused, "tempo", "95 BPM", number=95, status=Annotation.Status.REJECTED)
        self.refresh(slow, quick, refused)
        assert self.found("tempo:90..110") == [slow.pk]
        assert self.found("tempo:>100") == [quick.pk]

    def test_how_far_an_asset_has_come(self) -> None:
        done, waiting, failed, flagged = (self.seen() for _ in range(4))
        make_fact(done, "object", "dog", reviewer=self.viewer, status=Annotation.Status.REJECTED)
        make_run(waiting, "captions", state=Run.State.QUEUED)
        make_run(failed, "captions", state=Run.State.FAILED)
        make_fact(flagged, "sensitive", "nudity")
        self.refresh(done, waiting, failed, flagged)
        assert self.found("status:reviewed") == [done.pk]
        assert set(self.found("status:unreviewed")) == {waiting.pk, failed.pk, flagged.pk}
        assert self.found("status:analysing") == [waiting.pk]
        assert self.found("status:failed") == [failed.pk]
        assert self.found("status:flagged") == [flagged.pk]

    def test_places_near_a_point_are_measured_on_the_globe(self) -> None:
        louvre, opera = self._at(48.8611, 2.3364), self._at(48.8719, 2.3316)
        fiji, samoa = self._at(-16.8, 179.9), self._at(-16.8, -179.9)
        self._at(0, 0)
        self.seen(("place", "Paris"))
        assert self.found("near:48.8611,2.3364~1km") == [louvre.pk]
        assert set(self.found("near:48.8611,2.3364~1.3km")) == {louvre.pk, opera.pk}
        assert set(self.found("near:-16.8,179.95~25km")) == {fiji.pk, samoa.pk}
        assert self.found("near:-16.8,179.95~10km") == [fiji.pk]
        assert set(self.found("-near:48.8611,2.3364~1km")) >= {opera.pk, fiji.pk}
        assert self.found("near:90,0~30km") == []

    @pytest.mark.parametrize(
        "details", [{}, {"lat": "48.9", "lon": "2.3"}, {"lat": 1e300, "lon": 2}, {"lat": None}]
    )
    def test_a_position_that_is_no_place_is_nowhere(self, details: dict[str, object]) -> None:
        asset = make_asset(self.library)
        make_fact(asset, "position", "somewhere", details=details)
        self.refresh(asset)
        assert self.found("near:48.9,2.3~100km") == []

    def test_assets_may_be_asked_for_that_look_like_another(self) -> None:
        example, kin, stranger = (self.seen() for _ in range(3))
        for asset, angle in ((example, 0.0), (kin, 0.3), (stranger, 1.5)):
            self._embed(asset, PREFERENCE[0], angle)
        assert self.found(f"like:{example.pk}") == [kin.pk]
        assert set(self.found(f"-like:{example.pk}")) == {example.pk, stranger.pk}
        (moment,) = self.moments_of(f"like:{example.pk}", kin)
        assert (moment.reason, moment.kind) == ("looks like", "likeness")
        assert self.found("like:999999999") == []
        assert self.found(f"sounds-like:{example.pk}") == []

    def test_the_most_alike_come_first(self) -> None:
        example, nearer, near = (self.seen() for _ in range(3))
        for asset, angle in ((example, 0.0), (nearer, 0.1), (near, 0.5)):
            self._embed(asset, PREFERENCE[0], angle)
        assert self.found(f"like:{example.pk}") == [nearer.pk, near.pk]
        assert self.found(f"like:{example.pk} type:image") == [nearer.pk, near.pk]

    def test_assets_may_be_asked_for_that_sound_like_another(self) -> None:
        example, kin = self.seen(kind="audio"), self.seen(kind="audio")
        for asset, angle in ((example, 0.0), (kin, 0.2)):
            self._embed(asset, MUSIC, angle, start=0, end=9)
        assert self.found(f"sounds-like:{example.pk}") == [kin.pk]
        assert self.times_of(f"sounds-like:{example.pk}", kin) == [(0, 9)]

    def test_nothing_is_told_of_an_example_that_may_not_be_seen(self) -> None:
        hidden, kin = self.seen(library=make_library()), self.seen()
        self._embed(hidden, PREFERENCE[0], 0.0)
        self._embed(kin, PREFERENCE[0], 0.1)
        assert self.found(f"like:{hidden.pk}") == []

    def test_nobody_finds_what_they_may_not_see(self) -> None:
        visible, hidden = self._pair()
        stranger = make_member(make_library())

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=3), st.sampled_from([" ", " OR "]))
        def holds(clauses: list[str], between: str) -> None:
            text = between.join(f"({clause})" if between != " " else clause for clause in clauses)
            assert set(self.found(text)) <= {visible.pk}
            assert self.found(text, stranger) == []

        holds()
        assert self.found("dog") == [visible.pk]
        assert hidden.pk not in self.found("-zebra")

    def _pair(self) -> tuple[Asset, Asset]:
        """The same asset twice, once in a library that the viewer cannot see."""
        pair = []
        for library in (self.library, make_library()):
            asset = make_asset(library, kind="video", duration=20)
            shelf = Collection.objects.create(library=library, name="Shelf")
            CollectionItem.objects.create(collection=shelf, asset=asset)
            make_fact(asset, "speech", "a red dog", language="en", start=1, end=3, confidence=0.7)
            make_fact(asset, "object", "dog", start=2, end=4)
            make_fact(asset, "position", "there", details={"lat": 48.85, "lon": 2.35})
            make_fact(asset, "tempo", "100 BPM", number=100)
            pair.append(asset)
        self.refresh(*pair)
        return pair[0], pair[1]

    def _at(self, lat: float, lon: float) -> Asset:
        asset = make_asset(self.library)
        make_fact(asset, "position", f"{lat}, {lon}", details={"lat": lat, "lon": lon})
        self.refresh(asset)
        return asset

    def _embed(self, asset: Asset, space: str, angle: float, **place: float) -> None:
        """A vector of the space, turned so far (in radians) from the first axis."""
        vector = np.zeros(16, dtype=np.float32)
        vector[:2] = np.cos(angle), np.sin(angle)
        Embedding.objects.create(
            asset=asset, run=make_run(asset, "made"), space=space, vector=vector, **place
        )
        documents.rebuild([asset.pk])
