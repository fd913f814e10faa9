"""What is kept of what people type or paste."""

import pytest
from django.core.exceptions import ValidationError

from dam.describing.fields import FIELDS, clean, joined
from dam.describing.places import read


def test_pasted_html_becomes_plain_text():
    pasted = "<div><p>The <b>harbour</b> &amp; the sea.</p><script>alert(1)</script><p>Low tide.</p></div>"
    assert clean("description", pasted) == "The harbour & the sea.\nLow tide."


def test_what_only_looks_like_html_stays():
    assert clean("description", "a < b and Vec::<u8> > c") == "a < b and Vec::<u8> > c"


def test_a_megabyte_of_html_is_stripped_before_it_is_measured():
    pasted = "<p style='" + "x" * 1_000_000 + "'>short</p>"
    assert clean("description", pasted) == "short"


def test_a_transcript_does_not_fit_into_a_description():
    with pytest.raises(ValidationError, match=r"500,000 characters; 50,000 is the most .* transcript"):
        clean("description", "word " * 99_999 + "words")


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_a_limit(name):
    with pytest.raises(ValidationError):
        clean(name, "x" * 60_000)


def test_keywords_are_split_at_commas_and_lines_and_come_once():
    assert clean("keywords", "boat, Harbour\n boat;BOAT,, ") == ("boat", "Harbour")


def test_a_keyword_in_quotes_keeps_its_comma():
    value = clean("keywords", 'boat, "Owl, barn"')
    assert value == ("boat", "Owl, barn")
    assert clean("keywords", joined("keywords", value)) == value


def test_too_many_keywords_are_refused():
    with pytest.raises(ValidationError, match="301 entries; 300 is the most"):
        clean("keywords", ",".join(map(str, range(301))))


def test_a_line_of_a_place_keeps_its_commas():
    assert clean("places", "Altona, Hamburg\nKiel") == ("Altona, Hamburg", "Kiel")


def test_nul_characters_are_dropped():
    assert clean("title", "a\x00b") == "ab"


def test_a_date_that_cannot_be_read_is_refused():
    with pytest.raises(ValidationError, match="cannot be read as a date"):
        clean("date", "soon")


def test_a_place_may_carry_coordinates():
    place = read("Altona, Hamburg (53.5503, 9.9351)")
    assert (place.name, place.lat, place.lon) == ("Altona, Hamburg", 53.5503, 9.9351)
    assert place.written == "Altona, Hamburg (53.5503, 9.9351)"


def test_brackets_without_coordinates_belong_to_the_name():
    assert read("Halle (Saale)").name == "Halle (Saale)"


@pytest.mark.parametrize("text", ["Nowhere (91, 0)", "Nowhere (0, 181)", "(53.5, 9.9)"])
def test_coordinates_that_lie_nowhere_or_name_nothing_are_refused(text):
    with pytest.raises(ValidationError):
        clean("places", text)
