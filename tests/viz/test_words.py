"""Counts and quantities in words."""

from __future__ import annotations

import pytest

from graph.language import count
from graph.model import Quantity
from graph.wording import quantity_in_words
from viz import words


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"number": 8, "unit": "companies", "qualifier": "at_least"}, "at least 8 companies"),
        ({"number": 1200, "unit": "people"}, "1,200 people"),
        ({"unit": "several billion USD"}, "several billion USD"),
        ({"number": 0.5, "unit": "%", "qualifier": "about"}, "about 0.5 %"),
    ],
)
def test_quantities(fields: dict[str, object], text: str) -> None:
    """The qualifier comes first; an exact number needs none, an unknown one has its unit alone."""
    assert quantity_in_words(Quantity.model_validate(fields)) == text


def test_long_lists_end_in_a_number() -> None:
    """Two names are named, the rest is counted."""
    assert words.first_few(["a", "b"]) == "a; b"
    assert words.first_few(["a", "b", "c"]) == "a; b and 1 more"


def test_counts() -> None:
    """One thing, several things, an irregular plural."""
    assert words.claims(1) == "1 claim"
    assert words.claims(1200) == "1,200 claims"
    assert count(0, "%(num)s entity", "%(num)s entities") == "0 entities"


def test_titles_of_our_own_say_so() -> None:
    """A title in square brackets describes a document whose title we do not know."""
    assert words.title("[Study on Tiandy]") == "Study on Tiandy (title not given)"
    assert words.title("Report [draft]") == "Report [draft]"
