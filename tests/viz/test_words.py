"""Dates, years and counts in words."""

from __future__ import annotations

from datetime import date

import pytest

from graph.model import Quantity
from viz import words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2010", "2010"),
        ("2021-03", "March 2021"),
        ("2022-11-09", "9 November 2022"),
        ("2021~", "about 2021"),
        ("2021?", "possibly 2021"),
        ("2019/2021-05", "2019 to May 2021"),
        ("2022-11-19/..", "since 19 November 2022"),
        ("/2015", "until 2015"),
        ("[2022-11-19..2023-02]", "between 19 November 2022 and February 2023"),
        ("[..2022]", "[..2022]"),
        ("XXXX-09", "XXXX-09"),
        ("2021-21", "2021-21"),
    ],
)
def test_dates_in_words(text: str, said: str) -> None:
    """Plain dates are written out; a date without plain words stays as it is."""
    assert words.edtf(text) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, "undated"),
        (2010, 2010, "2010"),
        (2010, 2015, "2010–2015"),
        (2010, None, "since 2010"),
        (None, 2015, "until 2015"),
    ],
)
def test_years(first: int | None, last: int | None, said: str) -> None:
    """Only the years of a tie are named, and none is made up."""
    days = [date(year, 5, 1) if year else None for year in (first, last)]
    assert words.years(*days) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": 8, "unit": "companies", "qualifier": "at_least"}, "at least 8 companies"),
        ({"number": 1200, "unit": "people"}, "1,200 people"),
        ({"unit": "several billion USD"}, "several billion USD"),
        ({"number": 0.5, "unit": "%", "qualifier": "about"}, "about 0.5 %"),
    ],
)
def test_quantities(given: dict[str, object], said: str) -> None:
    """The qualifier comes first; an exact number needs none, an unknown one has its unit alone."""
    assert words.quantity(Quantity.model_validate(given)) == said


def test_long_lists_end_in_a_number() -> None:
    """Two names are named, the rest is counted."""
    assert words.first_few(["a", "b"]) == "a; b"
    assert words.first_few(["a", "b", "c"]) == "a; b and 1 more"


def test_counts() -> None:
    """One thing, several things, an irregular plural."""
    assert words.count(1, "claim") == "1 claim"
    assert words.count(1200, "claim") == "1,200 claims"
    assert words.count(0, "entity", "entities") == "0 entities"


def test_titles_of_our_own_say_so() -> None:
    """A title in square brackets describes a document whose title we do not know."""
    assert words.title("[Study on Tiandy]") == "Study on Tiandy (title not given)"
    assert words.title("Report [draft]") == "Report [draft]"
