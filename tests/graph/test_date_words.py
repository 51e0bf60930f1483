"""graph/date_words.py: dates as articles have them, to EDTF and back into words."""

from __future__ import annotations

import pytest

from graph.date_words import read_date
from graph.errors import BadDate
from graph.wording import in_words
from tests.graph.test_dates import VALID, WIDENED


@pytest.mark.long
def test_the_way_back_from_words() -> None:
    """What the product says of a date means that date again; sets of ranges have no way back."""
    other = {}
    for text in (*VALID, *WIDENED):
        words = in_words(text)
        try:
            other |= {text: words} if read_date(words).words != words else {}
        except BadDate:
            other[text] = words
    assert set(other) == {
        "XXXX-XX-17",
        "[1871, 1872, 1874..1876]",
        "[1911-01, 1911-02, 1911-12..]",
    }


@pytest.mark.parametrize(
    ("text", "edtf", "noted"),
    [
        ("in November 2021", "2021-11", False),
        ("November 19, 2022", "2022-11-19", False),
        ("19th of November 2022", "2022-11-19", False),
        ("Sept. 2010", "2010-09", False),
        ("2021-03", "2021-03", False),
        ("since 2009", "2009/..", False),
        ("at least since 2009", "2009/..", True),
        ("before 2011", "[..2010]", False),
        ("after March 2020", "[2020-04..]", False),
        ("before 1 January 2020", "[..2019-12-31]", False),
        ("by the end of 2011", None, False),
        ("between 2010 and 2012", "[2010..2012]", False),
        ("2010–2012", "2010/2012", False),
        ("in the first half of 2021", "[2021-01..2021-06]", False),
        ("around 2010", "2010~", False),
        ("the 1990s", "199X", False),
        ("2009, 2010 or 2012", "[2009,2010,2012]", False),
        ("early 2021", "2021", True),
        ("last year", "2021", True),
        ("Three months ago", "2022-08", True),
        ("last November", "2021-11", True),
        ("last March", "2022-03", True),
        ("yesterday", "2022-11-18", True),
        ("31 February 2020", None, False),
        ("some time", None, False),
        ("", None, False),
    ],
)
def test_dates_of_articles(text: str, edtf: str | None, noted: bool) -> None:
    """A relative or a vague one has a note; what is not understood is refused, with examples."""
    if edtf is None:
        with pytest.raises(BadDate, match="since 2009"):
            read_date(text, "2022-11-19")
        return
    reading = read_date(text, "2022-11-19")
    assert (reading.edtf, bool(reading.note)) == (edtf, noted)
    assert reading.words == in_words(edtf)


def test_a_relative_date_needs_the_day_of_its_source() -> None:
    """Nothing defaults to today."""
    with pytest.raises(BadDate):
        read_date("last year")
    with pytest.raises(BadDate):
        read_date("last year", "XXXX-09")
