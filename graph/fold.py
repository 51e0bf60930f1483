"""The folded form of a name: what search compares, on both sides.

Case, accents and width fold by `normality` and NFKC. Two things are added for Persian: the joiner
that separates the parts of a word (ZWNJ) becomes a space, as many people type it, and the letters
that Arabic keyboards write for the Persian ones become those.
"""

from __future__ import annotations

import unicodedata

from normality import normalize

_PERSIAN = str.maketrans({"\u200c": " ", "ك": "ک", "ي": "ی", "ى": "ی", "ۀ": "ه", "ة": "ه"})


def fold(text: str) -> str:
    """Return the folded form: lower case, no accents, no punctuation, single spaces; or empty."""
    return normalize(unicodedata.normalize("NFKC", text).translate(_PERSIAN)) or ""
