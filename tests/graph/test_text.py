"""graph/text.py: the normal form, places in a text, and the store of texts."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.errors import BadText
from graph.text import (
    Location,
    Text,
    TextStore,
    digest,
    fold_typography,
    locate,
    normalise,
    passage,
    read,
    verify,
)

SMALL = Text(("One fine day", "Two fine days, and a fine night"))

# A shared machine may pause for longer than any deadline.
no_deadline = settings(deadline=None)

# Characters that a normal form has to deal with, beside any other.
awkward = st.text(st.sampled_from("ab \t\n\r\f\v\x85\u00a0\u2007\u202f\u2028\u3000é\u0301\u0065"))
raw_texts = st.one_of(st.text(), awkward)


@pytest.mark.parametrize(
    ("raw", "paragraphs"),
    [
        ("", ()),
        (" \n\u00a0\n", ()),
        ("one\ntwo", ("one", "two")),
        ("one\r\n\r\ntwo\rthree", ("one", "two", "three")),
        ("  one \t two  ", ("one two",)),
        ("one\u00a0two\u202fthree\u2007four", ("one two three four",)),
        ("one\u00a0 \u00a0two", ("one two",)),
        ("cafe\u0301", ("café",)),
        ("一\u3000二", ("一 二",)),
        ("one\u200ctwo", ("one\u200ctwo",)),
    ],
)
def test_the_normal_form(raw: str, paragraphs: tuple[str, ...]) -> None:
    """White space is one space, NFC holds, lines that hold nothing are gone."""
    assert normalise(raw) == paragraphs


@no_deadline
@given(raw_texts)
def test_the_normal_form_is_its_own_normal_form(raw: str) -> None:
    """Normalising twice changes nothing, neither the paragraphs nor the hash."""
    text = Text(normalise(raw))
    assert normalise(text.normal_form) == text.paragraphs
    assert Text(normalise(text.normal_form)).sha256 == text.sha256


@no_deadline
@given(raw_texts)
def test_paragraphs_are_clean(raw: str) -> None:
    """No paragraph is empty, has white space at its ends or twice in a row, or is not NFC."""
    for words in normalise(raw):
        assert words and words == words.strip() and not set(words) & set("\n\r\t\u00a0")
        assert "  " not in words and unicodedata.is_normalized("NFC", words)


def test_a_lone_surrogate_is_no_text() -> None:
    """It has no UTF-8, so it has no hash."""
    with pytest.raises(BadText, match="Character 1 is half of a surrogate pair"):
        normalise("a\ud800")


def test_read_drops_a_byte_order_mark(tmp_path: Path) -> None:
    """With or without the mark it is the same text; a mark further on stays."""
    path = tmp_path / "text.txt"
    path.write_bytes("\ufeffone\n\ufefftwo\n".encode())
    assert read(path).paragraphs == ("one", "\ufefftwo")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"caf\xe9", "byte 0xe9 at offset 3"),
        (b"\xef\xbb\xbfcaf\xe9", "byte 0xe9 at offset 6"),
        ("one".encode("utf-16"), "byte 0xff at offset 0"),
        (b"\xed\xa0\x80", "byte 0xed at offset 0"),
        (b"", "holds no text"),
        (b"\xef\xbb\xbf \n", "holds no text"),
    ],
)
def test_read_says_where_a_file_is_not_utf8(tmp_path: Path, data: bytes, reason: str) -> None:
    """The message names the file, and the offset counts the file's own bytes."""
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(BadText, match=reason) as error:
        read(path)
    assert str(path) in str(error.value)


def test_read_needs_a_file(tmp_path: Path) -> None:
    """A file that is not there, or a folder, is a `BadText` that names it."""
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(BadText, match="cannot be read"):
            read(path)


def test_passage_counts_from_one_and_half_open() -> None:
    """Paragraphs count from 1; the end is not part of the passage."""
    assert passage(SMALL, 1, 0, 3) == "One"
    assert passage(SMALL, 2, 26, 31) == "night"


@pytest.mark.parametrize(
    ("paragraph", "start", "end", "reason"),
    [
        (0, 0, 1, "no paragraph 0: the text has 2"),
        (3, 0, 1, "no paragraph 3: the text has 2"),
        (1, 0, 13, "paragraph 1 has 12 characters"),
        (1, -3, -1, "paragraph 1 has 12 characters"),
        (1, 4, 4, "outside or empty"),
        (1, 5, 4, "outside or empty"),
    ],
)
def test_passage_outside(paragraph: int, start: int, end: int, reason: str) -> None:
    """A place outside the text says how long the text or the paragraph is."""
    with pytest.raises(BadText, match=reason):
        passage(SMALL, paragraph, start, end)
    with pytest.raises(BadText, match=reason):
        verify(SMALL, paragraph, start, end, digest("One"))


def test_verify_tells_a_changed_passage() -> None:
    """Right place, other words."""
    assert verify(SMALL, 1, 0, 3, digest("One")) == "One"
    with pytest.raises(BadText, match="paragraph 1, characters 0 to 3 does not have the hash"):
        verify(SMALL, 1, 0, 3, digest("Two"))


def test_locate_finds_every_place() -> None:
    """In the order of the text, overlapping ones included."""
    assert [place[:3] for (place,) in locate(SMALL, "fine")] == [(1, 4, 8), (2, 4, 8), (2, 21, 25)]
    assert [place.start for (place,) in locate(Text(("aaaa",)), "aa")] == [0, 1, 2]


def test_locate_takes_what_was_copied() -> None:
    """A passage copied with line ends around it, double or non-breaking spaces is found."""
    hash_of_words = digest("fine day")
    assert locate(SMALL, " fine\u00a0 day\n")[0] == (Location(1, 4, 12, hash_of_words),)


def test_locate_says_what_is_nearest() -> None:
    """A passage that is not there is answered with the place that resembles it most."""
    with pytest.raises(BadText, match=r"nearest is paragraph 2, characters 21 to 31: 'fine night'"):
        locate(SMALL, "fyne night")
    with pytest.raises(BadText, match="No paragraph resembles it"):
        locate(SMALL, "猫")
    with pytest.raises(BadText, match="No paragraph resembles it"):
        locate(Text(()), "One")


@pytest.mark.parametrize("needle", ["", " \n", " – \n"])
def test_locate_needs_words(needle: str) -> None:
    """Nothing, blanks and dashes are no passage."""
    with pytest.raises(BadText, match="at least one word"):
        locate(SMALL, needle)


@pytest.mark.parametrize(
    "needle", ["fine day\nTwo fine", "fine day Two  fine", "fine\nday Two fine"]
)
def test_a_passage_goes_over_lines(needle: str) -> None:
    """It has a location in each paragraph, whatever lines it was copied with."""
    words = "fine day", "Two fine"
    (place,) = locate(SMALL, needle)
    assert place == (Location(1, 4, 12, digest(words[0])), Location(2, 0, 8, digest(words[1])))


TYPESET = Text(
    normalise("He said: “It’s the city’s—\u00a0and the ﬁrm’s – own… net\u00adwork”.\nNo.")
)


@pytest.mark.parametrize(
    ("needle", "words"),
    [
        ("\"It's the city's - and", "“It’s the city’s— and"),
        ("city's--and the firm’s", "city’s— and the ﬁrm’s"),
        ("firm's-own... network\". No.", "ﬁrm’s – own… net\u00adwork”.|No."),
    ],
)
def test_typography_is_no_difference(needle: str, words: str) -> None:
    """Straight or curly quotes, any dash, any blank, a ligature, a soft hyphen: the same words."""
    (place,) = locate(TYPESET, needle)
    assert "|".join(passage(TYPESET, *part[:3]) for part in place) == words
    assert all(verify(TYPESET, *part) for part in place)


def test_a_word_that_a_line_end_cuts_is_whole() -> None:
    """As texts from a PDF have it, whose lines may be joined; a hyphen of a word's own may stay."""
    text = Text(("It sold the minis-", "try a state-", "owned camera."))
    (cut,) = locate(text, "the ministry a")
    assert [passage(text, *part[:3]) for part in cut] == ["the minis-", "try a"]
    (own,) = locate(text, "a state-owned camera")
    assert [passage(text, *part[:3]) for part in own] == ["a state-", "owned camera"]
    (joined,) = locate(Text(("It sold the minis-try a camera.",)), "the ministry")
    assert joined == (Location(1, 8, 21, digest("the minis-try")),)
    assert all(verify(text, *part) for part in (*cut, *own))


def test_exact_words_come_first() -> None:
    """Where the text has just these words, others that only look like them are no place."""
    text = Text(("It’s so. It's so.",))
    assert [place.start for (place,) in locate(text, "It's so")] == [9]
    assert [place.start for (place,) in locate(text, "It`s so")] == [0, 9]


texts = raw_texts.map(normalise).filter(bool).map(Text)


@no_deadline
@given(texts, st.data())
def test_what_is_located_verifies(text: Text, data: st.DataObject) -> None:
    """Whatever passage is cut from a text is found there again, and verifies."""
    number = data.draw(st.integers(1, len(text.paragraphs)))
    words = text.paragraphs[number - 1]
    start = data.draw(st.integers(0, len(words) - 1))
    needle = words[start : data.draw(st.integers(start + 1, len(words)))]
    assume(normalise(needle) == (needle,) and _bare(needle))
    places = locate(text, needle)
    assert (number, start) in [place[:2] for (place,) in places]
    assert all(verify(text, *place) == needle for (place,) in places)


LIKE = {"“": '"«', "’": "'`", "—": "–-", " ": "\n\u00a0", "\n": " ", "ﬁ": ["fi"]}


def _bare(words: str) -> str:
    return fold_typography(words)[0].strip("- ")


@no_deadline
@given(st.text(st.sampled_from("aab“’—- ﬁ\n")).map(normalise).filter(bool), st.data())
def test_typed_words_are_the_typeset_ones(paragraphs: tuple[str, ...], data: st.DataObject) -> None:
    """Any passage, over lines or not, typed otherwise is there, and every place is such a one."""
    text = Text(paragraphs)
    start = data.draw(st.integers(0, len(text.normal_form) - 1))
    words = text.normal_form[start : data.draw(st.integers(start + 1, len(text.normal_form)))]
    assume(set(words) & set("abﬁ"))
    plain = "".join(data.draw(st.sampled_from([c, *LIKE.get(c, ())])) for c in words)
    places = locate(text, plain)
    assert places
    for place in places:
        words = "\n".join(verify(text, *part) for part in place)
        assert _bare(words) == _bare(plain)
        assert [p.paragraph for p in place] == list(
            range(place[0].paragraph, place[-1].paragraph + 1)
        )


@no_deadline
@given(texts, st.data())
def test_drift_of_any_character_is_caught(text: Text, data: st.DataObject) -> None:
    """One character changed, put in or taken out in a passage: it no longer verifies."""
    number = data.draw(st.integers(1, len(text.paragraphs)))
    words = text.paragraphs[number - 1]
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(["", "z", "z" + words[at]]))
    drifted = words[:at] + other + words[at + 1 :]
    assume(drifted[: len(words)] != words)  # an insertion may repeat the letter that it moves
    changed = Text((*text.paragraphs[: number - 1], drifted, *text.paragraphs[number:]))
    assert changed.sha256 != text.sha256
    with pytest.raises(BadText):
        verify(changed, number, 0, len(words), digest(words))


def test_an_article_is_read_and_searched(article: Text) -> None:
    """A file has its paragraphs, its hash and its places, with a space for each other space."""
    assert len(article.paragraphs) == 9
    assert article.sha256 == "a71f23e0c650358b812121315c42c0ff1e80593146f3e8e9b412d6bc1efdd9db"
    assert not any("\u00a0" in paragraph for paragraph in article.paragraphs)
    places = [place[:3] for (place,) in locate(article, "Lantern")]
    assert places == [(4, 0, 7), (6, 25, 32), (6, 113, 120), (8, 36, 43), (9, 23, 30)]
    assert [place[:2] for (place,) in locate(article, "Ana\u00a0Solé-Vérité")] == [(3, 3)]


def test_an_article_is_one_text_however_it_is_saved(
    article: Text, article_file: Path, tmp_path: Path
) -> None:
    """Windows line ends, a byte order mark and decomposed letters do not change its hash."""
    raw = unicodedata.normalize("NFD", article_file.read_text("utf-8"))
    path = tmp_path / "saved.txt"
    path.write_bytes(("\ufeff" + raw.replace("\n", "\r\n")).encode())
    assert read(path) == article


def test_the_store_gives_back_what_it_was_given(tmp_path: Path) -> None:
    """Added once or twice, a text comes back by its hash, in one file that only its owner reads."""
    store = TextStore(tmp_path / "texts" / "inner")
    assert SMALL.sha256 not in store and store.get(SMALL.sha256) is None
    assert store.add(SMALL) == store.add(SMALL) == SMALL.sha256
    assert SMALL.sha256 in store and store.get(SMALL.sha256) == SMALL
    (file,) = (tmp_path / "texts" / "inner").iterdir()
    assert file.name == f"{SMALL.sha256}.txt"
    assert file.read_text("utf-8") == SMALL.normal_form
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("data", [b"One fine day", b"\xff", b""])
def test_a_damaged_file_is_named_and_can_be_replaced(tmp_path: Path, data: bytes) -> None:
    """What is read is checked against the file's name; adding the text again repairs it."""
    store = TextStore(tmp_path)
    path = tmp_path / f"{store.add(SMALL)}.txt"
    path.write_bytes(data)
    with pytest.raises(BadText) as error:
        store.get(SMALL.sha256)
    assert str(path) in str(error.value)
    store.add(SMALL)
    assert store.get(SMALL.sha256) == SMALL


@pytest.mark.parametrize(
    "name", ["", "../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "é" * 64]
)
def test_only_a_hash_names_a_text(tmp_path: Path, name: str) -> None:
    """Nothing but 64 hexadecimal digits reaches the file system."""
    store = TextStore(tmp_path)
    assert name not in store and None not in store
    with pytest.raises(BadText, match="no SHA-256"):
        store.get(name)


def test_links_and_folders_are_not_followed(tmp_path: Path) -> None:
    """A link is refused even if it leads to the right text, and replaced by `add`."""
    store = TextStore(tmp_path / "texts")
    path = tmp_path / "texts" / f"{store.add(SMALL)}.txt"
    elsewhere = tmp_path / "elsewhere.txt"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    assert SMALL.sha256 not in store
    with pytest.raises(BadText, match="no ordinary file"):
        store.get(SMALL.sha256)
    elsewhere.write_bytes(b"something else")
    store.add(SMALL)
    assert store.get(SMALL.sha256) == SMALL and not path.is_symlink()
    assert elsewhere.read_bytes() == b"something else"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Where the text cannot take its place, no half-written file stays behind."""
    (tmp_path / f"{SMALL.sha256}.txt").mkdir()
    with pytest.raises(OSError):
        TextStore(tmp_path).add(SMALL)
    assert [path.name for path in tmp_path.iterdir()] == [f"{SMALL.sha256}.txt"]
