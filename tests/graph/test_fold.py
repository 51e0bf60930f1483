"""graph/fold.py: the form in which names are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.fold import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Société Générale", "SOCIETE GENERALE"),
        ("Ｈｕａｗｅｉ", "huawei"),
        ("Lisa’s Top-Ten", "lisa's top ten"),
        ("می‌خواهم", "می خواهم"),
        ("کمیته", "كميته"),
        ("موسسهٔ", "موسسه"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("海康威视", "海康威视"),
        ("ＩＲＧＣ\t(Sepah)", "irgc sepah"),
        ("Ελλάς", "ελλας"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    """Case, accents, width, punctuation, the joiner and the letters of Arabic keyboards."""
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), [("海康", "海洋"), ("tiandy", "tandy"), ("2010", "201")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    """Nothing is folded that tells two names apart."""
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_a_folded_text_holds_letters_and_digits_alone(text: str) -> None:
    """No operator of a query language survives, and folding once more changes nothing."""
    folded = fold(text)
    assert all(unicodedata.category(c)[0] in "LN" or c == " " for c in folded)
    assert folded == " ".join(folded.split())
    assert fold(folded) == folded
