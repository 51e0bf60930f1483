"""graph/fold.py: the form in which names are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icu import Collator, Locale  # type: ignore[import-untyped]

from graph.fold import apart, fold, folds, search_text, words


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
        ("مُحَمَّـــد", "محمد"),
        ("مؤسسة", "موسسه"),
        ("أحمد إبراهيم آل", "احمد ابراهيم ال"),
        ("مسئول", "مسیول"),
        ("على", "علي"),
        ("۱۳۹۸", "1398"),
        ("٤٢", "42"),
        ("Straße", "STRASSE"),
        ("Łódź Ørsted Đuro", "lodz orsted duro"),
        ("IŞIK", "ışık"),
        ("ガンダム", "ｶﾞﾝﾀﾞﾑ"),
        ("서울", "서울"),
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


def test_the_letters_that_fold_are_those_of_the_published_rules() -> None:
    """CLDR's search rules hold the Arabic pairs for one letter (ICU compares by them)."""
    collator = Collator.createInstance(Locale("root@collation=search"))
    collator.setStrength(Collator.PRIMARY)
    for one, other in ("أا", "إا", "آا", "ؤو", "ئي", "ىي", "ةه", "٣3", "۳3", "łl", "øo", "đd"):
        assert collator.compare(one, other) == 0
        assert fold(one) == fold(other)


def test_a_persian_word_with_a_joiner_is_written_two_ways() -> None:
    """As two words, and as one; any other text has one form, and a text without letters none."""
    assert folds("می‌خواهم") == ["می خواهم", "میخواهم"]
    assert folds("Tiandy") == ["tiandy"]
    assert folds("★") == []


def test_chinese_is_kept_character_by_character() -> None:
    """So that any part of a name is a phrase; other scripts keep their words."""
    assert search_text(["海康威视 (Hikvision)", "می‌خواهم"]).splitlines() == [
        "海 康 威 视 hikvision",
        "می خواهم",
        "میخواهم",
    ]
    assert words("海康 hikvision") == ["海 康", "hikvision"]
    assert apart("서울") == "서 울"
