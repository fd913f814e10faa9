"""What every backend must do; a backend's test class inherits this and gives `open_backend`."""

from __future__ import annotations

from search.filters import Filters
from search.parser import parse
from tests.factories import make_asset, make_fact, make_library, make_member
from tests.search.backends.contract_base import PERSON
from tests.search.backends.contract_fields import FieldsContract
from tests.search.backends.contract_joins import JoinsContract


class BackendContract(FieldsContract, JoinsContract):
    """Words, phrases and moments here; fields, attributes and time joins where they are inherited from."""

    def test_all_words_are_needed_but_may_stand_in_different_facts(self) -> None:
        both = self.seen(("object", "dog"), ("speech", "we went to the beach"))
        self.seen(("object", "dog"))
        self.seen(("speech", "we went to the beach"))
        assert self.found("dog beach") == [both.pk]

    def test_a_word_is_found_in_its_other_forms(self) -> None:
        asset = self.seen(("caption", "Two dogs running"))
        assert self.found("dog run") == [asset.pk]

    def test_accents_and_case_do_not_matter(self) -> None:
        asset = self.seen(("place", "Café Müller"))
        assert self.found("cafe muller") == [asset.pk]
        assert self.found("CAFÉ MÜLLER") == [asset.pk]

    def test_a_text_in_another_language_is_taken_as_written(self) -> None:
        asset = make_asset(self.library)
        make_fact(asset, "speech", "les animaux nationaux", language="fr")
        self.refresh(asset)
        assert self.found("nationaux") == [asset.pk]

    def test_stop_words_are_not_asked_for_beside_telling_words(self) -> None:
        asset = self.seen(("caption", "red balloon"))
        assert self.found("the red balloon of a") == [asset.pk]

    def test_a_query_of_stop_words_alone_is_answered(self) -> None:
        asset = self.seen(("speech", "to be or not to be"))
        self.seen(("speech", "something else"))
        assert self.found("to be or not") == [asset.pk]

    def test_a_phrase_stands_within_one_fact_in_its_order(self) -> None:
        asset = self.seen(("speech", "a bright red balloon rose"))
        self.seen(("speech", "the balloon was red"))
        self.seen(("keyword", "red"), ("keyword", "balloon"))
        assert self.found('"red balloon"') == [asset.pk]

    def test_a_phrase_far_into_a_long_recording_is_found(self) -> None:
        asset = make_asset(self.library)
        for number in range(40):
            make_fact(asset, "speech", " ".join(f"word{number}x{i}" for i in range(600)))
        make_fact(asset, "speech", "the very last sentence")
        self.refresh(asset)
        assert self.found('"very last sentence"') == [asset.pk]

    def test_an_excluded_word_excludes(self) -> None:
        dog = self.seen(("object", "dog"))
        self.seen(("object", "dog"), ("object", "cat"))
        assert self.found("dog -cat") == [dog.pk]

    def test_an_excluded_phrase_excludes_only_that_order(self) -> None:
        asset = self.seen(("caption", "a car that is red"))
        self.seen(("caption", "a red car"))
        assert self.found('car -"red car"') == [asset.pk]

    def test_exclusion_alone_leaves_all_the_others(self) -> None:
        dog = self.seen(("object", "dog"))
        self.seen(("object", "cat"))
        assert self.found("-cat") == [dog.pk]

    def test_either_word_will_do(self) -> None:
        pair = {self.seen(("object", "dog")).pk, self.seen(("object", "cat")).pk}
        self.seen(("object", "bus"))
        assert set(self.found("dog OR cat")) == pair

    def test_file_names_are_found_by_their_parts(self) -> None:
        asset = self.seen(original_name="DSC_0042-harbour.JPG")
        assert self.found("harbour") == [asset.pk]
        assert self.found("DSC_0042-harbour.JPG") == [asset.pk]
        assert self.found("harb") == [asset.pk]

    def test_a_misspelt_word_is_replaced_by_one_that_is_there(self) -> None:
        asset = self.seen(("object", "elephant"))
        lexical = self.open_backend(self.viewer).lexical(parse("elefant"), limit=5)
        assert (list(lexical.assets), lexical.query.text) == ([asset.pk], "elephant")

    def test_a_word_that_is_right_is_not_replaced(self) -> None:
        self.seen(("object", "elephant"))
        lexical = self.open_backend(self.viewer).lexical(parse("elephant giraffe"), limit=5)
        assert (list(lexical.assets), lexical.query.text) == ([], "elephant giraffe")

    def test_spelling_never_tells_words_of_assets_that_are_not_seen(self) -> None:
        self.seen(("keyword", "confidential"), library=make_library())
        visible = self.seen(("keyword", "picnic"))
        for text in ("confidentail", "picnic OR confidentail"):
            lexical = self.open_backend(self.viewer).lexical(parse(text), limit=5)
            assert "confidential" not in lexical.query.text
        assert self.found("picnic OR confidentail") == [visible.pk]

    def test_only_what_the_user_sees_is_found(self) -> None:
        asset = self.seen(("object", "dog"))
        stranger = make_member(make_library())
        assert self.found("dog") == [asset.pk]
        assert self.found("dog", make_member(self.library)) == [asset.pk]
        assert self.found("dog", stranger) == []
        assert self.found('"dog"', stranger) == []
        assert self.found("-cat", stranger) == []

    def test_a_title_counts_more_than_speech(self) -> None:
        said = self.seen(("speech", "harbour"))
        titled = self.seen(title="harbour")
        assert self.found("harbour") == [titled.pk, said.pk]

    def test_a_persons_word_counts_more_than_a_machines(self) -> None:
        person = make_asset(self.library)
        make_fact(person, "object", "dog", source=PERSON)
        self.refresh(person)
        machine = self.seen(("object", "dog"))
        assert self.found("dog") == [person.pk, machine.pk]

    def test_a_rare_word_counts_more_than_a_common_one(self) -> None:
        for _ in range(30):
            self.seen(("object", "dog"))
        rare = self.seen(("object", "axolotl"))
        assert self.found("dog OR axolotl")[0] == rare.pk

    def test_moments_are_the_facts_that_hold_a_word(self) -> None:
        asset = make_asset(self.library, kind="video", duration=60)
        make_fact(asset, "speech", "hello and welcome", start=0, end=3)
        spoken = make_fact(asset, "speech", "look at the dog", start=3, end=6)
        boxed = make_fact(asset, "object", "dog", start=9, end=10, x=0.1, y=0.2, w=0.3, h=0.4)
        self.refresh(asset)
        moments = self.moments_of("dog", asset)
        assert {moment.annotation_id for moment in moments} == {spoken.pk, boxed.pk}
        box = next(moment for moment in moments if moment.annotation_id == boxed.pk)
        assert (box.reason, box.start, box.end, box.region) == ("seen", 9, 10, (0.1, 0.2, 0.3, 0.4))

    def test_the_moment_that_holds_more_of_the_query_comes_first(self) -> None:
        asset = self.seen(("speech", "a dog"), ("speech", "a dog on the beach"), ("speech", "the beach"))
        assert self.moments_of("dog beach", asset)[0].text == "a dog on the beach"

    def test_of_equal_moments_a_persons_comes_first(self) -> None:
        asset = make_asset(self.library)
        make_fact(asset, "object", "dog", confidence=0.99, start=1, end=2)
        person = make_fact(asset, "object", "dog", source=PERSON, start=5, end=6)
        self.refresh(asset)
        assert self.moments_of("dog", asset)[0].annotation_id == person.pk

    def test_moments_are_limited_and_counted(self) -> None:
        asset = self.seen(*[("object", "dog")] * 7)
        backend = self.open_backend(self.viewer)
        found = backend.moments(parse("dog"), Filters(), [asset.pk], limit=3)[asset.pk]
        assert (len(found.moments), found.count) == (3, 7)

    def test_an_excluded_word_makes_no_moment(self) -> None:
        asset = self.seen(("object", "dog"), ("object", "cat"))
        assert [moment.text for moment in self.moments_of("dog -zebra", asset)] == ["dog"]

    def test_the_object_of_the_filters_makes_moments_without_words(self) -> None:
        asset = self.seen(("object", "dog"), ("object", "cat"))
        backend = self.open_backend(self.viewer)
        found = backend.moments(parse(""), Filters(object="Dog"), [asset.pk], limit=3)
        assert [moment.text for moment in found[asset.pk].moments] == ["dog"]

    def test_the_words_that_matched_are_told(self) -> None:
        self.seen(("speech", "Dogs ran"))
        backend = self.open_backend(self.viewer)
        assert backend.matched(parse("dog -ran"), {"Dogs", "dog's", "ran", "cats"}) >= {"Dogs"}
        assert "ran" not in backend.matched(parse("dog -ran"), {"Dogs", "ran"})
