"""The plain text of a watch list."""

from __future__ import annotations

import pytest

from dam.watchlists.entries import MOST, EntriesError, ListEntry, parse


def test_one_entry_a_line_with_notes_other_ways_and_quotes():
    text = '# Names\n Eiffel Tower \n\nMcCullough = macula, mick cullock\n"May"\neiffel tower\n'
    assert parse(text) == [
        ListEntry("Eiffel Tower"),
        ListEntry("McCullough", ("macula", "mick cullock")),
        ListEntry("May", (), as_written=True),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ok\n???", "Line 2: there is no word"),
        ("= macula", "Line 1: there is no word"),
        ("x" * 201, "201 characters"),
        ("a word = " + ", ".join("abcdefghijk"), "11 ways"),
        ("\n".join(f"word {number}" for number in range(MOST + 1)), "Make several lists"),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(text, complaint):
    with pytest.raises(EntriesError, match=complaint.replace("?", r"\?")):
        parse(text)
