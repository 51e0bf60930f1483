"""The folded form of a text: what search compares, on both sides.

`normality` folds case, accents, width and punctuation and takes away what only decorates a word:
the vowel signs of Arabic (harakat) and its stretching stroke (tatweel). What it leaves is folded by
published rules. Letters of Arabic script that keyboards and languages write differently fold as in
the search rules of CLDR (root collation, type `search`) and, for those of Persian and Urdu, as in
Lucene's `PersianNormalizer`; Latin letters without a decomposition, such as ø and ł, as CLDR's
transform `Latin-ASCII` writes them; digits of any script by their value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from icu import Transliterator  # type: ignore[import-untyped]
from normality import normalize

#: CLDR: letters lose the hamza that sits on them, as others lose an accent; the rest is here.
#: Lucene: the forms of yeh and heh, and keheh for kaf. Here each becomes the Persian letter.
_ARABIC = str.maketrans("كيىےہة", "کیییهه")

_ZWNJ = "\u200c"
_DIGIT = re.compile(r"(?![0-9])\d")
_LATIN = re.compile("[\u00df-\u024f\u1e00-\u1eff]")
_TO_ASCII = Transliterator.createInstance("Latin-ASCII").transliterate

#: Han, kana and Hangul: written without spaces, or sought by a part of a word.
_APART = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])")


def fold(text: str) -> str:
    """Return the folded form: lower case, no accents, no punctuation, single spaces; or empty.

    The joiner that separates the parts of a Persian word (ZWNJ) becomes a space, as many type it.
    """
    if text.isascii():
        return normalize(text) or ""
    plain = normalize(unicodedata.normalize("NFKC", text).casefold().replace(_ZWNJ, " ")) or ""
    plain = _DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), plain.translate(_ARABIC))
    # Hangul was taken apart on the way, and is searched by the syllable.
    plain = unicodedata.normalize("NFC", plain)
    return _TO_ASCII(plain) if _LATIN.search(plain) else plain


def folds(text: str) -> list[str]:
    """Return the folded forms that a text is searched by, each once; none if it has no letters.

    A Persian word with a joiner has two: others write it with a space, or as one word.
    """
    forms = [fold(text), fold(text.replace(_ZWNJ, ""))] if _ZWNJ in text else [fold(text)]
    return [form for form in dict.fromkeys(forms) if form]


def apart(folded: str) -> str:
    """Return a folded text with each Han, kana and Hangul character as a word by itself.

    So the index holds such a text, and finds any part of it, a single character among them.
    """
    return " ".join(_APART.sub(r" \1 ", folded).split()) if _APART.search(folded) else folded


def words(text: str) -> list[str]:
    """Return the words of a text as `search_text` has them: a Chinese one with its signs apart."""
    return [apart(word) for word in fold(text).split()]


def search_text(texts: Iterable[str]) -> str:
    """Return what the index holds of a record's texts: their folded forms, one a line."""
    return "\n".join(apart(form) for text in texts for form in folds(text))
