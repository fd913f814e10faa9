"""Dates as people write them."""

from datetime import UTC, date, datetime

import pytest

from dam.describing.dates import UnreadableDateError, read


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("1931", "1931"),
        ("circa 1931", "1931~"),
        ("c. 1931", "1931~"),
        ("about May 1931", "1931-05~"),
        ("1931?", "1931?"),
        ("probably circa 1931", "1931%"),
        ("12 May 1931", "1931-05-12"),
        ("12th May, 1931", "1931-05-12"),
        ("1940s", "194X"),
        ("19th century", "18XX"),
        ("summer 1931", "1931-22"),
        ("between 1914 and 1918", "1914/1918"),
        ("from May 1914 to June 1918", "1914-05/1918-06"),
        ("1914-1918", "1914/1918"),
        ("before 1920", "../1920"),
        ("since circa 1920", "1920~/.."),
        ("193X", "193X"),
        ("[1931,1933]", "[1931,1933]"),
        ("  Circa \n 1931 ", "1931~"),
    ],
)
def test_a_date_is_read_as_edtf(text, edtf):
    assert read(text).edtf == edtf


def test_a_reading_tells_the_first_and_the_last_day_that_it_may_mean():
    reading = read("1940s")
    assert (reading.earliest, reading.latest) == (date(1940, 1, 1), date(1949, 12, 31))
    assert reading.moment == datetime(1940, 1, 1, tzinfo=UTC)


def test_an_open_beginning_has_no_earliest_moment():
    assert read("before 1920").moment is None
    assert read("44 bc").moment is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the mayor's dog 12", "circa 1931"),
        ("soon", "circa 1931"),
        ("", "circa 1931"),
        ("1931-02-30", "circa 1931"),
        ("31 February 1931", "circa 1931"),
        ("<b>1931</b>", "circa 1931"),
        ("y17E9999999", "circa 1931"),
        ("1" * 200, "circa 1931"),
        ("12.05.1931", "not clear"),
        ("12/5/1931", "not clear"),
        ("12 May", "year is missing"),
        ("1918 to 1914", "before the first"),
    ],
)
def test_what_is_no_date_is_refused_with_the_mend(text, told):
    with pytest.raises(UnreadableDateError, match=told):
        read(text)
