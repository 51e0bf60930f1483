"""graph/fold.py: the form in which names are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.fold import _LATIN, _ZWNJ, apart, fold, folds, search_text, words


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


@given(st.lists(st.text(max_size=20), max_size=4))
def test_the_fold_of_a_word_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    """The fold of a joined text is the join of the folds, as the index and a query need it."""
    assert fold(" ".join(texts)) == " ".join(form for form in map(fold, texts) if form)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ɗangote", "dangote"),
        ("Łódź Ɗangote", "lodz dangote"),
        ("二〇一〇", "二0一0"),
        ("Østby 二〇一〇", "ostby 二0一0"),
        ("ɢ", "g"),
        ("ø ɢ", "o g"),
    ],
)
def test_a_latin_letter_folds_beside_any_other(text: str, folded: str) -> None:
    """The table of letters applies whether or not another letter of the text is in it."""
    assert fold(text) == folded


@pytest.mark.long
def test_every_character_folds_to_lower_case_for_good() -> None:
    """No character that Unicode assigns is left in capitals or folds any further."""
    every = map(chr, range(0x110000))
    for folded in {fold(c) for c in every if unicodedata.category(c) not in ("Cn", "Co", "Cs")}:
        assert folded == folded.lower()
        assert fold(folded) == folded


def test_the_table_of_latin_letters_holds_no_other() -> None:
    """CLDR's results are letters and digits of ASCII, for characters that NFKD leaves whole."""
    assert all(result.isascii() and result.isalnum() for result in _LATIN.values())
    assert [c for c in _LATIN if unicodedata.normalize("NFKD", c) != c or c != c.lower()] == []
    assert len(_LATIN) == 199


#: `Intl.Collator("und", {usage: "search", sensitivity: "base"}).compare` gives 0 for each pair.
ALIKE = ["أا", "إا", "آا", "ؤو", "ئي", "ىي", "ةه", "٣3", "۳3", "łl", "øo", "đd"]


@pytest.mark.parametrize("pair", ALIKE)
def test_the_letters_that_fold_are_those_of_the_published_rules(pair: str) -> None:
    """CLDR's search rules hold each pair for one letter."""
    one, other = pair
    assert fold(one) == fold(other) != ""


def test_a_persian_word_with_a_joiner_is_written_two_ways() -> None:
    """As two words, and as one; any other text has one form, and a text without letters none."""
    assert folds("می‌خواهم") == ["می خواهم", "میخواهم"]
    assert folds("Tiandy") == ["tiandy"]
    assert folds("★") == []


#: Every character that is no letter, digit, mark or space.
SIGNS = [c for c in map(chr, range(0x110000)) if unicodedata.category(c)[0] in "PS"]
#: Those that separate words: the others belong to a letter, as accents, or stand for one, as "№",
#: or are written with several signs, as notes are.
SEPARATORS = [
    sign
    for sign in SIGNS
    if unicodedata.category(sign) not in ("Sc", "Sk")
    and fold(f"a{sign}b") == "a b"
    and len(unicodedata.normalize("NFKD", sign)) == 1
]


@pytest.mark.parametrize("text", ["Isma{}il", "نیروی{}انتظامی", "１{}２"])
def test_whatever_stands_inside_a_word_may_be_left_out_or_be_a_space(text: str) -> None:
    """Of each separator that Unicode has a text has both forms, apart and joined, and no other."""
    apart, joined = fold(text.format(" ")), fold(text.format(""))
    for sign in [*SEPARATORS, _ZWNJ]:
        assert folds(text.format(sign)) == [apart, joined], sign
    for sign in ("\u00ad", "\u200b", "\u2060", "\u200d"):  # invisible, and no end of a word
        assert folds(text.format(sign)) == [joined], sign


def test_separators_are_of_every_kind() -> None:
    """Apostrophes, hyphens, dots and points of all scripts, also in full width."""
    some = "'’‘‛′＇`´ʹ՚׳״-‐‑‒–—―⁃－﹣・･·‧•.．。/＆&_®©™℠"
    rest = [c for c in some if c not in SEPARATORS and fold(f"a{c}b") not in ("ab", "a b")]
    assert rest == []
    assert all(folds(f"Isma{c}il")[-1] == "ismail" for c in some)


@given(
    st.lists(st.text("abcآبج天地", min_size=1), min_size=2, max_size=4),
    st.lists(st.sampled_from(SEPARATORS), min_size=3, max_size=3),
)
def test_names_of_the_same_letters_share_a_form(parts: list[str], signs: list[str]) -> None:
    """Whatever separates the parts of a word, and whether anything does."""
    separated = parts[0] + "".join(s + p for s, p in zip(signs, parts[1:], strict=False))
    for other in ("".join(parts), " ".join(parts), "-".join(parts)):
        assert set(folds(separated)) & set(folds(other))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("I.R.G.C.", ["i r g c", "irgc"]),
        ("J. R. Smith", ["j r smith", "jr smith"]),
        ("No. 5, end. Begin", ["no 5 end begin"]),
        ("Tiandy™", ["tiandy"]),
        ("Tiandy ℠ Ltd.", ["tiandy ltd"]),
        ("اِسْمَ-عیل", ["اسم عیل", "اسمعیل"]),
        ("O´Brien", ["o brien", "obrien"]),
    ],
)
def test_forms_of_a_name(text: str, forms: list[str]) -> None:
    """Dots between single letters join, ends of sentences do not; a trade mark is no letter."""
    assert folds(text) == forms


def test_chinese_is_kept_character_by_character() -> None:
    """So that any part of a name is a phrase; other scripts keep their words."""
    assert search_text(["海康威视 (Hikvision)", "می‌خواهم"]).splitlines() == [
        "海 康 威 视 hikvision",
        "می خواهم",
        "میخواهم",
    ]
    assert words("海康 hikvision") == ["海 康", "hikvision"]
    assert apart("서울") == "서 울"
