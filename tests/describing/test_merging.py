"""Two people at one record."""

from dam.describing.merging import merge

BEFORE = {"title": "Old", "description": "Old", "keywords": ("boat", "sea")}


def test_different_fields_come_together():
    merged = merge(BEFORE, {**BEFORE, "title": "Theirs"}, {**BEFORE, "description": "Mine"})
    assert merged.values == {"title": "Theirs", "description": "Mine", "keywords": ("boat", "sea")}
    assert (merged.conflicts, merged.theirs, merged.mine) == ([], ["title"], ["description"])


def test_the_same_field_is_a_conflict():
    merged = merge(BEFORE, {**BEFORE, "title": "Theirs"}, {**BEFORE, "title": "Mine"})
    assert merged.conflicts == ["title"]
    assert merged.values["title"] == "Mine"


def test_the_same_change_is_no_conflict():
    same = {**BEFORE, "title": "New"}
    assert merge(BEFORE, same, same).conflicts == []


def test_keywords_of_both_are_kept_and_what_either_took_out_is_gone():
    theirs = {**BEFORE, "keywords": ("boat", "sea", "gull")}
    mine = {**BEFORE, "keywords": ("sea", "harbour")}
    merged = merge(BEFORE, theirs, mine)
    assert merged.conflicts == []
    assert set(merged.values["keywords"]) == {"sea", "gull", "harbour"}


def test_another_order_of_keywords_is_no_change():
    assert merge(BEFORE, BEFORE, {**BEFORE, "keywords": ("sea", "boat")}).mine == []
